"""pytest with the plugin, in this process. Options that are not the plugin's are passed to pytest."""

from __future__ import annotations

import contextlib
import difflib
import io
import os
import re
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from conformance import run, signals
from conformance.cli import help_text, options
from conformance.reporting.annotations import annotation
from conformance.run import github, interruption

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

PLUGIN = "conformance.run.plugin"
INTERRUPTED, USAGE = 2, 4
UNRECOGNIZED = "unrecognized arguments: "  # of pytest
# Plugins that other packages register and that a run does not use.
UNUSED_PLUGINS = ("schemathesis", "anyio", "hypothesispytest", "tracecov", "xdist")


def configuration() -> Path:
    """Return pytest's configuration for runs of the checks."""
    return Path(run.__file__).with_name("pytest.ini")


def run_pytest(
    words: Sequence[str], environment: Mapping[str, str], output: TextIO | None = None
) -> int:
    """Run pytest on the checks, or on the paths among the words; return its exit code.

    It prints to `output`, if given. A usage error is reported in one line instead of pytest's several.
    """
    if signals.came_during_cleanup():  # of an earlier run
        sys.stderr.write(interruption.MESSAGE)
        return INTERRUPTED
    if options.asks_for_workers(words):
        sys.stderr.write(
            "error: all checks of a run share one account, so it has no workers: leave out -n\n"
        )
        return USAGE
    import pytest  # noqa: PLC0415 slow to import, and `--help` does not need it

    hypothesis = Path(tempfile.gettempdir(), "pluralkit-conformance-hypothesis")
    with contextlib.ExitStack() as stack:
        stack.enter_context(
            _environment({"HYPOTHESIS_STORAGE_DIRECTORY": str(hypothesis), **environment})
        )
        errors = stack.enter_context(contextlib.redirect_stderr(io.StringIO()))
        if output is not None:
            stack.enter_context(contextlib.redirect_stdout(output))
        signals.install_handlers()
        code = int(pytest.main(_arguments(words)))
    if signals.came_during_cleanup() and code != INTERRUPTED:
        sys.stderr.write(interruption.MESSAGE)
        return INTERRUPTED
    printed = errors.getvalue()
    if code == USAGE:
        printed = _one_line(printed)
        if github.is_job(environment):
            message = printed.strip().removeprefix("error: ")
            sys.stdout.write(f"{annotation('the target was not checked', message)}\n")
    sys.stderr.write(printed)
    return code


@contextlib.contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Replace the environment variables of this process in this block."""
    before = dict(os.environ)
    _replace_environment(variables)
    try:
        yield
    finally:
        _replace_environment(before)


def _replace_environment(variables: Mapping[str, str]) -> None:
    for name in os.environ.keys() - variables.keys():
        del os.environ[name]
    os.environ.update(variables)


def _arguments(words: Sequence[str]) -> list[str]:
    unused = [part for name in UNUSED_PLUGINS for part in ("-p", f"no:{name}")]
    # Without --noconftest the conftest.py of the current folder would run.
    return ["-c", str(configuration()), "--noconftest", "-p", PLUGIN, *unused, *words]


def _one_line(printed: str) -> str:
    """Return the error message without the usage and the locations that pytest prints with it."""
    found = re.findall(r"^(?:ERROR|[\w .()-]+: error): (.+)$", printed, re.MULTILINE)
    texts = [text for text in found if not text.startswith("usage: ")]
    return f"error: {_explained(texts[-1])}\n" if texts else printed


def _explained(text: str) -> str:
    """Return the message; that of an unknown option without its value, which may be a token, and with the one that is meant."""
    if not text.startswith(UNRECOGNIZED):
        return text
    words = text.removeprefix(UNRECOGNIZED).split()
    unknown = [word.partition("=")[0] for word in words if word.startswith("-")] or ["a word"]
    near = difflib.get_close_matches(unknown[0], help_text.names(), n=1)
    hint = f"did you mean {near[0]}?" if near else "see `python -m conformance run --help`"
    return f"{UNRECOGNIZED}{', '.join(unknown)}; {hint}"
