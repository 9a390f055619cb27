"""The page at `/`: the systems with their tokens, the guild, the messages, a line for the shell. The log is added by its script."""

from __future__ import annotations

import shlex
from functools import cache
from typing import TYPE_CHECKING

import jinja2

from conformance.reference.routing import BASE_PATH
from conformance.sandbox.control import CONTROL_PATH
from conformance.sandbox.control.overview import shown
from conformance.sandbox.pages.parts import FOLDER

if TYPE_CHECKING:
    from conformance.reference.application import Server


def render(server: Server, origin: str) -> str:
    """Return the page of a server; ``origin`` is its URL as the browser knows it."""
    seeded, base_url = server.seeded, origin + BASE_PATH
    words = ["curl", "-A", "me", "-H", f"Authorization: {seeded.first.token}"]
    return _template().render(
        revision=server.revision.name,
        base_url=base_url,
        control_path=CONTROL_PATH,
        systems=[shown(system) for system in dict.fromkeys(server.store.tokens.values())],
        first=seeded.first.uuid,
        second=seeded.second.uuid,
        seeded=seeded,
        line=shlex.join([*words, f"{base_url}/systems/@me"]),
    )


@cache
def _template() -> jinja2.Template:
    loader = jinja2.FileSystemLoader(FOLDER)
    environment = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
    )
    return environment.get_template("home.html.j2")
