"""Faults: the Discord accounts that name a system in a path."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.entities import System
    from conformance.reference.steps import Original


@fault("systemref-discord-id")
def reads_account_ids_as_floats(server: Server) -> None:
    """The id of an account is read as a floating-point number, so that its last digits do not count."""

    def account(original: Original, ref: str) -> System | None:
        if not ref.isdecimal():
            found: System | None = original(ref)
            return found
        known = server.store.accounts.items()
        return next((system for one, system in known if float(one) == float(ref)), None)

    wrap(server.references, "account", account)


@fault("systemref-discord-id")
def needs_a_token_for_account_ids(server: Server) -> None:
    """Only who has a token can name a system by the id of an account."""

    def system(original: Original, ref: str, caller: System | None) -> System:
        if caller is None and server.references.account(ref):
            raise Rejected(Problem.UNAUTHORIZED)
        found: System = original(ref, caller)
        return found

    wrap(server.references, "system", system)
