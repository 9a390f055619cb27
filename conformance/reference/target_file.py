"""The target file that a conformance run against this server needs: TOML with both tokens."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from conformance.reference.application import Server


def write(path: Path, server: Server, name: str, base_url: str, limited_url: str | None) -> None:
    """Write the file, readable by its owner alone, in one step, so that no reader sees half of it.

    ``name`` is that of the target in reports; ``limited_url`` is the base URL of the instance that limits rates, if there is one.
    Raises OSError when the file cannot be written.
    """
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 - opened with a mode
        os.fchmod(descriptor, 0o600)
        file.write(text(server, name, base_url, limited_url))
    try:
        unfinished.replace(path)
    except OSError:
        unfinished.unlink()
        raise


def text(server: Server, name: str, base_url: str, limited_url: str | None) -> str:
    """Return the content of the file."""
    revision, seeded = server.revision, server.seeded
    filled = seeded.guild_member_id is not None
    first = seeded.first
    is_empty = not (first.members or first.groups or first.switches)
    orphan = {"deleted_message_id": seeded.deleted_message_id}
    sections: dict[str, Mapping[str, object]] = {
        "": {
            "base_url": base_url,
            "revision": revision.name,
            "name": name,
            "token": seeded.first.token,
            "other_token": seeded.second.token,
            **({} if is_empty else {"allow_existing": [first.short_id]}),
        },
        "fixtures": {
            "account_id": seeded.first.accounts[0],
            "other_account_id": seeded.second.accounts[0],
            "guild_id": seeded.guild_id,
            **({"guild_member_id": seeded.guild_member_id} if filled else {}),
            "message_id": seeded.message_id,
            "original_message_id": seeded.original_message_id,
            **(orphan if revision.keeps_messages_of_deleted_members else {}),
        },
        "rate_limit": {"base_url": limited_url, "own_data": True} if limited_url else {},
    }
    return "\n".join(_section(name, values) for name, values in sections.items() if values)


def _section(name: str, values: Mapping[str, object]) -> str:
    heading = f"[{name}]\n" if name else ""
    return heading + "".join(f"{key} = {json.dumps(value)}\n" for key, value in values.items())
