"""Bursts against a server in this process on a simulated clock, and the outcomes of the checks of them."""

from __future__ import annotations

import dataclasses
import itertools
from typing import TYPE_CHECKING, Any

from conformance.contract import load
from conformance.http import Caller, Client, Guard, Outcome, Redactor
from conformance.mutation.reasons import is_inert
from conformance.rate_limits.bursts import RateBursts
from conformance.rate_limits.launch import SCOPE as AT_LAUNCH
from conformance.rate_limits.launch import LaunchBursts
from conformance.rate_limits.limited_target import LimitedTarget
from conformance.reference.application import Server
from conformance.reference.faults import FAULTS, find_fault
from conformance.reference.rate_limiter.limiter import Limits
from conformance.reference.revisions import REVISIONS
from tests.driven import DrivenClock
from tests.rate_limits.in_process import InProcessTransport, runtime

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import ModuleType

    from conformance.contract import Contract
    from conformance.rate_limits.schedule import Schedule
    from conformance.rate_limits.timing import Runtime

NEWEST, LAUNCH = "2025-08", "2021-11"
PASSED, FAILED, WARNED = "passed", "Refuted", "AsUpstream"


@dataclasses.dataclass(frozen=True)
class Simulation:
    """A server on a simulated clock, who sends to it, and the schedule of its bursts."""

    server: Server
    clock: DrivenClock
    limited: LimitedTarget
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
    ) -> Simulation:
        """Take faults and other changes of the server, and how many seconds into a whole second all begins."""
        clock = DrivenClock(start)
        limits = dataclasses.replace(limits or Limits(), clock=clock)
        server = Server(revision=REVISIONS[revision], limits=limits)
        for change in changes:
            inject = find_fault(change).inject if isinstance(change, str) else change
            inject(server)
        limited = _target(
            server, load(revision), clock, InProcessTransport(server, clock, latency, work)
        )
        return cls(
            server, clock, limited, _schedule(server, load(revision), limited, runtime(clock))
        )

    @property
    def rate_bursts(self) -> RateBursts:
        """The bursts of the newest revision."""
        assert isinstance(self.schedule, RateBursts)
        return self.schedule

    @property
    def launch_bursts(self) -> LaunchBursts:
        """The bursts of the launch."""
        assert isinstance(self.schedule, LaunchBursts)
        return self.schedule

    def run_checks(self, *modules: ModuleType, rules: Sequence[str] = ()) -> Iterator[CheckResult]:
        """Run the checks of these modules, or those of them that test one of these requirements."""
        contract = load(self.server.revision.name)
        for module in modules:
            for case in cases(module, contract):
                if not rules or set(rules) & set(case.rules):
                    yield _result_of(case, self.schedule)


def _target(
    server: Server, contract: Contract, clock: DrivenClock, transport: InProcessTransport
) -> LimitedTarget:
    client = Client(
        "http://target/v2",
        redactor=Redactor({}),
        guard=Guard(),
        pace=None,
        clock=clock,
        transport=transport,
    )
    first, second = server.seeded.first.token, server.seeded.second.token
    owner = Caller("owner", contract, client, first)
    anonymous = Caller("anonymous", contract, client)
    return LimitedTarget(
        owner, anonymous, Caller("other", contract, client, second), lambda *_: None
    )


def _schedule(server: Server, contract: Contract, limited: LimitedTarget, on: Runtime) -> Schedule:
    limits, numbers = dict(contract.rate_limits), itertools.count(1)
    if AT_LAUNCH in limits:
        return LaunchBursts(lambda: limited, limits[AT_LAUNCH], on)
    message = server.seeded.message_id
    return RateBursts(lambda: limited, limits, message, lambda: f"name {next(numbers)}", on)


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
class CheckResult:
    """The outcome of a case by name, and the requirements that it is about."""

    name: str
    outcome: str
    rules: tuple[str, ...]
    reason: str = ""

    @property
    def is_violation(self) -> bool:
        """Whether a requirement is found to be violated."""
        return self.outcome in (FAILED, WARNED)


def _result_of(case: Case, schedule: Schedule) -> CheckResult:
    try:
        case.check(*case.values, schedule)
    except Outcome as problem:
        rules = getattr(problem, "violates", ()) or case.rules
        return CheckResult(case.name, type(problem).__name__, rules, problem.reason)
    return CheckResult(case.name, PASSED, case.rules)


def outcome(check: Callable[..., None], *values: Any) -> str:
    """Return the outcome of a check: `passed`, or the name of the outcome raised."""
    return _result_of(Case("", check, values[:-1], ()), values[-1]).outcome


def faults_of(module: ModuleType, revision: str) -> list[str]:
    """Return the faults that violate a requirement of which the module has a check."""
    contract = load(revision)
    checked = {rule for case in cases(module, contract) for rule in case.rules}
    return [
        fault.name
        for fault in FAULTS.values()
        if checked & set(fault.violates)
        and fault.only in (None, revision)
        and not is_inert(fault.name, revision)
    ]


def finds(module: ModuleType, revision: str, fault: str, **words: Any) -> bool:
    """Whether a check of the module finds a violation of a requirement that the fault violates."""
    violates = set(find_fault(fault).violates)
    results = Simulation.of(revision, fault, **words).run_checks(module, rules=sorted(violates))
    return any(one.is_violation and violates & set(one.rules) for one in results)


def violated(simulation: Simulation, *modules: ModuleType) -> set[str]:
    """Return the requirements that the checks of these modules find violated."""
    return {
        rule for one in simulation.run_checks(*modules) if one.is_violation for rule in one.rules
    }
