"""For each habit a series of requests that shows it, and one session that shows none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from tests.watch.session import AGENT

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.watch.session import Session

    Series = Callable[["Session"], None]

SERIES: dict[str, Series] = {}


def series(habit: str) -> Callable[[Series], Series]:
    """Register the series that shows a habit."""

    def register(function: Series) -> Series:
        SERIES[habit] = function
        return function

    return register


@series("client-sends-user-agent")
def no_user_agent(client: Session) -> None:
    """A request without the header."""
    client.raw("GET BASE/systems/@me HTTP/1.1", "Host: HOST", "Authorization: TOKEN")


@series("client-names-itself")
def user_agent_of_library(client: Session) -> None:
    """The default of httpx."""
    client.send("GET", "/systems/@me", headers={"user-agent": "python-httpx/0.28.1"})


@series("client-gives-contact")
def user_agent_without_contact(client: Session) -> None:
    """A name and nothing else."""
    client.send("GET", "/systems/@me", headers={"user-agent": "Lighthouse/2.0"})


@series("client-token-bare")
def bearer(client: Session) -> None:
    """The word that other APIs have before a token."""
    client.send("GET", "/systems/@me", headers={"authorization": f"Bearer {client.token}"})


@series("client-token-in-header")
def token_in_query(client: Session) -> None:
    """The token as a query parameter."""
    client.send("GET", f"/systems/@me?token={client.token}")


@series("client-authorization-not-empty")
def empty_authorization(client: Session) -> None:
    """An empty header where there is no token."""
    client.send("GET", "/members/abcde", headers={"authorization": ""})


@series("client-sends-token-where-needed")
def no_token(client: Session) -> None:
    """A read of `@me` by nobody."""
    client.raw("GET BASE/systems/@me HTTP/1.1", "Host: HOST", f"User-Agent: {AGENT}")


@series("client-stops-after-401")
def rejected_token_again(client: Session) -> None:
    """A token that no system has, twice."""
    for _ in range(2):
        client.send("GET", "/systems/@me", headers={"authorization": "x" * 64})


@series("client-documented-endpoints")
def undocumented_endpoint(client: Session) -> None:
    """A path that one of the published libraries has."""
    client.send("GET", "/systems/abcde/settings/guilds/1234567890123456789")


@series("client-documented-methods")
def undocumented_method(client: Session) -> None:
    """PUT for an update."""
    client.send("PUT", "/members/abcde", {"name": "Ada"})


@series("client-no-trailing-slash")
def trailing_slash(client: Session) -> None:
    """A slash at the end."""
    client.send("GET", "/systems/@me/")


@series("client-no-needless-body")
def get_with_body(client: Session) -> None:
    """A GET with a body, as if it were an update."""
    client.send("GET", "/systems/@me", {"name": "Ada"})


@series("client-documented-query")
def undocumented_query(client: Session) -> None:
    """A page, which no list has."""
    client.send("GET", "/systems/@me/members?page=2")


@series("client-needed-query")
def no_guild(client: Session) -> None:
    """Autoproxy without a guild."""
    client.send("GET", "/systems/@me/autoproxy")


@series("client-query-values")
def wrong_query(client: Session) -> None:
    """A word for a time, a plus that is read as a blank, and no value at all."""
    client.send("GET", "/systems/@me/switches?before=yesterday")
    client.send("GET", "/systems/@me/switches?before=2024-05-18T06:30:00+00:00")
    client.send("GET", "/systems/@me/groups?with_members=")


@series("client-limit-100")
def high_limit(client: Session) -> None:
    """More than are ever listed."""
    client.send("GET", "/systems/@me/switches?limit=1000")


@series("client-id-formats")
def wrong_id(client: Session) -> None:
    """A name in the place of an id."""
    client.send("GET", "/members/Ada Lovelace")


@series("client-listed-id-formats")
def wrong_listed_id(client: Session) -> None:
    """A name in the place of an id, in a switch and in a list."""
    client.send("POST", "/systems/@me/switches", {"members": ["Ada Lovelace"]})
    client.send("POST", "/groups/abcde/members/add", ["Ada Lovelace"])


@series("client-content-type")
def no_content_type(client: Session) -> None:
    """JSON without a label."""
    client.send("PATCH", "/systems/@me", content=b'{"tag": null}')


@series("client-body-json")
def no_json(client: Session) -> None:
    """A form, a list for an object, no UTF-8, and nothing."""
    label = {"content-type": "application/json"}
    for content in (b"name=Ada", b"[]", b"\xff", None):
        client.send("PATCH", "/systems/@me", content=content, headers=label)


@series("client-key-names")
def capitalised_keys(client: Session) -> None:
    """Keys as another language writes them."""
    client.send("POST", "/systems/@me/switches", {"members": [], "Timestamp": None})
    client.send("PATCH", "/members/abcde", {"displayName": "Ada"})


@series("client-documented-keys")
def unknown_key(client: Session) -> None:
    """A key that no model has."""
    client.send("PATCH", "/members/abcde", {"name": "Ada", "mood": "calm"})


@series("client-read-only-keys")
def read_only_key(client: Session) -> None:
    """A key that the server sets."""
    client.send("PATCH", "/members/abcde", {"name": "Ada", "created": ""})


@series("client-needed-keys")
def no_name(client: Session) -> None:
    """A member without a name."""
    client.send("POST", "/members", {"color": "ffffff"})


@series("client-sets-something")
def nothing_to_set(client: Session) -> None:
    """A PATCH without a key."""
    client.send("PATCH", "/systems/@me", {})


@series("client-sends-changes-only")
def whole_model(client: Session) -> None:
    """A member as it was read, with a new name; once after it was created, once after a list."""
    member = client.send("POST", "/members", {"name": "Ada"}).json()
    client.send("PATCH", f"/members/{member['uuid']}", {**member, "name": "Bea"})


@series("client-clears-with-null")
def empty_text(client: Session) -> None:
    """An empty colour."""
    client.send("PATCH", "/members/abcde", {"color": ""})


@series("client-null-where-allowed")
def forbidden_null(client: Session) -> None:
    """A flag that is null."""
    client.send("PATCH", "/members/abcde", {"keep_proxy": None})


@series("client-value-types")
def wrong_values(client: Session) -> None:
    """A colour with its sign, a number for a text, and a member who fronts twice."""
    client.send("PATCH", "/members/abcde", {"color": "#ffffff", "pronouns": 1})
    client.send("POST", "/systems/@me/switches", {"members": ["abcde", "abcde"]})


@series("client-plain-times")
def other_times(client: Session) -> None:
    """A time with an offset, and one with nanoseconds."""
    client.send("GET", "/systems/@me/switches?before=2024-05-18T06:30:00%2B02:00")
    time = "2024-05-18T06:30:00.123456789Z"
    client.send("POST", "/systems/@me/switches", {"members": [], "timestamp": time})


@series("client-value-lengths")
def long_name(client: Session) -> None:
    """A name of 101 characters."""
    client.send("PATCH", "/members/abcde", {"name": "x" * 101})


@series("client-privacy-objects")
def wrong_privacy(client: Session) -> None:
    """Privacy as a word, with an unknown key, and with an unknown level."""
    for privacy in ("private", {"mood_privacy": "private"}, {"visibility": "hidden"}):
        client.send("PATCH", "/members/abcde", {"privacy": privacy})


@series("client-keeps-rate")
def fast(client: Session) -> None:
    """More reads than two seconds have room for, at once."""
    for _ in range(25):
        client.send("GET", "/members/abcde")


@series("client-heeds-retry-after")
def impatient(client: Session) -> None:
    """Reads until one is rejected, and one more."""
    for _ in range(30):
        if client.send("GET", "/systems/@me").status_code == httpx.codes.TOO_MANY_REQUESTS:
            break
    client.send("GET", "/systems/@me")


@series("client-no-retry-storms")
def storm(client: Session) -> None:
    """The same read of nothing, four times."""
    for _ in range(4):
        client.send("GET", "/members/abcde")


@series("client-no-polling")
def poll(client: Session) -> None:
    """The same read, six times."""
    for _ in range(6):
        client.send("GET", "/systems/@me")


def behave(client: Session, *, upper_case: bool) -> None:
    """Create, read, change, list and delete as the docs have it, with each id format of theirs and each kind of body."""
    before = client.send("GET", "/systems/@me").json()["name"]
    client.send("PATCH", "/systems/@me", {"name": "Lighthouse"})
    member = client.send(
        "POST", "/members", {"name": "Ada", "color": "ffffff", "privacy": {"visibility": "private"}}
    ).json()
    client.send("GET", f"/members/{member['id'].upper() if upper_case else member['id']}")
    client.send("PATCH", f"/members/{member['uuid']}", {"display_name": "A", "color": None})
    client.send("GET", "/systems/@me/members")
    client.send("GET", "/systems/@me/groups?with_members=true")
    client.send("POST", "/systems/@me/switches", {"members": [member["id"]]})
    client.send("GET", "/systems/@me/switches?limit=100&before=2024-05-18T06%3A30%3A00Z")
    client.raw(f"GET BASE/members/{member['id']} HTTP/1.1", "Host: HOST", f"User-Agent: {AGENT}")
    client.send("OPTIONS", "/anything/at/all/")
    client.send("DELETE", f"/members/{member['uuid']}")
    client.send("PATCH", "/systems/@me", {"name": before})
