"""Runs all steps, which are the functions of these modules in their order, and prints a JSON line for each."""

from __future__ import annotations

import inspect

from tests.clients.python import groups, members, messages, rate_limits, switches, systems
from tests.clients.python.run import Run

if __name__ == "__main__":
    run = Run()
    for module in (systems, members, groups, switches, messages, rate_limits):
        for step in list(vars(module).values()):
            if inspect.isfunction(step) and step.__module__ == module.__name__:
                run.carry_out(step)
