"""Runs that end before their last check: every report says why, and claims nothing about a system that the run never saw."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from tests.stub import Request, Response

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Checks, ReadReport, Reference, Run, StartStub

INTERRUPTING = '''
from conformance.checks import requirement

@requirement("err-20001")
def check_is_interrupted():
    """A signal comes."""
    raise KeyboardInterrupt

@requirement("err-20002")
def check_does_not_run():
    """It would pass."""
'''
READING = """
from conformance.checks import requirement
""" + "".join(
    f'''
@requirement("err-2000{number}")
def check_{number}(owner):
    """It reads."""
    owner.send("getSystem", {{"systemId": "@me"}})
'''
    for number in range(1, 5)
)
GONE = "the target does not respond any more"


def assert_reports_say(made: dict[str, Any], folder: Path, reason: str) -> None:
    """All three reports name the reason."""
    assert made["stopped"] == reason
    page = (folder / "index.html").read_text("utf-8")
    assert f"<strong>Stopped early.</strong> {reason}" in page
    suite = ET.parse(folder / "junit.xml").getroot()  # noqa: S314 our own
    [found] = suite.iterfind(".//property[@name='stopped']")
    assert found.get("value") == reason


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("--max-requests", "8"), "--max-requests are sent"),
        (("-x",), "--maxfail=1"),
    ],
)
def test_limit(
    run_suite: Run,
    report: ReadReport,
    faulty: Reference,
    checks: Checks,
    tmp_path: Path,
    words: tuple[str, ...],
    reason: str,
) -> None:
    """A limit of the run, or -x, is the reason."""
    modules = map(checks, ("user_agent/user_agent", "patch/keys"))
    run = run_suite("--target", str(faulty.target_file), *modules, *words)
    assert f"stopped early: {reason}" in run.stdout
    assert_reports_say(report(), tmp_path / "reports/reference/2025-08", reason)


def test_last_check(
    run_suite: Run, report: ReadReport, reference: Reference, checks: Checks
) -> None:
    """A limit that is reached by the last check stops nothing."""
    words = ("--max-requests", "33", checks("user_agent/user_agent"))
    run = run_suite("--target", str(reference.target_file), *words)
    assert report()["requests"]["total"] >= 33
    assert report()["stopped"] == ""
    assert "stopped early" not in run.stdout


def test_interruption(
    run_suite: Run, report: ReadReport, reference: Reference, tmp_path: Path
) -> None:
    """A signal is the reason."""
    module = tmp_path / "own.py"
    module.write_text(INTERRUPTING, encoding="utf-8")
    run = run_suite("--target", str(reference.target_file), str(module))
    assert run.returncode == 2
    reason = "interrupted by Ctrl-C or SIGTERM"
    assert_reports_say(report(), tmp_path / "reports/reference/2025-08", reason)


def test_target_that_goes_away(
    run_suite: Run, report: ReadReport, stub: StartStub, tmp_path: Path
) -> None:
    """What did not run once the target is gone is untested; nothing was written, so that nothing is left."""
    sent: list[Request] = []

    def script(request: Request) -> Response | None:
        sent.append(request)
        rows = "[]" if request.path.count("/") > 3 else '{"id": "abcde"}'
        return Response(rows) if len(sent) < 6 else None

    module = tmp_path / "own.py"
    module.write_text(READING, encoding="utf-8")
    words = ("--base-url", stub(script).base_url, "--name", "gone", str(module))
    run = run_suite(*words, PK_TOKEN="secret-1")  # noqa: S106 not a real one
    made = report("gone")
    assert run.returncode == 5, run.stdout
    assert_reports_say(made, tmp_path / "reports/gone/2025-08", GONE)
    reasons = {row["id"]: row["reason"] for row in made["requirements"]}
    assert reasons["err-20004"] == f"not reached: {GONE}"
    assert made["left_over"] == []


def test_system_that_is_not_shown(
    run_suite: Run, report: ReadReport, stub: StartStub, tmp_path: Path
) -> None:
    """Of a system that the run never saw nothing is claimed to be left behind, or changed."""

    def script(request: Request) -> Response:
        shown = json.dumps([{"id": "abcde", "name": "of somebody else"}])
        return Response(shown if "/systems/@me/" in request.path else "", 200)

    words = ("--skip-preflight", "--budget", "0", "--name", "odd")
    run = run_suite("--base-url", stub(script).base_url, *words, PK_TOKEN="secret-1")  # noqa: S106 not a real one
    made = report("odd")
    assert "not as before" not in run.stdout
    assert made["left_over"] == []
    reason = "the target does not show the system of the token"
    assert_reports_say(made, tmp_path / "reports/odd/2025-08", reason)
