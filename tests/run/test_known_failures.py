"""What entries make of verdicts, which of them no longer hold, and how the file follows from a run."""

from __future__ import annotations

import datetime as dt
import os
from typing import TYPE_CHECKING

import pytest

from conformance.contract import load
from conformance.contract.requirements import read_catalogue
from conformance.http.outcomes import NO_BUDGET
from conformance.reporting.events import VERDICTS
from conformance.run.checks_by_requirement import checks_by_requirement
from conformance.run.known_failures import KnownFailures
from conformance.run.known_failures_file import Entry, read, write
from conformance.run.tested import wholly_tested
from conformance.run.verdicts import NOT_REACHED, CheckResult, Judgement
from conformance.target import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

DAY = dt.date(2027, 1, 1)
ID, EXPIRED, OTHER = "private-field-is-null", "err-20001", "err-20002"
ENTRIES = {
    ID: Entry(ID, "Soon.", "https://example.org/7", "2027-01-01"),
    EXPIRED: Entry(EXPIRED, "Late.", "https://example.org/8", "2026-12-31"),
}
ALL = {ID, EXPIRED, OTHER}


def known(path: Path | None = None, *, update: bool = False) -> KnownFailures:
    """Return two entries, of which one has expired."""
    return KnownFailures(dict(ENTRIES), path, update, DAY)


def judgement(name: str, verdict: str, reason: str = "because") -> Judgement:
    """Return a judgement on a requirement."""
    return Judgement(name, verdict, reason, ("m::c",))


@pytest.mark.parametrize("verdict", VERDICTS)
def test_only_a_failure_is_known(verdict: str) -> None:
    """What fails and may fail is known; every other verdict stays, and that of what may no longer fail or is not listed."""
    rows = known().judged(judgement(name, verdict) for name in (ID, EXPIRED, OTHER))
    expected = "known" if verdict == "failed" else verdict
    assert [row.verdict for row in rows] == [expected, verdict, verdict]
    assert [row.known_failure for row in rows] == [
        {"reason": "Soon.", "link": "https://example.org/7", "expires": "2027-01-01"},
        {"reason": "Late.", "link": "https://example.org/8", "expires": "2026-12-31"},
        None,
    ]


@pytest.mark.parametrize(
    ("name", "verdict", "problem"),
    [
        *((ID, verdict, "passed") for verdict in ("passed", "warned", "unimplemented")),
        *((ID, v, "") for v in ("known", "error", "inconclusive", "untested", "not-applicable")),
        *((EXPIRED, v, "expired") for v in ("failed", "error", "inconclusive", "untested")),
        (EXPIRED, "not-applicable", ""),
        (EXPIRED, "passed", "passed"),
        (OTHER, "passed", ""),
    ],
)
def test_entries_that_no_longer_hold(name: str, verdict: str, problem: str) -> None:
    """An entry has to go when its requirement was tested and does not fail, and when it has expired."""
    found = known().outdated([judgement(name, verdict)], ALL)
    assert [row["problem"] for row in found] == ([problem] if problem else [])
    remedies = {"passed": "remove its entry from the file", "expired": "fix it, or write a later"}
    assert all(name in row["message"] and remedies[problem] in row["message"] for row in found)


def test_nothing_is_said_of_what_did_not_run() -> None:
    """A requirement of which not all checks ran may fail yet; one that was not reached is no reason to complain."""
    unreached = judgement(EXPIRED, "untested", f"{NOT_REACHED}--max-time")
    rows = [judgement(ID, "passed"), unreached]
    assert known().outdated(rows, set()) == []
    assert [row["requirement"] for row in known().outdated(rows, ALL)] == [ID]


def test_what_a_failed_check_may_violate() -> None:
    """A check is expected to fail if every MUST that it violates is a known failure."""
    requirements = load().requirements
    should = next(row.id for row in requirements.values() if row.level == "should")
    covered = [(ID,), (ID, should)]
    assert all(known().covers(names, requirements) for names in covered)
    others = [(), (should,), (EXPIRED,), (ID, OTHER), (ID, EXPIRED)]
    assert not any(known().covers(names, requirements) for names in others)


def test_the_file_follows_from_a_run(tmp_path: Path) -> None:
    """Entries that still fail stay, those that pass go, new ones come; what did not run, or is open, stays."""
    path = tmp_path / "known.toml"
    open_one = Entry("err-20004", "Open.", "https://example.org/9", "2027-01-01")
    unfinished = Entry("err-20005")
    state = known(path, update=True)
    state.entries = {**ENTRIES, "err-20004": open_one, "err-20005": unfinished}
    rows = state.judged(
        [
            judgement(ID, "failed"),
            judgement(EXPIRED, "passed"),
            judgement(OTHER, "failed"),
            judgement("err-20004", "untested"),
            judgement("err-20005", "failed"),
        ]
    )
    assert state.outdated(rows, ALL) == []
    assert state.update(rows, ALL) == [
        f"known.toml: removed {EXPIRED}, which does not fail any more",
        f"known.toml: added {OTHER}: write reason, link and expires",
    ]
    kept = [ENTRIES[ID], Entry(OTHER), open_one, unfinished]
    assert read(path, updating=True) == {entry.requirement: entry for entry in kept}
    assert [row.verdict for row in rows] == ["known", "passed", "failed", "untested", "failed"]


def test_a_file_without_changes_is_left_alone(tmp_path: Path) -> None:
    """Comments of a person stay as long as there is nothing to change; without being asked nothing is written."""
    path = tmp_path / "known.toml"
    path.write_text("# mine\n")
    rows = known().judged([judgement(ID, "failed")])
    assert known(path, update=True).update(rows, ALL) == []
    assert known(path, update=True).update([judgement(ID, "passed")], set()) == []
    assert known(path).update([judgement(ID, "passed")], ALL) == []
    assert path.read_text() == "# mine\n"


def test_a_file_that_cannot_be_written_any_more(tmp_path: Path) -> None:
    """A folder that went away during the run is one line, and no lost report."""
    rows = [judgement(OTHER, "failed")]
    [line] = known(tmp_path / "none" / "known.toml", update=True).update(rows, ALL)
    assert line == "cannot write known.toml: No such file or directory"


def test_opening(tmp_path: Path) -> None:
    """Without a file nothing is known; an update needs the name of one, in a folder that can be written to."""
    assert KnownFailures.open(None, update=False).entries == {}
    with pytest.raises(ConfigurationError, match="name it with --known-failures"):
        KnownFailures.open(None, update=True)
    path = tmp_path / "known.toml"
    assert KnownFailures.open(path, update=True).is_updated
    write(path, ENTRIES.values())
    assert KnownFailures.open(path, update=False).entries == ENTRIES


def test_folder_that_is_not_writable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """That the file cannot be written is found before the first request."""
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write anywhere
    with pytest.raises(ConfigurationError, match="the folder is not writable"):
        KnownFailures.open(tmp_path / "known.toml", update=True)


def results(selected: Mapping[str, tuple[str, ...]], reason: str = "") -> list[CheckResult]:
    """Return a result of each check."""
    return [CheckResult(check, names, "untested", reason) for check, names in selected.items()]


def test_what_was_wholly_tested_checks() -> None:
    """A requirement was tested when each function that names it ran, and none of its checks was left out or had no requests."""
    contract = load()
    name = ID
    functions = checks_by_requirement(contract)[name]
    selected = {f"{function}[row]": (name,) for function in functions}
    done = results(selected)
    assert len(functions) > 1
    assert name in wholly_tested(contract, selected, (), done)
    assert name not in wholly_tested(contract, selected, (name,), done)
    assert name not in wholly_tested(contract, selected, (), done[1:])
    fewer = dict(list(selected.items())[1:])
    assert name not in wholly_tested(contract, fewer, (), done[1:])
    for reason in (NOT_REACHED, NO_BUDGET):
        assert name not in wholly_tested(contract, selected, (), results(selected, reason))


def test_ids_need_no_quotes_in_toml() -> None:
    """Every id of the catalogue is a bare key of TOML, as the file is written with them."""
    assert all(row.id.replace("-", "").isalnum() and row.id.isascii() for row in read_catalogue())
