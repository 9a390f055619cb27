"""The commands of a target file that make the target ready before a run, and clean it up after it."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.target.description import Target

PROVISION, RESET = "provision", "reset"


class CommandError(RuntimeError):
    """A command failed; the text is one line that names it, and the last line that it printed."""


def run_command(target: Target, name: str) -> None:
    """Run the command `provision` or `reset`, if the target file has it, in the folder of the file.

    It sees the environment, and `PK_BASE_URL`. What it prints shows only if it fails.

    Raises:
        CommandError: it cannot be run, or its exit code is not 0.

    """
    words = target.provision if name == PROVISION else target.reset
    if not words:
        return
    environment = {**os.environ, "PK_BASE_URL": target.base_url}
    try:
        done = subprocess.run(  # noqa: S603 the words are those of the user's own file
            words,
            cwd=target.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
    except OSError as problem:
        message = (
            f"{name} command {words[0]!r} of the target file cannot be run: {problem.strerror}"
        )
        raise CommandError(message) from None
    if done.returncode:
        lines = done.stdout.decode("utf-8", "replace").strip().splitlines()
        message = (
            f"{name} command {words[0]!r} of the target file ended with exit code {done.returncode}"
        )
        raise CommandError(f"{message}: {lines[-1]}" if lines else message)
