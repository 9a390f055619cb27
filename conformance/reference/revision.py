"""What makes one revision of the docs differ from another, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import timedelta

    from conformance.reference.errors import Problem
    from conformance.reference.identifiers import ShortIds
    from conformance.reference.models import Models
    from conformance.reference.rate_limiter.limiter import Limiter
    from conformance.reference.routing import Operation


@dataclass(frozen=True, eq=False)
class Revision:
    """A dated state of the docs; the tables of each are in ``revisions``."""

    name: str
    models: Models
    operations: tuple[Operation, ...]
    short_ids: ShortIds
    limiter: type[Limiter]
    limits_rates: bool
    """Whether the docs say that the limits are in force."""
    needs_user_agent: bool
    before_is_inclusive: bool
    """Whether a list of switches includes one of exactly the instant ``before``."""
    switch_writes_need_me: bool
    """Whether switches are only written under ``/systems/@me``."""
    keeps_messages_of_deleted_members: bool
    finds_originals_for: timedelta | None
    """How long a message is found by its original after it was sent; None for ever."""
    patch_without_valid_key: Problem
