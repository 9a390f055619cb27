"""Series of requests, each sent to a new server, that show what a fault or a variation changes.

A change to a server is found if any series gets another response than without it.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from conformance.contract import load
from conformance.reference.application import Server
from conformance.reference.revisions import REVISIONS
from conformance.reference.steps import wrap
from tests.faults import (
    bursts,
    entities,
    inputs_by_class,
    kept_reads,
    memberships,
    rejections,
    settings,
    switches,
    twins,
    views,
)
from tests.faults.recorder import Recorder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from conformance.contract import Requirement
    from conformance.reference.routing import Operation
    from conformance.reference.steps import Injection, Original
    from tests.faults.recorder import Response

    RequestSeries = Callable[[Recorder], None]

WITH_RATE_LIMITS: tuple[RequestSeries, ...] = (bursts.spaced, bursts.bursts)
"""The series for which the server limits rates."""

REQUEST_SERIES: dict[RequestSeries, set[str]] = {
    entities.systems: {"errors", "fields", "ids"},
    entities.creations: {"errors", "fields"},
    entities.member_changes: {"fields", "patch"},
    entities.unusual_values: {"errors", "fields", "patch", "privacy"},
    entities.group_changes: {"fields", "patch"},
    entities.id_formats: {"ids", "privacy"},
    entities.deletions: {"groups", "ids", "members", "memberships"},
    entities.concurrent_changes: {"patch"},
    memberships.memberships: {"groups", "memberships"},
    memberships.repeated_memberships: {"memberships"},
    memberships.memberships_by_id_formats: {"ids"},
    memberships.long_lists: {"groups", "ids", "memberships"},
    switches.switches: {"ids", "switches"},
    switches.switches_beside_others: {"fields", "privacy", "switches"},
    switches.rejected_switches: {"switches"},
    switches.foreign_switches: {"auth", "switches"},
    switches.moved_switches: {"errors", "members", "switches"},
    switches.closed_fronts: {"auth", "privacy"},
    switches.fronts_without_members: {"members"},
    switches.switches_by_system_refs: {"switches"},
    kept_reads.reads_around_writes: {"groups", "members", "memberships", "switches"},
    inputs_by_class.queries: {"autoproxy", "groups", "requests", "switches"},
    inputs_by_class.timestamps: {"switches"},
    inputs_by_class.headers: {"auth", "requests", "user_agent"},
    twins.twins: {"patch", "post", "privacy"},
    twins.lists_of_nothing: {"privacy"},
    settings.settings: {"errors", "fields", "patch", "settings"},
    settings.each_setting: {"settings"},
    settings.guilds: {"errors", "guilds", "patch"},
    settings.each_guild_setting: {"guilds"},
    settings.autoproxy: {"autoproxy", "patch"},
    settings.settings_alone: {"patch"},
    settings.foreign_settings: {"auth", "errors"},
    rejections.callers: {"auth", "errors", "privacy"},
    rejections.tokens: {"auth"},
    rejections.agents: {"user_agent"},
    rejections.bodies: {"errors", "patch", "requests"},
    rejections.values_of_members: {"fields"},
    rejections.values_of_others: {"fields"},
    rejections.references: {"errors"},
    rejections.partly_valid: {"errors", "ids", "patch", "privacy"},
    views.seen_by_owner: {"groups", "members", "memberships"},
    views.seen_by_other: {"fields", "patch", "privacy"},
    views.seen_by_anonymous: {"auth"},
    views.systems_by_id_formats: {"ids", "privacy"},
    views.messages: {"auth", "messages", "privacy"},
    views.private_keys: {"auth"},
    views.privacy_of_entities: {"privacy"},
    views.other_users: {"auth", "privacy"},
    views.unknown: {"errors", "ids", "requests"},
    bursts.spaced: {"rate_limits"},
    bursts.bursts: {"rate_limits"},
}
"""Every series, and the areas of the catalogue that it is most likely to be about."""


@dataclass(frozen=True)
class Baseline:
    """The responses of an unchanged server, and how many requests each operation got."""

    responses: list[Response]
    operations: Counter[str]

    def share(self, operations: set[str]) -> float:
        """Return the share of requests for any of some operations: 1 if there are none."""
        matching = sum(self.operations[name] for name in operations)
        return matching / len(self.responses) if operations else 1.0


def recorder_for(series: RequestSeries, revision: str) -> Recorder:
    """Return a recorder on a new server."""
    return Recorder(Server(limited=series in WITH_RATE_LIMITS, revision=REVISIONS[revision]))


@cache
def baseline(series: RequestSeries, revision: str) -> Baseline:
    """Send a series to an unchanged server."""
    recorder, operations = recorder_for(series, revision), Counter[str]()

    def match(original: Original, method: str, path: str) -> tuple[Operation, dict[str, str]]:
        found: tuple[Operation, dict[str, str]] = original(method, path)
        operations[re.sub("-(.)", lambda letter: letter[1].upper(), found[0].name)] += 1
        return found

    wrap(recorder.server.router, "match", match)
    return Baseline(recorder.record(series), operations)


def changes_responses(
    inject: Injection, revision: str, every_series: Iterable[RequestSeries] = REQUEST_SERIES
) -> bool:
    """Whether any series gets another response from a changed server."""
    for series in every_series:
        recorder, responses = recorder_for(series, revision), baseline(series, revision).responses
        inject(recorder.server)
        if recorder.record(series, responses) != responses:
            return True
    return False


@cache
def requirements() -> dict[str, Requirement]:
    """Return the requirements of all revisions."""
    return {name: row for each in REVISIONS for name, row in load(each).requirements.items()}


def likely_first(violates: Iterable[str], revision: str) -> list[RequestSeries]:
    """Return all series, first those with requests for the operations of some requirements, and those of their areas."""
    violated = [requirements()[name] for name in violates]
    areas = {requirement.area for requirement in violated}
    operations = {name for requirement in violated for name in requirement.operations}

    def unlikely(series: RequestSeries) -> tuple[bool, bool, float]:
        share = baseline(series, revision).share(operations)
        return not share, not areas & REQUEST_SERIES[series], -share

    return sorted(REQUEST_SERIES, key=unlikely)
