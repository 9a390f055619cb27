"""One trial: a report of a faulty server, and the reproduction of one of its failures on new servers with and without the fault."""

from __future__ import annotations

import dataclasses
import json
import os
import random
import subprocess
import tempfile
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from conformance.contract import revisions
from conformance.contract.requirements import read_catalogue
from conformance.mutation import reasons
from conformance.mutation.faulty_servers import serving
from conformance.mutation.forked import Forked
from conformance.mutation.trial import violates_at
from conformance.reference.faults import FAULTS
from conformance.reporting.history import created_ids, ids_in, parsed, plain
from tests.reproductions.responses import comparable, is_same

if TYPE_CHECKING:
    from collections.abc import Iterator

OUT_OF_SCOPE = ("rate_limits",)  # a shell sends nothing fast enough
TIMEOUT = 120  # seconds
_PRINT_CREATED = """echo; echo created
for name in ${!member*} ${!group*} ${!switch*}; do echo "$name $(jq -c . <<<"${!name}")"; done
"""


@dataclasses.dataclass(frozen=True)
class Drawn:
    """A fault at a revision, and the area of the requirements that it violates."""

    fault: str
    revision: str
    area: str


@dataclasses.dataclass(frozen=True)
class Result:
    """What came of a trial; `problem` says why there was nothing to send again."""

    drawn: Drawn
    check: str = ""
    lines: tuple[str, ...] = ()
    faulty: bool = False
    sound: bool = False
    problem: str = ""
    differs: str = ""
    needs_statuses: bool = False  # the sound server differs only in what an earlier step returns

    @property
    def is_right(self) -> bool:
        """Whether the faulty server showed the fault, and the sound one did not."""
        return self.faulty and not self.sound


def draw(number: int, seed: int) -> list[Drawn]:
    """Return faults of all areas in turn, and of all revisions; without those that only many requests show."""
    choice = random.Random(f"reproductions {seed}")  # noqa: S311 not for secrets
    areas: dict[str, list[Drawn]] = {}
    area_of = {row.id: row.area for row in read_catalogue()}
    for name in FAULTS:
        known = [revision for revision in revisions() if violates_at(name, revision)]
        area = area_of[FAULTS[name].violates[0]]
        if known and area not in OUT_OF_SCOPE and not reasons.is_sequence(name):
            areas.setdefault(area, []).append(Drawn(name, choice.choice(known), area))
    for faults in areas.values():
        choice.shuffle(faults)
    return list(_in_turn(areas, number))


def _in_turn(areas: dict[str, list[Drawn]], number: int) -> Iterator[Drawn]:
    while number and any(areas.values()):
        for faults in areas.values():
            if faults and number:
                number -= 1
                yield faults.pop()


def try_one(drawn: Drawn, seed: int, *, whole: bool) -> Result:
    """Run the suite against the fault, all of it or the checks of its requirements, and send a reproduction again."""
    with tempfile.TemporaryDirectory(prefix="reproduction-") as folder:
        report = _report(drawn, Path(folder), whole=whole)
        failed = _failed(report, drawn) if report else []
        if not failed:
            return Result(drawn, problem="no check of its requirements failed")
        check = random.Random(f"{seed} {drawn.fault}").choice(failed)  # noqa: S311 not for secrets
        judged = report["exchanges"][check["evidence"]]
        if judged["response"] is None:
            return Result(drawn, check["check"], problem="the judged request got no response")
        lines = check["reproduction"]["curl"]
        wanted = _shown(report, check, lines[-1])
        found = [
            _sent_again(lines, report["target"]["base_url"], drawn.revision, faults, Path(folder))
            for faults in ((drawn.fault,), ())
        ]
        faulty, sound = (is_same(wanted, one, judged["operation"]) for one in found)
        return Result(
            drawn,
            check["check"],
            tuple(lines),
            faulty,
            sound,
            differs="" if faulty else f"{wanted}\n{found[0]}",
            needs_statuses=not sound and wanted["last"] == found[1]["last"],
        )


def _shown(report: dict[str, Any], check: dict[str, Any], line: str) -> dict[str, Any]:
    """Return what the reproduction must show: the statuses that it prints, and the judged response."""
    exchanges = [report["exchanges"][one] for one in [*check["before"], check["evidence"]]]
    response = exchanges[-1]["response"]
    return {
        "statuses": [one["status"] for one in exchanges[:-1] if not _is_kept(one)],
        "last": comparable(
            exchanges[-1]["status"],
            response["headers"],
            response["body"],
            _names(exchanges[:-1]),
            line,
        ),
    }


def _is_kept(exchange: dict[str, Any]) -> bool:
    """Whether the response is kept for the ids that it has."""
    return exchange["operation"].startswith("create") and bool(created_ids(exchange))


def _report(drawn: Drawn, folder: Path, *, whole: bool) -> dict[str, Any]:
    """Run the suite against a server with the fault; return the report, an empty one if the run was too slow."""
    target, reports = folder / "target.toml", folder / "reports"
    required = [f"--requirement={name}" for name in violates_at(drawn.fault, drawn.revision)]
    if reasons.modules_needed(drawn.fault) is not None:
        required = []
    words = ["run", "--target", str(target), "--revision", drawn.revision, "--budget", "0"]
    words += [
        "--report-folder",
        str(reports),
        "-k",
        "not rate_limits",
        *([] if whole else required),
    ]
    with serving(drawn.revision, (drawn.fault,), target):
        Forked(words, os.environ, folder).wait(TIMEOUT)
    made = [*reports.glob("*/*/report.json")]
    content: dict[str, Any] = json.loads(made[0].read_text("utf-8")) if made else {}
    return content


def _failed(report: dict[str, Any], drawn: Drawn) -> list[dict[str, Any]]:
    """Return the checks of the violated requirements that have a reproduction."""
    violated = violates_at(drawn.fault, drawn.revision)
    return [
        check
        for requirement in report["requirements"]
        for check in requirement["checks"]
        if requirement["id"] in violated and check["reproduction"] and check["evidence"]
    ]


def _names(exchanges: list[dict[str, Any]]) -> dict[str, str]:
    """Return a name for each id that the exchanges created."""
    names: dict[str, str] = {}
    counts: dict[str, int] = {}
    for exchange in exchanges:
        if _is_kept(exchange):
            kind = exchange["operation"].removeprefix("create").lower()
            counts[kind] = counts.get(kind, 0) + 1
            names |= {
                plain(ref): f"{kind}{counts[kind]} {key}"
                for key, ref in created_ids(exchange).items()
            }
    return names


def _sent_again(
    lines: list[str], base_url: str, revision: str, faults: tuple[str, ...], folder: Path
) -> dict[str, Any]:
    """Paste the lines into a shell, with a new server in the place of the old one; return what it prints."""
    target = folder / "again.toml"
    with serving(revision, faults, target) as url:
        described = tomllib.loads(target.read_text("utf-8"))
        tokens = {"PK_TOKEN": described["token"], "PK_OTHER_TOKEN": described["other_token"]}
        script = "\n".join(
            [line.replace(_origin(base_url), _origin(url)) for line in lines] + [_PRINT_CREATED]
        )
        shell = subprocess.run(
            ["bash", "-s"],  # noqa: S607 as a user does
            input=script.encode(),
            env={"PATH": os.environ["PATH"], **tokens},
            capture_output=True,
            timeout=TIMEOUT,
            check=False,
        )
    out, _, created = shell.stdout.decode("utf-8", "replace").rpartition("\ncreated\n")
    pairs = (line.partition(" ") for line in created.splitlines())
    names = {
        plain(ref): f"{entity} {key}"
        for entity, _, body in pairs
        for key, ref in ids_in(parsed(body)).items()
    }
    statuses, _, last = out.replace("\r\n", "\n").partition("HTTP/1.1 ")
    head, _, body = last.partition("\n\n")
    status, *headers = head.splitlines() or [""]
    shown = dict(line.split(": ", 1) for line in headers if ": " in line)
    code = int(status[:3]) if status else None
    return {
        "statuses": [int(word) for word in statuses.split()],
        "last": comparable(code, shown, body, names, lines[-1]),
        "stderr": shell.stderr.decode("utf-8", "replace"),
    }


def _origin(url: str) -> str:
    return "{0.scheme}://{0.netloc}".format(urlsplit(url))
