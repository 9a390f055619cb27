"""Which recorded requests show a habit, read a second time: by hand, without the contract and without the judges.

There is a reading only of the habits that published clients have.
"""

from __future__ import annotations

import itertools
import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    Exchange = dict[str, Any]
    Reading = Callable[[Exchange], bool]

LIMITS = {"generic_get": 10, "generic_update": 3, "message": 10}
READ_ONLY = {
    *("id", "uuid", "system", "created", "message_count", "last_message_timestamp"),
    *("autoproxy_enabled", "member_limit", "group_limit"),
}
BOOLEANS = {
    *("proxying_enabled", "tag_enabled", "pings_enabled", "member_default_private"),
    *("group_default_private", "show_private_info"),
}
IMAGES = ("avatar_url", "banner", "icon", "webhook_avatar_url")
SECONDS = 10


def _body(exchange: Exchange) -> dict[str, Any]:
    try:
        body = json.loads(exchange["request"]["body"] or "null")
    except ValueError:
        body = None
    writes = exchange["method"] in ("POST", "PATCH")
    return body if writes and isinstance(body, dict) else {}


def _agent(exchange: Exchange) -> str:
    return str(exchange["request"]["headers"].get("user-agent", ""))


def _is_wrong(key: str, value: Any) -> bool:
    """Whether it is a colour or an address of an image that is none."""
    if key == "color":
        return bool(value) and not re.fullmatch("[0-9a-fA-F]{6}", value)
    return key in IMAGES and bool(value) and not value.startswith(("http://", "https://"))


def _is_long(key: str, value: Any) -> bool:
    most = 256 if key in IMAGES else 100
    return key in (*IMAGES, "name") and isinstance(value, str) and len(value) > most


def _any(test: Callable[[str, Any], bool]) -> Reading:
    """Return a reading: some key of the body passes the test."""
    return lambda exchange: any(itertools.starmap(test, _body(exchange).items()))


READINGS: dict[str, Reading] = {
    "client-names-itself": lambda one: _agent(one) == "node",
    "client-gives-contact": lambda one: re.fullmatch(r"[\w-]+", _agent(one)) is not None,
    "client-authorization-not-empty": lambda one: (
        one["request"]["headers"].get("authorization") == ""
    ),
    "client-sends-token-where-needed": lambda one: (
        not one["request"]["headers"].get("authorization")
        and (one["method"] != "GET" or "/@me" in one["url"])
    ),
    "client-documented-methods": lambda one: (
        one["method"] == "GET" and re.search(r"/switches/[^/]+/members$", one["url"]) is not None
    ),
    "client-no-needless-body": lambda one: (
        one["method"] == "GET"
        and one["request"]["body"] is not None
        and not one["url"].endswith("/members")
    ),
    "client-id-formats": lambda one: "%3C" in one["url"],
    "client-read-only-keys": _any(lambda key, _: key in READ_ONLY),
    "client-documented-keys": _any(lambda key, _: key in ("guild", "member")),
    "client-sends-changes-only": lambda one: (
        one["method"] == "PATCH" and "message_count" in _body(one)
    ),
    "client-key-names": _any(lambda key, _: key != key.lower()),
    "client-clears-with-null": _any(
        lambda key, value: value == "" and key != "name" and key not in READ_ONLY
    ),
    "client-null-where-allowed": _any(lambda key, value: value is None and key in BOOLEANS),
    "client-value-types": _any(_is_wrong),
    "client-value-lengths": _any(_is_long),
}
"""Of what one request shows alone: exactly these are found."""


def _before(exchange: Exchange, others: Iterable[Exchange], same: Sequence[str]) -> list[Exchange]:
    """Return the exchanges within ten seconds before one, with the same facts."""
    return [
        one
        for one in others
        if 0 <= exchange["sent"] - one["sent"] < SECONDS
        and one["id"] != exchange["id"]
        and all(one[name] == exchange[name] for name in same)
    ]


def _is_fast(exchange: Exchange, others: Sequence[Exchange]) -> bool:
    before = _before(exchange, others, ("scope", "caller"))
    limit = LIMITS[exchange["scope"]]
    return any(
        1 + sum(exchange["sent"] - one["sent"] < seconds for one in before) > seconds * limit
        for seconds in range(1, SECONDS + 1)
    )


def _is_impatient(exchange: Exchange, others: Sequence[Exchange]) -> bool:
    for one in _before(exchange, others, ("scope", "caller")):
        if one["status"] == 429:
            asked = json.loads(one["response"]["body"])["retry_after"]
            ended = one["sent"] + one["milliseconds"] / 1000
            if exchange["sent"] < ended + asked / 1000:
                return True
    return False


def _is_repeated(exchange: Exchange, others: Sequence[Exchange]) -> bool:
    before = _before(exchange, others, ("method", "url", "caller"))
    read = [one for one in before if one["status"] == 200]
    return exchange["method"] == "GET" and len(read) >= 5


SERIES: dict[str, Callable[[Exchange, Sequence[Exchange]], bool]] = {
    "client-keeps-rate": _is_fast,
    "client-heeds-retry-after": _is_impatient,
    "client-no-polling": _is_repeated,
}
"""Of what several requests show: each that is found is one of these."""


def shown(habit: str, exchanges: Sequence[Exchange]) -> set[str]:
    """Return the ids of the exchanges that show a habit."""
    if habit in READINGS:
        return {one["id"] for one in exchanges if READINGS[habit](one)}
    return {one["id"] for one in exchanges if SERIES[habit](one, exchanges)}
