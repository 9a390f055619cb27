"""`peer`: compares this suite with `schemathesis run` on the same faults, document and machine.

Findings of schemathesis on the server without faults do not count on a faulty one. It has a token, ids that exist, one worker
and all its phases, and runs against an instance without rate limits; the suite runs all its checks.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import json
import os
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from conformance.cli.arguments import Parser
from conformance.contract import load, revisions
from conformance.mutation import faulty_servers, pool, trial
from conformance.mutation.collected import Collected
from conformance.mutation.preloading import preload
from conformance.reference.faults import FAULTS
from conformance.run import folders

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SAMPLE = 24
SEED = "1"
FAULT_TIMEOUT = 1200.0  # seconds for both programs
REVISION = revisions()[0]
ENTITIES = 4  # members, and as many groups
SETTINGS = """continue-on-failure = true
[parameters]
"path.systemId" = "@me"
"path.guildId" = "{guild_id}"
"path.messageId" = "{message_id}"
"path.memberId" = {{ dictionary = "members", probability = 0.7 }}
"path.groupId" = {{ dictionary = "groups", probability = 0.7 }}
"query.guild_id" = "{guild_id}"
[dictionaries.members]
values = {members}
[dictionaries.groups]
values = {groups}
[phases.coverage]
unexpected-methods = []
[[operations]]
include-operation-id = "createSwitch"
parameters = {{ "body.members[*]" = {{ dictionary = "members", probability = 0.9 }} }}
checks = {{ positive_data_acceptance = {{ enabled = false }} }}
[[operations]]
include-operation-id = "addGroupMembers"
parameters = {{ "body.[*]" = {{ dictionary = "members", probability = 0.9 }} }}
checks = {{ positive_data_acceptance = {{ enabled = false }} }}
[[operations]]
include-operation-id = "addMemberGroups"
parameters = {{ "body.[*]" = {{ dictionary = "groups", probability = 0.9 }} }}
checks = {{ positive_data_acceptance = {{ enabled = false }} }}
"""


@dataclasses.dataclass
class Findings:
    """The findings of one program on one server, with requests and seconds."""

    found: list[str]
    requests: int
    seconds: float


def peer(arguments: Sequence[str]) -> int:
    """Compare both on a sample of the faults, write peer.json and peer.md; return 0."""
    parser = Parser(prog="python -m conformance.mutation peer", description=__doc__)
    parser.add_argument("--sample", type=int, default=SAMPLE, help="faults, evenly from the list")
    parser.add_argument("--max-examples", default="100", help="of schemathesis (its own default)")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--report-folder", type=Path, default=Path("reports/mutation"))
    options = parser.parse_args(arguments)
    preload([REVISION])
    collected = Collected(REVISION, [str(folder) for folder in folders()])
    names = sample(options.sample)
    functions = [
        functools.partial(_compare, fault, options.max_examples, collected)
        for fault in [None, *names]
    ]
    results: dict[str, dict[str, Any]] = {}
    for number, result in pool.run_all(functions, options.jobs, FAULT_TIMEOUT):
        fault = names[number - 1] if number else ""
        if result is not None:
            results[fault] = result
        done = f"[{len(results)}/{len(functions)}] {fault or 'no fault'}"
        sys.stdout.write(f"{done}: {'done' if result else 'it crashed or timed out'}\n")
        sys.stdout.flush()
        if "" in results:
            write(
                summarize(results), options.report_folder
            )  # each time, as a long run may be stopped
    sys.stdout.write(markdown(summarize(results)))
    return 0


def write(comparison: dict[str, Any], folder: Path) -> None:
    """Write peer.json and peer.md."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "peer.json").write_text(json.dumps(comparison, indent=1) + "\n", "utf-8")
    (folder / "peer.md").write_text(markdown(comparison), "utf-8")


def sample(size: int) -> list[str]:
    """Return this many faults, evenly from the sorted names of those that violate something at the newest revision."""
    names = sorted(name for name in FAULTS if trial.violates_at(name, REVISION))
    return [names[place * len(names) // size] for place in range(min(size, len(names)))]


def summarize(results: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return what each program found, without its findings on the server without faults."""
    clean = {program: set(found["found"]) for program, found in results.get("", {}).items()}
    rows = {
        fault: {
            program: sorted({*found["found"]} - clean[program]) for program, found in result.items()
        }
        for fault, result in results.items()
        if fault
    }
    programs = ("suite", "schemathesis")
    return {
        "faults": len(rows),
        "programs": {
            program: {
                "found": sum(bool(row[program]) for row in rows.values()),
                "false": len(clean.get(program, ())),
                "requests": _mean([result[program]["requests"] for result in results.values()]),
                "seconds": _mean([result[program]["seconds"] for result in results.values()]),
            }
            for program in programs
        },
        "only_schemathesis": sorted(
            f for f, row in rows.items() if row["schemathesis"] and not row["suite"]
        ),
        "rows": rows,
    }


def markdown(comparison: dict[str, Any]) -> str:
    """Return the table, and the faults that only schemathesis finds."""
    lines = ["| | faults found | requests a run | seconds a run | findings without a fault |"]
    lines += ["|---|---|---|---|---|"]
    for program, row in comparison["programs"].items():
        name = {"suite": "this suite", "schemathesis": "`schemathesis run`"}[program]
        lines.append(
            f"| {name} | {row['found']} of {comparison['faults']} | {row['requests']:,} | {row['seconds']} | {row['false']} |"
        )
    only = ", ".join(f"`{name}`" for name in comparison["only_schemathesis"]) or "nothing"
    return "\n".join([*lines, "", f"Of these faults only schemathesis finds: {only}.", ""])


def _compare(fault: str | None, examples: str, collected: Collected) -> dict[str, Any]:
    return {
        "schemathesis": dataclasses.asdict(_run_schemathesis(fault, examples)),
        "suite": dataclasses.asdict(_run_suite(fault, collected)),
    }


def _run_suite(fault: str | None, collected: Collected) -> Findings:
    ended = trial.run(collected, trial.Trial(fault or "", REVISION, ()), trial.Scope.ALL)
    # A run includes the collection of the checks, which was done once here.
    return Findings(
        sorted(ended.named), ended.requests, round(collected.seconds + ended.seconds, 1)
    )


def _run_schemathesis(fault: str | None, examples: str) -> Findings:
    faults = (fault,) if fault else ()
    with (
        _folder() as folder,
        faulty_servers.serving(REVISION, faults, folder / "target.toml") as url,
    ):
        target = tomllib.loads((folder / "target.toml").read_text("utf-8"))
        (folder / "document.json").write_text(json.dumps(load(REVISION).document), "utf-8")
        (folder / "settings.toml").write_text(_settings(url, target), "utf-8")
        started = time.perf_counter()
        subprocess.run(  # noqa: S603 our own environment
            _command(url, target["token"], examples),
            cwd=folder,
            env={**os.environ, "HYPOTHESIS_STORAGE_DIRECTORY": str(folder)},
            capture_output=True,
            check=False,
        )
        seconds = time.perf_counter() - started
        report = json.loads((folder / "report.json").read_text("utf-8"))
    found = {f"{row['code']} {where}" for row in report["failures"] for where in row["operations"]}
    return Findings(sorted(found), report["test_cases"]["generated"], round(seconds, 1))


def _command(url: str, token: str, examples: str) -> list[str]:
    program = [
        str(Path(sys.executable).with_name("schemathesis")),
        "--config-file",
        "settings.toml",
    ]
    about = ["run", "document.json", "--url", url, "--header", f"Authorization: {token}"]
    how = [
        "--workers",
        "1",
        "--seed",
        SEED,
        "--generation-database",
        "none",
        "--max-examples",
        examples,
    ]
    return [
        *program,
        *about,
        *how,
        "--report",
        "json",
        "--report-json-path",
        "report.json",
        "--no-color",
    ]


def _settings(url: str, target: dict[str, Any]) -> str:
    """Create members and groups, and return the settings of schemathesis with their ids."""
    headers = {"Authorization": target["token"], "User-Agent": "conformance mutation"}
    created: dict[str, list[str]] = {}
    with httpx.Client(headers=headers, trust_env=False) as client:
        for kind in ("members", "groups"):
            responses = [
                client.post(f"{url}/{kind}", json={"name": f"{kind} {n}"}) for n in range(ENTITIES)
            ]
            created[kind] = [str(response.json().get("id", "aaaaaa")) for response in responses]
    lists = {kind: json.dumps(ids) for kind, ids in created.items()}
    return SETTINGS.format(**target["fixtures"], **lists)


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="pluralkit-mutation-") as name:
        yield Path(name)


def _mean(numbers: list[float]) -> int:
    return round(sum(numbers) / len(numbers)) if numbers else 0
