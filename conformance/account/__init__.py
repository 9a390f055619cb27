"""What a run creates and changes on the target, and how it is undone."""

from conformance.account.account import Account
from conformance.account.entities import Entity
from conformance.account.journal import Journal, JournalError
from conformance.account.restore import differences, restore, undo

__all__ = ["Account", "Entity", "Journal", "JournalError", "differences", "restore", "undo"]
