"""Keeps what a seed draws from depending on our own source.

Hypothesis draws one value in twenty from the literals of all modules of the project that are loaded, so that a literal that is
added anywhere changes what every seed sends. There is no setting against it, and a registered backend is not asked for all values,
so the pool of those literals is emptied where Hypothesis keeps it. The constants that come with Hypothesis are still drawn.
"""

from __future__ import annotations

from hypothesis.internal.conjecture.providers import HypothesisProvider
from hypothesis.internal.constants_ast import Constants

POOL = "_local_constants"  # of a provider; a test shows when a new version of Hypothesis calls it otherwise
NONE = Constants()


def pin() -> None:
    """Let Hypothesis draw no literals of the project from now on."""
    setattr(HypothesisProvider, POOL, NONE)
