"""Scenarios: named, ordered lists of steps that checks share, each run once when a check first asks for it."""
