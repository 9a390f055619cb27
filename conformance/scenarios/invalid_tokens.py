"""Tokens that belong to nobody, derived from the own token or made up, and places where a token does not count.

Reports show a placeholder instead of each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.http import NotApplicable

if TYPE_CHECKING:
    from conformance.account import Account
    from conformance.http import Caller

# Each kind of invalid token, with its placeholder in reports.
PLACEHOLDERS = {
    "missing": None,
    "empty": None,
    "unknown": "$UNKNOWN_TOKEN",
    "truncated": "$TRUNCATED_TOKEN",
    "recased": "$RECASED_TOKEN",
    "extended": "$EXTENDED_TOKEN",
}
KINDS = tuple(PLACEHOLDERS)
MISSING = ("missing", "empty")
# Tokens of a form that no token has; they are no secrets.
MALFORMED = {"spaced": "no such token", "long": "conformance" * 100, "non-ascii": "ключ-\u00fc"}
# Where a token does not count.
PLACES = ("query", "header")
SHORTEST = 8  # characters of a token that can be recognized in other text in a report


class InvalidTokens:
    """Callers with each kind of token."""

    def __init__(self, owner: Caller, account: Account) -> None:
        """Take the caller who has the own token."""
        self.owner = owner
        self._unknown = account.unknown_token()

    def caller(self, kind: str) -> Caller:
        """Return a caller with this kind of token.

        Raises:
            NotApplicable: the own token has no such form.

        """
        token = self._made(kind)
        return self.owner.with_token(token, "anonymous", shown=PLACEHOLDERS.get(kind))

    def _made(self, kind: str) -> str | None:
        own = self.owner.token or ""
        made = {"missing": None, "empty": "", "unknown": self._unknown} | MALFORMED
        if kind in made:
            return made[kind]
        changed = {"truncated": own[:-1], "recased": own.swapcase(), "extended": f"{own}x"}[kind]
        if changed == own or len(own) < SHORTEST:
            reason = f"the own token has no {kind} form"
            raise NotApplicable(reason)
        return changed


def misplaced_token(place: str, token: str) -> dict[str, dict[str, str]]:
    """Return the query or the headers of a request that carries a token where it does not count."""
    if place == "query":
        return {"query": {"token": token, "authorization": token}}
    cookie = f"token={token}; Authorization={token}"
    return {"headers": {"X-Authorization": token, "Token": token, "Cookie": cookie}}


def rule_of(kind: str) -> str:
    """Return the requirement that this kind of token is rejected."""
    return "auth-missing-gives-401" if kind in MISSING else "auth-invalid-gives-401"
