"""Faults: one operation treats one class of values of a header wrongly."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.mistreatment import add_mistreatments, fail
from conformance.reference.faults.registry import add
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.responses import Response

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.faults.mistreatment import Way
    from conformance.reference.steps import Original

    Is = Callable[[str | None], bool]

_RULE = "json-body-requires-content-type"
_LABELS: dict[str, Is] = {
    "missing": lambda label: label is None,
    "text_plain": lambda label: label == "text/plain",
    "form": lambda label: label == "application/x-www-form-urlencoded",
    "similar": lambda label: label == "application/jsonx",
    "empty": lambda label: label == "",
    "multipart": lambda label: (label or "").startswith("multipart/"),
    "binary": lambda label: label == "application/octet-stream",
}
# The operations with a body that each wrong label is sent to.
_WITH_LABEL = {
    "text_plain": ("update-system", "add-member-groups", "add-group-members"),
    "form": ("update-system-settings", "remove-member-groups", "remove-group-members"),
    "similar": (
        "update-system-guild-settings",
        "overwrite-member-groups",
        "overwrite-group-members",
    ),
    "empty": ("update-autoproxy", "update-member-guild-settings", "create-switch"),
    "multipart": ("create-member", "create-group", "update-switch"),
    "binary": ("update-member", "update-group", "update-switch-members"),
}
# What these are sent is not there, so that carrying them out changes nothing.
_WITHOUT_EFFECT = ("remove-member-groups", "remove-group-members")
_LATER = ("update-system-settings", "update-autoproxy")  # the launch did not have them


def _carry_out(original: Original, call: Call) -> object:
    """Take the body as if it were labelled as JSON."""
    call.content_type = "application/json"
    return original(call)


def _carry_out_and_reject(original: Original, call: Call) -> object:
    """Take the body, and reject the request then."""
    _carry_out(original, call)
    raise Rejected(Problem.CONTENT_TYPE)


def _has_label(is_one: Is, call: Call) -> bool:
    return is_one(call.content_type)


_HARMLESS: dict[str, Way] = {"accepts": _carry_out, "fails_at": fail}
_WRONGLY: dict[str, Way] = _HARMLESS | {"applies_though_rejected": _carry_out_and_reject}
for _class, _is_one in _LABELS.items():
    _every = [name for names in _WITH_LABEL.values() for name in names]
    for _operation in _WITH_LABEL.get(_class, _every):
        _match = partial(_has_label, _is_one)
        _only = "2025-08" if _operation in _LATER else None
        _ways = _HARMLESS if _operation in _WITHOUT_EFFECT else _WRONGLY
        add_mistreatments(
            _operation, f"{_class}_content_type", _match, _ways.items(), _RULE, only=_only
        )


def _is_text_json(call: Call) -> bool:
    return call.content_type == "text/json"


add_mistreatments(
    "update-member", "text_json_content_type", _is_text_json, [("fails_at", fail)], _RULE
)

# A read, a list, a message and a write; and the other reads that need no more than a system, a member or a group.
_NAMED = ("get-system", "get-system-members", "get-message", "update-member")
_OTHER_READS = (
    "get-system-settings",
    "get-system-groups",
    "get-system-switches",
    "get-fronters",
    "get-member",
    "get-member-groups",
    "get-group",
    "get-group-members",
)
_AGENTS: dict[str, tuple[Is, str]] = {
    "missing": (lambda agent: agent is None, "user-agent-missing-400"),
    "empty": (lambda agent: agent == "", "user-agent-empty-400"),
}


@dataclass(frozen=True)
class _TreatAgent:
    """Treats a request of one operation with one class of User-Agent in one way."""

    operation: str
    is_one: Is
    way: Callable[[Original, Call], Response]

    def __call__(self, server: Server) -> None:
        def respond(original: Original, call: Call) -> Response:
            found = (row for row, _ in server.router.at(call.path))
            named = any((row.name, row.method) == (self.operation, call.method) for row in found)
            if named and self.is_one(call.user_agent):
                return self.way(original, call)
            returned: Response = original(call)
            return returned

        wrap(server, "respond", respond)


def _serve_nameless(original: Original, call: Call) -> Response:
    returned: Response = original(replace(call, user_agent="somebody"))
    return returned


def _serve_and_reject(original: Original, call: Call) -> Response:
    _serve_nameless(original, call)
    returned: Response = original(call)
    return returned


for _class, (_is_agent, _status) in _AGENTS.items():
    for _operation in (*_NAMED, *_OTHER_READS):
        _name = f"{_class}_user_agent_of_{_operation.replace('-', '_')}"
        if _class == "missing":  # PluralKit production accepts an empty one
            add(
                f"serves_{_name}",
                f"The operation {_operation} is served with a {_class} User-Agent.",
                ["user-agent-required", _status],
                _TreatAgent(_operation, _is_agent, _serve_nameless),
                of_cell=True,
            )
    add(
        f"carries_out_{_class}_user_agent_of_update_member",
        f"A PATCH of a member with a {_class} User-Agent is carried out before it is rejected.",
        ["user-agent-required"],
        _TreatAgent("update-member", _is_agent, _serve_and_reject),
    )


def _fail_at_agent(server: Server, _: Original, __: Call) -> Response:
    return server.errors.response(Rejected(Problem.INTERNAL))


@dataclass(frozen=True)
class _FailAtAgent:
    """Returns a server error for a request of one operation with one class of User-Agent."""

    operation: str
    is_one: Is

    def __call__(self, server: Server) -> None:
        _TreatAgent(self.operation, self.is_one, partial(_fail_at_agent, server))(server)


for _class, (_is_agent, _status) in _AGENTS.items():
    for _operation in (*_NAMED, *(_OTHER_READS if _class == "missing" else ())):
        add(
            f"fails_at_{_class}_user_agent_of_{_operation.replace('-', '_')}",
            f"The operation {_operation} fails with a {_class} User-Agent.",
            [_status],
            _FailAtAgent(_operation, _is_agent),
            of_cell=True,
        )


_TOKENS: dict[str, Callable[[str], bool]] = {
    "scheme": lambda value: value.startswith("Bearer "),
    "twice": lambda value: ", " in value,
    "quoted": lambda value: value.startswith('"'),
}


@dataclass(frozen=True)
class _TreatToken:
    """Treats a token in one form in one way: with a server error, or as that of the other system."""

    is_one: Callable[[str], bool]
    fails: bool

    def __call__(self, server: Server) -> None:
        def identify(original: Original, call: Call) -> object:
            if not self.is_one(call.token or ""):
                return original(call)
            if self.fails:
                raise Rejected(Problem.INTERNAL)
            return server.seeded.second

        wrap(server.authentication, "identify", identify)


for _class, _is_form in _TOKENS.items():
    add(
        f"fails_at_{_class}_authorization_of_get_system",
        f"A token of the form {_class} is a server error.",
        ["errors-are-4xx-json"],
        _TreatToken(_is_form, fails=True),
    )
    add(
        f"takes_for_another_{_class}_authorization_of_get_system",
        f"A token of the form {_class} is that of another system.",
        ["auth-header-carries-bare-token"],
        _TreatToken(_is_form, fails=False),
    )
