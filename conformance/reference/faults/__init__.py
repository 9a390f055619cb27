"""Named ways in which the server violates one rule each; a module per group of rules. Importing this fills the registry."""

from __future__ import annotations

import importlib
import pkgutil

from conformance.reference.faults.registry import FAULTS, Fault, find_fault

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")

__all__ = ["FAULTS", "Fault", "find_fault"]
