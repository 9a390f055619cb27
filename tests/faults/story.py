"""The story: what clients ask of a server, in chapters that begin on a server of their own each.

Something that was done to a server shows if any chapter gets another response than without it.
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
from tests.faults import bursts, entities, fronts, memberships, preferences, rejected, views
from tests.faults.telling import Story

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from conformance.contract import Requirement
    from conformance.reference.routing import Operation
    from conformance.reference.steps import Injection, Original
    from tests.faults.telling import Response

    Chapter = Callable[[Story], None]

LIMITED: tuple[Chapter, ...] = (bursts.spaced, bursts.bursts)
"""The chapters for which the server limits rates."""

CHAPTERS: dict[Chapter, set[str]] = {
    entities.systems: {"Errors", "Ids", "Read-only keys"},
    entities.creations: {"Errors", "Read-only keys"},
    entities.member_changes: {"PATCH", "Read-only keys"},
    entities.odd_values: {"Errors", "Limits and formats", "PATCH", "Privacy: fields"},
    entities.group_changes: {"PATCH", "Read-only keys"},
    entities.id_formats: {"Ids", "Privacy: fields"},
    entities.deletions: {"Groups", "Ids", "Members"},
    entities.changes_at_once: {"PATCH"},
    memberships.memberships: {"Groups"},
    memberships.memberships_by_other_names: {"Ids"},
    memberships.long_lists: {"Groups", "Ids"},
    fronts.switches: {"Ids", "Switches"},
    fronts.rejected_switches: {"Switches"},
    fronts.foreign_switches: {"Authentication", "Switches"},
    fronts.moved_switches: {"Errors", "Members", "Switches"},
    fronts.closed_fronts: {"Authentication", "Privacy: fields", "Privacy: lists"},
    fronts.fronts_without_members: {"Members"},
    preferences.settings: {"Errors", "PATCH", "Read-only keys", "Settings"},
    preferences.each_setting: {"Settings"},
    preferences.guilds: {"Errors", "Guild settings", "PATCH"},
    preferences.each_guild_setting: {"Guild settings"},
    preferences.autoproxy: {"Autoproxy", "PATCH"},
    preferences.foreign_settings: {"Authentication", "Errors"},
    rejected.callers: {"Authentication", "Errors", "Privacy: fields"},
    rejected.tokens: {"Authentication"},
    rejected.agents: {"User-Agent"},
    rejected.bodies: {"Content-Type", "Errors", "PATCH"},
    rejected.values_of_members: {"Limits and formats"},
    rejected.values_of_others: {"Keys and null", "Limits and formats"},
    rejected.references: {"Errors"},
    rejected.parts: {"Errors", "Ids", "PATCH", "Privacy: fields"},
    views.seen_by_owner: {"Groups", "Members"},
    views.seen_by_other: {"Keys and null", "PATCH", "Privacy: fields", "Privacy: lists"},
    views.seen_by_nobody: {"Authentication"},
    views.systems_by_other_names: {"Ids", "Privacy: fields", "Privacy: lists"},
    views.messages: {"Authentication", "Messages", "Privacy: fields"},
    views.private_keys: {"Authentication"},
    views.other_users: {"Authentication", "Privacy: fields"},
    views.unknown: {"Errors", "Ids", "Paths and queries"},
    bursts.spaced: {"Rate limits"},
    bursts.bursts: {"Rate limits"},
}
"""Every chapter, and the areas of the catalogue that it is most likely to be about."""


@dataclass(frozen=True)
class Known:
    """What a server returns when nothing is wrong with it, and how often each operation was asked for."""

    responses: list[Response]
    operations: Counter[str]

    def share(self, operations: set[str]) -> float:
        """Return how much of the chapter is about any of some operations: all of it, if there are none."""
        asked = sum(self.operations[name] for name in operations)
        return asked / len(self.responses) if operations else 1.0


def begin(chapter: Chapter, revision: str) -> Story:
    """Return a story on a server of its own."""
    return Story(Server(limited=chapter in LIMITED, revision=REVISIONS[revision]))


@cache
def known(chapter: Chapter, revision: str) -> Known:
    """Tell a chapter to a server that nothing was done to."""
    story, operations = begin(chapter, revision), Counter[str]()

    def match(original: Original, method: str, path: str) -> tuple[Operation, dict[str, str]]:
        found: tuple[Operation, dict[str, str]] = original(method, path)
        operations[re.sub("-(.)", lambda letter: letter[1].upper(), found[0].name)] += 1
        return found

    wrap(story.server.router, "match", match)
    return Known(story.report(chapter), operations)


def shows(inject: Injection, revision: str, chapters: Iterable[Chapter] = CHAPTERS) -> bool:
    """Return whether any chapter gets another response once something was done to the server."""
    for chapter in chapters:
        story, responses = begin(chapter, revision), known(chapter, revision).responses
        inject(story.server)
        if story.report(chapter, responses) != responses:
            return True
    return False


@cache
def statements() -> dict[str, Requirement]:
    """Return the statements of all revisions."""
    return {name: row for each in REVISIONS for name, row in load(each).requirements.items()}


def likely_first(violates: Iterable[str], revision: str) -> list[Chapter]:
    """Return all chapters, first those which ask for what some statements are about, and those of their area."""
    violated = [statements()[name] for name in violates]
    areas = {statement.area for statement in violated}
    operations = {name for statement in violated for name in statement.operations}

    def unlikely(chapter: Chapter) -> tuple[bool, bool, float]:
        share = known(chapter, revision).share(operations)
        return not share, not areas & CHAPTERS[chapter], -share

    return sorted(CHAPTERS, key=unlikely)
