"""Every item of the list of differences: shown against the reference server like PluralKit production, or reasoned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from conformance.reference.upstream import DEVIATIONS, EARLIER, LATEST, deviations_of
from tests.reference.stage import Stage, open_stage
from tests.reference.upstream_items import REVISIONS, SCHEMA, Series, files, items, series

if TYPE_CHECKING:
    from collections.abc import Iterator

NUMBERS = range(1, 176)
OBSERVED = [
    *(f"observed-{number}" for number in range(1, 13)),
    *(f"launch-{number}" for number in range(1, 6)),
    *(f"hidden-{number}" for number in range(1, 5)),
]
CODES = {"newest": LATEST, "2025-08": EARLIER, "launch": LATEST}
SERIES = series()


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """One socket, behind which each series gets a server of its own."""
    with open_stage() as stage:
        yield stage


@pytest.mark.parametrize("one", SERIES, ids=[one.id for one in SERIES])
def test_series_shows_the_item(stage: Stage, one: Series) -> None:
    """The server like PluralKit production returns what the item says, the one of the docs what they say."""
    revision = REVISIONS[one.code]
    like_production = stage.play(one, "returns", revision, deviations_of(revision, CODES[one.code]))
    assert like_production == [], one.says
    assert stage.play(one, "docs", revision) == [], f"in docs mode: {one.says}"


def test_every_item_is_there_once(capsys: pytest.CaptureFixture[str]) -> None:
    """All numbers and all groups of observations are there, each of them once."""
    rows = items()
    names = [row["item"] for row in rows]
    assert sorted(name for name in names if isinstance(name, int)) == list(NUMBERS)
    assert sorted(name for name in names if isinstance(name, str)) == sorted(OBSERVED)
    with capsys.disabled():
        print(f"\n{counts(rows)}")  # noqa: T201 - the numbers are to be seen


def counts(rows: list[dict[str, Any]]) -> str:
    """Return how many items are shown, and how many have a reason."""
    numbered = [row for row in rows if isinstance(row["item"], int)]
    observed = [row for row in rows if isinstance(row["item"], str)]
    shown = [sum("shown" in row for row in part) for part in (numbered, observed)]
    return (
        f"differences: {shown[0]} shown, {len(numbered) - shown[0]} with a reason;"
        f" observations: {shown[1]} shown, {len(observed) - shown[1]} with a reason;"
        f" {len(SERIES)} series, {sum(one.differs for one in SERIES)} differ from the docs"
    )


@pytest.mark.parametrize("name", files())
def test_file_follows_the_schema(name: str) -> None:
    """A file of items follows the schema; groups of observations alone name numbers."""
    found = Draft202012Validator(SCHEMA).iter_errors(files()[name])
    assert [f"{list(error.absolute_path)}: {error.message}" for error in found] == []


def test_what_differs_is_in_the_list_of_deviations() -> None:
    """For each item of which a response differs from the docs `serve --list-deviations` has a line."""
    listed = {
        (revision, code): {
            number
            for name in deviations_of(revision, code)
            for number in DEVIATIONS[name].differences
        }
        for code, revision in {(CODES[name], revision) for name, revision in REVISIONS.items()}
    }
    of_groups = {row["item"]: row.get("differences", []) for row in items()}
    lost = [
        one.id
        for one in SERIES
        if one.differs
        and not {one.item, *of_groups[one.item]} & listed[REVISIONS[one.code], CODES[one.code]]
    ]
    assert lost == []
