"""What a method and a path are in the docs."""

from __future__ import annotations

import pytest

from conformance.contract import load
from conformance.watch.documented import UNDOCUMENTED, Documented


@pytest.mark.parametrize(
    ("base", "path", "name", "refs"),
    [
        ("/v2", "/v2/systems/@me", "getSystem", {"systemId": "@me"}),
        ("/v2", "/v2/systems/%40me", "getSystem", {"systemId": "@me"}),
        ("", "/systems/abcde", "getSystem", {"systemId": "abcde"}),
        ("/a/b", "/a/b/members/abcde", "getMember", {"memberId": "abcde"}),
        ("/v2", "/v2/systems/@me/autoproxy", "getAutoproxy", {}),
        ("/v2", "/v2/systems/@me/guilds/1", "getSystemGuildSettings", {"guildId": "1"}),
        ("/v2", "/v2/systems/abcde/guilds/1", UNDOCUMENTED, {}),
        ("/v2", "/v2/members/a%2Fb", "getMember", {"memberId": "a%2Fb"}),
        ("/v2", "/v1/systems/abcde", UNDOCUMENTED, {}),
        ("/v2", "/v2", UNDOCUMENTED, {}),
        ("/v2", "/v2/", UNDOCUMENTED, {}),
        ("/v2", "//v2/systems/@me", UNDOCUMENTED, {}),
        ("/v2", "*", UNDOCUMENTED, {}),
    ],
)
def test_place(base: str, path: str, name: str, refs: dict[str, str]) -> None:
    """A path is that of an operation below the base path, with its ids, or undocumented."""
    place = Documented(load(), base).place("GET", path)
    assert (place.name, dict(place.refs)) == (name, refs)


def test_wrong_method_has_a_template() -> None:
    """A path with another method is documented, but no operation; it counts for the scope of its method."""
    documented = Documented(load(), "/v2")
    place = documented.place("PUT", "/v2/members/abcde/")
    assert place.operation is None
    assert (place.template, place.ends_in_slash) == ("/members/{memberId}", True)
    assert place.scope == "generic_update"
    assert documented.place("GET", "/v2/nothing").scope == "generic_get"
    assert Documented(load("2021-11"), "/v2").place("GET", "/v2/nothing").scope == "ip"
