"""Messages that are looked up by the original that was replaced."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from conformance.reference import moments
from conformance.reference.entities import Message

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from tests.driven import DrivenClock
    from tests.reference.conftest import Sandbox

ID, ORIGINAL = "1300000000000000002", "1300000000000000001"
MINUTE = 60


@pytest.mark.parametrize(
    ("revision", "minutes", "statuses"),
    [("2025-08", 30, [200, 200]), ("2025-08", 31, [404, 200]), ("2021-11", 600, [200, 200])],
)
def test_original_is_forgotten(
    start: Callable[..., AbstractContextManager[Sandbox]],
    clock: DrivenClock,
    revision: str,
    minutes: int,
    statuses: list[int],
) -> None:
    """A message is found by its original for 30 minutes, by its own id for ever; at the launch by both."""
    with start(revision=revision) as sandbox:
        store, member = sandbox.server.store, next(iter(sandbox.seeded.second.members.values()))
        store.clock = clock
        sent = moments.show(datetime.fromtimestamp(clock.time(), UTC))
        others = {"sender": "1", "channel": "2", "guild": "3"}
        fields = {"timestamp": sent, "id": ID, "original": ORIGINAL} | others
        store.add_message(Message(fields, member))
        clock.sleep(minutes * MINUTE)
        found = [sandbox.anonymous.get(f"/messages/{ref}") for ref in (ORIGINAL, ID)]
        seeded = sandbox.anonymous.get(f"/messages/{sandbox.seeded.original_message_id}")
    assert [response.status_code for response in found] == statuses
    assert seeded.status_code == 200
    if statuses[0] == 404:
        assert found[0].json()["code"] == 20006
