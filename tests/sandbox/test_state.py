"""Everything that a server remembers: the same for the same seed, and as plain values that make it again."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from conformance.reference.application import Server
from conformance.reference.revisions import REVISIONS
from conformance.sandbox import state

ID = re.compile(r"[0-9a-f-]{36}|[0-9]{17,20}|[A-Za-z0-9+/]{64}")


def remembered(seed: int, **options: Any) -> str:
    """Return everything, the ids to come, too, as JSON."""
    return json.dumps(list(state.records(Server(seed, **options))))


@pytest.mark.parametrize("revision", REVISIONS)
@pytest.mark.parametrize("filled", [False, True])
def test_seeds_repeat(revision: str, *, filled: bool) -> None:
    """With the same seed all is the same; another one gives other ids and tokens."""
    options: dict[str, Any] = {"revision": REVISIONS[revision], "filled": filled}
    first = remembered(0, **options)
    assert remembered(0, **options) == first
    ids = set(ID.findall(first))
    assert len(ids) > 100
    assert not ids & set(ID.findall(remembered(1, **options)))


@pytest.mark.parametrize("revision", REVISIONS)
@pytest.mark.parametrize("filled", [False, True])
def test_values_make_it_again(revision: str, *, filled: bool) -> None:
    """A server of another seed that is made to remember the values has the same ones."""
    options: dict[str, Any] = {"revision": REVISIONS[revision], "filled": filled}
    values = remembered(0, **options)
    other = Server(1, **options)
    state.restore(other, (((kind, id_), value) for (kind, id_), value in json.loads(values)))
    assert json.dumps(list(state.records(other))) == values
