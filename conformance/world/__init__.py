"""What a run creates and changes on the target, and how it is undone."""

from conformance.world.entities import Entity
from conformance.world.journal import Journal, JournalError
from conformance.world.restoring import differences, restore, undo
from conformance.world.world import World

__all__ = ["Entity", "Journal", "JournalError", "World", "differences", "restore", "undo"]
