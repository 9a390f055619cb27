"""The pytest plugin that runs the checks, and the verdicts on requirements that follow from their outcomes."""

from pathlib import Path

_PACKAGE = Path(__file__).parent.parent
HAND_WRITTEN, GENERATED = _PACKAGE / "checks", _PACKAGE / "properties"


def module_of(file: Path) -> str:
    """Return the name of a module of checks in reports: its folder and its name, like `privacy/fields`."""
    return f"{file.parent.name}/{file.stem}"


def keyword_of(module: str) -> str:
    """Return the expression for `-k` that selects the checks of a module, given by its name in reports."""
    folder, name = module.split("/")
    return f"({folder} and {name}.py)"


def is_of_checks(file: Path) -> bool:
    """Whether a file lies in a folder of checks."""
    return any(file.is_relative_to(folder) for folder in folders())


def folders(budget: int | None = None) -> tuple[Path, ...]:
    """Return the folders of the checks of a run; with a budget of 0 requests the properties are left out."""
    return (HAND_WRITTEN,) if budget == 0 else (HAND_WRITTEN, GENERATED)
