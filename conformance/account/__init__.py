"""What a run creates and changes on the target, and how it is undone."""

from conformance.account.account import Account
from conformance.account.entities import Entity
from conformance.account.journal import Journal, JournalError, Record
from conformance.account.restore import differences, not_compared, restore, undo

__all__ = [
    "Account",
    "Entity",
    "Journal",
    "JournalError",
    "Record",
    "differences",
    "not_compared",
    "restore",
    "undo",
]
