"""How valid values are stored in rows. docs: reference#api-reference."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from conformance.reference.entities import Row

if TYPE_CHECKING:
    from conformance.reference.models import Kind
    from conformance.reference.validation import Patch

RowT = TypeVar("RowT", bound=Row)


class Updates:
    """Changes rows; values are validated before."""

    def build(self, kind: Kind, patch: Patch) -> Row:
        """Return a new row: keys that were not sent are null or their default."""
        return self.merge(Row.blank(kind), patch)

    def merge(self, row: RowT, patch: Patch) -> RowT:
        """Set the keys that were sent; all others keep their value."""
        row.fields.update(patch.fields)
        row.privacy.update(patch.privacy)
        return row
