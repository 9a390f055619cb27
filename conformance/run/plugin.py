"""The pytest plugin: options, preflight, and the outcome of each check.

It is loaded by name (`-p conformance.run.plugin`). Verdicts are in `verdicts`, the state of the run in `session`, the fixtures
in `fixtures`, what is printed in `progress`.
"""

from __future__ import annotations

import argparse
import gc
import inspect
import os
from typing import TYPE_CHECKING

import pytest

from conformance import signals
from conformance.contract.requirements import read_catalogue
from conformance.http import Inconclusive, Outcome
from conformance.properties.budget import DEFAULT, PROFILES
from conformance.reporting import LogError
from conformance.run import fixtures, interruption, selection
from conformance.run.fixtures import SESSION
from conformance.run.progress import Progress
from conformance.run.recording import RECORD, Log, record_of
from conformance.run.session import Session
from conformance.target import ConfigurationError, PreflightError
from conformance.target.options import add_target

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

BRIEF_INTERRUPTION = "conformance-brief-interruption"
LOG = pytest.StashKey[Log]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options that describe the target and the run."""
    group = parser.getgroup("conformance", "PluralKit API conformance")
    add_target(group.addoption)
    group.addoption("--other-token", help="token of another system (also PK_OTHER_TOKEN)")
    group.addoption("--revision", help="revision of the docs to check against")
    group.addoption("--name", help="name of the target, for its report folder")
    group.addoption(
        "--allow-existing",
        metavar="SYSTEM_ID",
        action="append",
        help="write to this system although it holds members, groups or switches",
    )
    group.addoption("--report-folder", metavar="DIR", default="reports", help="where reports land")
    group.addoption(
        "--profile",
        choices=list(PROFILES),
        default=DEFAULT,
        help="how many requests the generated checks send: quick, standard or deep",
    )
    group.addoption(
        "--budget",
        type=int,
        metavar="N",
        help="let the generated checks send at most N requests; 0 leaves them out",
    )
    group.addoption("--seed", type=int, default=0, help="seed of all random choices")
    group.addoption(
        "--allow-untested", action="store_true", help="exit 0 although requirements are untested"
    )
    group.addoption(
        "--require-rate-limit",
        action="store_true",
        help="check the documented rate limits although the target shows no limiter",
    )
    group.addoption(
        "--rate", type=_rate, metavar="R/s", help="send no more requests a second than this"
    )
    group.addoption(
        "--max-time", type=float, metavar="SECONDS", help="start no check after this time"
    )
    group.addoption("--max-requests", type=int, metavar="N", help="start no check after N requests")
    group.addoption(
        "--skip-preflight",
        action="store_true",
        help="run although the target does not look like the API, or its system is not empty",
    )
    group.addoption(
        "--strict-docs",
        action="store_true",
        help="fail a server for deviations from the docs that PluralKit production has, too",
    )
    selection.add_options(group)


def _rate(text: str) -> float:
    number = text.strip().removesuffix("/s")
    if not number.replace(".", "", 1).isdecimal() or float(number) <= 0:
        message = f"{text!r} is no rate: give requests a second, like 5/s"
        raise argparse.ArgumentTypeError(message)
    return float(number)


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Describe the target and inspect it, before anything is collected."""
    if config.option.help or config.option.version:
        return
    config.pluginmanager.register(interruption.BriefInterruption(config), BRIEF_INTERRUPTION)
    signals.install_handlers()
    selection.choose_paths(config)
    selection.check_words(config)
    selection.check_requirements(config.option.requirement)
    try:
        session = Session.open(vars(config.option), os.environ)
        config.stash[SESSION] = session
        for module in (fixtures, *fixtures.modules_with_fixtures(config.args)):
            config.pluginmanager.register(module, module.__name__)
        config.stash[LOG] = Log(session)
        config.pluginmanager.register(config.stash[LOG], "conformance-log")
    except (ConfigurationError, PreflightError, LogError) as problem:
        raise pytest.UsageError(str(problem)) from None
    except OSError as problem:
        message = (
            f"cannot write to report folder {config.option.report_folder!r}: {problem.strerror}"
        )
        raise pytest.UsageError(message) from None
    Progress.replace_terminal(config, session, config.stash[LOG])


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Skip modules that have no check of the requirements that are wanted."""
    contract, wanted = config.stash[SESSION].contract, config.option.requirement
    return selection.names_none(collection_path, contract, wanted) or None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make one check of each row of the table of `@each`."""
    contract = metafunc.config.stash[SESSION].contract
    for marker in metafunc.definition.iter_markers("each"):
        name, table = marker.args
        rows = [
            pytest.param(row.value, id=row.id, marks=pytest.mark.requirement(*row.requirements))
            for row in table(contract)
        ]
        metafunc.parametrize(name, rows)


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """Collect the checks without garbage collection, which would find nothing: what is collected stays to the end."""
    plugins = session.config.pluginmanager
    if plugins.has_plugin(BRIEF_INTERRUPTION):  # from now on the summary reports an interruption
        plugins.unregister(name=BRIEF_INTERRUPTION)
    start_bursts(session.config)
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def start_bursts(config: pytest.Config) -> None:
    """Start the bursts of the rate-limit checks, which take longest, if all checks are going to run."""
    run, option = config.stash[SESSION], config.option
    run.note_selection(config.args, option)
    if not (run.partial or option.collectonly or option.markexpr):
        run.bursts.start_in_background()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Select and sort the checks, without those of other revisions."""
    requirements = config.stash[SESSION].contract.requirements
    known = {requirement.id for requirement in read_catalogue()}
    for item in items:
        unknown = [name for name in record_of(item).requirements if name not in known]
        if unknown:
            message = f"{item.name} names unknown requirements: {', '.join(unknown)}"
            raise pytest.UsageError(message)
        record_of(item).keep(requirements)
    of_revision = [item for item in items if record_of(item).requirements]
    items[:] = selection.select(of_revision, config.option.requirement)
    selection.arrange(items, config.option.shuffle)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Remember the checks that are going to run, so that those which do not can be reported."""
    if SESSION in session.config.stash:
        records = [record_of(item) for item in session.items]
        session.config.stash[SESSION].selected = {
            record.check: record.requirements for record in records
        }


def pytest_deselected(items: list[pytest.Item]) -> None:
    """Remember that the run was narrowed."""
    if items:
        items[0].config.stash[SESSION].partial = True


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol() -> None:
    """Let a signal, from the first check on, interrupt the run before the next request or check."""
    signals.defer()
    signals.raise_pending()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn the exception into the outcome of the check, with its exchanges."""
    report = yield
    session = item.config.stash[SESSION]
    if "schedule" in getattr(item, "fixturenames", ()):
        session.collect_bursts()
    record = record_of(item).after(call, session)
    record.apply_to(report, session)
    setattr(report, RECORD, record.as_json())
    if call.excinfo is not None:
        # A scenario that failed raises the same exception in each of its checks, with a longer traceback each time.
        call.excinfo.value.__traceback__ = None
    session.checked += call.when == "teardown"
    if session.reason_to_stop:
        item.session.shouldstop = session.reason_to_stop
    elif call.when == "teardown" and (used_up := session.budget.used_up()):
        session.stopped = item.session.shouldstop = used_up
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool:
    """Run a check; run it a second time if it did not pass and requests of it were throttled."""
    session = pyfuncitem.config.stash[SESSION]
    parameters = inspect.signature(pyfuncitem.obj).parameters
    arguments = {name: pyfuncitem.funcargs[name] for name in parameters}
    for last in (False, True):
        throttled = session.throttled
        try:
            pyfuncitem.obj(**arguments)
        except Outcome as problem:
            if session.throttled == throttled:
                raise
            if last:
                reason = f"requests of it were throttled, twice: {problem.reason}"
                raise Inconclusive(reason, problem.exchange) from problem
        else:
            break
    return True


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> Iterator[None]:
    """Undo the run, judge, and write the reports, after the fixtures of a run that stopped early were torn down."""
    signals.begin_cleanup()
    try:
        return (yield)
    finally:
        if SESSION in session.config.stash:
            _finish(session, exitstatus)


def _finish(session: pytest.Session, exitstatus: int) -> None:
    stash, option = session.config.stash, session.config.option
    left_over = stash[SESSION].close()
    maxfail = option.maxfail or 0
    stopped = f"--maxfail={maxfail}" if 0 < maxfail <= session.testsfailed else ""
    stash[SESSION].note_selection(session.config.args, option, stopped)
    allow_untested = option.allow_untested
    session.exitstatus = stash[LOG].finish(left_over, exitstatus, allow_untested=allow_untested)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """Do without the garbage collection at the end of the process."""
    gc.freeze()
