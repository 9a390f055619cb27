"""Habits that several requests show together, at times that the test gives."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING

import httpx
from hypothesis import given
from hypothesis import strategies as st

from conformance.contract import load
from conformance.watch.documented import Documented
from conformance.watch.history import REMEMBERED, History
from conformance.watch.judges import JUDGES
from conformance.watch.request import Request, Response

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conformance.watch.judges import Found

DOCUMENTED = Documented(load(), "/v2")
WRITES, READS = 3, 10  # a second, by the docs


class Judged:
    """A session whose requests come when the test says, judged for one habit."""

    def __init__(self, habit: str) -> None:
        """Begin without any request."""
        self._judge, self._history = JUDGES[habit], History()
        self._numbers = itertools.count(1)

    def send(
        self,
        at: float,
        path: str = "systems/@me",
        *,
        method: str = "GET",
        who: str = "a",
        status: int | None = 200,
        body: object = None,
    ) -> str | None:
        """Judge a request, take in its response 10 ms later, and return what was found; None if it does not apply."""
        headers = httpx.Headers({"authorization": who})
        target = f"/v2/{path}"
        name = f"r{next(self._numbers)}"
        request = Request(name, at, at, method, target, headers, b"", DOCUMENTED)
        found: Found | None = self._judge(request, self._history)
        self._history.arrived(request)
        text = json.dumps(body if body is not None else {"code": 0})
        self._history.returned(request, Response(at + 0.01, status, httpx.Headers(), text))
        return None if found is None else found.text


def paced(counts: Iterable[int], limit: int) -> list[float]:
    """Return times of requests, so many in each second of the server, all at its begin or all at its end."""
    times = []
    for second, count in enumerate(counts):
        place = 0.0 if second % 2 else 0.9
        times += [second + place + 0.01 * number for number in range(min(count, limit))]
    return times


@given(st.lists(st.integers(0, 12), max_size=30), st.sampled_from(["GET", "PATCH"]))
def test_who_keeps_the_limit_of_each_second_is_never_found(counts: list[int], method: str) -> None:
    """Whatever a client does within the seconds of the server, it keeps the rate."""
    session = Judged("client-keeps-rate")
    for at in paced(counts, READS if method == "GET" else WRITES):
        assert session.send(at, method=method) == ""


def test_twice_the_limit_in_a_second_is_found() -> None:
    """What no placing of seconds explains is too fast; another token and another scope count apart."""
    session = Judged("client-keeps-rate")
    times = [0.1 * number for number in range(7)]
    assert [session.send(at, method="PATCH") for at in times[:6]] == [""] * 6
    assert session.send(0.6, method="PATCH", who="b") == ""
    assert session.send(0.6) == ""
    assert (
        session.send(0.6, method="PATCH") == "more than 6 requests within a second, of 3 a second"
    )


def test_somewhat_too_fast_is_found_in_time() -> None:
    """Four writes a second, where three are allowed, show after some seconds."""
    session = Judged("client-keeps-rate")
    found = [session.send(0.25 * number, method="PATCH") for number in range(41)]
    assert found[:15] == [""] * 15
    assert found[-1] == "more than 15 requests within 4 seconds, of 3 a second"


def test_waiting_as_asked_is_kept() -> None:
    """Who waits keeps the habit, once; who does not violates it, unless the 429 came too late or is of another scope."""
    session = Judged("client-heeds-retry-after")
    rejection = {"status": 429, "body": {"retry_after": 500}}
    assert session.send(0.0, **rejection) is None  # type: ignore[arg-type]
    assert session.send(0.005) is None, "the 429 was not back yet"
    assert session.send(0.1, method="PATCH") is None, "another scope"
    assert session.send(0.1) == "sent 90 ms after a 429 that asks for 500 ms"
    assert session.send(0.508) == "", "timers may be a little early"
    assert session.send(0.52) == ""
    assert session.send(0.53) is None


def test_rejected_token_is_found_until_it_works() -> None:
    """After a 401 the token is not sent, but another may be, and it itself once it worked where one is needed."""
    session = Judged("client-stops-after-401")
    assert session.send(0.0, status=401) is None
    assert session.send(0.1, who="b") == ""
    assert session.send(0.2, method="PATCH") == "the token with which a request had returned 401"
    assert session.send(0.3) is None


def test_storm_ends_with_a_write_or_a_success() -> None:
    """Failures add up as long as nothing changes; 429 is another habit, and a slow repeat none."""
    session = Judged("client-no-retry-storms")
    missing = {"path": "members/abcde", "status": 404}
    found = [session.send(0.1 * number, **missing) for number in range(4)]  # type: ignore[arg-type]
    assert found[:3] == [None, "", ""]
    assert found[3] == "sent again after it had failed 3 times in 10 s"
    assert session.send(0.5, method="PATCH") is None
    assert session.send(0.6, **missing) is None  # type: ignore[arg-type]
    slow = [session.send(20.0 * number, **missing) for number in range(1, 6)]  # type: ignore[arg-type]
    assert slow == [""] * 5
    busy = [session.send(200 + number, "members/fghij", status=429) for number in range(5)]
    assert busy == [None] * 5


def test_polling_ends_with_a_change() -> None:
    """Equal responses add up; another one, or a write, begins anew."""
    session = Judged("client-no-polling")
    found = [session.send(0.1 * number) for number in range(6)]
    assert found == [None, "", "", "", "", "read again after 5 equal responses in 10 s"]
    assert session.send(0.7, body={"name": "new"}) is not None
    assert session.send(0.8, body={"name": "new"}) == ""
    assert session.send(0.9, method="PATCH") is None
    assert session.send(1.0, body={"name": "new"}) is None


def test_long_sessions_are_forgotten() -> None:
    """What is remembered has a bound, whatever a client reads."""
    session = Judged("client-no-polling")
    for number in range(REMEMBERED + 10):
        path = f"members/{number}"
        session.send(float(number), path, body={"id": f"m{number}"})
        session.send(float(number), f"groups/{number}", status=404)
    sizes = [len(one) for one in vars(session._history).values() if hasattr(one, "__len__")]  # noqa: SLF001 what has no other trace
    assert max(sizes) <= REMEMBERED + 1
