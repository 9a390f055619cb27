"""Verdicts: what the outcomes of checks say about the requirements, and the pytest plugin that runs the checks."""

from pathlib import Path

_PACKAGE = Path(__file__).parent.parent
HAND_WRITTEN, GENERATED = _PACKAGE / "checks", _PACKAGE / "properties"


def folders(budget: int | None = None) -> tuple[Path, ...]:
    """Return the folders of the checks that a run has; without any requests for them, the properties are not among them."""
    return (HAND_WRITTEN,) if budget == 0 else (HAND_WRITTEN, GENERATED)
