"""Known deviations of 2021-11 alone: what PluralKit production did wrong when v2 was launched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.reference.errors import ErrorMap, Problem, Rejected
from conformance.reference.identifiers import canonical_uuid
from conformance.reference.upstream.listed import name_of
from conformance.reference.upstream.problem_documents import problem_document
from conformance.reference.upstream.registry import deviation

if TYPE_CHECKING:
    from starlette.responses import Response

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.models import Kind
    from conformance.reference.steps import Original
    from conformance.reference.validation import Patch

REVISION = "2021-11"
_MIXED_UP = ("member_list_privacy", "front_privacy", "front_history_privacy")


@deviation(129, only=REVISION, step="serve")
def sends_problem_document_for_unknown_system(original: Original, call: Call) -> Response:
    """An unknown system is a problem document, except for paths below the system."""
    returned: Response = original(call)
    unknown = name_of(call) == "get-system" and returned.status_code == 404  # noqa: PLR2004
    return problem_document(404) if unknown else returned


@deviation(132, only=REVISION, step="validation.read_privacy")
def sets_description_privacy_instead(
    original: Original, kind: Kind, value: object, patch: Patch, errors: ErrorMap
) -> None:
    """PATCH of three privacy keys of a system sets description_privacy instead."""
    original(kind, value, patch, errors)
    for key in _MIXED_UP if kind.name == "system" else ():
        if key in patch.privacy:
            patch.privacy["description_privacy"] = patch.privacy.pop(key)


@deviation(49, only=REVISION, step="validation.read_privacy")
def rejects_privacy_of_groups_that_is_no_object(
    original: Original, kind: Kind, value: object, *rest: object
) -> None:
    """Privacy of a group that is no object is code 0."""
    if kind.name == "group" and not isinstance(value, (dict, type(None))):
        raise Rejected(Problem.BAD_REQUEST, "privacy is no object")
    original(kind, value, *rest)


@deviation(133, only=REVISION, step="validation.creation")
def creates_members_as_version_1(original: Original, kind: Kind, body: dict[str, Any]) -> object:
    """POST of a member takes privacy as one word, privacy keys and tags at the top level."""
    return original(kind, _version_1(kind, body) if kind.name == "member" else body)


def _version_1(kind: Kind, body: dict[str, Any]) -> dict[str, Any]:
    if isinstance(body.get("privacy"), (dict, list)):
        raise Rejected(Problem.BAD_REQUEST, "privacy is no text")
    privacy = dict.fromkeys(kind.privacy_keys, body["privacy"]) if "privacy" in body else {}
    privacy |= {key: body[key] for key in kind.privacy_keys if key in body}
    tag = {key: body[key] for key in ("prefix", "suffix") if key in body}
    return ({"proxy_tags": [tag]} if tag else {}) | body | {"privacy": privacy}


@deviation(134, only=REVISION, step="switches.update")
def returns_old_timestamp(server: Server, original: Original, call: Call) -> dict[str, Any]:
    """PATCH of a switch stores the new timestamp and shows the old one."""
    switch = server.store.switches.get(canonical_uuid(call.params["switch"]) or "")
    old = {"timestamp": server.presenter.switch_frame(switch)["timestamp"]} if switch else {}
    shown: dict[str, Any] = original(call)
    return shown | old


@deviation(138, only=REVISION, step="memberships.list_groups")
def fails_on_groups_of_unknown_member(original: Original, call: Call) -> object:
    """The groups of an unknown member are 500."""
    try:
        return original(call)
    except Rejected as rejected:
        if rejected.problem is Problem.MEMBER_UNKNOWN:
            raise Rejected(Problem.INTERNAL) from None
        raise


@deviation(151, only=REVISION, step="errors.response")
def returns_errors_without_content_type(original: Original, rejected: Rejected) -> Response:
    """Error objects are sent without a Content-Type."""
    returned: Response = original(rejected)
    if returned.headers.get("content-type") == "application/json":
        del returned.headers["content-type"]
    return returned
