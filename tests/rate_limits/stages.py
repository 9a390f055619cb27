"""Stages of rate limits that are played in this process, and what the checks say of them."""

from __future__ import annotations

import dataclasses
import itertools
from typing import TYPE_CHECKING, Any

from conformance.contract import load
from conformance.http import Caller, Client, Guard, Outcome, Redactor
from conformance.mutation.reasons import is_inert
from conformance.rate_limits.bursts import Rates
from conformance.rate_limits.launch import SCOPE as AT_LAUNCH
from conformance.rate_limits.launch import Launch
from conformance.rate_limits.limited_target import Limited
from conformance.reference.application import Server
from conformance.reference.faults import FAULTS, find_fault
from conformance.reference.rate_limiter.limiter import Limits
from conformance.reference.revisions import REVISIONS
from tests.driven import DrivenClock
from tests.rate_limits.in_process import Line, means

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import ModuleType

    from conformance.contract import Contract
    from conformance.rate_limits.schedule import Schedule
    from conformance.rate_limits.timing import Means

NEWEST, LAUNCH = "2025-08", "2021-11"
PASSED, FAILED, WARNED = "passed", "Refuted", "AsUpstream"


@dataclasses.dataclass(frozen=True)
class Play:
    """A server on a clock, who sends to it, and the stage on which its limits are looked at."""

    server: Server
    clock: DrivenClock
    limited: Limited
    schedule: Schedule

    @classmethod
    def of(
        cls,
        revision: str,
        *changes: str | Callable[[Server], None],
        limits: Limits | None = None,
        latency: float = 0.0,
        work: float = 0.0,
        start: float = 0.03,
    ) -> Play:
        """Take the faults of the server, what else changes it, and how many seconds after the turn of one all begins."""
        clock = DrivenClock(start)
        limits = dataclasses.replace(limits or Limits(), clock=clock)
        server = Server(revision=REVISIONS[revision], limits=limits)
        for change in changes:
            inject = find_fault(change).inject if isinstance(change, str) else change
            inject(server)
        limited = _limited(server, load(revision), clock, Line(server, clock, latency, work))
        return cls(server, clock, limited, _schedule(server, load(revision), limited, means(clock)))

    @property
    def rates(self) -> Rates:
        """The stage of the newest revision."""
        assert isinstance(self.schedule, Rates)
        return self.schedule

    @property
    def launch(self) -> Launch:
        """The stage of the launch."""
        assert isinstance(self.schedule, Launch)
        return self.schedule

    def judge(self, *modules: ModuleType, rules: Sequence[str] = ()) -> Iterator[Judged]:
        """Run the checks of these modules, or those of them that test one of these requirements."""
        contract = load(self.server.revision.name)
        for module in modules:
            for case in cases(module, contract):
                if not rules or set(rules) & set(case.rules):
                    yield _judged(case, self.schedule)


def _limited(server: Server, contract: Contract, clock: DrivenClock, line: Line) -> Limited:
    client = Client(
        "http://target/v2",
        redactor=Redactor({}),
        guard=Guard(),
        pace=None,
        clock=clock,
        transport=line,
    )
    first, second = server.seeded.first.token, server.seeded.second.token
    owner = Caller("owner", contract, client, first)
    anonymous = Caller("anonymous", contract, client)
    return Limited(owner, anonymous, Caller("other", contract, client, second), lambda *_: None)


def _schedule(server: Server, contract: Contract, limited: Limited, by: Means) -> Schedule:
    limits, numbers = dict(contract.rate_limits), itertools.count(1)
    if AT_LAUNCH in limits:
        return Launch(lambda: limited, limits[AT_LAUNCH], by)
    message = server.seeded.message_id
    return Rates(lambda: limited, limits, message, lambda: f"name {next(numbers)}", by)


@dataclasses.dataclass(frozen=True)
class Case:
    """One row of a check, and the requirements that it can refute."""

    name: str
    check: Callable[..., None]
    values: tuple[Any, ...]
    rules: tuple[str, ...]


def cases(module: ModuleType, contract: Contract) -> Iterator[Case]:
    """Yield every row of every check of a module."""
    for name, check in vars(module).items():
        if not name.startswith("check_"):
            continue
        marks = getattr(check, "pytestmark", [])
        own = tuple(rule for mark in marks if mark.name == "requirement" for rule in mark.args)
        tables = [mark.args[1] for mark in marks if mark.name == "each"]
        if not tables:
            yield Case(name, check, (), own)
        for row in itertools.chain.from_iterable(table(contract) for table in tables):
            yield Case(f"{name}[{row.id}]", check, (row.value,), (*own, *row.requirements))


@dataclasses.dataclass(frozen=True)
class Judged:
    """What a case came to, by the name of the outcome, and the requirements that it says so of."""

    name: str
    outcome: str
    rules: tuple[str, ...]
    reason: str = ""

    @property
    def broken(self) -> bool:
        """Whether a requirement is found broken."""
        return self.outcome in (FAILED, WARNED)


def _judged(case: Case, schedule: Schedule) -> Judged:
    try:
        case.check(*case.values, schedule)
    except Outcome as problem:
        rules = getattr(problem, "violates", ()) or case.rules
        return Judged(case.name, type(problem).__name__, rules, problem.reason)
    return Judged(case.name, PASSED, case.rules)


def outcome(check: Callable[..., None], *values: Any) -> str:
    """Return what a check comes to: `passed`, or the name of the outcome."""
    return _judged(Case("", check, values[:-1], ()), values[-1]).outcome


def faults_of(module: ModuleType, revision: str) -> list[str]:
    """Return the faults that break a requirement of which the module has a check."""
    contract = load(revision)
    checked = {rule for case in cases(module, contract) for rule in case.rules}
    return [
        fault.name
        for fault in FAULTS.values()
        if checked & set(fault.violates)
        and fault.only in (None, revision)
        and not is_inert(fault.name, revision)
    ]


def found(module: ModuleType, revision: str, fault: str, **words: Any) -> bool:
    """Whether a check of the module finds a requirement broken that the fault is made to break."""
    violates = set(find_fault(fault).violates)
    judged = Play.of(revision, fault, **words).judge(module, rules=sorted(violates))
    return any(one.broken and violates & set(one.rules) for one in judged)


def broken(play: Play, *modules: ModuleType) -> set[str]:
    """Return the requirements that the checks of these modules find broken."""
    return {rule for one in play.judge(*modules) if one.broken for rule in one.rules}
