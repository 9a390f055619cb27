"""The known deviations of upstream: each changes the documented response into that of upstream."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.reference.application import Server
from conformance.reference.revisions import REVISIONS
from conformance.reference.steps import DuplicateName, UnknownName
from conformance.reference.upstream import DEVIATIONS, WrongRevision, deviate, deviations_of
from conformance.reference.upstream.registry import deviation
from tests.reference import cases_of_2021_11, cases_of_2025_08

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from tests.reference.conftest import Sandbox

    Start = Callable[..., AbstractContextManager[Sandbox]]

CASES = [("2025-08", *row) for row in cases_of_2025_08.CASES]
CASES += [("2021-11", *row) for row in cases_of_2021_11.CASES]
IDS = [f"{number}-{revision}-{name}" for number, (revision, name, *_) in enumerate(CASES)]
OF_LIMITS = {
    name for name, row in DEVIATIONS.items() if row.inject.__module__.endswith("rate_limit")
}


@pytest.mark.parametrize(("revision", "name", "probe", "docs", "upstream"), CASES, ids=IDS)
def test_deviation_changes_one_response(
    start: Start,
    revision: str,
    name: str,
    probe: Callable[[Sandbox], Any],
    docs: Any,
    upstream: Any,
) -> None:
    """The same requests get the response of the docs, and with the deviation that of upstream."""
    with start(revision=revision) as sandbox:
        assert probe(sandbox) == docs
    with start(revision=revision, deviations=[name]) as sandbox:
        assert probe(sandbox) == upstream


@pytest.mark.parametrize(
    ("revision", "name", "probe", "upstream"),
    [(revision, name, probe, upstream) for revision, name, probe, _, upstream in CASES],
    ids=IDS,
)
def test_deviations_go_together(
    start: Start, revision: str, name: str, probe: Callable[[Sandbox], Any], upstream: Any
) -> None:
    """With all known deviations of a revision each of them still shows."""
    everything = deviations_of(revision, DEVIATIONS[name].codes[0])
    assert name in everything
    with start(revision=revision, deviations=everything) as sandbox:
        assert probe(sandbox) == upstream


def test_every_deviation_has_a_case() -> None:
    """No deviation is without a case here or, for limits, in the tests of the limiter."""
    assert {name for _, name, *_ in CASES} == set(DEVIATIONS) - OF_LIMITS


@pytest.mark.parametrize("name", sorted(DEVIATIONS))
def test_deviation_is_described(name: str) -> None:
    """Every deviation has a description, the numbers of known differences, and revisions."""
    row = DEVIATIONS[name]
    assert row.description.endswith(".")
    assert all(1 <= number <= 175 for number in row.differences)
    assert row.differences
    assert set(row.revisions) <= set(REVISIONS)


def test_bad_names_are_rejected() -> None:
    """Unknown names are reported with similar ones, deviations of another revision are rejected, names are unique."""
    with pytest.raises(UnknownName, match="did you mean requires_https"):
        deviate(Server(), "require_https")
    with pytest.raises(WrongRevision, match="2025-08"):
        deviate(Server(), "limits_no_rates")
    with pytest.raises(DuplicateName):
        deviation(57)(DEVIATIONS["requires_https"].inject)
