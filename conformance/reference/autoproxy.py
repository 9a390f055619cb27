"""The modes of autoproxy and the member that some of them need. docs: models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.reference.errors import Problem, Rejected, reject_value

if TYPE_CHECKING:
    from conformance.reference.calls import Call
    from conformance.reference.entities import Row
    from conformance.reference.references import References
    from conformance.reference.validation import Patch

_WITHOUT_MEMBER = ("off", "front")


class AutoproxyModes:
    """Makes mode and member of a patch fit each other and the row."""

    def __init__(self, references: References) -> None:
        self._references = references

    def settle(self, patch: Patch, row: Row, call: Call) -> None:
        """Complete the patch, or reject it. docs: models#autoproxy-settings-model."""
        mode = patch.fields.get("autoproxy_mode", row.fields["autoproxy_mode"])
        ref = patch.fields.get("autoproxy_member")
        if ref is not None:
            patch.fields["autoproxy_member"] = self.member(ref, mode, call)
        elif mode in _WITHOUT_MEMBER:
            patch.fields["autoproxy_member"] = None
        member = patch.fields.get("autoproxy_member", row.fields["autoproxy_member"])
        if mode == "member" and member is None:
            raise Rejected(Problem.AUTOPROXY_MEMBER_MISSING)

    def member(self, ref: str, mode: str, call: Call) -> str:
        """Return the short id of the member for a mode that has one."""
        if mode in _WITHOUT_MEMBER:
            reject_value("autoproxy_member", f"The mode {mode} has no member.")
        try:
            return self._references.listed_member(ref, call).short_id
        except Rejected as rejected:
            if rejected.problem is not Problem.LISTED_MEMBER_UNKNOWN:
                raise
            reject_value("autoproxy_member", f"No member has the id '{ref}'.")
