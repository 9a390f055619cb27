"""The cost of a run: its requests by rate-limit scope, and the least time for them at the documented rates.

The checks of rate limits keep no pace: their time is what they took on the embedded server, nearly all of it waiting.
"""

from __future__ import annotations

import collections
import dataclasses
from typing import TYPE_CHECKING, Any

from conformance.http.pacing import LIMITS_RESET_AFTER, MARGIN
from conformance.printable import counted
from conformance.rate_limits.limited_target import PREFIX as LIMITED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from conformance.contract import Contract
    from conformance.reporting import Run
    from conformance.reporting.events import Exchange

MINUTE = 60


@dataclasses.dataclass(frozen=True)
class Cost:
    """The cost of a run, in requests and seconds."""

    revision: str
    checks: int
    requests: Mapping[str, int]
    writes: int
    rates: Mapping[str, int]
    seconds: float

    @classmethod
    def of(
        cls, run: Run, contract: Contract, *, has_limited_instance: bool, in_background: bool
    ) -> Cost:
        """Count the requests in the log of a run.

        `has_limited_instance` says that rate limits are checked on an instance of their own, `in_background` that a whole run
        checks them while other checks run.
        """
        sent = list(run.exchanges.values())
        scopes = {one["id"]: contract.operations[one["operation"]].scope for one in sent}
        paced = [scopes[one["id"]] for one in sent if LIMITED not in one["id"]]
        bursts = [one for one in sent if LIMITED in one["id"]]
        resets = (
            0.0 if has_limited_instance or not bursts else 2 * LIMITS_RESET_AFTER
        )  # before and after
        is_complete = run.finished is not None and not run.finished["partial"]
        least = [least_time(paced, contract.rate_limits), resets + duration(bursts)]
        return cls(
            revision=contract.revision,
            checks=len(run.checks),
            requests=dict(collections.Counter(scopes.values())),
            writes=sum(exchange["method"] != "GET" for exchange in sent),
            rates=contract.rate_limits,
            seconds=max(least) if in_background and is_complete else sum(least),
        )

    @property
    def total(self) -> int:
        """The number of all requests, including those of preflight and clean-up."""
        return sum(self.requests.values())

    def as_json(self) -> dict[str, Any]:
        """Return the plan as JSON."""
        return {
            "revision": self.revision,
            "checks": self.checks,
            "requests": {"total": self.total, "writes": self.writes, "by_scope": self.requests},
            "rates": dict(self.rates),
            "seconds": round(self.seconds, 1),
        }

    def line(self) -> str:
        """Return the plan in one line."""
        return (
            f"plan: {counted(self.checks, 'check')}, {counted(self.total, 'request')} ({self.writes} of them writes), "
            f"at least {_shown(self.seconds)} at the documented rates"
        )

    def table(self) -> str:
        """Return the plan as a table."""
        rows = [f"{'scope':<16}{'requests':>10}{'a second':>10}{'at least':>14}"]
        for scope, number in self.requests.items():
            rate = self.rates.get(scope)
            least = _shown(number * MARGIN / rate) if rate else ""
            rows.append(f"{scope:<16}{number:>10}{rate or 'any':>10}{least:>14}")
        return "\n".join([f"PluralKit API v2, revision {self.revision}", *rows, self.line(), ""])


def least_time(scopes: Iterable[str], rates: Mapping[str, int]) -> float:
    """Return the seconds that requests of these scopes take one after the other, if responses take no time."""
    now, free = 0.0, dict.fromkeys(rates, 0.0)
    for scope in scopes:
        now = max(now, free.get(scope, now))
        if scope in rates:
            free[scope] = now + MARGIN / rates[scope]
    return now


def duration(exchanges: Sequence[Exchange]) -> float:
    """Return the seconds from the first exchange to the last."""
    sent = [exchange["sent"] for exchange in exchanges]
    return max(sent) - min(sent) if sent else 0.0


def _shown(seconds: float) -> str:
    if seconds < MINUTE:
        return f"{seconds:.0f} s"
    return f"{int(seconds) // MINUTE} min {int(seconds) % MINUTE} s"
