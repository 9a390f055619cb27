"""Verdicts: what the outcomes of checks say about the requirements, and the pytest plugin that runs the checks."""
