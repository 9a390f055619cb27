"""Known deviations: which settings can be set, which values are fine, and what a response shows of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.models import Field, flag
from conformance.reference.steps import wrap
from conformance.reference.upstream.registry import LATEST, deviation
from conformance.reference.validation import Invalid, flaw

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Row
    from conformance.reference.models import Kind
    from conformance.reference.steps import Original
    from conformance.reference.validation import Patch

Shown = dict[str, Any]
_NOT_PATCHABLE = ("show_private_info", "hid_list_padding")
_TEMPLATES, _FORMAT, _CARD = "description_templates", "name_format", "card_show_color_hex"
_FORMAT_IS_SET = "name_format is set"


@deviation(99, 167, only="2025-08", step="validation.read")
def ignores_some_settings(
    original: Original, kind: Kind, body: dict[str, Any], *rest: object
) -> object:
    """show_private_info and hid_list_padding cannot be patched."""
    if kind.name == "settings":
        body = {key: value for key, value in body.items() if key not in _NOT_PATCHABLE}
    return original(kind, body, *rest)


@deviation(100, only="2025-08", step="validation.value")
def accepts_any_proxy_switch(original: Original, key: Field, value: object) -> object:
    """Null and unknown words for proxy_switch mean off."""
    scalar = not isinstance(value, (dict, list))
    if key.key == "proxy_switch" and scalar and value not in key.choices:
        return "off"
    return original(key, value)


@deviation(100, only="2025-08", step="validation.value")
def rejects_blank_time_zones(original: Original, key: Field, value: object) -> object:
    """Blank text for the time zone is no zone, while it clears other keys."""
    if key.form == "timezone" and isinstance(value, str) and not value.strip():
        raise Invalid(flaw("This is no time zone name."))
    return original(key, value)


@deviation(101, only="2025-08")
def unsets_name_format(server: Server) -> None:
    """name_format can be null, which the response to a PATCH shows, a GET however as the default; blank text stays."""
    default = server.revision.models.settings.defaults()[_FORMAT]

    def value(original: Original, key: Field, value: object) -> object:
        if key.key != _FORMAT or (isinstance(value, str) and value.strip()):
            return original(key, value)
        return (
            default if value is None else value if isinstance(value, str) else original(key, value)
        )

    def update(original: Original, call: Call) -> Shown:
        shown: Shown = original(call)
        row, body = server.endpoints["settings"].system(call).settings, server.bodies.mapping(call)
        if _FORMAT in body:
            row.fields[_FORMAT_IS_SET] = body[_FORMAT] is not None
        unset = shown[_FORMAT] == default and not row.fields.get(_FORMAT_IS_SET)
        return shown | ({_FORMAT: None} if unset else {})

    wrap(server.validation, "value", value)
    wrap(server.endpoints["settings"], "update", update)


@deviation(71, only="2025-08")
def shows_more_settings(server: Server) -> None:
    """Settings have description_templates, guild settings name_format; both can be set, too."""

    def read(original: Original, kind: Kind, body: dict[str, Any], *rest: object) -> Patch:
        patch: Patch = original(kind, body, *rest)
        if kind.name == "settings" and _TEMPLATES in body:
            patch.fields[_TEMPLATES] = _texts(body[_TEMPLATES])
        if kind.name == "system guild settings" and _FORMAT in body:
            patch.fields[_FORMAT] = server.validation.value(Field(_FORMAT), body[_FORMAT])
        return patch

    def settings(original: Original, row: Row) -> Shown:
        shown: Shown = original(row)
        extra: dict[str, Shown] = {
            "settings": {_TEMPLATES: row.fields.get(_TEMPLATES, [])},
            "system guild settings": {_FORMAT: row.fields.get(_FORMAT)},
        }
        return shown | extra.get(row.kind.name, {})

    wrap(server.validation, "read", read)
    wrap(server.presenter, "settings", settings)


def _texts(value: object) -> list[str]:
    if value is None:
        raise Rejected(Problem.INTERNAL)
    if not isinstance(value, list) or any(isinstance(entry, (dict, list)) for entry in value):
        raise Rejected(Problem.BAD_REQUEST, "templates are a list of texts")
    return ["" if entry is None else str(entry) for entry in value]


@deviation(71, 102, 126, only="2025-08", code=LATEST)
def has_a_setting_of_cards(server: Server) -> None:
    """card_show_color_hex can be set, and the response to a PATCH of settings alone shows it."""
    card = flag(_CARD, default=False)

    def read(original: Original, kind: Kind, body: dict[str, Any], *rest: object) -> Patch:
        patch: Patch = original(kind, body, *rest)
        if kind.name == "settings" and _CARD in body:
            patch.fields[_CARD] = server.validation.value(card, body[_CARD])
        return patch

    def update(original: Original, call: Call) -> Shown:
        shown: Shown = original(call)
        row = server.endpoints["settings"].system(call).settings
        return shown | {_CARD: row.fields.get(_CARD, False)}

    wrap(server.validation, "read", read)
    wrap(server.endpoints["settings"], "update", update)
