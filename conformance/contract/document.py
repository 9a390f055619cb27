"""Finds and reads the OpenAPI document of a revision. What its parts mean is not decided here.

The newest revision is a document of its own, each older one an overlay on it.
"""

from __future__ import annotations

import difflib
import functools
from pathlib import Path
from typing import Any

import yaml

import conformance

Json = Any  # a JSON value; JSON has no better type in Python
Schema = dict[str, Json]


class UnknownRevisionError(ValueError):
    """A revision that the contract does not have; its text names the ones it has."""

    def __init__(self, revision: str) -> None:
        near = difflib.get_close_matches(revision, REVISIONS, n=1, cutoff=0.4)
        hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(REVISIONS)}"
        super().__init__(f"unknown revision {revision!r}: {hint}")


def data_folder() -> Path:
    """Return the folder of the contract's data: inside an installed package, else in the source tree."""
    package = Path(conformance.__file__).parent
    installed = package / "_data" / "openapi"
    return installed if installed.is_dir() else package.parent / "openapi"


def read_yaml(path: Path) -> Json:
    """Read one YAML file with the fast loader where it is compiled in."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_text("utf-8"), Loader=loader)  # noqa: S506 both are safe loaders


def known(revision: str) -> str:
    """Return a revision if there is a contract of it.

    Raises:
        UnknownRevisionError: there is not.

    """
    if revision not in REVISIONS:
        raise UnknownRevisionError(revision)
    return revision


@functools.cache
def read(revision: str) -> Schema:
    """Return the OpenAPI document of `revision`, which nobody may change.

    Raises:
        UnknownRevisionError: there is no such revision.
        OverlayError: the overlay of an older revision does not fit the newest document.

    """
    if known(revision) == NEWEST:
        return _newest()
    from conformance.contract import overlay  # noqa: PLC0415 slow to load, and seldom needed

    return overlay.apply(read_yaml(_overlays() / f"{revision}.yaml"), _newest())


def resolve(document: Schema, node: Schema) -> Schema:
    """Follow `$ref` until the end; keys that stand beside a `$ref` win over those it points to."""
    while "$ref" in node:
        beside = {key: value for key, value in node.items() if key != "$ref"}
        found: Json = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part.replace("~1", "/").replace("~0", "~")]
        node = {**found, **beside}
    return node


@functools.cache
def _newest() -> Schema:
    document: Schema = read_yaml(data_folder() / "pluralkit-v2.yaml")
    return document


def _overlays() -> Path:
    return data_folder() / "overlays"


def _newest_revision() -> str:
    """Return the revision that the document names in its first lines, without reading all of it."""
    with (data_folder() / "pluralkit-v2.yaml").open(encoding="utf-8") as lines:
        named = next(line for line in lines if line.startswith("x-revision:"))
    return str(yaml.safe_load(named)["x-revision"])


NEWEST = _newest_revision()
REVISIONS = (NEWEST, *sorted((file.stem for file in _overlays().glob("*.yaml")), reverse=True))
