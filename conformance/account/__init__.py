"""What a run creates and changes on the target, and how it is undone."""

from conformance.account.entities import Entity
from conformance.account.journal import Journal, JournalError
from conformance.account.restoring import differences, restore, undo
from conformance.account.world import World

__all__ = ["Entity", "Journal", "JournalError", "World", "differences", "restore", "undo"]
