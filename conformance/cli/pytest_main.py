"""pytest with the plugin, in this process. Options that are not the plugin's go to pytest as they are."""

from __future__ import annotations

import contextlib
import io
import os
import re
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from conformance import run, signals
from conformance.cli import options
from conformance.run import interruption

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

PLUGIN = "conformance.run.plugin"
INTERRUPTED, USAGE = 2, 4
# Plugins that other packages register and a run has no use for.
UNWANTED = ("schemathesis", "anyio", "hypothesispytest", "tracecov")


def configuration() -> Path:
    """Return pytest's configuration for runs of the checks."""
    return Path(run.__file__).with_name("pytest.ini")


def run_pytest(
    words: Sequence[str], environment: Mapping[str, str], output: TextIO | None = None
) -> int:
    """Run pytest on the checks, or on the paths among the words; return its exit code.

    What it prints goes to `output`, where given. A usage error is reported in one line instead of pytest's several.
    """
    if signals.came_during_cleanup():  # after an earlier run, and before this one
        sys.stderr.write(interruption.MESSAGE)
        return INTERRUPTED
    import pytest  # noqa: PLC0415 slow to load, and `--help` does without

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
    said = errors.getvalue()
    sys.stderr.write(_one_line(said) if code == USAGE else said)
    return code


@contextlib.contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Let these be the variables of this process, and of what it starts."""
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
    folders = run.folders(0 if options.value_of(words, "--budget") == "0" else None)
    paths = [] if named_paths(words) else [str(folder) for folder in folders]
    unwanted = [part for name in UNWANTED for part in ("-p", f"no:{name}")]
    return ["-c", str(configuration()), "-p", PLUGIN, *unwanted, *paths, *words]


def named_paths(words: Sequence[str]) -> list[str]:
    """Return the words that name checks; options, and the value of -k, may end like a file as well."""
    before = ["", *words]
    return [
        word
        for word, option in zip(words, before, strict=False)
        if option != "-k"
        and not word.startswith("-")
        and (word.partition("::")[0].endswith(".py") or "::" in word)
    ]


def _one_line(said: str) -> str:
    """Return the line that says what is wrong, without the usage and the places that pytest puts around it."""
    found = re.findall(r"^(?:ERROR|[\w .()-]+: error): (.+)$", said, re.MULTILINE)
    texts = [text for text in found if not text.startswith("usage: ")]
    return f"error: {texts[-1]}\n" if texts else said
