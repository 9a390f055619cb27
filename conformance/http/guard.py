"""The guard: a run writes only to what it created itself, and to its own system."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from conformance.contract import Operation

ENTITY_REFS = ("systemId", "memberId", "groupId", "switchId")


class GuardError(RuntimeError):
    """A check tried to write to something that is not the run's own: a defect of the suite."""


class Guard:
    """The refs that may be written to, and those that never may."""

    def __init__(self) -> None:
        self._own: set[str] = {"@me"}
        self._protected: set[str] = set()
        self._allowed: dict[str, set[str]] = {}

    def allow(self, *refs: str) -> None:
        """Let the run write to these refs, unless they are protected."""
        self._own.update(_normalized(ref) for ref in refs)

    def allow_operation(self, operation: str, ref: str) -> None:
        """Let one operation write to this ref, even if it is protected: what it changes is in the journal."""
        self._allowed.setdefault(operation, set()).add(_normalized(ref))

    @contextlib.contextmanager
    def lend(self, ref: str) -> Iterator[None]:
        """Let the run write to what is not its own, for one request that would do no harm if it were carried out."""
        lent = {_normalized(ref)} - self._own
        self._own |= lent
        try:
            yield
        finally:
            self._own -= lent

    def protect(self, refs: Iterable[str]) -> None:
        """Never let the run write to these refs, even if the target says that the run created them."""
        self._protected.update(_normalized(ref) for ref in refs)

    def owns(self, ref: str) -> bool:
        """Whether the run may write to `ref`."""
        return _normalized(ref) in self._own and _normalized(ref) not in self._protected

    def check(self, operation: Operation, refs: Mapping[str, str]) -> None:
        """Raise GuardError when the operation would write to something that is not the run's own."""
        if not operation.writes:
            return
        for name in ENTITY_REFS:
            allowed = name in refs and _normalized(refs[name]) in self._allowed.get(
                operation.id, ()
            )
            if name in refs and not (allowed or self.owns(refs[name])):
                message = f"{operation.id} on {name}={refs[name]!r}, which this run did not create"
                raise GuardError(message)


def _normalized(ref: str) -> str:
    return ref.lower().replace("-", "")
