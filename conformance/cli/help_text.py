"""Our own options of `run`: the text of `--help`, in groups, and which options there are. Those of pytest are in its own help."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection

OF_PYTEST: dict[str, tuple[tuple[tuple[str, ...], dict[str, Any]], ...]] = {
    "selection": (
        (
            ("-k",),
            {
                "metavar": "EXPRESSION",
                "help": 'only the checks whose names match, like -k "patch and not group" (default: all)',
            },
        ),
        (
            ("-x", "--exitfirst"),
            {"action": "store_true", "help": "stop at the first failure"},
        ),
        (
            ("PATH",),
            {"nargs": "*", "help": "a module of checks instead of all of them"},
        ),
    ),
    "output": (
        (
            ("-q", "--quiet"),
            {"action": "store_true", "help": "print the result alone"},
        ),
        (
            ("-v", "--verbose"),
            {"action": "store_true", "help": "print each module, and each failure in full"},
        ),
    ),
}
END = """
All other options go to pytest: `python -m pytest --help` shows them.
"""


class Options:
    """Has the methods of `pytest.Parser` that the plugin calls, and puts each of its groups into an argument parser."""

    def __init__(self, parser: argparse.ArgumentParser, groups: Collection[str]) -> None:
        """Take the parser, and the names of the groups that are wanted."""
        self.parser, self.groups = parser, groups

    def getgroup(self, name: str, description: str = "") -> _Group:
        """Return the group of this heading; one that is not wanted adds to nothing that is shown."""
        wanted = description in self.groups
        parser = self.parser if wanted else argparse.ArgumentParser(prog=name)
        group = parser.add_argument_group(description)
        for names, facts in OF_PYTEST.get(description, ()):
            group.add_argument(*names, **facts)
        return _Group(group)


class _Group:
    """Has the method of pytest's groups that adds an option."""

    def __init__(self, group: Any) -> None:
        self.addoption = group.add_argument


def parser_of(prog: str, usage: str, description: str, groups: Collection[str]) -> Any:
    """Return a parser that has the options of these groups, to print its help."""
    from conformance.run import options  # noqa: PLC0415 slow to import, and seldom needed

    parser = argparse.ArgumentParser(prog=prog, usage=usage, description=description)
    options.add_all(Options(parser, groups))  # type: ignore[arg-type] # has the methods that it calls
    return parser


def run_help() -> str:
    """Return the text of `run --help`."""
    from conformance.run.options import GROUPS  # noqa: PLC0415 slow to import, and seldom needed

    usage = "%(prog)s [--base-url URL | --target FILE] [options] [PATH ...]"
    description = "Check a server, or the embedded reference server when neither --base-url nor --target is given."
    prog = "python -m conformance run"
    return str(parser_of(prog, usage, description, GROUPS).format_help()) + END


def plan_help(prog: str, description: str) -> str:
    """Return the text of `plan --help`: its own option, and those of `run` on which the plan depends."""
    usage = "%(prog)s [--json] [--base-url URL | --target FILE] [options] [PATH ...]"
    parser = parser_of(prog, usage, description, ("target", "selection", "pace"))
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    return str(parser.format_help()) + "\nOther options of `run` change nothing in the plan.\n"


def names() -> list[str]:
    """Return the names of our own options of `run`."""
    from conformance.run.options import GROUPS  # noqa: PLC0415 slow to import

    actions = parser_of("", "", "", GROUPS)._actions  # noqa: SLF001 argparse has no other list of them
    return [name for action in actions for name in action.option_strings if name.startswith("--")]
