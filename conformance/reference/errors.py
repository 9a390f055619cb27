"""What the server rejects, with which status, code and error object. docs: errors."""

from __future__ import annotations

from enum import Enum
from typing import Any, NoReturn

from starlette.responses import JSONResponse, Response

ErrorMap = dict[str, list[dict[str, Any]]]


class Problem(Enum):
    """Reason for a rejection: status, code, message. docs: errors#json-error-codes."""

    INTERNAL = (500, 0, "The server failed.")
    BAD_REQUEST = (400, 0, "The request cannot be understood: {ref}.")
    NO_USER_AGENT = (400, 0, "A User-Agent header is needed.")
    UNAUTHORIZED = (401, 0, "A valid system token is needed.")
    NOT_YOURS = (403, 0, "This belongs to another system.")
    NO_ROUTE = (404, 0, "There is nothing at this path.")
    WRONG_METHOD = (405, 0, "The path does not know this method.")
    CONTENT_TYPE = (415, 0, "The body has to be application/json.")
    TOO_MANY = (429, 0, "429: too many requests")
    SYSTEM_UNKNOWN = (404, 20001, "No system has this id.")
    MEMBER_UNKNOWN = (404, 20002, "No member has this id.")
    LISTED_MEMBER_UNKNOWN = (404, 20003, "No member has the id '{ref}'.")
    GROUP_UNKNOWN = (404, 20004, "No group has this id.")
    LISTED_GROUP_UNKNOWN = (404, 20005, "No group has the id '{ref}'.")
    MESSAGE_UNKNOWN = (404, 20006, "No message has this id.")
    SWITCH_UNKNOWN = (404, 20007, "No switch has this id.")
    SWITCH_UNAVAILABLE = (404, 20008, "This system shows no switch with this id.")
    SYSTEM_GUILD_UNKNOWN = (404, 20009, "The system has no settings in this guild.")
    MEMBER_GUILD_UNKNOWN = (404, 20010, "The member has no settings in this guild.")
    MEMBER_LIST_HIDDEN = (403, 30001, "The member list is private.")
    GROUP_LIST_HIDDEN = (403, 30002, "The group list is private.")
    GROUP_MEMBERS_HIDDEN = (403, 30003, "The members of the group are private.")
    FRONTERS_HIDDEN = (403, 30004, "The fronters are private.")
    HISTORY_HIDDEN = (403, 30005, "The switch history is private.")
    MEMBER_FOREIGN = (403, 30006, "The member belongs to another system.")
    GROUP_FOREIGN = (403, 30007, "The group belongs to another system.")
    LISTED_MEMBER_FOREIGN = (403, 30008, "The member '{ref}' belongs to another system.")
    LISTED_GROUP_FOREIGN = (403, 30009, "The group '{ref}' belongs to another system.")
    INVALID = (400, 40001, "Some values are not valid; errors says which.")
    AUTOPROXY_MEMBER_MISSING = (400, 40002, "The mode member needs an autoproxy_member.")
    DUPLICATE_MEMBERS = (400, 40003, "A member is listed twice.")
    SAME_FRONTERS = (400, 40004, "These members front already.")
    TIMESTAMP_TAKEN = (400, 40005, "Another switch has this timestamp.")
    SWITCH_ID_INVALID = (400, 40006, "A switch id is a UUID.")
    MEMBER_LIMIT = (400, 40007, "The system has as many members as it can.")
    GROUP_LIMIT = (400, 40008, "The system has as many groups as it can.")
    UNIMPLEMENTED = (501, 50001, "This is not there yet.")
    """Not in the docs; only upstream returns it."""


class Rejected(Exception):
    """The request is rejected.

    ``ref`` goes into the message, ``errors`` maps keys of the body to what is wrong with them,
    ``retry_after`` is in milliseconds.
    """

    def __init__(
        self,
        problem: Problem,
        ref: str = "",
        *,
        errors: ErrorMap | None = None,
        retry_after: int | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(problem, ref)
        self.problem = problem
        self.ref = ref
        self.errors = errors
        self.retry_after = retry_after
        self.headers = headers


def reject_value(key: str, message: str) -> NoReturn:
    """Reject one value of a body."""
    raise Rejected(Problem.INVALID, errors={key: [{"message": message}]})


class ErrorRenderer:
    """Turns rejections into responses. docs: errors#error-response-model."""

    def response(self, rejected: Rejected) -> Response:
        """Return the response to a rejected request."""
        return JSONResponse(
            self.body(rejected), status_code=self.status(rejected), headers=rejected.headers
        )

    def status(self, rejected: Rejected) -> int:
        """Return the HTTP status."""
        return int(rejected.problem.value[0])

    def body(self, rejected: Rejected) -> dict[str, Any]:
        """Return the error object."""
        _, code, message = rejected.problem.value
        body: dict[str, Any] = {"message": message.format(ref=rejected.ref), "code": code}
        if rejected.errors is not None:
            body["errors"] = rejected.errors
        if rejected.retry_after is not None:
            body["retry_after"] = rejected.retry_after
        return body
