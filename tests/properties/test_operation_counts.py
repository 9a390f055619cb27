"""What the generated requests of a run were, counted by operation."""

from __future__ import annotations

from typing import Any

from conformance.contract import load
from conformance.properties.operation_counts import operation_counts


def exchange(check: str, status: int | None, body: str | None) -> dict[str, Any]:
    """Return what is counted of an exchange."""
    return {
        "check": check,
        "operation": "createMember",
        "status": status,
        "request": {"body": body},
    }


def test_requests_of_properties_are_counted() -> None:
    """Responses by class, keys that were sent, and those at a limit and beyond it; other checks do not count."""
    of_property = "properties/valid_requests::check_valid[createMember]"
    exchanges = [
        exchange(of_property, 200, f'{{"name": "{"x" * 100}"}}'),
        exchange(of_property, 400, f'{{"name": "{"x" * 101}"}}'),
        exchange(of_property, None, "no JSON"),
        exchange("members/lists::check_list", 200, '{"pronouns": "they"}'),
    ]
    [counts] = operation_counts(load(), exchanges)
    assert counts["statuses"] == {"2xx": 1, "4xx": 1, "none": 1}
    assert counts["keys_sent"] == ["name"]
    assert counts["at_bounds"] == ["name at 100", "name beyond 100"]


def test_hand_written_checks_are_not_counted() -> None:
    """A run without generated requests has no counts."""
    assert operation_counts(load(), [exchange("members/lists::check_list", 200, None)]) == []
