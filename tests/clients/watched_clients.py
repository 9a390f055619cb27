"""Drives each published client through a watch, and compares what is found with `habits.yaml`.

Not collected with the other tests, as it needs the clients: the session `clients` names this file.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import pytest

from tests.clients import shown
from tests.clients.drivers import Variables, drive, sandbox
from tests.clients.habits import habits_of
from tests.clients.published import PUBLISHED, Client
from tests.clients.published_clients import INSTALLED
from tests.watch.watches import Watch

if TYPE_CHECKING:
    from collections.abc import Iterator

FOUND = ("failed", "warned")
LEAST = 5  # habits of all clients together that the clients themselves have


@pytest.fixture
def watched(
    request: pytest.FixtureRequest, environment: dict[str, str], tmp_path: Path
) -> Iterator[tuple[list[Watch], Path]]:
    """A client, driven through a watch before the server and one before the limited server, and the log of the first."""
    client: Client = request.param
    if shutil.which(client.runtime) is None:
        pytest.skip(f"{client.name}: no {client.runtime} on this machine")
    log = tmp_path / "requests.jsonl"
    with sandbox("docs", tmp_path, "--request-log", str(log)) as variables:
        watches = {}
        with contextlib.ExitStack() as stack:
            for name in ("PK_BASE_URL", "PK_LIMITED_URL"):
                folder = tmp_path / name
                folder.mkdir()
                words = ["--name", client.name]
                watches[name] = Watch(variables[name], folder, words, environment)
                stack.callback(watches[name].end)
            through = {name: watch.base_url for name, watch in watches.items()}
            drive(client.command(Path(os.environ[INSTALLED])), Variables(variables | through))
        for watch in watches.values():
            written = watch.written
            leaked = [name for name in ("PK_TOKEN", "PK_OTHER_TOKEN") if variables[name] in written]
            assert leaked == [], "the watch shows tokens"
        yield list(watches.values()), log


@pytest.mark.parametrize("watched", PUBLISHED, ids=lambda client: client.name, indirect=True)
def test_habits_are_those_of_the_list(watched: tuple[list[Watch], Path]) -> None:
    """Exactly the listed habits are found, each in requests that show it, and the server got these requests."""
    watches, log = watched
    found = set[str]()
    for watch in watches:
        exchanges = [event for event in watch.events if event["event"] == "exchange"]
        for row in watch.report["requirements"]:
            if row["verdict"] in FOUND:
                found.add(row["id"])
                _compare(row["id"], _listed(watch, row["id"]), shown.shown(row["id"], exchanges))
    assert found == habits_of(watches[0].report["target"]["name"]).keys()
    assert _of_server(log) == _of_watch(watches[0])


def test_clients_themselves_have_several_habits() -> None:
    """Five habits and more are those of a client, and not of what its driver asks for."""
    own = {
        name
        for client in PUBLISHED
        for name, row in habits_of(client.name).items()
        if row["because_of"] == "client"
    }
    assert len(own) >= LEAST


def _listed(watch: Watch, habit: str) -> set[str]:
    """Return the ids of the exchanges that the checks of a habit list."""
    checks = [event for event in watch.events if event["event"] == "check-finished"]
    return {one for row in checks if habit in row["requirements"] for one in row["exchanges"]}


def _compare(habit: str, listed: set[str], expected: set[str]) -> None:
    """Compare what was found with a second reading of the log; of several requests, the watch may count fewer."""
    assert listed, habit
    assert listed == expected if habit in shown.READINGS else listed <= expected, habit


def _of_server(log: Path) -> Counter[tuple[Any, ...]]:
    lines = map(json.loads, log.read_text("utf-8").splitlines())
    return Counter((one["method"], one["path"], one["status"]) for one in lines)


def _of_watch(watch: Watch) -> Counter[tuple[Any, ...]]:
    exchanges = [event for event in watch.events if event["event"] == "exchange"]
    return Counter(
        (one["method"], unquote(urlsplit(one["url"]).path), one["status"]) for one in exchanges
    )
