"""The bursts of the checks of rate limits: to which instance they are sent, by whom, and when.

What is sent in which order is in `conformance.rate_limits`.
"""

from __future__ import annotations

import dataclasses
import functools
import itertools
import time
from collections import deque
from typing import TYPE_CHECKING

from conformance.http import Caller, NotApplicable
from conformance.http.pacing import LIMITS_RESET_AFTER
from conformance.rate_limits.bursts import RateBursts
from conformance.rate_limits.launch import SCOPE as AT_LAUNCH
from conformance.rate_limits.launch import LaunchBursts
from conformance.rate_limits.limited_target import PREFIX, LimitedTarget
from conformance.run.connections import client_of, owner_and_other
from conformance.target.profiles import RATE_LIMITS

if TYPE_CHECKING:
    from conformance.http import Exchange
    from conformance.rate_limits.schedule import Schedule
    from conformance.run.session import Session


@dataclasses.dataclass
class RateLimitBursts:
    """The bursts of one session; nothing is sent before a check, or `start_in_background`, needs them."""

    session: Session
    _sent: deque[Exchange] = dataclasses.field(default_factory=deque)
    _use_up_target: bool = False

    @functools.cached_property
    def schedule(self) -> Schedule:
        """The bursts of the revision under test."""
        session = self.session
        limits = dict(session.contract.rate_limits)
        if AT_LAUNCH in limits:
            return LaunchBursts(lambda: self._limited, limits[AT_LAUNCH])
        numbers = itertools.count(1)
        message = session.target.fixtures.get("message_id")
        return RateBursts(
            lambda: self._limited, limits, message, lambda: f"{session.mark} limits {next(numbers)}"
        )

    def start_in_background(self) -> None:
        """Send the bursts while other checks run, if the target allows it and no option may end the run early."""
        session = self.session
        ends_early = session.budget.seconds is not None or session.budget.requests is not None
        if session.target.limits_in_background and not ends_early:
            self.schedule.begin()

    def take_exchanges(self) -> list[Exchange]:
        """Return the exchanges of the bursts since the last call."""
        taken = []
        while self._sent:
            taken.append(self._sent.popleft())
        return taken

    def end(self) -> None:
        """Wait for the burst that is being sent, and send no more; wait until all limits are unused again."""
        if "schedule" in vars(self):
            self.schedule.end()
        if self._use_up_target:
            time.sleep(LIMITS_RESET_AFTER)

    @functools.cached_property
    def _limited(self) -> LimitedTarget:
        """Callers, without a pace, of the instance whose rate limits are checked.

        Raises:
            NotApplicable: the target shows no limiter, and none is required.

        """
        session, target, contract = self.session, self.session.target, self.session.contract
        features = (RATE_LIMITS,) if target.features is None else target.features
        if not session.permission.writes or RATE_LIMITS not in features:
            reason = (
                "needs bursts, which profile full sends where the feature rate_limits is declared"
            )
            raise NotApplicable(reason)
        announced = contract.document.get("x-rate-limits-status") == "unimplemented"
        expected = session.snapshot.limiter_seen or session.require_rate_limit or announced
        if target.rate_limit_url is None and not expected:
            reason = "the target shows no rate limiter: name an instance that has one in [rate_limit] base_url"
            raise NotApplicable(reason)
        is_target_itself = not target.has_limited_instance
        if is_target_itself:
            self._use_up_target = True
            time.sleep(LIMITS_RESET_AFTER)
        url = target.rate_limit_url or target.base_url
        guard = session.client.guard
        client = client_of(target, session.redactor, None, guard=guard, base_url=url)
        client.prefix = session.client.prefix + PREFIX
        client.listeners.append(self._sent.append)
        if is_target_itself:
            client.before_write = session.account.owner.client.before_write
        owner, other = owner_and_other(target, contract, client)
        anonymous = Caller("anonymous", contract, client)
        adopt = self._adopt if is_target_itself else _forget
        return LimitedTarget(owner, anonymous, other if other.token else None, adopt)

    def _adopt(self, kind: str, exchange: Exchange) -> None:
        self.session.account.adopt(kind, {}, exchange)


def _forget(_kind: str, _exchange: Exchange) -> None:
    """Note nothing: what is created on another instance cannot be undone on the target."""
