"""`plan`: what a run would send, and how long that takes at the documented rates. Nothing is sent to the target.

The same checks are run against the embedded reference server, with the fixtures that the target file declares, and counted.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.cli import help_text, options
from conformance.cli.arguments import Parser
from conformance.cli.embedded import ReferenceServer, ServerError
from conformance.cli.pytest_main import INTERRUPTED, USAGE, run_pytest
from conformance.cli.request_cost import Cost
from conformance.contract import UnknownRevisionError, load, revisions
from conformance.reporting import read
from conformance.run import github
from conformance.run.known_failures import KnownFailures
from conformance.target import ConfigurationError, Target, describe
from conformance.target.target_file import read_target_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from conformance.reporting import Run

# Options of the target and the report folder, on which what a run sends does not depend.
TARGET_OPTIONS = (
    "--base-url",
    "--target",
    "--name",
    "--allow-existing",
    "--report-folder",
    "--revision",
    "--known-failures",
)
PROG = "python -m conformance plan"
DESCRIPTION = "Print how many requests a run with these options sends, and how long they take at least. Sends nothing."
UPDATES = "--update-known-failures"
SUITE_FAILED, INCOMPLETE = 3, 5
SENDS_NOTHING = {"--collect-only", "--co", "--version", "-V"}


class PlanError(RuntimeError):
    """There is no plan; the text is one line, or empty if it was printed already, `code` is the exit code."""

    def __init__(self, text: str, code: int = USAGE) -> None:
        super().__init__(text)
        self.code = code


def main(arguments: Sequence[str]) -> int:
    """Print the plan; return 0, 2 when interrupted, 4 for bad input, 5 when nothing would run."""
    if not {"-h", "--help"}.isdisjoint(arguments):
        sys.stdout.write(help_text.plan_help(PROG, DESCRIPTION))
        return 0
    parser = Parser(prog=PROG)
    parser.add_argument("--json", action="store_true")
    own, rest = parser.parse_known_args(arguments)
    words, environment = options.take_tokens(rest, os.environ)
    try:
        cost = measured(words, environment)
    except (PlanError, ServerError, ConfigurationError, UnknownRevisionError) as problem:
        sys.stderr.write(f"error: {problem}\n" if str(problem) else "")
        return problem.code if isinstance(problem, PlanError) else USAGE
    sys.stdout.write(json.dumps(cost.as_json(), indent=2) + "\n" if own.json else cost.table())
    return 0


def announce(words: Sequence[str], environment: Mapping[str, str]) -> None:
    """Print the plan in one line, if the target is one that is paced from the first request on.

    Errors in the words or the target are left to the run.
    """
    with contextlib.suppress(ConfigurationError, PlanError, ServerError):
        target = _target(words, environment)
        if target is None or target.is_loopback or not SENDS_NOTHING.isdisjoint(words):
            return
        KnownFailures.open(target.known_failures, update=UPDATES in words)
        if target.token is not None:
            sys.stdout.write(f"{measured(words, environment).line()}\n")
            sys.stdout.flush()


def measured(words: Sequence[str], environment: Mapping[str, str]) -> Cost:
    """Run the selected checks against the reference server, and count their requests.

    Raises:
        PlanError, ServerError, ConfigurationError, UnknownRevisionError: there is no plan; the text is one line.

    """
    target = _target(words, environment)
    named = options.value_of(words, "--revision")
    contract = load(target.revision if target else named or revisions()[0])
    with _folder() as folder:
        file, log = folder / "target.toml", folder / "reference" / contract.revision
        with ReferenceServer(contract.revision, file):
            _run(
                words,
                environment,
                file if target is None else _with_declarations_of(target, file),
                folder,
            )
        has_limited_instance = target is None or target.has_limited_instance
        in_background = target is None or target.limits_in_background
        run = _finished(log / "events.jsonl")
        cost = Cost.of(
            run,
            contract,
            has_limited_instance=has_limited_instance,
            in_background=in_background,
        )
    if not cost.checks:
        message = "nothing would run: no check matches"
        raise PlanError(message, INCOMPLETE)
    return cost


def _run(words: Sequence[str], environment: Mapping[str, str], file: Path, folder: Path) -> None:
    place = ["--target", str(file), "--report-folder", str(folder)]
    words = [word for word in words if word != UPDATES]
    left_out = {*options.TOKENS.values(), github.RUNS_HERE}
    clean = {key: value for key, value in environment.items() if key not in left_out}
    with (folder / "output.txt").open("w", encoding="utf-8") as output:
        code = run_pytest([*place, *options.without(words, *TARGET_OPTIONS)], clean, output)
    if code in (USAGE, INTERRUPTED):
        printed_already = ""
        raise PlanError(printed_already, code)


def _finished(log: Path) -> Run:
    run = read(log) if log.exists() else None
    if run is None or run.finished is None:
        message = (
            "the checks could not be tried on the reference server: see `run` without --base-url"
        )
        raise PlanError(message, SUITE_FAILED)
    return run


def _target(words: Sequence[str], environment: Mapping[str, str]) -> Target | None:
    """Return the target that the words name; None for the reference server."""
    if not options.has_target(words):
        return None
    named = ("base-url", "target", "revision", "name", "known-failures")
    given = {name.replace("-", "_"): options.value_of(words, f"--{name}") for name in named}
    return describe(given, environment)


def _with_declarations_of(target: Target, file: Path) -> Path:
    """Write a target file for the reference server that declares the same token and fixtures as the target."""
    content = read_target_file(file)
    if target.other_token is None:
        del content["other_token"]
    kept = {key: content["fixtures"][key] for key in target.fixtures if key in content["fixtures"]}
    plain = {key: value for key, value in content.items() if isinstance(value, str)}
    tables: dict[str, dict[str, Any]] = {"fixtures": kept, "rate_limit": content["rate_limit"]}
    lines = [*_pairs(plain)]
    for name, table in tables.items():
        lines += [f"[{name}]", *_pairs(table)]
    declared = file.with_name("declared.toml")
    declared.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return declared


def _pairs(table: Mapping[str, str]) -> Iterator[str]:
    for key, value in table.items():
        yield f"{key} = {json.dumps(value)}"  # a JSON string is a TOML string


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="pluralkit-conformance-") as folder:
        yield Path(folder)
