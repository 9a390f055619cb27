"""What the requests of a series need: placeholders like `{member}`, made when they are first used.

`{member}`, `{group}` and `{switch}`, with a number if there are several, are new ones of the own system, a switch without members at
the begin of 2024; `{crowd}` is a list of 151 new members. `{other_member}` and the like are of the other system; `{system}`,
`{account}`, `{guild}`, `{message}` and more are what is seeded. A key follows a dot, another form a bar: `{member.uuid|upper}`.
`«x*100»` is a hundred times x.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.reference.probes import ME

if TYPE_CHECKING:
    from conformance.reference.application import Server

_PLACE = re.compile(r"\{([a-z_]+[0-9]*)(?:\.([a-z_]+))?(?:\|([a-z]+))?\}")
_REPEATED = re.compile("«(.+?)\\*([0-9]+)»")
_CROWD = 151
_BODIES: dict[str, tuple[str, dict[str, Any]]] = {
    "member": ("/members", {"name": "Test"}),
    "group": ("/groups", {"name": "Test"}),
    "switch": (f"{ME}/switches", {"members": [], "timestamp": "2024-01-01T00:00:00Z"}),
}
_FORMS: dict[str, Callable[[str], str]] = {
    "upper": str.upper,
    "dashed": lambda ref: f"{ref[:3]}-{ref[3:]}",
    "odd": lambda ref: f"{ref[:1]}-{ref[1:]}",
    "plain": lambda ref: ref.replace("-", ""),
}

Create = Callable[[str, dict[str, Any]], dict[str, Any]]
"""Creates an entity as the owner: the path and the body of a POST."""


class Arrangement:
    """The placeholders of one series."""

    def __init__(self, server: Server, create: Create) -> None:
        self._create = create
        self._known: dict[str, Any] = _seeded(server)

    def keep(self, name: str, value: object) -> None:
        """Remember a value of a response."""
        self._known[name] = value

    def fill(self, value: Any) -> Any:
        """Return the value with what the placeholders in its texts stand for."""
        if isinstance(value, dict):
            return {self.fill(key): self.fill(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.fill(inner) for inner in value]
        return self._filled(value) if isinstance(value, str) else value

    def _filled(self, text: str) -> Any:
        text = _REPEATED.sub(lambda found: found[1] * int(found[2]), text)
        whole = _PLACE.fullmatch(text)
        if whole:
            value = self._value(whole)
            return text if value is None else value
        return _PLACE.sub(lambda found: str(self._value(found) or found[0]), text)

    def _value(self, found: re.Match[str]) -> Any:
        name, key, form = found.groups()
        self._make(name)
        value = self._known.get(name)
        if isinstance(value, dict):
            value = value[key or "id"]
        return _FORMS[form](str(value)) if form else value

    def _make(self, name: str) -> None:
        kind = name.rstrip("0123456789")
        if name in self._known:
            return
        if kind in _BODIES:
            self._known[name] = self._create(*_BODIES[kind])
        if name == "crowd":
            made = [self._create(*_BODIES["member"]) for _ in range(_CROWD)]
            self._known[name] = [row["id"] for row in made]


def _seeded(server: Server) -> dict[str, Any]:
    seeded = server.seeded
    first, second = seeded.first, seeded.second
    visible, hidden = list(second.members.values())[:2]
    return {
        "system": first.fields,
        "other_system": second.fields,
        "token": first.token,
        "account": first.accounts[0],
        "other_account": second.accounts[0],
        "guild": seeded.guild_id,
        "message": seeded.message_id,
        "original": seeded.original_message_id,
        "old_message": seeded.deleted_message_id,
        "other_member": visible.fields,
        "other_hidden_member": hidden.fields,
        "other_group": next(iter(second.groups.values())).fields,
        "other_switch": {"id": second.switches[-1].uuid},
    }
