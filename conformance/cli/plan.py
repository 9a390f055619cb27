"""`plan`: what a run would send, and how long it takes at the documented rates. Nothing is sent to the target.

It is found by a run of the same checks against the embedded reference server, with what the target file declares and no
more, so it holds for every selection and never goes stale.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.cli import options
from conformance.cli.arguments import Parser
from conformance.cli.embedded import ReferenceServer, ServerError
from conformance.cli.pytest_main import INTERRUPTED, USAGE, run_pytest
from conformance.cli.request_cost import Cost
from conformance.contract import UnknownRevisionError, load, revisions
from conformance.reporting import read
from conformance.target import ConfigurationError, Target, describe
from conformance.target.description import read_target_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from conformance.reporting import Run

# Options that say where a run goes; what it then sends does not follow from them.
PLACES = ("--base-url", "--target", "--name", "--allow-existing", "--report-folder", "--revision")
SUITE_FAILED, INCOMPLETE = 3, 5
SENDS_NOTHING = {"--collect-only", "--co", "--version", "-V"}


class PlanError(RuntimeError):
    """There is no plan; the text is one line, the code the exit code that goes with it."""

    def __init__(self, text: str, code: int = USAGE) -> None:
        super().__init__(text)
        self.code = code


def main(arguments: Sequence[str]) -> int:
    """Print the plan; return 0, 2 when interrupted, 4 for bad input, 5 when nothing would run."""
    parser = Parser(
        prog="python -m conformance plan",
        description="Say what a run sends and how long that takes at least. Takes the options of `run`; sends nothing.",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
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
    """Print the plan in one line, where the target is one that is paced from the first request on.

    What is wrong with the words or the target is left for the run to say.
    """
    with contextlib.suppress(ConfigurationError, PlanError, ServerError):
        target = _target(words, environment)
        if target is None or target.is_loopback or not SENDS_NOTHING.isdisjoint(words):
            return
        if target.token is not None:
            sys.stdout.write(f"{measured(words, environment).line()}\n")
            sys.stdout.flush()


def measured(words: Sequence[str], environment: Mapping[str, str]) -> Cost:
    """Run the checks that the words select against the reference server, and count.

    Raises:
        PlanError, ServerError, ConfigurationError, UnknownRevisionError: with one line that says why there is none.

    """
    target = _target(words, environment)
    named = options.value_of(words, "--revision")
    contract = load(target.revision if target else named or revisions()[0])
    with _folder() as folder:
        file, log = folder / "target.toml", folder / "reference" / contract.revision
        with ReferenceServer(contract.revision, file):
            _run(words, environment, file if target is None else _like(target, file), folder)
        apart = target is None or target.limits_elsewhere
        beside = target is None or target.limits_beside
        run = _finished(log / "events.jsonl")
        cost = Cost.of(run, contract, apart=apart, beside=beside)
    if not cost.checks:
        message = "nothing would run: no check matches"
        raise PlanError(message, INCOMPLETE)
    return cost


def _run(words: Sequence[str], environment: Mapping[str, str], file: Path, folder: Path) -> None:
    place = ["--target", str(file), "--report-folder", str(folder)]
    clean = {key: value for key, value in environment.items() if key not in options.TOKENS.values()}
    with (folder / "output.txt").open("w", encoding="utf-8") as output:
        code = run_pytest([*place, *options.without(words, *PLACES)], clean, output)
    if code in (USAGE, INTERRUPTED):
        said_already = ""
        raise PlanError(said_already, code)


def _finished(log: Path) -> Run:
    run = read(log) if log.exists() else None
    if run is None or run.finished is None:
        message = (
            "the checks could not be tried on the reference server: see `run` without --base-url"
        )
        raise PlanError(message, SUITE_FAILED)
    return run


def _target(words: Sequence[str], environment: Mapping[str, str]) -> Target | None:
    """Return the target that the words name; None when that is the reference server itself."""
    if not options.name_a_target(words):
        return None
    named = ("base-url", "target", "revision", "name")
    given = {name.replace("-", "_"): options.value_of(words, f"--{name}") for name in named}
    return describe(given, environment)


def _like(target: Target, file: Path) -> Path:
    """Write a target file for the reference server that declares what the target's declares."""
    content = read_target_file(file)
    if target.other_token is None:
        del content["other_token"]
    kept = {key: content["fixtures"][key] for key in target.fixtures if key in content["fixtures"]}
    plain = {key: value for key, value in content.items() if isinstance(value, str)}
    tables: dict[str, dict[str, Any]] = {"fixtures": kept, "rate_limit": content["rate_limit"]}
    lines = [*_pairs(plain)]
    for name, table in tables.items():
        lines += [f"[{name}]", *_pairs(table)]
    made = file.with_name("like.toml")
    made.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return made


def _pairs(table: Mapping[str, str]) -> Iterator[str]:
    for key, value in table.items():
        yield f"{key} = {json.dumps(value)}"  # a JSON string is a TOML string


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="pluralkit-conformance-") as folder:
        yield Path(folder)
