"""Operations of the API as the OpenAPI document describes them."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote

from conformance.contract.document import resolve

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.contract.document import Schema

METHODS = ("get", "post", "patch", "delete")


@dataclasses.dataclass(frozen=True)
class PrivateList:
    """The privacy key that closes a whole response, and how it is rejected then.

    Source: docs, reference#authentication and errors#json-error-codes.
    """

    model: str
    key: str
    status: int
    code: int


@dataclasses.dataclass(frozen=True, eq=False)
class Operation:
    """One method of one path.

    `entity` is the model that it is about, or the list or part of one: `MemberGroups`, `GroupMembers`, `SwitchMembers`,
    `Fronters`. `action` is what it does with it: get, list, create, update, delete, add, remove or overwrite. `query` are the
    names of its query parameters.
    """

    id: str
    entity: str
    action: str
    method: str
    path: str
    scope: str
    authentication: Literal["required", "optional"]
    needs: tuple[str, ...]
    query: tuple[str, ...]
    request_schema: Schema | None
    responses: dict[str, Schema]
    private_list: PrivateList | None
    tag: str

    @property
    def writes(self) -> bool:
        """Whether the operation may change something."""
        return self.method != "GET"

    @property
    def success(self) -> str:
        """The status of the first documented success, as the key of `responses`."""
        return min(status for status in self.responses if status.startswith("2"))

    def url_path(self, refs: Mapping[str, str]) -> str:
        """Return the path below the base URL with every `{parameter}` replaced and escaped."""
        path = self.path
        for name, value in refs.items():
            path = path.replace("{" + name + "}", quote(value, safe="@"))
        return path


def read_operations(document: Schema) -> Iterator[Operation]:
    """Yield every operation of the document, in its order."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                parameters = [*item.get("parameters", ()), *item[method].get("parameters", ())]
                yield _operation(document, path, method, item[method], parameters)


def _operation(
    document: Schema, path: str, method: str, node: Schema, parameters: list[Schema]
) -> Operation:
    private = node.get("x-private-list")
    named = [resolve(document, parameter) for parameter in parameters]
    return Operation(
        id=node["operationId"],
        entity=node["x-entity"],
        action=node["x-action"],
        method=method.upper(),
        path=path,
        scope=node["x-rate-limit-scope"],
        authentication="optional" if {} in node["security"] else "required",
        needs=tuple(node.get("x-needs", ())),
        query=tuple(str(one["name"]) for one in named if one["in"] == "query"),
        request_schema=_request_schema(document, node),
        responses=dict(_response_schemas(document, node)),
        private_list=PrivateList(**private) if private else None,
        tag=node["tags"][0],
    )


def _request_schema(document: Schema, node: Schema) -> Schema | None:
    if "requestBody" not in node:
        return None
    body = resolve(document, node["requestBody"])
    return resolve(document, body["content"]["application/json"]["schema"])


def _response_schemas(document: Schema, node: Schema) -> Iterator[tuple[str, Schema]]:
    for status, response in node["responses"].items():
        content = resolve(document, response).get("content", {})
        yield status, content.get("application/json", {}).get("schema", {})
