"""A judge for each habit: what it says of a request, given those before."""

from conformance.watch.judges import authorization, bodies, endpoints, rates, repeats, user_agents
from conformance.watch.judges.judging import JUDGES, Found

__all__ = [
    "JUDGES",
    "Found",
    "authorization",
    "bodies",
    "endpoints",
    "rates",
    "repeats",
    "user_agents",
]
