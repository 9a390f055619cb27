"""A server with the known deviations of PluralKit production: they are warnings.

What shows others what is private, or lets one system change what is another's, fails all the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.conftest import running
from tests.run.conftest import verdicts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Checks, ReadReport, Reference, Run

NAME = "reference-like-upstream"
AS_PRODUCTION = "as PluralKit production does: "
# What fails because of a known deviation, by revision.
FAILING = {
    "2025-08": {"update-switch-members-only-own"},
    "2021-11": {
        "get-groups-with-members",
        "group-icon-privacy",
        "update-switch-members-only-own",
    },
}
# The requirements with a known deviation that is a warning, at the newest revision.
DEVIATIONS = {
    "auth-401-for-writes",
    "auth-invalid-gives-401",
    "auth-missing-gives-401",
    "create-switch-timestamp-used",
    "err-0-400",
    "err-20005",
    "err-30008",
    "err-30009",
    "err-40002",
    "err-40003",
    "err-40006",
    "error-has-integer-code",
    "error-has-message",
    "errors-are-4xx-json",
    "id-accepted-uppercase",
    "id-accepted-with-dash",
    "json-body-requires-content-type",
    "get-switches-before",
    "listed-ref-named-in-message",
    "message-guild-string",
    "message-ids-are-strings",
    "patch-null-clears-value",
    "query-params-need-value",
    "rate-limit-429-retry-after-ms",
    "rate-limit-header-reset-ms",
    "rate-limit-header-scope",
    "switchref-must-be-uuid",
    "update-settings-persists",
    "update-settings-returns-settings",
    "user-agent-empty-400",
    "user-agent-error-json",
    "user-agent-required",
}


@pytest.fixture(scope="module")
def upstream(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reference]:
    """A server with all known deviations."""
    with running(tmp_path_factory.mktemp("upstream"), "--like", "upstream") as server:
        yield server


@pytest.mark.long
def test_known_deviations_are_warnings(
    upstream: Reference, run_suite: Run, report: ReadReport
) -> None:
    """Each known deviation is a warning that says what PluralKit production does, or fails and says so, too."""
    run = run_suite("--target", str(upstream.target_file))
    made = report(NAME)
    warned = [row for row in made["requirements"] if row["verdict"] == "warned"]
    assert run.returncode == 1, run.stdout
    failed = [row for row in made["requirements"] if row["verdict"] == "failed"]
    assert {row["id"] for row in failed} == FAILING["2025-08"]
    assert all(row["reason"].startswith(AS_PRODUCTION) for row in failed)
    assert {row["id"] for row in warned} == DEVIATIONS
    for row in warned:
        assert row["observed"] or row["level"] == "should", row
        assert row["reason"].startswith(AS_PRODUCTION) or row["level"] == "should", row
    counts = made["counts"]
    assert counts["passed"] + counts["warned"] + len(failed) == len(made["requirements"])


@pytest.mark.long
def test_launch_fails_only_where_production_did(
    tmp_path_factory: pytest.TempPathFactory, run_suite: Run, report: ReadReport
) -> None:
    """With the deviations of the launch only leaks and holes fail; what they leave untested is no failure."""
    words = ("--like", "upstream", "--revision", "2021-11", "--rate-limit", "off")
    with running(tmp_path_factory.mktemp("launch"), *words) as server:
        run = run_suite("--target", str(server.target_file), "--revision", "2021-11")
    made = report(NAME, "2021-11")
    failed = [row for row in made["requirements"] if row["verdict"] == "failed"]
    assert run.returncode == 1, run.stdout
    assert {row["id"] for row in failed} == FAILING["2021-11"]
    assert all(row["reason"].startswith(AS_PRODUCTION) for row in failed)


def test_strict_docs_fail_them(
    upstream: Reference, run_suite: Run, report: ReadReport, checks: Checks
) -> None:
    """With --strict-docs the same known deviations fail the run."""
    words = (
        "--target",
        str(upstream.target_file),
        "--strict-docs",
        checks("user_agent/user_agent"),
    )
    run = run_suite(*words)
    failed = {name for name, verdict in verdicts(report(NAME)).items() if verdict == "failed"}
    assert run.returncode == 1
    assert failed == {name for name in DEVIATIONS if name.startswith("user-agent")}
