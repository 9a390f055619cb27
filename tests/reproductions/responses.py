"""What of a response is the same whenever it is sent again: status, headers and body, with names for ids and times.

Where the responses come from is not known here.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from conformance.reporting.history import parsed, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

_UUID = r"[0-9A-Fa-f]{8}-?(?:[0-9A-Fa-f]{4}-?){3}[0-9A-Fa-f]{12}"
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[^\s\"]*")
_SHORT_ID = re.compile(r"[A-Za-z]{3}-?[A-Za-z]{2,3}")
_WORD = re.compile(rf"{_UUID}|(?<![\w-])[A-Za-z]{{3}}-?[A-Za-z]{{2,3}}(?![\w-])")
_RECENT = timedelta(days=1)  # what happened less than this ago is a time of the run
_ID_KEYS = ("id", "uuid", "member", "group", "autoproxy_member", "members")
_NEW = ("date", "content-length", "server")
_RATES = "x-ratelimit"


def comparable(
    status: int | None, headers: Mapping[str, str], body: str, ids: Mapping[str, str], sent: str
) -> dict[str, Any]:
    """Return the parts of a response that are the same again.

    `ids` are names of ids, as `plain` returns them; those that stand in the line that was `sent` are the same again, too.
    """
    names = dict(ids)
    content = parsed(body)
    kept = {plain(word) for word in _WORD.findall(sent)}
    for ref in (one for one in _found_ids(content) if plain(one) not in kept):
        names.setdefault(plain(ref), f"other {len(names) - len(ids)}")
    return {
        "status": status,
        "headers": {
            key.lower(): value
            for key, value in headers.items()
            if key.lower() not in _NEW and not key.lower().startswith(_RATES)
        },
        "body": _named(body if content is None else content, names),
    }


def without_order(value: Any) -> Any:
    """Return a value whose lists of objects are sorted: of members and groups the docs promise no order."""
    if isinstance(value, dict):
        return {key: without_order(part) for key, part in value.items()}
    if isinstance(value, list):
        return sorted(map(without_order, value), key=lambda part: json.dumps(part, sort_keys=True))
    return value


def is_same(wanted: dict[str, Any], found: dict[str, Any], operation: str) -> bool:
    """Whether statuses and last response are the same; the order counts in lists of switches alone."""
    if wanted["statuses"] != found["statuses"]:
        return False
    if operation == "getSystemSwitches":
        return bool(wanted["last"] == found["last"])
    return bool(without_order(wanted["last"]) == without_order(found["last"]))


def _found_ids(value: Any, key: str = "") -> list[str]:
    """Return all ids that stand where ids do."""
    if isinstance(value, dict):
        return [ref for name, part in value.items() for ref in _found_ids(part, name)]
    if isinstance(value, list):
        return [ref for part in value for ref in _found_ids(part, key)]
    is_id = isinstance(value, str) and key in _ID_KEYS
    return [value] if is_id and re.fullmatch(f"{_UUID}|{_SHORT_ID.pattern}", value) else []


def _named(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _named(part, names) for key, part in value.items()}
    if isinstance(value, list):
        return [_named(part, names) for part in value]
    if not isinstance(value, str):
        return value
    return _TIME.sub(_shape_of_recent, _WORD.sub(lambda found: _name(found[0], names), value))


def _name(word: str, names: Mapping[str, str]) -> str:
    """Return the name of an id and how it is written, or the word itself."""
    name = names.get(plain(word))
    if name is None:
        return word
    if re.fullmatch(_UUID, word):
        return f"<{name} upper>" if word.isupper() else f"<{name}>"
    return f"<{name} {re.sub('[a-z]', 'a', re.sub('[A-Z]', 'A', word))}>"


def _shape_of_recent(found: re.Match[str]) -> str:
    """Return a time of the run as digits and letters that it consists of; others as they are."""
    try:
        moment = datetime.fromisoformat(found[0])
    except ValueError:
        return found[0]
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return re.sub(r"\d", "0", found[0]) if abs(datetime.now(UTC) - moment) < _RECENT else found[0]
