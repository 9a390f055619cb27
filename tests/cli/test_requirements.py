"""`requirements`: the catalogue, and the checks of its requirements."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from conformance.__main__ import main
from conformance.contract import load, revisions
from conformance.run.checks_by_requirement import checks_by_requirement

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.contract import Contract

    Say = Callable[..., str]


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    """Return a function that runs the verb and returns its output."""

    def say(*words: str) -> str:
        assert main(["requirements", *words]) == 0
        return capsys.readouterr().out

    return say


def rows(say: Say, *words: str) -> list[dict[str, Any]]:
    """Return the JSON that the verb prints."""
    made: list[dict[str, Any]] = json.loads(say(*words, "--json"))
    return made


def test_list(say: Say, contract: Contract) -> None:
    """Every requirement of the revision is listed with level, source and text."""
    first = next(iter(contract.requirements.values()))
    printed = say("list")
    start = f"{first.id} ({first.level}, {first.page}#{first.section})\n  {first.text}\n"
    assert printed.startswith(start)
    assert [row["id"] for row in rows(say, "list")] == list(contract.requirements)


def test_one_page(say: Say) -> None:
    """The list can be limited to one page of the docs."""
    assert {row["source"].partition("#")[0] for row in rows(say, "list", "--page", "errors")} == {
        "errors"
    }


def test_explain(say: Say) -> None:
    """One requirement is explained with its source, checks, faults, and what PluralKit production does."""
    printed = say("explain", "user-agent-empty-400")
    assert "\n  must, reference#user-agent, since " in printed
    assert "\n  https://pluralkit.me/api/reference#user-agent\n" in printed
    assert "\n  check: user_agent/user_agent::check_request_without_user_agent_is_400" in printed
    assert "\n    conformance/checks/user_agent/user_agent.py:" in printed
    assert (
        "\n  fault: accepts_empty_user_agent\n    conformance/reference/faults/user_agent/"
        in printed
    )
    assert "\n  PluralKit production does this instead: " in printed


def test_explain_requirements_without_check(say: Say) -> None:
    """For a requirement without a check the reason is shown, or that the check is to come."""
    everything = rows(say, "list")
    for row in everything:
        assert (row["coverage"] == "check") == bool(row["checks"]), row["id"]
    excluded = next(row for row in everything if row["coverage"] == "exclusion")
    assert f"\n  excluded: {excluded['reason']}" in say("explain", excluded["id"])
    for row in [row for row in everything if row["coverage"] == "check to come"][:1]:
        assert say("explain", row["id"]).endswith("\n  check to come\n")


def test_coverage(say: Say, contract: Contract) -> None:
    """The table of coverage adds up to the whole catalogue."""
    table = [line.split() for line in say("coverage").split("\n\n")[0].splitlines()[1:]]
    total = [int(number) for number in table[-1][1:]]
    assert table[-1][0] == "all"
    assert total[0] == len(contract.requirements) == sum(total[1:])
    assert total[0] == sum(int(line[1]) for line in table[:-1])


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["explain", "user-agent-empty-40"], "did you mean user-agent-empty-400"),
        (["explain", "zzzzzz"], "see `requirements list`"),
        (["list", "--page", "nowhere"], "no page 'nowhere': known are "),
        (["list", "--revision", "2025-80"], "did you mean 2025-08?"),
    ],
)
def test_bad_input(capsys: pytest.CaptureFixture[str], words: list[str], message: str) -> None:
    """Something unknown is rejected with one line that says what is known."""
    assert main(["requirements", *words]) == 4
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith("error: ")
    assert message in line


def test_bad_usage(capsys: pytest.CaptureFixture[str]) -> None:
    """A word that the verb does not know is one line and code 4."""
    with pytest.raises(SystemExit) as caught:
        main(["requirements", "delete"])
    assert caught.value.code == 4
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith("error: ")


@pytest.mark.parametrize("revision", revisions())
def test_checks_name_what_exists(revision: str) -> None:
    """All checks name requirements of the revision."""
    contract = load(revision)
    found = checks_by_requirement(contract)
    assert len(found) > 50
    assert found.keys() <= contract.requirements.keys()
    assert all(found.values())


@pytest.mark.parametrize("revision", revisions())
def test_matrix_has_no_open_cell(say: Say, revision: str) -> None:
    """Each key of each model has a check or a reason for each kind of check, as a table and as data."""
    shown = say("coverage", "--matrix", "--revision", revision)
    assert "OPEN" not in shown
    cells = rows(say, "coverage", "--matrix", "--revision", revision)
    assert f"{len(cells)} cells: " in shown
    assert all(cell["checks"] or cell["reason"] for cell in cells)


@pytest.mark.parametrize("revision", revisions())
def test_inputs_have_no_empty_cell(say: Say, revision: str) -> None:
    """Each class of input in each place of a request has a check or, in fewer than one of ten, a reason."""
    shown = say("coverage", "--inputs", "--revision", revision)
    assert "EMPTY" not in shown
    cells = rows(say, "coverage", "--inputs", "--revision", revision)
    assert f"{len(cells)} cells: " in shown
    assert sum(not cell["checks"] for cell in cells) < len(cells) / 10
