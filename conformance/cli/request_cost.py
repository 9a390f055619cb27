"""What a run sends: requests by rate-limit scope, and the least time for them at the documented rates.

The checks of rate limits keep no pace: their time is what they took on the embedded server, for nearly all of it is waiting.
"""

from __future__ import annotations

import collections
import dataclasses
from typing import TYPE_CHECKING, Any

from conformance.http.pacing import MARGIN
from conformance.http.slots import LIMITS_RESET_AFTER
from conformance.rate_limits.limited_target import PREFIX as LIMITED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from conformance.contract import Contract
    from conformance.reporting import Run
    from conformance.reporting.events import Exchange

MINUTE = 60


@dataclasses.dataclass(frozen=True)
class Cost:
    """The price of a run, in requests and seconds."""

    revision: str
    checks: int
    requests: Mapping[str, int]
    writes: int
    rates: Mapping[str, int]
    seconds: float

    @classmethod
    def of(cls, run: Run, contract: Contract, *, apart: bool, beside: bool) -> Cost:
        """Count what is in the log of a run.

        `apart` says that rate limits are checked on an instance of their own, `beside` that they are while the others run,
        as they do in a whole run.
        """
        sent = list(run.exchanges.values())
        scopes = {one["id"]: contract.operations[one["operation"]].scope for one in sent}
        paced = [scopes[one["id"]] for one in sent if LIMITED not in one["id"]]
        bursts = [one for one in sent if LIMITED in one["id"]]
        whole = 2 * LIMITS_RESET_AFTER if bursts and not apart else 0.0  # before and after them
        is_whole = run.finished is not None and not run.finished["partial"]
        least = [least_time(paced, contract.rate_limits), whole + length(bursts)]
        return cls(
            revision=contract.revision,
            checks=len(run.checks),
            requests=dict(collections.Counter(scopes.values())),
            writes=sum(exchange["method"] != "GET" for exchange in sent),
            rates=contract.rate_limits,
            seconds=max(least) if beside and is_whole else sum(least),
        )

    @property
    def total(self) -> int:
        """The number of all requests, those of preflight and clean-up among them."""
        return sum(self.requests.values())

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "revision": self.revision,
            "checks": self.checks,
            "requests": {"total": self.total, "writes": self.writes, "by_scope": self.requests},
            "rates": dict(self.rates),
            "seconds": round(self.seconds, 1),
        }

    def line(self) -> str:
        """Return it in one line."""
        return (
            f"plan: {self.checks} checks, {self.total} requests ({self.writes} of them writes), "
            f"at least {_duration(self.seconds)} at the documented rates"
        )

    def table(self) -> str:
        """Return it for people."""
        rows = [f"{'scope':<16}{'requests':>10}{'a second':>10}{'at least':>14}"]
        for scope, number in self.requests.items():
            rate = self.rates.get(scope)
            least = _duration(number * MARGIN / rate) if rate else ""
            rows.append(f"{scope:<16}{number:>10}{rate or 'any':>10}{least:>14}")
        return "\n".join([f"PluralKit API v2, revision {self.revision}", *rows, self.line(), ""])


def least_time(scopes: Iterable[str], rates: Mapping[str, int]) -> float:
    """Return the seconds that requests of these scopes take one after the other when responses take none."""
    now, free = 0.0, dict.fromkeys(rates, 0.0)
    for scope in scopes:
        now = max(now, free.get(scope, now))
        if scope in rates:
            free[scope] = now + MARGIN / rates[scope]
    return now


def length(exchanges: Sequence[Exchange]) -> float:
    """Return the seconds from the first to the last: the checks of rate limits wait as long for any target."""
    sent = [exchange["sent"] for exchange in exchanges]
    return max(sent) - min(sent) if sent else 0.0


def _duration(seconds: float) -> str:
    if seconds < MINUTE:
        return f"{seconds:.0f} s"
    return f"{int(seconds) // MINUTE} min {int(seconds) % MINUTE} s"
