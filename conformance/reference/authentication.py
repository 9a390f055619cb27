"""Who calls, and what is theirs. docs: reference#authentication."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.reference.errors import Problem, Rejected

if TYPE_CHECKING:
    from conformance.reference.calls import Call
    from conformance.reference.entities import Group, Member, System
    from conformance.reference.storage import Store


class Authentication:
    """Tokens to systems, and the right to change what a system owns."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def identify(self, call: Call) -> System | None:
        """Return the system of the token; no token and unknown tokens are anonymous."""
        return self._store.tokens.get(call.token or "")

    def require(self, call: Call) -> System:
        """Return the caller of a request that needs one, or reject with 401."""
        if call.caller is None:
            raise Rejected(Problem.UNAUTHORIZED)
        return call.caller

    def own_system(self, system: System, caller: System) -> None:
        """Reject the change of another system."""
        if system is not caller:
            raise Rejected(Problem.NOT_YOURS)

    def own_member(self, member: Member, caller: System) -> None:
        """Reject the change of a foreign member."""
        if member.system is not caller:
            raise Rejected(Problem.MEMBER_FOREIGN)

    def own_group(self, group: Group, caller: System) -> None:
        """Reject the change of a foreign group."""
        if group.system is not caller:
            raise Rejected(Problem.GROUP_FOREIGN)
