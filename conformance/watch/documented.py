"""What the contract says of an endpoint: which operation a method and a path are, and which parameters it has."""

from __future__ import annotations

import dataclasses
import functools
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.contract import Contract, Operation
    from conformance.contract.document import Schema

METHODS = ("get", "post", "patch", "delete")
UNDOCUMENTED = "undocumented"  # what stands for an operation where the docs have no such endpoint
_READS = ("GET", "HEAD")


@dataclasses.dataclass(frozen=True, eq=False)
class Place:
    """What a method and a path mean. `template` is the documented path, `methods` those it has, `refs` the ids in it by parameter.

    `operation` is None, and `template` empty, where the docs have no such thing.
    """

    operation: Operation | None
    template: str
    methods: tuple[str, ...]
    refs: Mapping[str, str]
    scope: str
    ends_in_slash: bool = False

    @property
    def name(self) -> str:
        """The operation, or what there is instead of one."""
        return self.operation.id if self.operation else UNDOCUMENTED


class Documented:
    """The endpoints of one revision, below the path of a base URL."""

    def __init__(self, contract: Contract, base_path: str) -> None:
        """Take the contract, and the path that stands before those of the document."""
        self.contract = contract
        self._base = base_path.rstrip("/")
        self._operations: dict[str, dict[str, Operation]] = {}
        for operation in contract.operations.values():
            self._operations.setdefault(operation.path, {})[operation.method] = operation
        # What is written out goes before what any id fits.
        ordered = sorted(self._operations, key=lambda path: path.count("{"))
        self._templates = [(path, _pattern(path)) for path in ordered]

    def place(self, method: str, path: str) -> Place:
        """Return what a method and a path, as sent, are in the docs."""
        below = path.removeprefix(f"{self._base}/")
        written = "/" + below if below != path or not self._base else ""
        bare = written.rstrip("/")
        decoded = "/".join(unquote(part).replace("/", "%2F") for part in bare.split("/"))
        for template, pattern in self._templates:
            found = pattern.fullmatch(decoded)
            if found:
                by_method = self._operations[template]
                operation = by_method.get(method)
                scope = operation.scope if operation else self._scope(method)
                slash = bare != written
                return Place(operation, template, tuple(by_method), found.groupdict(), scope, slash)
        return Place(None, "", (), {}, self._scope(method))

    @functools.cache  # noqa: B019 one for each process
    def parameters(self, operation: str, place: str) -> Mapping[str, Schema]:
        """Return the parameters of an operation that stand in `path` or `query`, with their schemas, by name."""
        contract = self.contract
        row = contract.operations[operation]
        item = contract.document["paths"][row.path]
        nodes = [*item.get("parameters", ()), *item[row.method.lower()].get("parameters", ())]
        named = [contract.resolve(node) for node in nodes]
        return {one["name"]: one for one in named if one["in"] == place}

    @functools.cache  # noqa: B019 one for each process
    def path_schemas(self, template: str) -> Mapping[str, Schema]:
        """Return the schemas of the ids in a path, by parameter."""
        nodes = self.contract.document["paths"][template].get("parameters", ())
        named = map(self.contract.resolve, nodes)
        return {
            one["name"]: self.contract.resolve(one["schema"])
            for one in named
            if one["in"] == "path"
        }

    def _scope(self, method: str) -> str:
        """Return the scope that counts a request of this method to no endpoint in particular."""
        limits = list(self.contract.rate_limits)
        reads = next(one for one in self.contract.operations.values() if one.action == "list")
        writes = next(one for one in self.contract.operations.values() if one.writes)
        scope = reads.scope if method in _READS else writes.scope
        return scope if scope in limits else limits[0]


def _pattern(template: str) -> re.Pattern[str]:
    """Return what fits a path of the document, with a group for each of its parameters."""
    parts = re.split(r"\{(\w+)\}", template)
    return re.compile(
        "".join(
            f"(?P<{part}>[^/]+)" if number % 2 else re.escape(part)
            for number, part in enumerate(parts)
        )
    )
