"""Which keys go into which PATCH of the settings."""

from __future__ import annotations

import pytest

from conformance.scenarios.settings_patches import keys_by_patch


@pytest.mark.parametrize(("keys", "count"), [(2, 3), (3, 3), (5, 3), (13, 5)])
def test_each_key_is_left_out_after_it_was_set(keys: int, count: int) -> None:
    """The PATCHes show of each key that it is stored, and that it is kept."""
    names = [f"key {number}" for number in range(keys)]
    found = keys_by_patch(names, count)
    for name in names:
        first = next(number for number, listed in enumerate(found) if name in listed)
        assert any(name not in listed for listed in found[first:])


def test_keys_are_distinguished() -> None:
    """No two of the thirteen settings are in the same PATCHes, so that they cannot be mistaken for each other."""
    names = [f"key {number}" for number in range(13)]
    found = keys_by_patch(names, 5)
    assert len({tuple(name in listed for listed in found) for name in names}) == len(names)
