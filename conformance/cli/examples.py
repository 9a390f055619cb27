"""The runs that the index ships with: the embedded server as the docs say, as PluralKit production does, and with faults.

Generated requests are left out, so that all take less than a minute.

Each is a real run in a process of its own; the servers are stopped with it.
"""

from __future__ import annotations

import concurrent.futures
import dataclasses
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.cli.embedded import ReferenceServer

if TYPE_CHECKING:
    from collections.abc import Sequence

AT_ONCE = 2
USAGE = 4


@dataclasses.dataclass(frozen=True)
class Example:
    """A server, by the options of `serve`, the revision against which it is checked, and which of its runs this is."""

    name: str
    revision: str
    options: tuple[str, ...] = ()
    number: int = 1


def _faulty(*names: str) -> tuple[str, ...]:
    return tuple(word for name in names for word in ("--fault", name))


EXAMPLES = (
    Example("as-documented", "2025-08"),
    Example("as-documented", "2021-11"),
    Example("as-upstream", "2025-08", ("--like", "upstream")),
    Example("as-upstream", "2021-11", ("--like", "upstream")),
    Example(
        "faulty-privacy",
        "2025-08",
        _faulty("leaks_member_birthday", "leaks_member_pronouns", "delete_switch_returns_200"),
    ),
    Example("faulty-privacy", "2025-08", _faulty("leaks_member_birthday"), 2),
    Example("faulty-storage", "2025-08", _faulty("patch_ignores_null", "member_names_are_unique")),
    Example("faulty-limits", "2025-08", _faulty("takes_one_character_more_in_group_name")),
)


def run_examples(into: Path, examples: Sequence[Example] = EXAMPLES, *words: str) -> list[str]:
    """Run them all, `words` being further options of `run`; return a line for each that gave no report."""
    made: list[str] = []
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        for number in sorted({example.number for example in examples}):  # one after the other
            some = [example for example in examples if example.number == number]
            made += pool.map(lambda example: _run(example, into, words), some)
    return [line for line in made if line]


def _run(example: Example, into: Path, words: Sequence[str]) -> str:
    with tempfile.TemporaryDirectory(prefix="pluralkit-conformance-") as folder:
        file = Path(folder) / "target.toml"
        with ReferenceServer(example.revision, file, *example.options):
            place = into / str(example.number)
            command = [sys.executable, "-m", "conformance", "run", "--quiet", "--target", str(file)]
            command += [
                "--budget",
                "0",
                "--name",
                example.name,
                "--report-folder",
                str(place),
                *words,
            ]
            clean = {
                name: value for name, value in os.environ.items() if not name.startswith("PK_")
            }
            ended = subprocess.run(  # noqa: S603 our own command
                command, capture_output=True, text=True, check=False, env=clean
            )
    failed = ended.returncode >= USAGE or ended.returncode < 0
    return f"{example.name} at {example.revision}: {ended.stderr.strip()}" if failed else ""
