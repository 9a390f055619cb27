"""The pytest plugin: options, preflight, and the outcome of each check.

It is loaded by name (`-p conformance.run.plugin`). Verdicts are in `verdicts`, the state of the run in `session`, the fixtures
in `fixtures`, what is printed in `progress`.
"""

from __future__ import annotations

import gc
import inspect
import os
from typing import TYPE_CHECKING

import pytest

from conformance import signals
from conformance.contract.requirements import read_catalogue
from conformance.http import Inconclusive, Outcome
from conformance.properties.budget import EFFORTS
from conformance.reporting import LogError
from conformance.run import fixtures, interruption, second_try, selection
from conformance.run.check_record import RECORD, record_of
from conformance.run.fixtures import SESSION
from conformance.run.options import add_all
from conformance.run.progress import Progress
from conformance.run.recording import Log
from conformance.run.session import Session
from conformance.target import ConfigurationError, PreflightError
from conformance.target.commands import CommandError

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator
    from pathlib import Path

BRIEF_INTERRUPTION = "conformance-brief-interruption"
LOG = pytest.StashKey[Log]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options that describe the target and the run."""
    add_all(parser)


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Describe the target, before anything is collected."""
    if config.option.help or config.option.version:
        return
    options = config.option
    if options.profile in EFFORTS:  # as the effort was called in 0.1.0
        options.effort, options.profile = options.profile, None
    config.pluginmanager.register(interruption.BriefInterruption(config), BRIEF_INTERRUPTION)
    signals.install_handlers()
    try:
        session = Session.describe(vars(options), os.environ)
    except ConfigurationError as problem:
        raise pytest.UsageError(str(problem)) from None
    if not session.permission.writes:
        options.budget = 0  # generated requests need entities of the run
    selection.choose_paths(config)
    selection.check_words(config)
    selection.check_requirements(options.requirement)
    config.stash[SESSION] = session
    for module in (fixtures, *fixtures.modules_with_fixtures(config.args)):
        config.pluginmanager.register(module, module.__name__)
    log = config.stash[LOG] = Log(session)
    config.pluginmanager.register(log, "conformance-log")
    Progress.replace_terminal(config, session, log)


def begin(config: pytest.Config) -> None:
    """Inspect the target, and open the event log."""
    log = config.stash[LOG]
    try:
        try:
            config.stash[SESSION].begin(leniently=config.option.skip_preflight)
        except (PreflightError, CommandError) as problem:
            log.report_failed_preflight(str(problem))
            raise
        log.begin()
    except (PreflightError, CommandError, LogError) as problem:
        raise pytest.UsageError(str(problem)) from None
    except OSError as problem:
        message = (
            f"cannot write to report folder {config.option.report_folder!r}: {problem.strerror}"
        )
        raise pytest.UsageError(message) from None
    # From now on the summary reports an interruption.
    config.pluginmanager.unregister(name=BRIEF_INTERRUPTION)


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
    """Collect the checks without garbage collection, which would find nothing: what is collected stays to the end.

    A run of all checks begins before, so that its longest requests are sent meanwhile; a narrowed one once it is known to have any.
    """
    config, run = session.config, session.config.stash[SESSION]
    run.note_selection(config.args, config.option)
    begins_before = not (run.partial or config.option.collectonly)
    if begins_before:
        begin(config)
        start_bursts(config)
    gc.disable()
    try:
        result = yield
    finally:
        gc.freeze()
        gc.enable()
    if not (begins_before or session.items or session.testsfailed):
        message = f"no check of revision {run.contract.revision} matches {run.selection}"
        raise pytest.UsageError(message)
    if not (begins_before or config.option.collectonly):
        begin(config)
    return result


def start_bursts(config: pytest.Config) -> None:
    """Start the bursts of the rate-limit checks, which take longest, if all checks are going to run."""
    run = config.stash[SESSION]
    run.note_selection(config.args, config.option)
    if not run.partial:
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
    _leave_out(config, set(of_revision).difference(items))
    selection.arrange(items, config.option.shuffle)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Remember the checks that are going to run, so that those which do not can be reported."""
    records = [record_of(item) for item in session.items]
    session.config.stash[SESSION].selected = {
        record.check: record.requirements for record in records
    }


def pytest_deselected(items: list[pytest.Item]) -> None:
    """Remember that the run was narrowed."""
    if items:
        items[0].config.stash[SESSION].partial = True
        _leave_out(items[0].config, items)


def _leave_out(config: pytest.Config, items: Iterable[pytest.Item]) -> None:
    """Remember the requirements that the run does not test with all of their checks."""
    for item in items:
        config.stash[SESSION].left_out.update(record_of(item).requirements)


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    """Run checks that got no response a second time, if nothing stopped the run."""
    result = yield
    items = second_try.without_response(session)
    if items:
        second_try.run_again(session, items)
    return result


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
    used_up = session.budget.used_up() if call.when == "teardown" else ""
    if reason := session.reason_to_stop or used_up:
        session.stopped = item.session.shouldstop = reason
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
        if LOG in session.config.stash and session.config.stash[LOG].has_begun:
            _finish(session, exitstatus)


def _finish(session: pytest.Session, exitstatus: int) -> None:
    stash, option = session.config.stash, session.config.option
    left_over = stash[SESSION].close()
    maxfail = option.maxfail or 0
    stopped = f"--maxfail={maxfail}" if 0 < maxfail <= session.testsfailed else ""
    stash[SESSION].note_selection(session.config.args, option, stopped)
    session.exitstatus = stash[LOG].finish(
        left_over, exitstatus, allow_untested=option.allow_untested, first_failures=stopped
    )


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """Do without the garbage collection at the end of the process."""
    gc.freeze()
