"""The state of a run: target, contract, client, callers and account."""

from __future__ import annotations

import dataclasses
import functools
import random
import string
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.account import Account, Journal, Record, differences, undo
from conformance.contract import Contract, load
from conformance.http import Caller, Client, Exchange, NotApplicable, Redactor
from conformance.properties.budget import DEFAULT
from conformance.run import folders
from conformance.run.budget import Budget
from conformance.run.connections import client_of, inspect_limited_instance, owner_and_other, pace
from conformance.run.known_failures import KnownFailures
from conformance.run.limits import requiring_limits, shows_limiter
from conformance.run.rate_limit_bursts import RateLimitBursts
from conformance.run.repetition import repetition
from conformance.run.report_folder import report_folder
from conformance.run.tested import wholly_tested
from conformance.scenarios.rejections import Rejections
from conformance.scenarios.responses import Responses
from conformance.scenarios.server_errors import ServerErrors
from conformance.target import Permission, Snapshot, Target, describe, inspect, inspect_leniently
from conformance.target.commands import PROVISION, RESET, CommandError, run_command
from conformance.target.options import NAMES
from conformance.target.profiles import RATE_LIMITS, seen_but_undeclared, undeclared_models

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Mapping, Sequence

    from conformance.run.verdicts import CheckResult

MOST_WITHOUT_SYSTEM = (
    200  # checks to run, with --skip-preflight, when the target does not show the system
)


@dataclasses.dataclass
class Session:
    """What all checks share.

    `selected` has the requirements of each check that is going to run, `checked` counts those that ended, `partial` says whether
    the run was narrowed, `selection` by what, `left_out` the requirements of checks that were not selected, `stopped` what ended it
    before its last check, `failed` the requirements that a check found violated so far, `repetition` the words that repeat the run.
    """

    target: Target
    contract: Contract
    client: Client
    redactor: Redactor
    folder: Path
    seed: int
    require_rate_limit: bool
    strict_docs: bool
    budget: Budget
    snapshot: Snapshot = dataclasses.field(default_factory=Snapshot.blank)
    exchanges: list[Exchange] = dataclasses.field(default_factory=list)
    permission: Permission = dataclasses.field(default_factory=Permission)
    undeclared: list[str] = dataclasses.field(default_factory=list)
    repetition: list[str] = dataclasses.field(default_factory=list)
    effort: str = DEFAULT
    partial: bool = False
    checked: int = 0
    selection: str = ""
    left_out: set[str] = dataclasses.field(default_factory=set)
    known_failures: KnownFailures = dataclasses.field(default_factory=KnownFailures)
    selected: dict[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    stopped: str = ""
    failed: set[str] = dataclasses.field(default_factory=set)
    responses: Responses = dataclasses.field(default_factory=Responses)
    rejections: Rejections = dataclasses.field(default_factory=Rejections)
    server_errors: ServerErrors = dataclasses.field(default_factory=ServerErrors)
    _held_to_limits: bool = False

    @classmethod
    def open(cls, options: Mapping[str, Any], environment: Mapping[str, str]) -> Session:
        """Describe the target, and begin; the errors are those of both."""
        session = cls.describe(options, environment)
        session.begin(leniently=options["skip_preflight"])
        return session

    @classmethod
    def describe(cls, options: Mapping[str, Any], environment: Mapping[str, str]) -> Session:
        """Describe the target and the run; nothing is sent or written yet.

        Raises:
            ConfigurationError: with one line for the user.

        """
        target = describe({name: options[name] for name in NAMES}, environment)
        update = options["update_known_failures"]
        known_failures = KnownFailures.open(target.known_failures, update=update)
        contract, models = load(target.revision), undeclared_models(target)
        contract = contract.without(models) if models else contract
        redactor = Redactor(target.secrets)
        client = client_of(target, redactor, pace(target, contract, options["rate"]))
        return cls(
            target=target,
            permission=Permission.of(target),
            contract=contract,
            client=client,
            redactor=redactor,
            folder=report_folder(options, target.name, contract.revision),
            seed=options["seed"],
            require_rate_limit=options["require_rate_limit"],
            strict_docs=options["strict_docs"],
            budget=Budget(options["max_time"], options["max_requests"]),
            effort=options.get("effort", DEFAULT),
            known_failures=known_failures,
            repetition=repetition(options, target),
        )

    def begin(self, *, leniently: bool) -> None:
        """Inspect the target, and create the report folder; `leniently` takes any target.

        Raises:
            PreflightError, CommandError: with one line for the user.
            OSError: the report folder cannot be written to.

        """
        run_command(self.target, PROVISION)
        self.client.listeners.append(self.exchanges.append)
        look = inspect_leniently if leniently else inspect
        owner, other = owner_and_other(self.target, load(self.target.revision), self.client)
        snapshot = look(self.target, owner, other, self.anonymous)
        self.undeclared = seen_but_undeclared(self.target, snapshot)
        self.snapshot = snapshot.within(self.contract)
        self.client.before_send.append(self.permission.check)
        if self.permission.writes and not leniently:
            inspect_limited_instance(self.target, self.contract, self.redactor)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.budget.begin()
        recorders = (self.responses, self.rejections, self.server_errors)
        self.client.listeners += [recorder.see for recorder in recorders]
        self.client.listeners.append(self.look_for_limiter)
        declared = self.require_rate_limit or self.target.rate_limit_url is not None
        declared |= RATE_LIMITS in (self.target.features or ())
        if declared or any(map(shows_limiter, self.exchanges)):
            self.hold_to_limits()

    @functools.cached_property
    def owner(self) -> Caller:
        """The owner of the system under test."""
        return owner_and_other(self.target, self.contract, self.client)[0]

    @functools.cached_property
    def other(self) -> Caller:
        """The owner of the other system; anonymous when its token was not given."""
        return owner_and_other(self.target, self.contract, self.client)[1]

    @functools.cached_property
    def anonymous(self) -> Caller:
        """A caller without a token."""
        return Caller("anonymous", self.contract, self.client)

    @property
    def mark(self) -> str:
        """What the names of everything that the run creates begin with."""
        letters = random.Random(self.seed).choices(string.ascii_lowercase, k=8)  # noqa: S311 no secret
        return "pkc-" + "".join(letters)

    @functools.cached_property
    def account(self) -> Account:
        """What the run creates on the target; the journal is opened with it."""
        path, snapshot = self.folder / "journal.jsonl", self.snapshot.as_json()
        journal = Journal(path, self.mark, snapshot, self.contract.revision)
        return Account(
            contract=self.contract,
            owner=self.owner,
            other=self.other,
            anonymous=self.anonymous,
            snapshot=self.snapshot,
            journal=journal,
            seed=self.seed,
        )

    @property
    def waited(self) -> float:
        """How many seconds the run slept so that it keeps to the rates."""
        return self.client.pace.waited if self.client.pace else 0.0

    @property
    def throttled(self) -> int:
        """How many requests were rejected for their rate, and sent again."""
        return self.client.pace.throttled if self.client.pace else 0

    @property
    def reason_to_stop(self) -> str:
        """Why it is of no use to run further checks; empty as long as it is."""
        if self.client.is_target_gone:
            return "the target does not respond any more"
        if self.snapshot.is_blank and self.checked >= MOST_WITHOUT_SYSTEM:
            return "the target does not show the system of the token"
        return ""

    def is_known(self, violated: Iterable[str]) -> bool:
        """Whether the file of known failures expects what was violated."""
        return self.known_failures.covers(violated, self.contract.requirements)

    def tested(self, results: Iterable[CheckResult]) -> set[str]:
        """Return the requirements all of whose checks are among these results."""
        return wholly_tested(self.contract, self.selected, self.left_out, results)

    def need_other(self) -> Caller:
        """Return the other system's owner, or raise NotApplicable without its token."""
        if self.target.other_token is None:
            reason = "needs a second system: give --other-token"
            raise NotApplicable(reason)
        return self.other

    @functools.cached_property
    def bursts(self) -> RateLimitBursts:
        """The bursts that the checks of rate limits send."""
        return RateLimitBursts(self)

    def look_for_limiter(self, exchange: Exchange) -> None:
        """Hold the target to the limits as soon as a response shows that it has some."""
        if shows_limiter(exchange):
            self.hold_to_limits()

    def hold_to_limits(self) -> None:
        """Make MUST requirements of limits that the docs only announce."""
        if not self._held_to_limits:
            self.contract, self._held_to_limits = requiring_limits(self.contract), True

    def collect_bursts(self) -> None:
        """Count the exchanges of bursts, from now on, among those of the check at hand."""
        taken = self.bursts.take_exchanges()
        self.exchanges += taken
        # In a burst, which has valid requests alone, a limiter also shows by another status.
        if any(shows_limiter(exchange) or not exchange.ok for exchange in taken):
            self.hold_to_limits()

    def note_selection(
        self, paths: Sequence[str], options: argparse.Namespace, stopped: str = ""
    ) -> None:
        """Note whether paths, keyword, requirements, or the option by which the run stopped leave out some of the checks."""
        elsewhere = {Path(path).resolve() for path in paths} != set(folders(options.budget))
        keyword, marks, requirements = options.keyword, options.markexpr, options.requirement
        self.partial |= elsewhere or bool(keyword or marks or requirements or stopped)
        words = [f"-k {keyword}"] if keyword else []
        words += [f"-m {marks}"] if marks else []
        words += [f"--requirement {name}" for name in requirements]
        words += (list(paths) if elsewhere else []) + ([stopped] if stopped else [])
        self.selection = " ".join(words)

    def take_exchanges(self) -> list[Exchange]:
        """Return the exchanges since the last call."""
        taken = list(self.exchanges)
        self.exchanges.clear()
        self.budget.sent += len(taken)
        return taken

    def close(self) -> list[str]:
        """Undo the run; return what is not as before."""
        self.client.before_send.clear()  # the account is compared whatever is declared
        left = self._undo() if self.permission.writes else []
        self.client.close()
        try:
            run_command(self.target, RESET)
        except CommandError as problem:
            left.append(self.redactor.clean(str(problem)))
        return left

    def _undo(self) -> list[str]:
        left = []
        record = Record(mark=self.mark, snapshot=self.snapshot.as_json())
        if "bursts" in vars(self):
            self.bursts.end()
            self.collect_bursts()
        if "account" in vars(self):
            record = self.account.journal.record
            left += undo(record, self.owner)
            self.account.journal.close()
        if self.client.is_target_gone and "account" in vars(self):
            left.append("the target does not respond: undo with `python -m conformance restore`")
        elif not self.client.is_target_gone:
            found = list(differences(record, self.owner))
            left += [] if self.snapshot.is_blank else found  # what was there before is unknown
        return left
