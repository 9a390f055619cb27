"""The verb `watch`: its options, its command, its ends."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from conformance.cli.watch import main

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import ReadReport, Reference, Run

URL = ("--base-url", "http://127.0.0.1:9/v2")
READ = """
import contextlib, os, urllib.error, urllib.request
headers = {"User-Agent": os.environ["AGENT"], "Authorization": os.environ["PK_TOKEN"]}
url = os.environ["PK_BASE_URL"] + "/systems/@me"
with contextlib.suppress(urllib.error.HTTPError):
    urllib.request.urlopen(urllib.request.Request(url, headers=headers)).read()
"""
GOOD, BAD = "Tests/1.0 (tests.example)", " "


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ([], "--base-url"),
        (["--base-url", "ftp://x"], "'ftp://x' is no base URL"),
        (["--base-url", "http://a:b@localhost/v2"], "no base URL"),
        (["--base-url", "http://localhost:x/v2"], "no base URL"),
        ([*URL, "--port", "70000"], "'70000' is no port"),
        ([*URL, "--revision", "2025"], "did you mean 2025-08?"),
        ([*URL, "--name", "../x"], "'../x' is no name of a folder"),
        ([*URL, "--max-time", "soon"], "'soon' is no number of seconds"),
        ([*URL, "--known-failures", "/nowhere/k.toml"], "cannot read known failures"),
        ([*URL, "--report-folder", "/dev/null"], "cannot write to '/dev/null"),
        ([*URL, "--report-folder", "REPORTS", "--", "/nowhere/c"], "cannot run '/nowhere/c'"),
        ([*URL, "--"], "no command after --"),
    ],
)
def test_bad_input_is_one_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, options: list[str], message: str
) -> None:
    """What cannot be watched ends with 4 and one line that says why."""
    words = [str(tmp_path) if word == "REPORTS" else word for word in options]
    try:
        code = main(words)
    except SystemExit as stop:
        code = int(stop.code or 0)
    assert code == 4
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("error: ")
    assert message in line


def test_busy_port_is_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A port that is taken is named, and nothing is written."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert main([*URL, "--port", port, "--report-folder", str(tmp_path)]) == 4
    assert f"cannot listen on port {port}" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("agent", "code"), [(GOOD, 0), (BAD, 1)])
def test_command_is_watched(
    suite: Run, report: ReadReport, reference: Reference, agent: str, code: int
) -> None:
    """A command gets the base URL, and the watch ends with it."""
    words = ("--base-url", reference.base_url, "--name", "mine", "--", sys.executable, "-c", READ)
    done = suite("watch", *words, PK_TOKEN=reference.token, AGENT=agent)
    assert done.returncode == code, done.stdout + done.stderr
    found = report("mine")
    assert found["subject"] == "client"
    assert found["exit_code"] == code
    assert found["requests"]["total"] == 1
    assert found["repetition"][-1] == READ
    assert reference.token not in done.stdout
    assert ("to watch the client again:" in done.stdout) == bool(code)


def test_command_that_fails_is_incomplete(
    suite: Run, report: ReadReport, reference: Reference
) -> None:
    """A session of a client whose own test failed is no proof of anything."""
    fails = f"{READ}\nraise SystemExit(3)"
    words = ("--base-url", reference.base_url, "--", sys.executable, "-c", fails)
    done = suite("watch", *words, PK_TOKEN=reference.token, AGENT=GOOD)
    assert done.returncode == 5
    assert report("client")["stopped"] == "the command ended with exit code 3"
    assert report("client")["status"] == "incomplete"


def test_command_that_takes_too_long_is_stopped(suite: Run, report: ReadReport) -> None:
    """--max-time ends the command, even one that does not listen to SIGTERM."""
    sleeps = "import time; time.sleep(600)"
    done = suite("watch", *URL, "--max-time", "0.5", "--", sys.executable, "-c", sleeps)
    assert done.returncode == 5
    assert report("client")["stopped"] == "the command was stopped before its end"


def test_nothing_seen_is_incomplete(suite: Run, report: ReadReport) -> None:
    """A watch that saw no request says nothing of the client."""
    done = suite("watch", *URL, "--max-time", "0.2")
    assert done.returncode == 5
    assert set(report("client")["counts"]) > {"not-applicable"}
    assert {row["verdict"] for row in report("client")["requirements"]} == {"not-applicable"}


def test_known_habit_is_no_failure(
    suite: Run, report: ReadReport, reference: Reference, tmp_path: Path
) -> None:
    """A habit in the file of known failures is known while it is found, and out of date once it is not."""
    file = tmp_path / "known.toml"
    file.write_text(
        "[failures.client-sends-user-agent]\n"
        'reason = "until 2.0"\nlink = "https://tests.example/1"\nexpires = 2999-01-01\n'
    )
    words = ("--base-url", reference.base_url, "--known-failures", str(file))
    command = ("--", sys.executable, "-c", READ)
    done = suite("watch", *words, *command, PK_TOKEN=reference.token, AGENT=BAD)
    assert done.returncode == 0, done.stdout
    assert report("client")["counts"]["known"] == 1
    done = suite("watch", *words, *command, PK_TOKEN=reference.token, AGENT=GOOD)
    assert done.returncode == 1
    assert "remove its entry" in report("client")["outdated"][0]["message"]


def test_unknown_habit_is_one_line(suite: Run, tmp_path: Path) -> None:
    """A file of known failures that names a requirement of servers says that it is none of a client."""
    file = tmp_path / "known.toml"
    file.write_text(
        "[failures.delete-switch-204]\n"
        'reason = "r"\nlink = "https://tests.example/1"\nexpires = 2999-01-01\n'
    )
    done = suite("watch", *URL, "--known-failures", str(file))
    assert done.returncode == 4
    assert "unknown habit 'delete-switch-204'" in done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_ends_the_watch_with_its_report(
    environment: dict[str, str], tmp_path: Path, number: signal.Signals
) -> None:
    """Ctrl-C and SIGTERM end a watch as it is meant to end: with the report."""
    words = [sys.executable, "-m", "conformance", "watch", *URL]
    with subprocess.Popen(
        words, env=environment, cwd=tmp_path, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        while not process.stdout.readline().startswith("give that base URL"):
            assert process.poll() is None
        process.send_signal(number)
        assert process.wait(30) == 5
    assert (tmp_path / "reports" / "client" / "2025-08" / "index.html").exists()


@pytest.mark.long
@pytest.mark.unmeasured
def test_second_signal_is_reported(environment: dict[str, str], tmp_path: Path) -> None:
    """A command that does not end is killed; a second signal meanwhile makes the exit code 2, and the report is there."""
    command = (
        "import pathlib, signal, time\n"
        "signal.signal(signal.SIGTERM, lambda *_: pathlib.Path('asked').touch())\n"
        "pathlib.Path('ready').touch()\n"
        "while True: time.sleep(1)"
    )
    words = [
        sys.executable,
        "-m",
        "conformance",
        "watch",
        *URL,
        "--",
        sys.executable,
        "-c",
        command,
    ]
    with subprocess.Popen(words, env=environment, cwd=tmp_path) as process:
        for name in ("ready", "asked"):
            while not (tmp_path / name).exists():
                assert process.poll() is None
            process.terminate()
        assert process.wait(30) == 2
    assert (tmp_path / "reports" / "client" / "2025-08" / "index.html").exists()


def test_reports_of_clients_are_compared(suite: Run, reference: Reference, tmp_path: Path) -> None:
    """`report`, `diff` and `merge` take the log of a watch; `site`, which is about servers, leaves it out."""
    words = ("--base-url", reference.base_url, "--name", "one", "--", sys.executable, "-c", READ)
    suite("watch", *words, PK_TOKEN=reference.token, AGENT=GOOD)
    words = ("--base-url", reference.base_url, "--name", "two", "--", sys.executable, "-c", READ)
    suite("watch", *words, PK_TOKEN=reference.token, AGENT=BAD)
    one, two = (str(tmp_path / "reports" / name / "2025-08") for name in ("one", "two"))
    assert suite("report", one).returncode == 0
    compared = suite("diff", one, two)
    assert "client-sends-user-agent" in compared.stdout
    assert compared.returncode == 1
    merged = suite("merge", two, two, "--into", str(tmp_path / "merged"))
    assert merged.returncode == 1, merged.stderr
    assert "gaps" not in merged.stdout
    indexed = suite("site", str(tmp_path / "merged"), "--into", str(tmp_path / "site"))
    assert "of a client, and no server" in indexed.stdout
    content = json.loads((tmp_path / "merged" / "report.json").read_text("utf-8"))
    assert content["subject"] == "client"
