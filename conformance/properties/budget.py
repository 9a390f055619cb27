"""How many requests the properties may send, and how they are shared out. Nothing is sent from here.

A budget is kept exactly: whoever sends takes from it first. What one part leaves goes to the parts after it.
"""

from __future__ import annotations

import dataclasses

PROFILES = {"quick": 160, "standard": 400, "deep": 4000}
DEFAULT = "standard"
PACED = 60  # requests to a target that limits rates, unless the tester names a number
SHRINKING = 2  # times the budget may be sent again to shorten what failed, where the tester names no number
OF_SEQUENCES = 0.55  # of the requests of a profile; the rest is shared by the operations


@dataclasses.dataclass
class Budget:
    """So many requests, and how many of them are sent."""

    limit: int
    sent: int = 0

    @property
    def left(self) -> int:
        """How many requests may still be sent."""
        return max(0, self.limit - self.sent)

    def take(self, requests: int = 1) -> None:
        """Note requests that are sent now."""
        self.sent += requests


@dataclasses.dataclass
class Shares:
    """The budget of a run: a part for each kind of property, and a reserve that is only used to shorten failures."""

    total: int
    reserve: int
    operations: Budget = dataclasses.field(init=False)
    sequences: Budget = dataclasses.field(init=False)

    def __post_init__(self) -> None:
        """Divide the requests."""
        of_sequences = round(self.total * OF_SEQUENCES)
        self.sequences = Budget(of_sequences)
        self.operations = Budget(self.total - of_sequences)

    def next_of(self, parts_left: int) -> int:
        """Return how many requests the next of so many equal parts of the operations may send."""
        return self.operations.left // max(1, parts_left)


def shares(profile: str, requests: int | None, *, paced: bool) -> Shares:
    """Return the budget of a profile, or of exactly so many requests with the shortening of failures in it."""
    if requests is not None:
        reserve = requests // 3
        return Shares(requests - reserve, reserve)
    total = min(PACED, PROFILES[profile]) if paced else PROFILES[profile]
    return Shares(total, 0 if paced else total * SHRINKING)
