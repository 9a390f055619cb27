"""Named ways in which the server violates a requirement each, in a folder per area of requirements. Importing this fills the registry."""

from __future__ import annotations

import importlib
import pkgutil

from conformance.reference.faults.registry import FAULTS, Fault, find_fault

for _module in pkgutil.walk_packages(__path__, f"{__name__}."):
    importlib.import_module(_module.name)

__all__ = ["FAULTS", "Fault", "find_fault"]
