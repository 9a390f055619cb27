"""Classes of input for each kind of place in a request, and the cells: each operation with each place and each class.

The classes are in `openapi/inputs`, a file for each kind of place. How they are sent is in `scenarios`, what the responses
must be in `checks`.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from typing import TYPE_CHECKING, Any

from conformance.contract.document import data_folder, read_yaml
from conformance.contract.fields import REQUEST_SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from conformance.contract import Contract, Field, Operation
    from conformance.contract.document import Json, Schema

BODY, KEY, ENTRY, PATH, QUERY, CALLER = "body", "key", "entry", "path", "query", "caller"
HEADER, TIME = "header", "time"
FILES = {
    BODY: "bodies.yaml",
    KEY: "keys.yaml",
    QUERY: "queries.yaml",
    HEADER: "headers.yaml",
    TIME: "times.yaml",
    PATH: "paths.yaml",
    CALLER: "callers.yaml",
    ENTRY: "entries.yaml",
}
TIMESTAMP = "timestamp"
NEEDS_GUILD, CHANNEL = "guild_id", "channel_id"
CONTENT_TYPE, USER_AGENT, AUTHORIZATION = "content_type", "user_agent", "authorization"
# A read, a list, a message and a write; what looks at these headers is the same for all others in most servers. Where services
# share the operations among them, one of them may not look: so other reads are tried, too.
WITH_AGENTS, WITH_TOKENS = (
    ("getSystem", "getSystemMembers", "getMessage", "updateMember"),
    "getSystem",
)
OWN_REFS = ("systemId", "memberId", "groupId")  # what every run can name
PARAMETER = re.compile(r"{(\w+)}")


@dataclasses.dataclass(frozen=True, eq=False)
class InputClass:
    """One class of input for one kind of place, with what the docs say of it; see `openapi/inputs/input-class.schema.json`."""

    place: str
    id: str
    text: str
    of: tuple[str, ...]
    answer: str
    requirements: tuple[str, ...] = ()
    status: tuple[int, ...] = ()
    code: tuple[int, ...] = ()
    value: Json = None
    content: str | None = None
    repeated: int = 1
    sample: str | None = None
    shown: int | None = None
    operations: tuple[str, ...] = ()
    upstream: tuple[Mapping[str, Any], ...] = ()
    open: str = ""
    most: str = ""
    left_out: tuple[Mapping[str, Any], ...] = ()

    @property
    def sent(self) -> str:
        """The whole body, of a class of bodies."""
        return (self.content or "") * self.repeated


@dataclasses.dataclass(frozen=True)
class Cell:
    """One class of input in one place of one operation; `where` is the key or the parameter, empty for a whole body."""

    operation: Operation
    where: str
    input_class: InputClass

    @property
    def name(self) -> str:
        """The cell's name in reports, like `updateMember-color-null`."""
        parts = (self.operation.id, self.where, self.input_class.id)
        return "-".join(part for part in parts if part)

    @property
    def because(self) -> str:
        """Why no check sends it; empty where one must."""
        for entry in self.input_class.left_out:
            if self._is_named_by(entry):
                return str(entry["because"])
        return ""

    def rules(self, contract: Contract) -> tuple[str, ...]:
        """The requirements on this operation that say what the response is, as far as the revision has them."""
        named = (contract.requirements.get(name) for name in self.input_class.requirements)
        of = self.operation.id
        return tuple(rule.id for rule in named if rule and of in (rule.operations or (of,)))

    def is_as_upstream(self, status: int | None, revision: str, code: object = None) -> bool:
        """Whether PluralKit production is known to answer with this status, and this code, at this revision."""
        return any(
            entry["status"] == status
            and entry.get("code", code) == code
            and entry.get("since", revision) <= revision <= entry.get("until", revision)
            and self._is_named_by(entry)
            for entry in self.input_class.upstream
        )

    def _is_named_by(self, entry: Mapping[str, Any]) -> bool:
        operations, keys = entry.get("operations"), entry.get("keys")
        return (operations is None or self.operation.id in operations) and (
            keys is None or self.where in keys
        )


@functools.cache
def classes(place: str) -> tuple[InputClass, ...]:
    """Return the classes of one kind of place."""
    rows = read_yaml(data_folder() / "inputs" / FILES[place])["classes"]
    return tuple(_input_class(place, row) for row in rows)


@functools.cache
def cells(contract: Contract, place: str) -> tuple[Cell, ...]:
    """Return the cells of one kind of place, in the order of the operations."""
    return tuple(
        Cell(operation, where, input_class)
        for operation in contract.operations.values()
        for where, *forms in PLACES[place](contract, operation)
        for input_class in classes(place)
        if set(forms) & set(input_class.of)
        and operation.id in (input_class.operations or (operation.id,))
        and (place in (BODY, KEY) or _is_documented(input_class, contract))
    )


def _is_documented(input_class: InputClass, contract: Contract) -> bool:
    """Whether the docs of the revision say something that the class names."""
    return any(name in contract.requirements for name in input_class.requirements)


def _bodies(_: Contract, operation: Operation) -> Iterator[tuple[str, ...]]:
    """Yield the body of an operation, if it takes one: an object, or a list."""
    schema: Schema = operation.request_schema or {}
    if schema:
        yield "", "list" if schema.get("type") == "array" else "object"


def _keys(contract: Contract, operation: Operation) -> Iterator[tuple[str, ...]]:
    """Yield the keys of the body of an operation with their forms; each key of a privacy object is one."""
    schema: Schema = operation.request_schema or {}
    if operation.entity in REQUEST_SCHEMAS:
        for key in schema.get("properties", {}):
            yield key, *forms_of(contract.field(operation.entity, key))
            if key == "privacy":
                for one in contract.privacy_keys_of(operation.entity):
                    yield f"{key}.{one.key}", "level"


def forms_of(field: Field) -> Iterator[str]:
    """Yield what classes of values a key can have: by what it holds, whether it may be null, and whether its length is limited."""
    form = _form(field)
    yield form
    if form not in ("name", "privacy"):
        yield "nullable" if field.nullable else "never-null"
    if "maxLength" in field.schema:
        yield "limited"


def _form(field: Field) -> str:
    schema, types = field.schema, field.schema.get("type", ())
    pattern = schema.get("pattern", "")
    fitting = {
        "privacy": field.key == "privacy",
        "choice": "enum" in schema,
        "boolean": "boolean" in types,
        "integer": "integer" in types,
        "tags": "array" in types,
        "url": schema.get("format") == "uri",
        "date": schema.get("format") == "date",
        "zone": schema.get("format") == "timezone",
        "name": "maxLength" in schema and not field.nullable,
        "text": "maxLength" in schema,
        "color": "0-9" in pattern,
        "ref": bool(pattern),
        "plain-text": True,
    }
    return next(form for form, fits in fitting.items() if fits)


def _parameters(_: Contract, operation: Operation) -> Iterator[tuple[str, ...]]:
    """Yield the query parameters of an operation, also the one that the docs name and that always gives an error."""
    for name in operation.query:
        yield name, name
    if NEEDS_GUILD in operation.query:
        yield CHANNEL, CHANNEL


def _headers(_: Contract, operation: Operation) -> Iterator[tuple[str, ...]]:
    """Yield the headers that are tried with an operation: the label of a body, and some reads and writes with the others."""
    if operation.request_schema:
        yield CONTENT_TYPE, CONTENT_TYPE
    if operation.id in WITH_AGENTS:
        yield USER_AGENT, USER_AGENT
    elif _is_read_of_own(operation):
        yield USER_AGENT, "agent_of_other_reads"
    if operation.id == WITH_TOKENS:
        yield AUTHORIZATION, AUTHORIZATION


def _is_read_of_own(operation: Operation) -> bool:
    """Whether an operation reads what every run can name."""
    named = set(PARAMETER.findall(operation.path)) <= set(OWN_REFS)
    return named and not operation.writes and NEEDS_GUILD not in operation.query


def _times(_: Contract, operation: Operation) -> Iterator[tuple[str, ...]]:
    """Yield the timestamp of the body of a switch."""
    forms = {"createSwitch": "new", "updateSwitch": "moved"}
    if operation.id in forms:
        yield TIMESTAMP, forms[operation.id]


def parameters(operation: Operation) -> list[str]:
    """Return the names of the parameters of a path, in their order."""
    return [part[1:-1] for part in operation.path.split("/") if part.startswith("{")]


def _path(_: Contract, operation: Operation) -> Iterator[tuple[str, ...]]:
    """Yield each parameter of the path."""
    return ((name, name) for name in parameters(operation))


def _callers(_: Contract, operation: Operation) -> Iterator[tuple[str, ...]]:
    """Yield how the path of a write, or of a read that needs a token, can name whose it is; of public reads @me alone."""
    names = parameters(operation)
    of_entity = [name for name in ("memberId", "groupId") if name in names]
    if not operation.writes and operation.authentication != "required":
        yield from (("me", "me") for name in names if name == "systemId")
    elif of_entity:
        form = "addition" if operation.action == "add" else "entity"
        yield from (("id", form), ("uuid", f"{form}-by-uuid"))
    elif "systemId" in names:
        yield "me", "own-switch" if "switchId" in names else "own"
        yield from (("id", "system"), ("uuid", "system-by-uuid"), ("other", "other-system"))
    else:
        yield "me", "me"


def _entries(_: Contract, operation: Operation) -> Iterator[tuple[str, ...]]:
    """Yield the list of refs in the body of an operation, if it takes one."""
    lists = {"GroupMembers": "members", "MemberGroups": "groups", "SwitchMembers": "switch"}
    if operation.writes and operation.entity in lists:
        yield "entry", lists[operation.entity]
    elif operation.id == "createSwitch":
        yield "entry", "switch"


# Where an operation has places of each kind, and of which forms they are.
PLACES: dict[str, Callable[[Contract, Operation], Iterator[tuple[str, ...]]]] = {
    BODY: _bodies,
    KEY: _keys,
    QUERY: _parameters,
    HEADER: _headers,
    TIME: _times,
    PATH: _path,
    CALLER: _callers,
    ENTRY: _entries,
}


def _input_class(place: str, row: dict[str, Any]) -> InputClass:
    lists = ("of", "operations", "requirements", "status", "code", "upstream", "left_out")
    return InputClass(
        place=place, **{**row, **{key: tuple(row[key]) for key in lists if key in row}}
    )
