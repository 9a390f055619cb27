"""The routes of the control API, read from `routes.yaml`, and the way from a method and path to one of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property
from http import HTTPStatus
from pathlib import Path
from typing import Any

import yaml

from conformance.sandbox.control import CONTROL_PATH
from conformance.sandbox.control.problems import Wrong

FILE = Path(__file__).with_name("routes.yaml")


@dataclass(frozen=True)
class Route:
    """One route: the handler is a part of the control API and a method of it; ``body`` is the JSON Schema of what is sent."""

    method: str
    path: str
    handler: str
    does: str
    body: dict[str, Any] | None = None

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The path, without the base, as a pattern with a group for each parameter."""
        return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.path))


@cache
def routes() -> tuple[Route, ...]:
    """Return all routes."""
    return tuple(Route(**row) for row in yaml.safe_load(FILE.read_text("utf-8")))


def match(method: str, path: str) -> tuple[Route, dict[str, str]]:
    """Return the route and the parameters of the path, or reject with 404 or 405."""
    below = path.removeprefix(CONTROL_PATH) or "/"
    found = [(row, hit) for row in routes() if (hit := row.pattern.fullmatch(below))]
    for row, hit in found:
        if row.method == method:
            return row, hit.groupdict()
    if found:
        allowed = ", ".join(row.method for row, _ in found)
        message = f"{method} {path} is no route; this path takes {allowed}"
        raise Wrong(message, HTTPStatus.METHOD_NOT_ALLOWED)
    message = f"{path} is no route; GET {CONTROL_PATH} lists them"
    raise Wrong(message, HTTPStatus.NOT_FOUND)
