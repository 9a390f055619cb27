"""Loads an export of PluralKit into the first system of a server. Its form is in `export.schema.json`; how one is made, in `export`.

Ids and UUIDs are those of the file. The settings that the API documents are read, all other keys ignored; values longer than the
API takes stay, as they do in PluralKit production.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from conformance.reference import moments
from conformance.reference.entities import Group, Member, Row
from conformance.reference.identifiers import canonical_snowflake, canonical_uuid
from conformance.sandbox.serve_options import UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from jsonschema.exceptions import ValidationError

    from conformance.reference.application import Server
    from conformance.reference.models import Kind
    from conformance.reference.storage import Index

SCHEMA = Path(__file__).with_name("export.schema.json")
_LONGEST = 120  # characters of a message that quotes the file
_MOMENTS = ("created", "last_message_timestamp")


class BadExport(Exception):
    """A place in the file is wrong."""

    def __init__(self, place: str, message: str) -> None:
        super().__init__(f"{place}: {message}" if place else message)


def load(server: Server, path: Path) -> None:
    """Load a file. Raises UsageError, with one line, when that does not work; the server is of no use then."""
    try:
        _Loader(server).load(_read(path))
    except BadExport as bad:
        msg = f"{path}: {bad}"
        raise UsageError(msg) from None
    except OSError as error:
        message = f"cannot read {path}: {error.strerror}; give the file that `pk;export` wrote"
        raise UsageError(message) from None


def _read(path: Path) -> dict[str, Any]:
    try:
        value: dict[str, Any] = json.loads(path.read_bytes())
        json.dumps(value, ensure_ascii=False).encode()  # half of a character is none
    except (ValueError, RecursionError) as error:
        message = f"no JSON ({error}); give the file that `pk;export` wrote"
        msg = ""
        raise BadExport(msg, message) from None
    schema = json.loads(SCHEMA.read_text("utf-8"))
    wrong = best_match(Draft202012Validator(schema).iter_errors(value))
    if wrong is not None:
        raise _bad_form(wrong)
    return value


def _bad_form(error: ValidationError) -> BadExport:
    place = error.json_path.removeprefix("$").removeprefix(".")
    message = " ".join(error.message.split())
    if len(message) > _LONGEST:
        message = f"{message[:_LONGEST]}..."
    schema: dict[str, Any] = dict(error.schema)  # type: ignore[arg-type] # ours are objects
    return BadExport(place, f"{message}; expected is {schema['description']}")


class _Loader:
    """Makes the entities of a file that has the right form."""

    def __init__(self, server: Server) -> None:
        self._store = server.store
        self._models = server.revision.models
        self._short_ids = server.revision.short_ids
        self._system = server.seeded.first
        self._members: dict[str, Member] = {}  # by the ids of the file

    def load(self, value: dict[str, Any]) -> None:
        """Load the system and all it has."""
        self._load_system(value)
        for number, row in enumerate(value["members"]):
            self._load_member(f"members[{number}]", row)
        for number, row in enumerate(value.get("groups") or []):
            self._load_group(f"groups[{number}]", row)
        for number, row in enumerate(value.get("switches") or []):
            self._load_switch(f"switches[{number}]", row)

    def _load_system(self, value: dict[str, Any]) -> None:
        store, system = self._store, self._system
        store.systems.remove(system)
        system.fields.update(self._fields("", self._models.system, value))
        system.fields.update(self._ids("", store.systems, value))
        system.privacy.update(_privacy(self._models.system, value))
        system.settings.fields.update(_settings(self._models.settings, value.get("config") or {}))
        accounts = value.get("accounts") or []
        if accounts:
            for account in system.accounts:
                del store.accounts[account]
            system.accounts[:] = [
                self._account(f"accounts[{number}]", account)
                for number, account in enumerate(accounts)
            ]
        store.keep_system(system)

    def _load_member(self, place: str, value: dict[str, Any]) -> None:
        kind, system = self._models.member, self._system
        row = Row.blank(kind)
        row.fields.update(self._fields(place, kind, value))
        row.fields.update(self._identity(place, self._store.members, value), system=system.short_id)
        row.fields["proxy_tags"] = [
            {"prefix": tag.get("prefix"), "suffix": tag.get("suffix")}
            for tag in value.get("proxy_tags") or []
        ]
        member = Member(kind, row.fields, row.privacy | _privacy(kind, value), system)
        if system.seen_guild:
            member.guilds[system.seen_guild] = Row.blank(self._models.member_guild)
        self._store.keep_member(member)
        self._members.update({member.short_id: member, member.uuid: member})

    def _load_group(self, place: str, value: dict[str, Any]) -> None:
        kind = self._models.group
        row = Row.blank(kind)
        row.fields.update(self._fields(place, kind, value))
        identity = self._identity(place, self._store.groups, value)
        row.fields.update(identity, system=self._system.short_id)
        members = self._listed(place, value.get("members") or [])
        group = Group(kind, row.fields, row.privacy | _privacy(kind, value), self._system)
        group.members.update((member.uuid, member) for member in members)
        self._store.keep_group(group)

    def _load_switch(self, place: str, value: dict[str, Any]) -> None:
        timestamp = _moment(f"{place}.timestamp", value["timestamp"])
        if self._store.switch_at(self._system, timestamp):
            message = f"'{value['timestamp']}' is that of another switch; leave one of them out"
            msg = f"{place}.timestamp"
            raise BadExport(msg, message)
        members = self._listed(place, value["members"])
        self._store.add_switch(self._system, timestamp, members)

    def _fields(self, place: str, kind: Kind, value: dict[str, Any]) -> dict[str, Any]:
        """Return the values of keys that the model has; null is the default of those that have one."""
        found = {
            field.key: value[field.key]
            for field in kind.fields
            if value.get(field.key) is not None or (field.default is None and field.key in value)
        }
        for key in _MOMENTS:
            if found.get(key) is not None:
                found[key] = moments.show(_moment(_inside(place, key), found[key]))
            elif key in found:
                del found[key]  # as if it were left out
        return {key: found[key] for key in found if key not in ("id", "uuid", "system")}

    def _identity(self, place: str, index: Index[Any], value: dict[str, Any]) -> dict[str, Any]:
        """Return the ids of the file, or new ones where it has none."""
        created = _moment("", value["created"]) if value.get("created") else None
        return self._store.identity(index, created) | self._ids(place, index, value)

    def _ids(self, place: str, index: Index[Any], value: dict[str, Any]) -> dict[str, str]:
        keys = [key for key in ("id", "uuid") if key in value]
        return {key: self._free(_inside(place, key), index, value[key]) for key in keys}

    def _free(self, place: str, index: Index[Any], ref: str) -> str:
        plain = canonical_uuid(ref) or self._short_ids.canonical(ref)
        if plain is None:
            message = f"'{ref}' is no id of this revision; leave --revision out"
            raise BadExport(place, message)
        if plain in index:
            message = f"'{ref}' is taken already; leave the key out to get a new one"
            raise BadExport(place, message)
        return plain

    def _account(self, place: str, value: str | int) -> str:
        account = canonical_snowflake(str(value))
        if account is None:
            message = f"'{str(value)[:50]}' is no Discord id; use a whole number of 64 bits"
            raise BadExport(place, message)
        if account in self._store.accounts:
            message = f"{account} belongs to the second system; leave it out, or use another --seed"
            raise BadExport(place, message)
        return account

    def _listed(self, place: str, refs: list[str]) -> list[Member]:
        found: list[Member] = []
        for number, ref in enumerate(refs):
            member = self._members.get(canonical_uuid(ref) or ref)
            if member is None or member in found:
                wrong = (
                    "is not among the members of the file" if member is None else "is there twice"
                )
                message = f"'{ref[:50]}' {wrong}; leave it out"
                msg = f"{place}.members[{number}]"
                raise BadExport(msg, message)
            found.append(member)
        return found


def _inside(place: str, key: str) -> str:
    return f"{place}.{key}" if place else key


def _moment(place: str, text: str) -> datetime:
    moment = moments.read(text)
    if moment is None:
        message = f"'{text[:50]}' is no instant; use a form like 2030-01-01T12:00:00Z"
        raise BadExport(place, message)
    return moment


def _privacy(kind: Kind, value: dict[str, Any]) -> dict[str, str]:
    levels = value.get("privacy") or {}
    return {key: levels[key] or "public" for key in kind.privacy_keys if key in levels}


def _settings(kind: Kind, config: dict[str, Any]) -> dict[str, Any]:
    return {
        field.key: config[field.key]
        for field in kind.fields
        if field.key in config and (config[field.key] is not None or field.nullable)
    }
