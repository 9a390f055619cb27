"""`run`: checks a server, or, when none is named, the embedded reference server at every revision.

The checks run under pytest in a process of their own. Options that are not the plugin's go to pytest as they are.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from conformance import checks, verdicts
from conformance.commands.embedded import ReferenceServer, ServerError
from conformance.contract import UnknownRevisionError, load, revisions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

PLUGIN = "conformance.verdicts.plugin"
NAMES_A_TARGET = ("--base-url", "--target")
INTERRUPTED, USAGE = 2, 4
TOKENS = {"--token": "PK_TOKEN", "--other-token": "PK_OTHER_TOKEN"}
# Plugins that other packages register and a run has no use for.
UNWANTED = ("schemathesis", "anyio", "hypothesispytest", "tracecov")


def run(arguments: Sequence[str]) -> int:
    """Run the checks; return the worst exit code over all revisions."""
    words, environment = take_tokens(arguments)
    if any(word.partition("=")[0] in NAMES_A_TARGET for word in words) or "--help" in words:
        return run_pytest(words, environment)
    named = value_of(words, "--revision")
    try:
        wanted = revisions() if named is None else (load(named).revision,)
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
            break  # the next revision would not fare better
    return worst


def take_tokens(arguments: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """Move tokens from the arguments to the environment, where no process list shows them."""
    words, environment = [], dict(os.environ)
    rest = iter(arguments)
    for word in rest:
        option, equals, value = word.partition("=")
        if option in TOKENS:
            environment[TOKENS[option]] = value if equals else next(rest, "")
        else:
            words.append(word)
    return words, environment


def value_of(words: Sequence[str], option: str) -> str | None:
    """Return the value that the words give an option, if they do."""
    for place, word in enumerate(words):
        if word.startswith(option + "="):
            return word.partition("=")[2]
        if word == option and place + 1 < len(words):
            return words[place + 1]
    return None


def run_pytest(words: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run pytest with the plugin on the checks, or on the paths among the words."""
    configuration = Path(verdicts.__file__).with_name("pytest.ini")
    paths = [] if _paths(words) else [str(folder) for folder in checks.folders()]
    unwanted = [part for name in UNWANTED for part in ("-p", f"no:{name}")]
    command = [sys.executable, "-m", "pytest", "-c", str(configuration), "-p", PLUGIN, *unwanted]
    if any(word.startswith(("-n", "--numprocesses")) for word in words):
        command += [
            "--dist",
            "loadgroup",
        ]  # checks that change the system itself stay on one worker
    hypothesis = Path(tempfile.gettempdir(), "pluralkit-conformance-hypothesis")
    process = subprocess.Popen(  # noqa: S603 our own interpreter
        [*command, *paths, *words],
        env={"HYPOTHESIS_STORAGE_DIRECTORY": str(hypothesis), **environment},
    )
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue  # the run got it as well, and undoes what it did before it ends


def _paths(words: Sequence[str]) -> list[str]:
    return [word for word in words if word.partition("::")[0].endswith(".py") or "::" in word]


def _check_reference(revision: str, words: Sequence[str], environment: Mapping[str, str]) -> int:
    with _target_file(revision) as target, ReferenceServer(revision, target):
        clean = {key: value for key, value in environment.items() if key not in TOKENS.values()}
        return run_pytest(["--target", str(target), *words], clean)


@contextlib.contextmanager
def _target_file(revision: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="pluralkit-conformance-") as folder:
        yield Path(folder) / f"{revision}.toml"
