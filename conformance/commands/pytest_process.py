"""pytest with the plugin, in a process of its own. Options that are not the plugin's go to pytest as they are."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from conformance import checks, verdicts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PLUGIN = "conformance.verdicts.plugin"
INTERRUPTED, USAGE = 2, 4
KILLED_BY = (-signal.SIGINT, -signal.SIGTERM, 128 + signal.SIGINT, 128 + signal.SIGTERM)
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
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as errors:
        process = subprocess.Popen(  # noqa: S603 our own interpreter
            _command(words),
            env={"HYPOTHESIS_STORAGE_DIRECTORY": str(hypothesis), **environment},
            stdout=output,
            stderr=errors,
        )
        code, stopped = _wait(process)
        errors.seek(0)
        said = errors.read()
    if stopped and (code in KILLED_BY or "\nKeyboardInterrupt" in said):
        sys.stderr.write("interrupted: nothing was changed yet\n")
        return INTERRUPTED
    sys.stderr.write(_one_line(said) if code == USAGE else said)
    return code


def _command(words: Sequence[str]) -> list[str]:
    paths = [] if _paths(words) else [str(folder) for folder in checks.folders()]
    unwanted = [part for name in UNWANTED for part in ("-p", f"no:{name}")]
    command = [sys.executable, "-m", "pytest", "-c", str(configuration()), "-p", PLUGIN, *unwanted]
    if any(word.startswith(("-n", "--numprocesses")) for word in words):
        # Checks that change the system itself stay on one worker.
        command += ["--dist", "loadgroup"]
    return [*command, *paths, *words]


def _paths(words: Sequence[str]) -> list[str]:
    return [word for word in words if word.partition("::")[0].endswith(".py") or "::" in word]


def _wait(process: subprocess.Popen[bytes]) -> tuple[int, bool]:
    """Return the exit code, and whether somebody asked to stop: the run then undoes what it did before it ends."""
    stopped = False

    def pass_on(number: int, frame: object) -> None:
        nonlocal stopped
        del frame
        stopped = True
        if number == signal.SIGTERM:  # Ctrl-C the terminal sends to both
            process.send_signal(number)

    before = [
        (number, signal.signal(number, pass_on)) for number in (signal.SIGINT, signal.SIGTERM)
    ]
    try:
        return process.wait(), stopped
    finally:
        for number, handler in before:
            signal.signal(number, handler)


def _one_line(said: str) -> str:
    """Return the line that says what is wrong, without the usage and the places that pytest puts around it."""
    found = re.findall(r"^(?:ERROR|[\w .-]+: error): (.+)$", said, re.MULTILINE)
    texts = [text for text in found if not text.startswith("usage: ")]
    return f"error: {texts[-1]}\n" if texts else said
