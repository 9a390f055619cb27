"""What comes of it when a requirement is violated: `openapi/requirements/harms.yaml` says it by id, kind or area."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from conformance.contract.document import data_folder, read_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.contract.requirements import Requirement


@functools.cache
def harms() -> Mapping[str, Any]:
    """Return the content of the file."""
    content: dict[str, Any] = read_yaml(data_folder() / "requirements" / "harms.yaml")
    return content


def harm_of(requirement: Requirement) -> str:
    """Return the name of the harm: what is said of the requirement itself, or else of its kind, or else of its area."""
    content = harms()
    by_kind = content["kinds"].get(requirement.kind, content["areas"][requirement.area])
    return str(content["single"].get(requirement.id, by_kind))
