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
    entities.systems: {"errors", "fields", "ids"},
    entities.creations: {"errors", "fields"},
    entities.member_changes: {"fields", "patch"},
    entities.odd_values: {"errors", "fields", "patch", "privacy"},
    entities.group_changes: {"fields", "patch"},
    entities.id_formats: {"ids", "privacy"},
    entities.deletions: {"groups", "ids", "members", "memberships"},
    entities.changes_at_once: {"patch"},
    memberships.memberships: {"groups", "memberships"},
    memberships.memberships_by_other_names: {"ids"},
    memberships.long_lists: {"groups", "ids", "memberships"},
    fronts.switches: {"ids", "switches"},
    fronts.rejected_switches: {"switches"},
    fronts.foreign_switches: {"auth", "switches"},
    fronts.moved_switches: {"errors", "members", "switches"},
    fronts.closed_fronts: {"auth", "privacy"},
    fronts.fronts_without_members: {"members"},
    preferences.settings: {"errors", "fields", "patch", "settings"},
    preferences.each_setting: {"settings"},
    preferences.guilds: {"errors", "guilds", "patch"},
    preferences.each_guild_setting: {"guilds"},
    preferences.autoproxy: {"autoproxy", "patch"},
    preferences.foreign_settings: {"auth", "errors"},
    rejected.callers: {"auth", "errors", "privacy"},
    rejected.tokens: {"auth"},
    rejected.agents: {"user_agent"},
    rejected.bodies: {"errors", "patch", "requests"},
    rejected.values_of_members: {"fields"},
    rejected.values_of_others: {"fields"},
    rejected.references: {"errors"},
    rejected.parts: {"errors", "ids", "patch", "privacy"},
    views.seen_by_owner: {"groups", "members", "memberships"},
    views.seen_by_other: {"fields", "patch", "privacy"},
    views.seen_by_nobody: {"auth"},
    views.systems_by_other_names: {"ids", "privacy"},
    views.messages: {"auth", "messages", "privacy"},
    views.private_keys: {"auth"},
    views.other_users: {"auth", "privacy"},
    views.unknown: {"errors", "ids", "requests"},
    bursts.spaced: {"rate_limits"},
    bursts.bursts: {"rate_limits"},
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
