"""The state of one run: target, contract, client, callers and world. One in each process that runs checks."""

from __future__ import annotations

import dataclasses
import functools
import random
import string
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance import checks
from conformance.contract import Contract, load
from conformance.target import Snapshot, Target, describe, inspect
from conformance.wire import Caller, Client, Exchange, Guard, NotApplicable, Redactor
from conformance.wire.client import LOST
from conformance.wire.limited import Limited
from conformance.wire.pacing import Pace
from conformance.world import Journal, World, differences, undo

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
    partial: bool = False
    selection: str = ""
    _limited: Limited | None = None

    @classmethod
    def open(
        cls,
        options: Mapping[str, Any],
        environment: Mapping[str, str],
        worker: Mapping[str, Any] | None,
    ) -> Session:
        """Describe the target, look at it (a worker is told what was seen), and make its report folder.

        Raises:
            ConfigurationError, PreflightError: with one line for the user.
            OSError: the report folder cannot be written to.

        """
        target = describe({name: options[name] for name in OPTIONS}, environment)
        contract = load(target.revision)
        redactor = Redactor(target.secrets)
        pace = Pace({} if target.is_loopback else contract.rate_limits)
        client = Client(target.base_url, redactor=redactor, guard=Guard(), pace=pace)
        exchanges: list[Exchange] = []
        client.listeners.append(exchanges.append)
        if worker is None:
            snapshot = inspect(target, *_callers(target, contract, client))
        else:
            snapshot = Snapshot.from_json(worker["conformance"])
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
        )
        client.prefix = f"{session.worker}-" if session.worker else ""
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
    def world(self) -> World:
        """What the run creates on the target; the journal is opened with it."""
        part = f"-{self.worker}" if self.worker else ""
        journal = Journal(
            self.folder / f"journal{part}.jsonl", self.mark + part, self.snapshot.as_json()
        )
        return World(
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
        """Whether the target has stopped answering."""
        return self.client.lost >= LOST

    def need_other(self) -> Caller:
        """Return the other system's owner, or raise NotApplicable without its token."""
        if self.target.other_token is None:
            reason = "needs a second system: give --other-token"
            raise NotApplicable(reason)
        return self.other

    def limited(self) -> Limited:
        """Return who sends to the instance that keeps rate limits, without a pace.

        Raises:
            NotApplicable: the target shows no limiter, and none is required.

        """
        if self._limited is None:
            self._limited = self._find_limited()
        return self._limited

    def _find_limited(self) -> Limited:
        url = self.target.rate_limit_url
        announced = self.contract.document.get("x-rate-limits-status") == "unimplemented"
        wanted = self.snapshot.limiter_seen or self.require_rate_limit or announced
        if url is None and not wanted:
            reason = "the target shows no rate limiter: name an instance that has one in [rate_limit] base_url"
            raise NotApplicable(reason)
        if url is None:
            self.world.will_change("updateSystem")
        client = Client(
            url or self.target.base_url, redactor=self.redactor, guard=self.client.guard, pace=None
        )
        client.prefix = f"{self.client.prefix}limited-"
        client.listeners.append(self.exchanges.append)
        owner, other = _callers(self.target, self.contract, client)
        anonymous = Caller("anonymous", self.contract, client)
        adopt = self._adopt if url is None else _forget
        return Limited(owner, anonymous, other if other.token else None, adopt)

    def _adopt(self, kind: str, exchange: Exchange) -> None:
        self.world.adopt(kind, {}, exchange)

    def narrowed_by(self, paths: Sequence[str], keyword: str, stopped: str = "") -> None:
        """Note whether the paths, the keyword, or the option by which it stopped leave out some of the checks."""
        elsewhere = {Path(path).resolve() for path in paths} != set(checks.folders())
        self.partial |= elsewhere or bool(keyword or stopped)
        words = [f"-k {keyword}"] if keyword else []
        words += (list(paths) if elsewhere else []) + ([stopped] if stopped else [])
        self.selection = " ".join(words)

    def for_workers(self) -> dict[str, Any]:
        """Return what preflight found, as JSON."""
        return self.snapshot.as_json()

    def take_exchanges(self) -> list[Exchange]:
        """Return the exchanges since the last call."""
        taken = list(self.exchanges)
        self.exchanges.clear()
        return taken

    def close(self) -> dict[str, Any]:
        """Undo what was done; return the exchanges that took, and what is not as before."""
        left = []
        if "world" in vars(self):
            left += undo(self.world.journal.record, self.owner)
            self.world.journal.close()
        if self.gone:
            left.append("the target does not answer: undo with `python -m conformance restore`")
        elif self.worker is None:  # only the last one to leave can tell what is left
            left += differences(self.snapshot, self.mark, self.owner)
        self.client.close()
        events = [exchange.event("clean-up") for exchange in self.take_exchanges()]
        return {"left_over": left, "exchanges": events}


def _callers(target: Target, contract: Contract, client: Client) -> tuple[Caller, Caller]:
    owner = Caller("owner", contract, client, target.token)
    return owner, Caller("other", contract, client, target.other_token)


def _forget(_kind: str, _exchange: Exchange) -> None:
    """Note nothing: the way back leads to another instance."""
