"""The guard: a run changes and deletes only what it created itself, or what it was allowed to change."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from conformance.contract import Operation

ENTITY_REFS = ("systemId", "memberId", "groupId", "switchId")


class GuardError(RuntimeError):
    """A check tried to write to something that is not the run's own: a defect of the suite."""


class Guard:
    """Knows the refs that may be written to, and those that never may."""

    def __init__(self) -> None:
        self._own: set[str] = {"@me"}
        self._protected: set[str] = set()

    def allow(self, *refs: str) -> None:
        """Let the run write to these refs, unless they were there before it."""
        self._own.update(_plain(ref) for ref in refs)

    def protect(self, refs: Iterable[str]) -> None:
        """Never let the run write to these refs, whatever the target says that it created."""
        self._protected.update(_plain(ref) for ref in refs)

    def owns(self, ref: str) -> bool:
        """Whether the run may write to `ref`."""
        return _plain(ref) in self._own and _plain(ref) not in self._protected

    def check(self, operation: Operation, refs: Mapping[str, str]) -> None:
        """Raise GuardError when the operation would write to something that is not the run's own."""
        if not operation.writes:
            return
        for name in ENTITY_REFS:
            if name in refs and not self.owns(refs[name]):
                message = f"{operation.id} on {name}={refs[name]!r}, which this run did not create"
                raise GuardError(message)


def _plain(ref: str) -> str:
    return ref.lower().replace("-", "")
