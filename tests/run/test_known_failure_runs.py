"""Runs with a file of known failures, from the command line to the reports."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import ReadReport, Reference, Run, StartReference

FAULT, ID = "accepts_below_other_system_switch_id_of_get_switch", "switch-of-another-system-404"
ENTRY = {"reason": "Soon.", "link": "https://example.org/7", "expires": "2999-12-31"}


def entry(name: str, **changes: str) -> str:
    """Return an entry of the file."""
    values = ENTRY | changes
    lines = [f"{key} = {json.dumps(value)}" for key, value in values.items()]
    return "\n".join([f"[failures.{name}]", *lines, ""])


def test_a_known_failure_does_not_fail_the_run(
    run_suite: Run, start_reference: StartReference, report: ReadReport, tmp_path: Path
) -> None:
    """What fails and is listed is known: in the verdict, the counts, the headline, each report, and for -x; the target file names the list."""
    with start_reference("--fault", FAULT) as server:
        target = server.target_file.with_name("mine.toml")
        target.write_text('known_failures = "known.toml"\n' + server.target_file.read_text("utf-8"))
        target.with_name("known.toml").write_text(entry(ID) + entry("err-20001"))
        run = run_suite("--target", str(target), "--requirement", ID, "-x")
    assert run.returncode == 0, run.stdout + run.stderr
    assert f"KNOWN {ID}: Soon. (https://example.org/7, until 2999-12-31)\n" in run.stdout
    assert "1 known" in run.stdout
    assert "FAILED" not in run.stdout
    made = report()
    assert (made["counts"]["known"], made["counts"]["failed"]) == (1, 0)
    assert re.fullmatch("partial: conformant: .*, 1 known failure(, .*)?", made["headline"])
    [row] = [row for row in made["requirements"] if row["id"] == ID]
    assert (row["verdict"], row["known_failure"]) == ("known", ENTRY)
    junit = ET.parse(tmp_path / "reports/reference/2025-08/junit.xml").getroot()  # noqa: S314 ours
    assert junit.get("failures") == "0"
    assert int(junit[0].get("skipped", 0)) >= 1


def test_other_failures_fail_the_run(
    run_suite: Run, start_reference: StartReference, report: ReadReport, tmp_path: Path
) -> None:
    """A failure that is not listed fails the run; an update lists it, and leaves what it has to say to a person."""
    path = tmp_path / "known.toml"
    path.write_text(entry("err-20001", expires="2000-01-01"))
    with start_reference("--fault", FAULT) as server:
        narrowed = ("--target", str(server.target_file), "--requirement", ID)
        words = (*narrowed, "--known-failures", str(path))
        run = run_suite(*words)
        assert (run.returncode, report()["counts"]["known"]) == (1, 0)
        run = run_suite(*words, "--update-known-failures")
        assert run.returncode == 1
        assert f"known.toml: added {ID}: write reason, link and expires" in run.stdout
        assert "[failures.err-20001]" in path.read_text("utf-8")
        run = run_suite(*words)
    assert run.returncode == 4
    assert re.fullmatch(rf"error: known failures .*{ID}.* is still TODO: .*\n", run.stderr)


def test_an_update_removes_what_passes(
    run_suite: Run, reference: Reference, tmp_path: Path
) -> None:
    """An entry that passes fails the run, and is removed by an update; those of other revisions and of what did not run stay."""
    path = tmp_path / "known.toml"
    others = ["err-20002", "group-keys-2021-11"]
    path.write_text("\n".join(map(entry, [ID, *others])))
    narrowed = ("--target", str(reference.target_file), "--requirement", ID)
    words = (*narrowed, "--known-failures", str(path))
    run = run_suite(*words)
    assert run.returncode == 1
    assert (
        f"known failure {ID} does not fail, it is passed: remove its entry from known.toml\n"
        in run.stdout
    )
    run = run_suite(*words, "--update-known-failures")
    assert run.returncode == 0, run.stdout + run.stderr
    assert re.findall(r"\[failures\.(.*)\]", path.read_text("utf-8")) == others
    assert run_suite(*words).returncode == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--known-failures", "none.toml"], "cannot read known failures 'none.toml'"),
        (["--known-failures", "bad.toml"], "unknown requirement 'err-2000': did you mean"),
        (["--update-known-failures"], "name it with --known-failures"),
    ],
)
def test_wrong_input_is_one_line(
    run_suite: Run, tmp_path: Path, words: list[str], message: str
) -> None:
    """A file that is wrong is rejected before the first request: nothing listens at the target."""
    (tmp_path / "bad.toml").write_text(entry("err-2000"))
    run = run_suite("--base-url", "http://127.0.0.1:9/v2", *words)
    assert run.returncode == 4
    [line] = run.stderr.splitlines()
    assert line.startswith("error: ")
    assert message in line
