"""A server with the known deviations of PluralKit production: they are warnings.

What shows others what is private, or lets one system change what is another's, fails all the same.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from conformance.contract import load, revisions
from conformance.contract.document import data_folder, read_yaml
from conformance.contract.requirements import read_catalogue
from tests.conftest import running
from tests.run.conftest import verdicts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Checks, ReadReport, Reference, Run

NAME = "reference-like-upstream"
UNSEEN = data_folder() / "requirements" / "unseen.yaml"
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
    "err-0-401",
    "err-20005",
    "err-30008",
    "err-30009",
    "err-40002",
    "err-40003",
    "error-has-integer-code",
    "error-has-message",
    "errors-are-4xx-json",
    "get-switches-before",
    "id-accepted-uppercase",
    "id-accepted-with-dash",
    "json-body-requires-content-type",
    "listed-ref-named-in-message",
    "message-ids-are-strings",
    "patch-empty-object-400",
    "patch-needs-a-valid-key",
    "patch-no-valid-key-400",
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


@pytest.mark.long
@pytest.mark.parametrize("revision", revisions())
def test_known_deviations_show_or_say_why_not(
    tmp_path_factory: pytest.TempPathFactory, run_suite: Run, report: ReadReport, revision: str
) -> None:
    """A requirement with a known deviation that passes nevertheless has a reason for each of its deviations."""
    words = ("--like", "upstream", "--revision", revision, "--rate-limit", "off")
    with running(tmp_path_factory.mktemp("shown"), *words) as server:
        run_suite("--target", str(server.target_file), "--revision", revision, "--budget", "0")
    requirements = load(revision).requirements
    unseen = {row["difference"] for row in read_yaml(UNSEEN)["unseen"]}
    without_reason = {
        row["id"]: sorted({entry["difference"] for entry in observed} - unseen)
        for row in report(NAME, revision)["requirements"]
        if row["verdict"] in ("passed", "not-applicable")
        and (observed := requirements[row["id"]].observed_at(revision))
    }
    assert {name: numbers for name, numbers in without_reason.items() if numbers} == {}


def test_reasons_are_about_known_deviations() -> None:
    """Each number is one of the catalogue, and has one reason."""
    numbers = [row["difference"] for row in read_yaml(UNSEEN)["unseen"]]
    known = {entry["difference"] for row in read_catalogue() for entry in row.observed}
    assert set(numbers) <= known
    assert len(numbers) == len(set(numbers))
    schema = json.loads(UNSEEN.with_suffix(".schema.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(read_yaml(UNSEEN))


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
