"""Scenarios: what several checks share, each made once when a check first asks for it."""
