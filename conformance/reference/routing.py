"""The operations of the docs and the way from a method and path to one of them. docs: endpoints."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from conformance.reference.errors import Problem, Rejected

if TYPE_CHECKING:
    from collections.abc import Iterator

BASE_PATH = "/v2"


@dataclass(frozen=True)
class Operation:
    """One operation: the handler is an area of the endpoints and a method of it, ``private`` needs a token."""

    name: str
    method: str
    path: str
    handler: str
    private: bool

    @property
    def area(self) -> str:
        """The area of the endpoints that serves the operation."""
        return self.handler.partition(".")[0]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The path as a pattern with a group for each parameter."""
        return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", BASE_PATH + self.path))


def _public(name: str, path: str, handler: str) -> Operation:
    return Operation(name, "GET", path, handler, private=False)


def _private(name: str, method: str, path: str, handler: str) -> Operation:
    return Operation(name, method, path, handler, private=True)


_SYSTEM = "/systems/{system}"
_SWITCH = "/systems/{system}/switches/{switch}"
_MEMBER = "/members/{member}"
_GROUP = "/groups/{group}"

OPERATIONS = (
    _public("get-system", _SYSTEM, "systems.show"),
    _private("update-system", "PATCH", _SYSTEM, "systems.update"),
    _public("get-system-settings", f"{_SYSTEM}/settings", "settings.show"),
    _private("update-system-settings", "PATCH", f"{_SYSTEM}/settings", "settings.update"),
    _private("get-system-guild-settings", "GET", f"{_SYSTEM}/guilds/{{guild}}", "guilds.show"),
    _private(
        "update-system-guild-settings", "PATCH", f"{_SYSTEM}/guilds/{{guild}}", "guilds.update"
    ),
    _private("get-autoproxy", "GET", f"{_SYSTEM}/autoproxy", "autoproxy.show"),
    _private("update-autoproxy", "PATCH", f"{_SYSTEM}/autoproxy", "autoproxy.update"),
    _public("get-system-members", f"{_SYSTEM}/members", "members.index"),
    _private("create-member", "POST", "/members", "members.create"),
    _public("get-member", _MEMBER, "members.show"),
    _private("update-member", "PATCH", _MEMBER, "members.update"),
    _private("delete-member", "DELETE", _MEMBER, "members.delete"),
    _public("get-member-groups", f"{_MEMBER}/groups", "memberships.list_groups"),
    _private("add-member-groups", "POST", f"{_MEMBER}/groups/add", "memberships.add_groups"),
    _private(
        "remove-member-groups", "POST", f"{_MEMBER}/groups/remove", "memberships.remove_groups"
    ),
    _private(
        "overwrite-member-groups",
        "POST",
        f"{_MEMBER}/groups/overwrite",
        "memberships.overwrite_groups",
    ),
    _private(
        "get-member-guild-settings", "GET", f"{_MEMBER}/guilds/{{guild}}", "guilds.show_member"
    ),
    _private(
        "update-member-guild-settings",
        "PATCH",
        f"{_MEMBER}/guilds/{{guild}}",
        "guilds.update_member",
    ),
    _public("get-system-groups", f"{_SYSTEM}/groups", "groups.index"),
    _private("create-group", "POST", "/groups", "groups.create"),
    _public("get-group", _GROUP, "groups.show"),
    _private("update-group", "PATCH", _GROUP, "groups.update"),
    _private("delete-group", "DELETE", _GROUP, "groups.delete"),
    _public("get-group-members", f"{_GROUP}/members", "memberships.list_members"),
    _private("add-group-members", "POST", f"{_GROUP}/members/add", "memberships.add_members"),
    _private(
        "remove-group-members", "POST", f"{_GROUP}/members/remove", "memberships.remove_members"
    ),
    _private(
        "overwrite-group-members",
        "POST",
        f"{_GROUP}/members/overwrite",
        "memberships.overwrite_members",
    ),
    _public("get-system-switches", f"{_SYSTEM}/switches", "switches.index"),
    _public("get-fronters", f"{_SYSTEM}/fronters", "switches.fronters"),
    _private("create-switch", "POST", f"{_SYSTEM}/switches", "switches.create"),
    _public("get-switch", _SWITCH, "switches.show"),
    _private("update-switch", "PATCH", _SWITCH, "switches.update"),
    _private("update-switch-members", "PATCH", f"{_SWITCH}/members", "switches.update_members"),
    _private("delete-switch", "DELETE", _SWITCH, "switches.delete"),
    _public("get-message", "/messages/{message}", "messages.show"),
)


class Router:
    """Finds the operation of a request."""

    def __init__(self, operations: tuple[Operation, ...]) -> None:
        self._by_shape: defaultdict[tuple[str, int], list[Operation]] = defaultdict(list)
        for operation in operations:
            self.add(operation)

    def add(self, operation: Operation) -> None:
        """Make one more operation known."""
        self._by_shape[_shape(BASE_PATH + operation.path)].append(operation)

    def at(self, path: str) -> Iterator[tuple[Operation, dict[str, str]]]:
        """Return the operations of a path, with the parameters of the path."""
        for operation in self._by_shape.get(_shape(path), ()):
            found = operation.pattern.fullmatch(path)
            if found:
                yield operation, found.groupdict()

    def match(self, method: str, path: str) -> tuple[Operation, dict[str, str]]:
        """Return the operation and the parameters of the path, or reject with 404 or 405."""
        wanted = "GET" if method == "HEAD" else method
        allowed = []
        for operation, params in self.at(path):
            if operation.method == wanted:
                return operation, params
            allowed.append(operation.method)
        if not allowed:
            raise Rejected(Problem.NO_ROUTE)
        raise Rejected(Problem.WRONG_METHOD, headers={"Allow": ", ".join(allowed)})


def _shape(path: str) -> tuple[str, int]:
    segments = path.split("/")
    return "/".join(segments[:3]), len(segments)
