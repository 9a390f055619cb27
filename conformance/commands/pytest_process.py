"""pytest with the plugin, in a process of its own. Options that are not the plugin's go to pytest as they are."""

from __future__ import annotations

import contextlib
import re
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from conformance import signals, verdicts
from conformance.commands import options
from conformance.verdicts import interruption

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

PLUGIN = "conformance.verdicts.plugin"
INTERRUPTED, USAGE = 2, 4
# Plugins that other packages register and a run has no use for.
UNWANTED = ("schemathesis", "anyio", "hypothesispytest", "tracecov")


def configuration() -> Path:
    """Return pytest's configuration for runs of the checks."""
    return Path(verdicts.__file__).with_name("pytest.ini")


def run_pytest(
    words: Sequence[str], environment: Mapping[str, str], output: TextIO | None = None
) -> int:
    """Run pytest on the checks, or on the paths among the words; return its exit code.

    What it prints goes to `output`, where given. A usage error is told in one line instead of pytest's several.
    """
    hypothesis = Path(tempfile.gettempdir(), "pluralkit-conformance-hypothesis")
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as errors,
        contextlib.ExitStack() as stack,
    ):
        with signals.held():
            process = subprocess.Popen(  # noqa: S603 our own interpreter
                _command(words),
                env={"HYPOTHESIS_STORAGE_DIRECTORY": str(hypothesis), **environment},
                stdout=output,
                stderr=errors,
            )
            heard = stack.enter_context(_passed_on_to(process))
        code = process.wait()
        errors.seek(0)
        said = errors.read()
    if heard and code != INTERRUPTED:  # it came when everything was over
        sys.stderr.write(interruption.ONE_LINE)
        return INTERRUPTED
    sys.stderr.write(_one_line(said) if code == USAGE else said)
    return code


def _command(words: Sequence[str]) -> list[str]:
    folders = verdicts.folders(0 if options.value_of(words, "--budget") == "0" else None)
    paths = [] if named_paths(words) else [str(folder) for folder in folders]
    unwanted = [part for name in UNWANTED for part in ("-p", f"no:{name}")]
    command = [sys.executable, "-m", "pytest", "-c", str(configuration()), "-p", PLUGIN, *unwanted]
    if any(word.startswith(("-n", "--numprocesses")) for word in words):
        # Checks that change the system itself stay on one worker.
        command += ["--dist", "loadgroup"]
    return [*command, *paths, *words]


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


@contextlib.contextmanager
def _passed_on_to(process: subprocess.Popen[bytes]) -> Iterator[list[int]]:
    """Yield the signals that asked to stop: the run then undoes what it did before it ends."""
    heard: list[int] = []

    def pass_on(number: int, frame: object) -> None:
        del frame
        heard.append(number)
        if number == signal.SIGTERM:  # Ctrl-C the terminal sends to both
            process.send_signal(number)

    before = [(number, signal.signal(number, pass_on)) for number in signals.SIGNALS]
    try:
        yield heard
    finally:
        for number, handler in before:
            signal.signal(number, handler)


def _one_line(said: str) -> str:
    """Return the line that says what is wrong, without the usage and the places that pytest puts around it."""
    found = re.findall(r"^(?:ERROR|[\w .-]+: error): (.+)$", said, re.MULTILINE)
    texts = [text for text in found if not text.startswith("usage: ")]
    return f"error: {texts[-1]}\n" if texts else said
