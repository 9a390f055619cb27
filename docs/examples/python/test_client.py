"""Tests of a client against the sandbox: run `pytest` here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from client import Client

if TYPE_CHECKING:
    from conformance.sandbox import Box


@pytest.fixture
def client(pluralkit: Box) -> Client:
    """The client, as the first system of a sandbox that is as at its start."""
    return Client(pluralkit.base_url, pluralkit.token)


def test_a_member_is_stored(client: Client) -> None:
    """What is created can be read."""
    created = client.create_member("Ann")
    assert client.member(created["id"])["name"] == "Ann"


def test_it_waits_when_there_are_too_many_requests(client: Client, pluralkit: Box) -> None:
    """A 429 is sent again after the time that it names."""
    member = client.create_member("Ann")["id"]
    pluralkit.control.arm("429", operation="getMember", retry_after=50)
    assert client.member(member)["name"] == "Ann"
    requests = pluralkit.control.requests()
    assert [request["status"] for request in requests] == [200, 429, 200]
    assert all(request["user_agent"] for request in requests)
