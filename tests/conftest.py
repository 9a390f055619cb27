"""Fixtures: servers to test against, callers for them, and functions that run the suite."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import coverage
import pytest

import conformance
from conformance.contract import load, revisions
from conformance.http import Caller, Client, Guard, Redactor
from conformance.http.clock import SYSTEM
from conformance.http.connection import DIRECT, Connection
from conformance.mutation.forked import Forked
from tests.driven import DrivenClock
from tests.stub import Stub

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from conformance.contract import Contract
    from conformance.http.clock import Clock
    from conformance.http.pacing import Pace
    from tests.stub import Script

    Checks = Callable[[str], str]
    ReadReport = Callable[..., dict[str, Any]]
    Run = Callable[..., subprocess.CompletedProcess[str]]
    Connect = Callable[..., Caller]
    StartReference = Callable[..., AbstractContextManager["Reference"]]
    StartStub = Callable[[Script], Stub]

TIMEOUT = 180  # seconds until a test fails that waits for something
MARKERS = ("requirement(*ids)", "each(name, table)", "system")  # of the checks


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the part of the long tests that runs."""
    parser.addoption(
        "--part", default="1/1", metavar="N/M", help="one of M parts of the long tests"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the long tests of other parts: each part has some of each module."""
    part, parts = map(int, config.getoption("part").split("/"))
    long = [item for item in items if item.get_closest_marker("long")]
    others = {item for place, item in enumerate(long) if place % parts != part - 1}
    config.hook.pytest_deselected(items=list(others))
    items[:] = [item for item in items if item not in others]


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers of the checks, so that tests can import them."""
    for marker in MARKERS:
        config.addinivalue_line("markers", f"{marker}: marks checks")


@dataclasses.dataclass(frozen=True)
class Reference:
    """A running reference server, as its target file describes it."""

    base_url: str
    target_file: Path
    token: str = dataclasses.field(repr=False)
    other_token: str = dataclasses.field(repr=False)


@contextlib.contextmanager
def running(folder: Path, *options: str) -> Iterator[Reference]:
    """Run the reference server in a process of its own during the block."""
    file = folder / "target.toml"
    words = ("serve", "--quiet", "--port", "0", "--rate-limit", "off", "--rate-limit-port", "0")
    forked = Forked([*words, *options, "--target-file", str(file)], os.environ, folder)
    try:
        deadline = time.monotonic() + TIMEOUT
        while not file.exists():
            assert forked.is_alive, forked.wait(TIMEOUT)
            assert time.monotonic() < deadline, "the server did not start"
            time.sleep(0.005)
        described = tomllib.loads(file.read_text("utf-8"))
        yield Reference(described["base_url"], file, described["token"], described["other_token"])
    finally:
        forked.stop()


@pytest.fixture(scope="session")
def contract() -> Contract:
    """The contract of the newest revision."""
    return load()


@pytest.fixture(scope="session")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reference]:
    """One conformant server for all tests, which have to undo what they change."""
    with running(tmp_path_factory.mktemp("reference")) as server:
        yield server


@pytest.fixture
def start_reference(tmp_path_factory: pytest.TempPathFactory) -> StartReference:
    """Return a function that starts a reference server with options of `serve`, like `--fault`."""
    return lambda *options: running(tmp_path_factory.mktemp("server"), *options)


@pytest.fixture
def stub() -> Iterator[StartStub]:
    """Return a function that starts a stub server."""
    with contextlib.ExitStack() as stack:

        def start(script: Script) -> Stub:
            started = Stub(script)
            stack.callback(started.close)
            return started

        yield start


@pytest.fixture
def connect(contract: Contract) -> Iterator[Connect]:
    """Return a function that makes a caller of a base URL, with or without a token and a pace, with the system's clock or another."""
    with contextlib.ExitStack() as stack:

        def make(
            base_url: str,
            token: str | None = None,
            pace: Pace | None = None,
            clock: Clock = SYSTEM,
            timeout: float = DIRECT.timeout,
        ) -> Caller:
            client = Client(
                base_url,
                redactor=Redactor({"$PK_TOKEN": token}),
                guard=Guard(),
                pace=pace,
                clock=clock,
                connection=Connection(timeout=timeout),
            )
            stack.callback(client.close)
            return Caller("owner" if token else "anonymous", contract, client, token)

        yield make


@pytest.fixture(autouse=True)
def unmeasured_processes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not measure coverage in processes that a test with the marker starts or forks."""
    if request.node.get_closest_marker("unmeasured"):
        monkeypatch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)
        monkeypatch.setenv("UNMEASURED", "1")


def _stop_measuring() -> None:
    measured = coverage.Coverage.current()
    if measured is not None and "UNMEASURED" in os.environ:
        measured.stop()


os.register_at_fork(after_in_child=_stop_measuring)


@pytest.fixture
def environment() -> dict[str, str]:
    """The environment variables without those that describe a target, or a job of a CI server."""
    left_out = ("PK_", "GITHUB_")
    return {name: value for name, value in os.environ.items() if not name.startswith(left_out)}


@pytest.fixture(scope="session")
def checks() -> Checks:
    """Return a function that returns the path of a module of checks, like `checks("patch/keys")`."""
    folder = Path(conformance.__file__).parent / "checks"
    return lambda module: str(folder / f"{module}.py")


@pytest.fixture
def suite(environment: dict[str, str], tmp_path: Path) -> Run:
    """Return a function that runs the command line, `suite("run", ...)`, and captures its output."""

    def command(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return Forked(words, environment | variables, tmp_path).wait(TIMEOUT)

    return command


@pytest.fixture
def run_suite(suite: Run, tmp_path: Path) -> Run:
    """Return a function that runs the checks; reports are written to `tmp_path / "reports"`."""
    folder = str(tmp_path / "reports")
    return lambda *words, **variables: suite("run", "--report-folder", folder, *words, **variables)


@pytest.fixture
def report(tmp_path: Path) -> ReadReport:
    """Return a function that reads the report of a run, by the name of its target."""

    def read(name: str = "reference", revision: str = revisions()[0]) -> dict[str, Any]:
        path = tmp_path / "reports" / name / revision / "report.json"
        content: dict[str, Any] = json.loads(path.read_text("utf-8"))
        return content

    return read


@dataclasses.dataclass
class RunningSuite:
    """A run that continues while the test observes it."""

    process: subprocess.Popen[str]
    folder: Path

    def wait_for(self, word: str, name: str = "journal.jsonl") -> None:
        """Wait until the journal of the run, or another file, contains the word."""
        deadline = time.monotonic() + TIMEOUT
        file = self.folder / name
        while not (file.exists() and word in file.read_text("utf-8")):
            assert self.process.poll() is None, f"the run ended before {name} had {word!r}"
            assert time.monotonic() < deadline, f"{name} never had {word!r}"
            time.sleep(0.005)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the run and its child processes, as a terminal does."""
        os.killpg(self.process.pid, number)

    def end(self) -> str:
        """Wait for the end; return the output on both streams."""
        out, err = self.process.communicate(timeout=TIMEOUT)
        return out + err


@pytest.fixture
def start_suite(
    environment: dict[str, str], tmp_path: Path
) -> Iterator[Callable[..., RunningSuite]]:
    """Return a function that starts a run of the target `reference` without waiting for its end."""
    with contextlib.ExitStack() as stack:

        def start(*words: str) -> RunningSuite:
            folder = tmp_path / "reports"
            process = subprocess.Popen(
                [sys.executable, "-m", "conformance", "run", "--report-folder", folder, *words],
                env={**environment, "TMPDIR": str(tmp_path)},
                cwd=tmp_path,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                start_new_session=True,
                preexec_fn=_restore_interrupts,  # noqa: PLW1509 no thread runs between fork and exec here
            )
            stack.enter_context(process)
            stack.callback(_kill, process)
            return RunningSuite(process, folder / "reference" / revisions()[0])

        yield start


def _restore_interrupts() -> None:
    """Handle SIGINT although the tests may run in the background, where it is ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _kill(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)


@pytest.fixture
def read_account(connect: Connect) -> Callable[[Reference], list[Any]]:
    """Return a function that reads everything of the system under test."""
    operations = (
        "getSystem",
        "getSystemSettings",
        "getSystemMembers",
        "getSystemGroups",
        "getSystemSwitches",
    )

    def read(server: Reference) -> list[Any]:
        owner = connect(server.base_url, server.token)
        return [owner.send(operation, {"systemId": "@me"}).json for operation in operations]

    return read


@pytest.fixture
def clock() -> DrivenClock:
    """Return a clock that stands still until something moves it."""
    return DrivenClock()
