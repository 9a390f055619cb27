"""Each habit is found by a series of requests that shows it, and a session that keeps them all shows none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.watch.catalogue import habits_at, read_habits, settings_of
from conformance.watch.judges import JUDGES
from tests.conftest import running
from tests.watch.series import SERIES, behave
from tests.watch.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Reference, StartReference
    from tests.watch.conftest import StartWatch

# What the series of a habit cannot but show besides.
BESIDES = {
    "client-sends-changes-only": {"client-read-only-keys"},
    "client-keeps-rate": {"client-no-retry-storms"},
    "client-heeds-retry-after": {"client-no-polling"},
}
VIOLATED = {"must": "failed", "should": "warned", "may": "warned"}


def test_each_habit_has_a_judge_and_a_series() -> None:
    """No habit lacks one, and none is of no habit."""
    assert SERIES.keys() == JUDGES.keys() == {habit.id for habit in read_habits()}


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[bool, Reference]]:
    """A server for all series, and one that limits rates."""
    folders = [tmp_path_factory.mktemp("server") for _ in range(2)]
    with (
        running(folders[0]) as free,
        running(folders[1], "--rate-limit", "documented") as limited,
    ):
        yield {False: free, True: limited}


@pytest.mark.parametrize("name", SERIES)
def test_habit_is_found(start_watch: StartWatch, servers: dict[bool, Reference], name: str) -> None:
    """The series of a habit shows it and no other, with the request and the exit code."""
    habit = next(one for one in read_habits() if one.id == name)
    server = servers[name == "client-heeds-retry-after"]
    with start_watch(server.base_url) as watch:
        with Session(watch.base_url, server.token) as client:
            SERIES[name](client)
        code = watch.end()
        found = {one for one, verdict in watch.verdicts.items() if verdict in VIOLATED.values()}
        assert found == {name} | BESIDES.get(name, set())
        (row,) = [row for row in watch.report["requirements"] if row["id"] == name]
        assert row["verdict"] == VIOLATED[habit.requirement.level], row
        shown = [check for check in row["checks"] if check["outcome"] == "failed"]
        assert all(check["evidence"] in watch.report["exchanges"] for check in shown)
        assert shown
        assert code == ("failed" in watch.verdicts.values())
        assert f"{habit.requirement.level} {name} [" in watch.printed
        assert server.token not in watch.written


@pytest.mark.parametrize("revision", ["2025-08", "2021-11"])
def test_good_session_shows_nothing(
    start_watch: StartWatch, start_reference: StartReference, revision: str
) -> None:
    """A session by the docs violates nothing; what it could not show is said not to apply."""
    options = ("--revision", revision)
    with (
        start_reference(*options) as server,
        start_watch(server.base_url, *options) as watch,
    ):
        with Session(watch.base_url, server.token) as client:
            behave(client, upper_case=revision == "2025-08")
        assert watch.end() == 0
        verdicts = watch.verdicts
        assert verdicts.keys() == {habit.id for habit in habits_at(revision)}
        assert {"failed", "warned"}.isdisjoint(verdicts.values()), watch.report["headline"]
        assert set(verdicts.values()) == {"passed", "not-applicable"}
        assert sum(verdict == "passed" for verdict in verdicts.values()) > len(verdicts) // 2


def test_settings_are_those_of_the_catalogue() -> None:
    """A judge gets the numbers of its habit."""
    assert settings_of("client-no-polling") == {"times": 5, "seconds": 10}
