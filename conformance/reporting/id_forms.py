"""An id that the target chose, in each form in which a request may name it: as a shell variable and as Python code.

Which requests name one is found in `chain`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_HALF = 3  # letters before the dash of a short id
_DASH = f'.[:{_HALF}] + "-" + .[{_HALF}:]'


@dataclass(frozen=True)
class Form:
    """A form of ids: how it is written, by jq, and in an f-string of Python in which `ID` is the id as it was returned."""

    written: Callable[[str], str]
    jq: str
    python: str


def _dashed(ref: str) -> str:
    return f"{ref[:_HALF]}-{ref[_HALF:]}"


AS_RETURNED = ""
SHORT = {
    AS_RETURNED: Form(str, "", "{ID}"),
    "UPPER": Form(str.upper, " | ascii_upcase", "{ID.upper()}"),
    "DASHED": Form(_dashed, f" | {_DASH}", f"{{ID[:{_HALF}]}}-{{ID[{_HALF}:]}}"),
    "UPPER_DASHED": Form(
        lambda ref: _dashed(ref).upper(),
        f" | ascii_upcase | {_DASH}",
        f"{{ID[:{_HALF}].upper()}}-{{ID[{_HALF}:].upper()}}",
    ),
}
LONG = {
    AS_RETURNED: SHORT[AS_RETURNED],
    "UPPER": SHORT["UPPER"],
    "UNDASHED": Form(lambda ref: ref.replace("-", ""), ' | gsub("-"; "")', "{ID.replace('-', '')}"),
}
FORMS = {"id": SHORT, "uuid": LONG, "timestamp": {AS_RETURNED: SHORT[AS_RETURNED]}}
"""The forms by name, for each key of a response that holds what requests name again."""


@dataclass(frozen=True)
class Ref:
    """An id of something that an earlier request created, in one form."""

    entity: str  # like member1
    key: str
    form: str

    @property
    def variable(self) -> str:
        """The name of its shell variable."""
        return "_".join(filter(None, ("PKC", self.entity, self.key, self.form))).upper()

    @property
    def shell(self) -> str:
        """The command that prints it, from the variable that holds the response."""
        jq = FORMS[self.key][self.form].jq
        path = f"'.{self.key}{jq}'" if jq else f".{self.key}"
        return f'jq -r {path} <<<"${self.entity}"'

    @property
    def inserted(self) -> str:
        """What stands for it in an f-string in double quotes."""
        return FORMS[self.key][self.form].python.replace("ID", f"{self.entity}['{self.key}']")

    @property
    def code(self) -> str:
        """The Python expression of it."""
        return f'{self.entity}["{self.key}"]' if not self.form else f'f"{self.inserted}"'


def refs(entity: str, key: str, returned: str) -> dict[str, Ref]:
    """Return the refs of an entity with an id, by how each is written."""
    found: dict[str, Ref] = {}
    for name, form in FORMS[key].items():
        found.setdefault(form.written(returned), Ref(entity, key, name))
    return found
