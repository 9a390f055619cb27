"""The state of one run: target, contract, client, callers and world. One in each process that runs checks."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import itertools
import random
import string
import time
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.account import Account, Journal, differences, undo
from conformance.contract import Contract, load
from conformance.http import Caller, Client, Exchange, Guard, NotApplicable, Redactor
from conformance.http.pacing import ALL_SCOPES, Pace
from conformance.http.slots import LIMITS_RESET_AFTER
from conformance.properties.budget import DEFAULT
from conformance.rate_limits.bursts import RateBursts
from conformance.rate_limits.launch import SCOPE as AT_LAUNCH
from conformance.rate_limits.launch import LaunchBursts
from conformance.rate_limits.limited_target import PREFIX as LIMITED
from conformance.rate_limits.limited_target import LimitedTarget
from conformance.run import folders
from conformance.run.budget import Budget, SharedPace
from conformance.scenarios.rejections import Rejections
from conformance.scenarios.responses import Responses
from conformance.target import Snapshot, Target, describe, glance, inspect, inspect_limited

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping, Sequence

    from conformance.rate_limits.schedule import Schedule

Planned = tuple[str, tuple[str, ...]]
"""A check, and the requirements that it names."""
LONGEST_IN_VAIN = 200  # checks of a target that is not the API, in a run past preflight
OPTIONS = ("base_url", "token", "other_token", "revision", "target", "name", "allow_existing")


@dataclasses.dataclass
class Session:
    """What all checks of one process share."""

    target: Target
    contract: Contract
    client: Client
    redactor: Redactor
    snapshot: Snapshot
    folder: Path
    exchanges: list[Exchange]
    seed: int
    require_rate_limit: bool
    strict_docs: bool
    worker: str | None
    shared: SharedPace
    budget: Budget
    profile: str = DEFAULT
    partial: bool = False
    checked: int = 0
    selection: str = ""
    planned: list[Planned] = dataclasses.field(default_factory=list)
    stopped: str = ""
    responses: Responses = dataclasses.field(default_factory=Responses)
    rejections: Rejections = dataclasses.field(default_factory=Rejections)
    _alone: contextlib.ExitStack = dataclasses.field(default_factory=contextlib.ExitStack)
    _from_schedule: deque[Exchange] = dataclasses.field(default_factory=deque)

    @classmethod
    def open(
        cls,
        options: Mapping[str, Any],
        environment: Mapping[str, str],
        worker: Mapping[str, Any] | None,
    ) -> Session:
        """Describe the target, look at it (a worker is reported what was seen), and make its report folder.

        Raises:
            ConfigurationError, PreflightError: with one line for the user.
            OSError: the report folder cannot be written to.

        """
        target = describe({name: options[name] for name in OPTIONS}, environment)
        contract = load(target.revision)
        if options["require_rate_limit"]:
            contract = requiring_limits(contract)
        redactor = Redactor(target.secrets)
        shared = SharedPace.of(options, worker)
        client = Client(
            target.base_url,
            redactor=redactor,
            guard=Guard(),
            pace=_pace(target, contract, options["rate"], shared),
        )
        exchanges: list[Exchange] = []
        client.listeners.append(exchanges.append)
        if worker is None:
            look = glance if options["skip_preflight"] else inspect
            snapshot = look(target, *_callers(target, contract, client))
            if not options["skip_preflight"]:
                _inspect_limited(target, contract, redactor)
        else:
            snapshot = Snapshot.from_json(worker["conformance"]["snapshot"])
        folder = Path(options["report_folder"]) / target.name / contract.revision
        folder.mkdir(parents=True, exist_ok=True)
        session = cls(
            target=target,
            contract=contract,
            client=client,
            redactor=redactor,
            snapshot=snapshot,
            folder=folder,
            exchanges=exchanges,
            seed=options["seed"],
            require_rate_limit=options["require_rate_limit"],
            strict_docs=options["strict_docs"],
            worker=worker["workerid"] if worker else None,
            shared=shared,
            budget=Budget.of(options, worker),
            profile=options.get("profile", DEFAULT),
        )
        client.prefix = f"{session.worker}-" if session.worker else ""
        client.listeners += [session.responses.see, session.rejections.see]
        return session

    @functools.cached_property
    def owner(self) -> Caller:
        """The owner of the system under test."""
        return _callers(self.target, self.contract, self.client)[0]

    @functools.cached_property
    def other(self) -> Caller:
        """The owner of the other system; anonymous when its token was not given."""
        return _callers(self.target, self.contract, self.client)[1]

    @functools.cached_property
    def anonymous(self) -> Caller:
        """Somebody without a token."""
        return Caller("anonymous", self.contract, self.client)

    @property
    def mark(self) -> str:
        """What the names of everything that the run creates begin with."""
        letters = random.Random(self.seed).choices(string.ascii_lowercase, k=8)  # noqa: S311 no secret
        return "pkc-" + "".join(letters)

    @functools.cached_property
    def account(self) -> Account:
        """What the run creates on the target; the journal is opened with it."""
        part = f"-{self.worker}" if self.worker else ""
        journal = Journal(
            self.folder / f"journal{part}.jsonl", self.mark + part, self.snapshot.as_json()
        )
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
    def gone(self) -> bool:
        """Whether the target has stopped returning."""
        return self.client.is_target_gone

    @property
    def throttled(self) -> int:
        """How many requests were rejected for their rate, and sent again."""
        return self.client.pace.throttled if self.client.pace else 0

    @property
    def enough(self) -> str:
        """Why more checks would tell nothing new; empty as long as they do."""
        if self.gone:
            return "the target does not respond any more"
        if self.snapshot.is_blank and self.checked >= LONGEST_IN_VAIN:
            return "the target does not show the system of the token"
        return ""

    def need_other(self) -> Caller:
        """Return the other system's owner, or raise NotApplicable without its token."""
        if self.target.other_token is None:
            reason = "needs a second system: give --other-token"
            raise NotApplicable(reason)
        return self.other

    @functools.cached_property
    def schedule(self) -> Schedule:
        """When the bursts of the checks of rate limits are sent; nothing is sent before a check asks."""
        limits = dict(self.contract.rate_limits)
        if AT_LAUNCH in limits:
            return LaunchBursts(lambda: self._limited, limits[AT_LAUNCH])
        numbers = itertools.count(1)
        mark = f"{self.mark}-{self.worker}" if self.worker else self.mark
        message = self.target.fixtures.get("message_id")
        return RateBursts(
            lambda: self._limited, limits, message, lambda: f"{mark} limits {next(numbers)}"
        )

    def play_beside(self) -> None:
        """Send what the checks of rate limits look at from now on, where nobody else notices and nothing ends the run early.

        Not with several workers: one of them will have these checks, and which one is not known yet.
        """
        ends_early = self.budget.seconds is not None or self.budget.requests is not None
        is_alone = self.worker is None and self.shared.file is None
        if self.target.limits_beside and is_alone and not ends_early:
            self.schedule.begin()

    def collect_schedule(self) -> None:
        """Take what was sent on the stage for exchanges of the check at hand."""
        while self._from_schedule:
            self.exchanges.append(self._from_schedule.popleft())

    @functools.cached_property
    def _limited(self) -> LimitedTarget:
        """Who sends to the instance that keeps rate limits, without a pace.

        Raises:
            NotApplicable: the target shows no limiter, and none is required.

        """
        url = self.target.rate_limit_url
        announced = self.contract.document.get("x-rate-limits-status") == "unimplemented"
        wanted = self.snapshot.limiter_seen or self.require_rate_limit or announced
        if url is None and not wanted:
            reason = "the target shows no rate limiter: name an instance that has one in [rate_limit] base_url"
            raise NotApplicable(reason)
        itself = not self.target.limits_elsewhere
        if itself:
            self.account.will_change("updateSystem")
            self._be_alone()
        client = Client(
            url or self.target.base_url, redactor=self.redactor, guard=self.client.guard, pace=None
        )
        client.prefix = self.client.prefix + LIMITED
        client.listeners.append(self._from_schedule.append)
        owner, other = _callers(self.target, self.contract, client)
        anonymous = Caller("anonymous", self.contract, client)
        adopt = self._adopt if itself else _forget
        return LimitedTarget(owner, anonymous, other if other.token else None, adopt)

    def _be_alone(self) -> None:
        """Let nobody else send to the target from now on, and wait until its limits are whole."""
        if self.client.pace is not None:
            self._alone.enter_context(self.client.pace.slots.exclusive())
        time.sleep(LIMITS_RESET_AFTER)

    def _adopt(self, kind: str, exchange: Exchange) -> None:
        self.account.adopt(kind, {}, exchange)

    def narrowed_by(
        self, paths: Sequence[str], options: argparse.Namespace, stopped: str = ""
    ) -> None:
        """Note whether the paths, the keyword, the requirements, or the option by which it stopped leave out some of the checks."""
        elsewhere = {Path(path).resolve() for path in paths} != set(folders(options.budget))
        keyword, requirements = options.keyword, options.requirement
        self.partial |= elsewhere or bool(keyword or requirements or stopped)
        words = [f"-k {keyword}"] if keyword else []
        words += [f"--requirement {name}" for name in requirements]
        words += (list(paths) if elsewhere else []) + ([stopped] if stopped else [])
        self.selection = " ".join(words)

    def for_workers(self) -> dict[str, Any]:
        """Return what preflight found, and what all share, as JSON."""
        return {
            "snapshot": self.snapshot.as_json(),
            "slots": str(self.shared.file),
            "began": self.budget.began,
        }

    def take_exchanges(self) -> list[Exchange]:
        """Return the exchanges since the last call."""
        taken = list(self.exchanges)
        self.exchanges.clear()
        self.budget.sent += len(taken)
        return taken

    def close(self) -> dict[str, Any]:
        """Undo what was done; return the exchanges that took, and what is not as before."""
        left = []
        if "schedule" in vars(self):
            self.schedule.end()
            self.collect_schedule()
        self._alone.close()
        if "account" in vars(self):
            left += undo(self.account.journal.record, self.owner)
            self.account.journal.close()
        if self.gone:
            left.append("the target does not respond: undo with `python -m conformance restore`")
        elif self.worker is None:  # only the last one to leave can tell what is left
            left += differences(self.snapshot, self.mark, self.owner)
        self.client.close()
        self.shared.close()
        return {
            "left_over": left,
            "exchanges": [exchange.event("clean-up") for exchange in self.take_exchanges()],
            "waited": self.client.pace.waited if self.client.pace else 0.0,
            "stopped": self.stopped,
            "planned": self.planned,
        }


@functools.cache
def requiring_limits(contract: Contract) -> Contract:
    """Take limits that the docs announce for limits that are in force."""
    rows = {
        row.id: dataclasses.replace(row, level="must")
        if row.level == "unimplemented" and "rate_limit" in row.needs
        else row
        for row in contract.requirements.values()
    }
    return dataclasses.replace(contract, requirements=rows)


def _pace(target: Target, contract: Contract, rate: float | None, shared: SharedPace) -> Pace:
    """Return the pace to keep: what the user says, else the documented rates unless the target runs here."""
    if rate is not None:
        return Pace({ALL_SCOPES: rate}, slots=shared.slots)
    rates = {} if target.is_loopback else contract.rate_limits
    return Pace(rates, documented=contract.rate_limits, slots=shared.slots)


def _inspect_limited(target: Target, contract: Contract, redactor: Redactor) -> None:
    if target.rate_limit_url is not None:
        client = Client(target.rate_limit_url, redactor=redactor, guard=Guard(), pace=None)
        inspect_limited(target, _callers(target, contract, client)[0])
        client.close()


def _callers(target: Target, contract: Contract, client: Client) -> tuple[Caller, Caller]:
    owner = Caller("owner", contract, client, target.token)
    return owner, Caller("other", contract, client, target.other_token)


def _forget(_kind: str, _exchange: Exchange) -> None:
    """Note nothing: the way back leads to another instance."""
