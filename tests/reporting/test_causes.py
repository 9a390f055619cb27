"""Requirements whose failures have the same cause are grouped."""

from __future__ import annotations

from typing import Any

from conformance.reporting.causes import by_cause

EXCHANGES = {
    "e1": {"operation": "getMember"},
    "e2": {"operation": "getMember"},
    "e3": {"operation": "getGroup"},
    "e4": {"operation": "updateSystem", "status": 405},
    "e5": {"operation": "updateSystem", "status": 405},
    "e6": {"operation": "getMember", "status": 500},
    "e7": {"operation": "getMember", "status": 500},
    "e8": {"operation": "getGroup", "status": 500},
    "e9": {"operation": "getMember", "status": 400, "method": "GET"},
    "e10": {"operation": "getMember", "status": 400, "method": "GET"},
    "e11": {"operation": "updateMember", "status": 400, "method": "PATCH"},
    "e12": {"operation": "updateMember", "status": 400, "method": "PATCH"},
}


def row(name: str, verdict: str, *failures: tuple[str, str | None]) -> dict[str, Any]:
    """Return a requirement with these failures: the name of a check, and its evidence."""
    checks = [
        {"check": check, "outcome": verdict, "evidence": evidence, "expected": None}
        for check, evidence in failures
    ]
    return {"id": name, "verdict": verdict, "checks": checks}


def grouped(*rows: dict[str, Any]) -> dict[str, list[str]]:
    """Return the ids of the other requirements of each group, by its main requirement."""
    return {main["id"]: [one["id"] for one in others] for main, others in by_cause(rows, EXCHANGES)}


def test_same_exchange() -> None:
    """Failures of the same exchange have one cause; the requirement with more failures is the main one."""
    few = row("few", "failed", ("a::x", "e1"))
    many = row("many", "failed", ("a::y", "e1"), ("a::z", "e3"))
    assert grouped(few, many) == {"many": ["few"]}


def test_same_key_of_an_operation() -> None:
    """The same key in responses of the same operation is one cause, another key is another."""
    one = row("one", "failed", ("a::x[member.color-a]", "e1"), ("a::x[member.color-b]", "e1"))
    same = row("same", "failed", ("b::y[member.color]", "e2"))
    other = row("other", "failed", ("b::y[member.name]", "e2"))
    assert grouped(one, same, other) == {"one": ["same"], "other": []}


def test_same_server_error_of_an_operation() -> None:
    """Server errors of one operation are one cause, led by the requirement of whose checks most met it; those of another are another."""
    returns = row("returns", "failed", ("a::x", "e6"), ("a::y", "e6"))
    returns["checks"] += [{"check": "a::z", "outcome": "passed", "evidence": None}] * 9
    query = row("query", "failed", ("b::x", "e7"))
    other = row("other", "failed", ("c::x", "e8"))
    assert grouped(returns, query, other) == {"query": ["returns"], "other": []}


def test_bad_request_of_a_read() -> None:
    """A read that is called a bad request is one cause wherever it is; writes have bodies, each of which may be wrong for itself."""
    query = row("query", "failed", ("a::x", "e9"))
    token = row("token", "failed", ("b::x", "e10"))
    token["checks"] += [{"check": "b::y", "outcome": "passed", "evidence": None}] * 9
    name, color = (row(key, "failed", (f"c::{key}", e)) for key, e in (("n", "e11"), ("c", "e12")))
    assert grouped(query, token, name, color) == {"query": ["token"], "n": [], "c": []}


def test_a_server_error_does_not_lead_as_what_had_to_succeed() -> None:
    """A check that takes a rejection as well does not say that the request had to succeed."""
    general = row("general", "failed", ("a::x", "e6"))
    general["checks"][0]["expected"] = "success, or a rejection (4xx)"
    general["checks"] += [{"check": "a::y", "outcome": "passed", "evidence": None}] * 9
    unknown = row("unknown", "failed", ("b::x", "e8"))
    unknown["checks"][0]["expected"] = "status 404"
    assert list(grouped(general, unknown)) == ["unknown", "general"]


def test_every_failure_needs_the_cause() -> None:
    """A requirement with one failure of another cause has its own card."""
    one = row("one", "failed", ("a::x", "e1"), ("a::y", "e1"), ("a::z", "e1"))
    two = row("two", "failed", ("b::x", "e1"), ("b::y", "e3"))
    assert grouped(one, two) == {"one": [], "two": []}


def test_verdicts_and_missing_evidence_stay_apart() -> None:
    """A warning is not listed below a failure, and without evidence no cause is known."""
    failed = row("failed", "failed", ("a::x", "e1"))
    warned = row("warned", "warned", ("b::x", "e1"))
    bare = row("bare", "failed", ("c::x", None))
    assert grouped(failed, warned, bare) == {"failed": [], "bare": [], "warned": []}


def test_the_specific_one_leads() -> None:
    """Of requirements with one cause the one leads of whose checks most failed: the general one has others that pass."""
    special = row("special", "failed", ("a::x", "e1"), ("a::y", "e2"))
    general = row("general", "failed", ("a::x", "e1"), ("a::y", "e2"), ("a::z", "e2"))
    general["checks"] += [{"check": "b::x", "outcome": "passed", "evidence": None}] * 7
    assert grouped(general, special) == {"special": ["general"]}


def test_what_is_generated_comes_last() -> None:
    """A requirement that only generated checks found comes after one that another check found, however often it failed."""
    found = row("found", "failed", ("a::x", "e1"))
    drawn = row("drawn", "failed", ("properties/a::x", "e3"), ("properties/a::y", "e3"))
    both = row("both", "failed", ("properties/a::x", "e1"))
    assert grouped(drawn, both, found) == {"found": ["both"], "drawn": []}


def test_what_had_to_succeed_comes_first() -> None:
    """Where a path is missing, the rejected request that had to succeed comes before rejections with another status."""
    wrong = row("wrong", "failed", ("a::x", "e4"), ("a::y", "e4"))
    valid = row("valid", "failed", ("b::x", "e5"))
    for check in wrong["checks"]:
        check["expected"] = "status 401"
    valid["checks"][0]["expected"] = "success"
    assert list(grouped(wrong, valid)) == ["valid", "wrong"]
