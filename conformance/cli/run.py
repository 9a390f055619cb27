"""`run`: checks a server, or the embedded reference server at every revision if none is named."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from conformance import signals
from conformance.cli import help_text, options
from conformance.cli.embedded import ReferenceServer, ServerError
from conformance.cli.pytest_main import INTERRUPTED, USAGE, run_pytest
from conformance.contract import UnknownRevisionError, known, revisions
from conformance.run.repetition import EMBEDDED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


def main(arguments: Sequence[str]) -> int:
    """Run the checks; return the worst exit code over all revisions."""
    words, environment = options.take_tokens(arguments, os.environ)
    if not {"-h", "--help"}.isdisjoint(words):
        sys.stdout.write(help_text.run_help())
        return 0
    if options.has_target(words):
        if not options.is_target_local(words):
            from conformance.cli.plan import announce  # noqa: PLC0415 slow to import, and seldom needed

            announce(words, environment)
        return run_pytest(words, environment)
    named = options.value_of(words, "--revision")
    try:
        wanted = revisions() if named is None else (known(named),)
        return _check_references(wanted, words, environment)
    except (ServerError, UnknownRevisionError) as problem:
        sys.stderr.write(f"error: {problem}\n")
        return 4


def _check_references(
    wanted: Sequence[str], words: Sequence[str], environment: Mapping[str, str]
) -> int:
    worst = 0
    for revision in wanted:
        worst = max(worst, code := _check_reference(revision, words, environment))
        if code in (INTERRUPTED, USAGE):
            break  # the next revision would end alike
    return worst


def _check_reference(revision: str, words: Sequence[str], environment: Mapping[str, str]) -> int:
    with _target_file(revision) as target, ReferenceServer(revision, target):
        clean = {
            key: value for key, value in environment.items() if key not in options.TOKENS.values()
        }
        return run_pytest(["--target", str(target), *words], clean)


@contextlib.contextmanager
def _target_file(revision: str) -> Iterator[Path]:
    with signals.blocked():  # or a signal could leave a folder that nothing deletes
        temporary = tempfile.TemporaryDirectory(prefix=EMBEDDED)
    with temporary as folder:
        yield Path(folder) / f"{revision}.toml"
