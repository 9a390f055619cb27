"""The guard: a run writes only to what is its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.http import Guard, GuardError

if TYPE_CHECKING:
    from conformance.contract import Contract

UUID = "3D3B0738-4d11-4ec6-a5d8-2f9e0b1c7a64"


def test_writes_to_other_entities_are_rejected(contract: Contract) -> None:
    """A write to something that the run did not create raises an error that names it."""
    with pytest.raises(GuardError, match="deleteMember on memberId='abcde'"):
        Guard().check(contract.operations["deleteMember"], {"memberId": "abcde"})


def test_reads_are_allowed(contract: Contract) -> None:
    """Anything may be read."""
    Guard().check(contract.operations["getMember"], {"memberId": "abcde"})


def test_every_ref_counts(contract: Contract) -> None:
    """A write with one own ref and another one is rejected."""
    guard = Guard()
    with pytest.raises(GuardError, match="switchId"):
        guard.check(contract.operations["deleteSwitch"], {"systemId": "@me", "switchId": "x"})


def test_one_operation_is_allowed(contract: Contract) -> None:
    """An operation that was allowed for what is protected is; no other one is."""
    guard = Guard()
    guard.protect(["abcde"])
    guard.allow_operation("updateMemberGuildSettings", "abcde")
    refs = {"memberId": "abcde", "guildId": "1"}
    guard.check(contract.operations["updateMemberGuildSettings"], refs)
    with pytest.raises(GuardError, match="memberId"):
        guard.check(contract.operations["updateMember"], refs)


@pytest.mark.parametrize("id_format", [UUID, UUID.lower(), UUID.replace("-", "")])
def test_id_format_does_not_matter(contract: Contract, id_format: str) -> None:
    """What was allowed in one id format is allowed in every other."""
    guard = Guard()
    guard.allow(UUID)
    guard.check(contract.operations["deleteMember"], {"memberId": id_format})
    assert guard.owns(id_format)


def test_protection_wins() -> None:
    """What was there before the run is never writable, whoever allows it and when."""
    guard = Guard()
    guard.allow("abcde")
    guard.protect(["ABC-DE"])
    guard.allow("abcde")
    assert not guard.owns("abcde")


def test_what_is_lent_is_given_back(contract: Contract) -> None:
    """What is lent for one request can be written to during it alone; what was allowed before stays so."""
    guard, operation = Guard(), contract.operations["deleteMember"]
    guard.allow("fghij")
    with guard.lend("abcde"), guard.lend("fghij"):
        guard.check(operation, {"memberId": "abcde"})
    with pytest.raises(GuardError, match="abcde"):
        guard.check(operation, {"memberId": "abcde"})
    guard.check(operation, {"memberId": "fghij"})


def test_what_is_protected_is_not_lent(contract: Contract) -> None:
    """Nobody lends what was there before the run."""
    guard = Guard()
    guard.protect(["abcde"])
    with guard.lend("abcde"), pytest.raises(GuardError, match="abcde"):
        guard.check(contract.operations["deleteMember"], {"memberId": "abcde"})
