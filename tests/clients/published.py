"""The published clients: where the driver of each lies, what runs it, and which version is locked."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


@dataclass(frozen=True)
class Client:
    """A client library, and its driver in the client's own language.

    The session `clients` copies `folder`, installs there what the lock file says, and makes `driver` run in it.
    `runtime` is the program without which that is not possible.
    """

    name: str
    folder: str
    runtime: str
    driver: tuple[str, ...]
    locked: Callable[[Client], str]

    @property
    def version(self) -> str:
        """The version that the lock file names."""
        return self.locked(self)

    def command(self, installed: Path) -> list[str]:
        """Return the words that start the driver, given the folder in which clients are installed."""
        return [word.format(folder=installed / self.folder) for word in self.driver]


def _python_lock(client: Client) -> str:
    return _search(r"^pluralkit==(\S+)", HERE / client.folder / "requirements.lock")


def _npm_lock(client: Client) -> str:
    lock = json.loads((HERE / client.folder / "package-lock.json").read_text("utf-8"))
    return str(lock["packages"][f"node_modules/{client.name}"]["version"])


def _go_lock(client: Client) -> str:
    return _search(r"pkgo/v2 v(\S+)", HERE / client.folder / "go.mod")


def _search(pattern: str, file: Path) -> str:
    found = re.search(pattern, file.read_text("utf-8"), re.MULTILINE)
    if found is None:
        message = f"{file} names no version"
        raise ValueError(message)
    return found[1]


PUBLISHED = (
    Client(
        "PluralKit.py",
        "python",
        "python3",
        ("{folder}/environment/bin/python", "-m", "tests.clients.python"),
        _python_lock,
    ),
    Client("pkapi.js", "pkapi_js", "node", ("node", "{folder}/driver.mjs"), _npm_lock),
    Client("pkapi-ts", "pkapi_ts", "node", ("node", "{folder}/driver.mjs"), _npm_lock),
    Client("pkgo", "pkgo", "go", ("{folder}/driver",), _go_lock),
)
