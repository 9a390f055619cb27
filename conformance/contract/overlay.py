"""Applies an OpenAPI Overlay (1.1.0) to a document. The actions `update` and `remove` are here, `copy` is not."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from jsonpath_rfc9535 import JSONPathError, find

if TYPE_CHECKING:
    from conformance.contract.document import Json, Schema


ROOT = "$"


class OverlayError(ValueError):
    """An action that cannot be done; the text is one line that names it."""


def apply(overlay: Schema, document: Schema) -> Schema:
    """Return a copy of the document with the overlay's actions done, in their order.

    Unlike the specification, which lets it pass, a target that matches nothing is an error here: it is a slip.

    Raises:
        OverlayError: a target is no JSONPath or matches nothing, or its update does not fit what it matches.

    """
    box = {ROOT: copy.deepcopy(document)}
    for number, action in enumerate(overlay["actions"], 1):
        try:
            _act(action, box)
        except (ValueError, JSONPathError) as error:
            name = f"action {number} of the overlay {overlay['info']['title']!r}"
            message = f"{name}, {action['target']}: {str(error).splitlines()[0]}"
            raise OverlayError(message) from error
    return box[ROOT]


def _act(action: Schema, box: Schema) -> None:
    places = {node.location for node in find(action["target"], box[ROOT])}
    if not places:
        message = "the target matches nothing"
        raise ValueError(message)
    for place in sorted(places, reverse=True):  # from the end, so that indices stay what they were
        *path, last = (ROOT, *place)
        holder: Json = box
        for part in path:
            holder = holder[part]
        if action.get("remove"):
            del holder[last]
        else:
            holder[last] = _updated(holder[last], action["update"])


def _updated(old: Json, update: Json) -> Json:
    wraps = isinstance(old, list) and not isinstance(update, list)
    return _merged(old, [update] if wraps else update)


def _merged(old: Json, new: Json) -> Json:
    """Return old and new in one: objects merged, arrays joined, anything else replaced by its like."""
    if isinstance(old, dict) and isinstance(new, dict):
        joined = {key: _merged(old[key], new[key]) for key in old.keys() & new.keys()}
        return {**old, **copy.deepcopy(new), **joined}
    if isinstance(old, list) and isinstance(new, list):
        return [*old, *copy.deepcopy(new)]
    if isinstance(old, dict | list) or isinstance(new, dict | list):
        message = f"cannot merge {type(new).__name__} into {type(old).__name__}"
        raise ValueError(message)  # noqa: TRY004 the mistake is in the overlay
    return new
