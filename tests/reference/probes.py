"""Requests that tests send to two servers: each probe sends some and returns what to compare."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from tests.reference.conftest import Sandbox

    Probe = Callable[[Sandbox], Any]

ME = "/systems/@me"
ATTACHMENT = "attachments/123456789012345678/123456789012345679/a.png"
NOWHERE = "00000000-0000-4000-8000-000000000000"
JSON = {"Content-Type": "application/json"}


def code(response: httpx.Response) -> tuple[int, int | None]:
    """Return the status and the code of an error object, if there is one."""
    try:
        body = response.json()
    except ValueError:
        return response.status_code, None
    return response.status_code, body.get("code") if isinstance(body, dict) else None


def patched(path: str, body: object, key: str | None = None) -> Probe:
    """Return a probe that patches and returns a key of the response, or status and code."""

    def probe(sandbox: Sandbox) -> Any:
        response = sandbox.owner.patch(filled(sandbox, path), json=body)
        return response.json().get(key) if key and response.is_success else code(response)

    return probe


def posted(path: str, body: object, key: str | None = None) -> Probe:
    """Return a probe that posts and returns a key of the response, or status and code."""

    def probe(sandbox: Sandbox) -> Any:
        response = sandbox.owner.post(filled(sandbox, path), json=body)
        return response.json().get(key) if key and response.is_success else code(response)

    return probe


def got(path: str) -> Probe:
    """Return a probe that reads and returns status and code."""
    return lambda sandbox: code(sandbox.owner.get(filled(sandbox, path)))


def anonymous(method: str, path: str, content: bytes = b"{}") -> Probe:
    """Return a probe that sends no token and returns status and code."""

    def probe(sandbox: Sandbox) -> tuple[int, int | None]:
        body = content if method in ("POST", "PATCH") else None
        address = filled(sandbox, path)
        return code(sandbox.anonymous.request(method, address, content=body, headers=JSON))

    return probe


def filled(sandbox: Sandbox, path: str) -> str:
    """Return the path with ids of the sandbox; a member, group or switch is created for it."""
    makers: dict[str, Callable[[], str]] = {
        "first": lambda: sandbox.seeded.first.short_id,
        "guild": lambda: sandbox.seeded.guild_id,
        "member": lambda: str(sandbox.member()["id"]),
        "group": lambda: str(sandbox.group()["id"]),
        "switch": lambda: switched(sandbox),
        "foreign_switch": lambda: sandbox.seeded.second.switches[-1].uuid,
    }
    return path.format(**{key: make() for key, make in makers.items() if f"{{{key}}}" in path})


def switched(sandbox: Sandbox) -> str:
    """Return the id of a new switch without members."""
    body = {"members": [], "timestamp": "2024-01-01T00:00:00Z"}
    return str(sandbox.owner.post(f"{ME}/switches", json=body).json()["id"])


def raw(content: bytes, declared: str = "application/json") -> Probe:
    """Return a probe that patches the tag with a raw body and returns the tag."""

    def probe(sandbox: Sandbox) -> object:
        headers = {"Content-Type": declared}
        sandbox.owner.patch(ME, content=content, headers=headers)
        return sandbox.owner.get(ME).json()["tag"]

    return probe


def agent(value: str) -> Probe:
    """Return a probe that sends this User-Agent."""
    return lambda sandbox: sandbox.owner.get(ME, headers={"User-Agent": value}).status_code


def without_agent(path: str) -> Probe:
    """Return a probe without a User-Agent that returns status, type and code."""

    def probe(sandbox: Sandbox) -> tuple[object, ...]:
        with sandbox.client(None) as client:
            del client.headers["User-Agent"]
            response = client.get(path)
        return (*code(response), response.headers.get("Content-Type"))

    return probe


def bodiless(method: str, path: str) -> Probe:
    """Return a probe that returns the status and whether there is a body."""

    def probe(sandbox: Sandbox) -> tuple[int, bool]:
        response = sandbox.owner.request(method, path)
        return response.status_code, bool(response.content)

    return probe


def header(path: str, name: str) -> Probe:
    """Return a probe that reads and returns a header."""
    return lambda sandbox: sandbox.owner.get(path).headers.get(name)


def settings_type(sandbox: Sandbox) -> str | None:
    """Return the Content-Type of settings."""
    found: str | None = sandbox.owner.get(f"{ME}/settings").headers.get("Content-Type")
    return found


def rejected_type(sandbox: Sandbox) -> tuple[int, str]:
    """Send a body of another type."""
    response = sandbox.owner.patch(ME, content="x", headers={"Content-Type": "text/plain"})
    return response.status_code, response.headers["Content-Type"]


def root(path: str) -> Probe:
    """Return a probe that reads a path outside of the base URL."""
    return lambda sandbox: (
        sandbox.owner.get(sandbox.base_url.removesuffix("/v2") + path).status_code
    )


def listed(path: str, *refs: Callable[[Sandbox], str]) -> Probe:
    """Return a probe that posts refs and returns status and code."""

    def probe(sandbox: Sandbox) -> tuple[int, int | None]:
        address = filled(sandbox, path)
        return code(sandbox.owner.post(address, json=[ref(sandbox) for ref in refs]))

    return probe


def repeated(sandbox: Sandbox) -> tuple[tuple[int, int | None], int]:
    """Overwrite the members of a group with one of them twice."""
    member, group = sandbox.member()["id"], sandbox.group()["id"]
    path = f"/groups/{group}/members"
    sandbox.owner.post(f"{path}/add", json=[member])
    reported = code(sandbox.owner.post(f"{path}/overwrite", json=[member, member]))
    return reported, len(sandbox.owner.get(path).json())


def both_ids(sandbox: Sandbox) -> Any:
    """Log a switch that lists a member by both of its ids."""
    member = sandbox.member()
    body = {"members": [member["id"], member["uuid"]]}
    response = sandbox.owner.post(f"{ME}/switches", json=body)
    return code(response) if response.is_error else len(response.json()["members"])


def upper_member(sandbox: Sandbox) -> str:
    """Return a member in another id format."""
    return str(sandbox.member()["id"]).upper()


def foreign_member(sandbox: Sandbox) -> str:
    """Return a member of the other system."""
    return next(iter(sandbox.seeded.second.members))


def foreign_group(sandbox: Sandbox) -> str:
    """Return a group of the other system."""
    return next(iter(sandbox.seeded.second.groups))


def autoproxied(body: dict[str, Any]) -> Probe:
    """Return a probe that patches autoproxy; callables return values."""

    def probe(sandbox: Sandbox) -> tuple[int, int | None]:
        made = {key: value(sandbox) if callable(value) else value for key, value in body.items()}
        return code(sandbox.owner.patch(f"{ME}/autoproxy?guild_id=1", json=made))

    return probe


def nothing(sandbox: Sandbox) -> tuple[int, int | None]:
    """Patch autoproxy with null."""
    path = f"{ME}/autoproxy?guild_id=1"
    return code(sandbox.owner.patch(path, content="null", headers=JSON))


def shown_url(sandbox: Sandbox) -> object:
    """Store the address of an attachment."""
    url = f"https://media.discordapp.net/{ATTACHMENT}?width=5"
    return sandbox.member(avatar_url=url)["avatar_url"]


def echoed(sandbox: Sandbox) -> object:
    """Create a switch with nanoseconds."""
    body = {"members": [], "timestamp": "2024-01-01T00:00:00.123456789Z"}
    return sandbox.owner.post(f"{ME}/switches", json=body).json()["timestamp"]


def keys(path: str) -> Probe:
    """Return a probe that returns those keys of a response that the docs do not have."""
    extra = {"webhook_url", "description_templates", "card_show_color_hex", "name_format"}
    return lambda sandbox: extra & set(sandbox.owner.get(filled(sandbox, path)).json())


def started(sandbox: Sandbox) -> object:
    """Return the timestamp of a switch of a whole second."""
    return sandbox.owner.get(f"{ME}/switches/{switched(sandbox)}").json()["timestamp"]


def with_null_member(sandbox: Sandbox) -> object:
    """Replace the members of a switch by null; return status and code."""
    return code(sandbox.owner.patch(f"{ME}/switches/{switched(sandbox)}/members", json=[None]))


def without_body(sandbox: Sandbox) -> object:
    """PATCH autoproxy without a body; return status and code."""
    headers = {"Content-Type": "application/json"}
    return code(sandbox.owner.patch(f"{ME}/autoproxy?guild_id=1", content=b"", headers=headers))


def changed_first(sandbox: Sandbox) -> list[str]:
    """Change the first of two members, and list both."""
    first = sandbox.member(name="a")["id"]
    sandbox.member(name="b")
    sandbox.owner.patch(f"/members/{first}", json={"tts": True})
    return [row["name"] for row in sandbox.owner.get(f"{ME}/members").json()]


def dashed(form: str, place: int) -> Probe:
    """Return a probe that reads a member by its short id, with a dash in this place."""

    def probe(sandbox: Sandbox) -> tuple[int, int | None]:
        ref = str(sandbox.member()["id"])
        return code(sandbox.owner.get("/members/" + form.format(ref[:place], ref[place:])))

    return probe


def switched_off(sandbox: Sandbox) -> tuple[object, object]:
    """Switch autoproxy of a member off, twice; return whether the member is shown."""
    path, member = f"{ME}/autoproxy?guild_id=1", sandbox.member()["id"]
    sandbox.owner.patch(path, json={"autoproxy_mode": "member", "autoproxy_member": member})
    first, second = (
        sandbox.owner.patch(path, json={"autoproxy_mode": "off"}).json()["autoproxy_member"]
        for _ in range(2)
    )
    return first and first == member, second


def deep(sandbox: Sandbox) -> tuple[int, int]:
    """Send a new switch whose members are nested deeply."""
    content = b'{"members": ' + b"[" * 40 + b"]" * 40 + b"}"
    headers = {"Content-Type": "application/json"}
    response = sandbox.owner.post(f"{ME}/switches", content=content, headers=headers)
    return response.status_code, response.json()["code"]


def form(sandbox: Sandbox) -> list[int]:
    """Send a form in place of the body of a member, and of the system."""
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    member = sandbox.owner.post("/members", json={"name": "Ada"}).json()["id"]
    paths = (f"/members/{member}", ME)
    return [sandbox.owner.patch(path, content=b"x", headers=headers).status_code for path in paths]


def message(*keys: str, old: bool = False) -> Probe:
    """Return a probe that reads a message, or that of a deleted member, and returns which of the keys have a value."""

    def probe(sandbox: Sandbox) -> tuple[bool, ...]:
        seeded = sandbox.seeded
        ref = seeded.deleted_message_id if old else seeded.message_id
        shown = sandbox.owner.get(f"/messages/{ref}").json()
        return tuple(bool(shown[key]) for key in keys)

    return probe


def content_types(sandbox: Sandbox) -> list[str]:
    """Return the Content-Type of a success and of an error."""
    paths = (ME, "/members/zzzzzz")
    return [sandbox.owner.get(path).headers["Content-Type"] for path in paths]
