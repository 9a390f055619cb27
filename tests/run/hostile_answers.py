"""The table of hostile responses: `python -m tests.run.hostile_answers [--kind K] [--request R]`.

Each cell is one run against a server that answers one request of it, each time, with the bytes of one kind. The run must end by itself
within its bounds, judge honestly, and write and print neither a token nor what a terminal obeys.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import dataclasses
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import conformance
from tests.conftest import running
from tests.run import hostile_bodies
from tests.run.hostile_front import REQUESTS, HostileFront
from tests.run.hostile_kinds import HARMLESS, KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.conftest import Reference

FOLDER = Path(conformance.__file__).parent / "checks"
# The first judges reads, and whether a PATCH is accepted; the second what a PATCH returns.
CHECKS = [
    str(FOLDER / "patch/unchanged.py"),
    f"{FOLDER / 'fields/containers.py'}::check_response_is_in_its_container[updateMember]",
]
TIMEOUT = 1.0  # seconds, of the run
LONGEST = 60.0  # seconds of a run; one that is throttled each time waits half of it
LARGEST = 300.0  # megabytes
TABLE = sorted({*KINDS, *hostile_bodies.BODIES})
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
READ_BY_PEOPLE = (".html", ".xml", ".md", ".svg")


@dataclasses.dataclass
class Cell:
    """One run: what it returned, printed and wrote."""

    kind: str
    request: str
    code: int
    printed: str
    files: dict[str, str]
    seconds: float
    megabytes: float
    hostile: int
    followed: list[str]
    tokens: tuple[str, ...]

    @property
    def report(self) -> dict[str, Any]:
        """The content of report.json; nothing if there is none."""
        found = [text for name, text in self.files.items() if name.endswith("report.json")]
        content: dict[str, Any] = json.loads(found[0]) if found else {}
        return content

    @property
    def left_over(self) -> list[str]:
        """What the report says to be left on the target."""
        return list(self.report.get("left_over", []))

    @property
    def counts(self) -> str:
        """The verdicts of the headline, in a few letters."""
        counts = self.report.get("counts", {})
        return " ".join(f"{number} {verdict}" for verdict, number in counts.items() if number)

    def problems(self) -> Iterator[str]:
        """Yield what is wrong with the run, a few words each."""
        if not self.hostile:
            yield "the request was never sent"
        if self.seconds > LONGEST or self.megabytes > LARGEST:
            yield "took too long, or too much memory"
        if self.code not in (0, 1, 4, 5):
            yield f"exit {self.code}"
        judged = self.request in ("first", "read", "write")
        if self.code == 0 and judged and self.kind not in HARMLESS:
            yield "conformant"
        if self.counts.startswith(tuple(f"{n} error" for n in range(1, 100))):
            yield "a defect of the suite"
        if self.request == "delete" and not any("member" in line for line in self.left_over):
            yield "nothing is said to be left"
        if "Traceback" in self.printed or "INTERNALERROR" in self.printed:
            yield "a traceback"
        if self.code == 4 and self.printed.count("\n") != 1:
            yield "more than one line"
        yield from self._shown()

    def _shown(self) -> Iterator[str]:
        read = {k: v for k, v in self.files.items() if k.endswith(READ_BY_PEOPLE)}
        for name, text in {"terminal": self.printed, **read}.items():
            if found := OBEYED.search(text):
                yield f"{found.group()!r} in {name}"
        for name, text in {"terminal": self.printed, **self.files}.items():
            for token in self.tokens:
                yield from (f"{token[:8]}... in {name}" for form in forms(token) if form in text)
        if self.followed:
            yield "followed a redirect"


class Memory(threading.Thread):
    """Reads the most memory that a process ever used, as long as it runs; that of its parent would count in `os.wait4`."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        super().__init__(daemon=True)
        self.process, self.megabytes = process, 0.0
        self.start()

    def run(self) -> None:
        """Read it, while there is such a process."""
        status = Path(f"/proc/{self.process.pid}/status")
        with contextlib.suppress(OSError):
            while self.process.returncode is None:
                if found := re.search(r"VmHWM:\s+(\d+) kB", status.read_text("ascii")):
                    self.megabytes = int(found[1]) / 1024
                time.sleep(0.02)


def forms(token: str) -> set[str]:
    """Return the forms in which a token can be read."""
    raw = token.encode()
    found = {token, token[::-1], token.upper(), token.lower(), quote(token, safe=""), raw.hex()}
    found |= {base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode()}
    return found | {"".join(f"\\u{byte:04x}" for byte in raw)}


def run_cell(kind: str, request: str, reference: Reference, folder: Path) -> Cell:
    """Run the suite against the reference server, one of whose responses is hostile."""
    behind = urlsplit(reference.base_url).port
    with HostileFront(int(str(behind)), request, KINDS[kind]).serving() as front:
        words = ["--base-url", f"http://127.0.0.1:{front.port}/v2", "--name", "hostile"]
        options = [
            "--timeout",
            str(TIMEOUT),
            "--report-folder",
            str(folder),
            "--revision",
            "2025-08",
        ]
        tokens = {"PK_TOKEN": reference.token, "PK_OTHER_TOKEN": reference.other_token}
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PK_")} | tokens
        started = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "-m", "conformance", "run", *words, *options, *CHECKS],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        timer = threading.Timer(2 * LONGEST, process.kill)
        timer.start()
        memory = Memory(process)
        printed = process.communicate()[0].decode("utf-8", "replace")
        timer.cancel()
        seconds = time.monotonic() - started
    files = [file for file in folder.rglob("*") if file.is_file()]
    return Cell(
        kind=kind,
        request=request,
        code=process.returncode,
        printed=printed,
        files={str(file.relative_to(folder)): file.read_text("utf-8") for file in files},
        seconds=seconds,
        megabytes=memory.megabytes,
        hostile=front.hostile,
        followed=front.followed,
        tokens=(reference.token, reference.other_token),
    )


def main(arguments: Sequence[str]) -> int:
    """Print the table; return 1 if a cell is not OK."""
    parser = argparse.ArgumentParser(prog="python -m tests.run.hostile_answers")
    parser.add_argument("--kind", choices=TABLE, action="append")
    parser.add_argument("--request", choices=REQUESTS, action="append")
    parser.add_argument("--verbose", action="store_true", help="print what each run printed")
    options = parser.parse_args(arguments)
    wrong = 0
    for kind in options.kind or TABLE:
        for request in options.request or REQUESTS:
            with tempfile.TemporaryDirectory() as folder:
                place = Path(folder)
                with running(place) as reference:
                    cell = run_cell(kind, request, reference, place / "reports")
            found = "; ".join(dict.fromkeys(cell.problems()))
            wrong += bool(found)
            row = f"{kind:<26}{request:<8}{cell.code:>2}  {cell.counts:<44}"
            sys.stdout.write(
                f"{row}{cell.seconds:5.1f} s {cell.megabytes:4.0f} MB  {found or 'OK'}\n"
            )
            sys.stdout.write(cell.printed if options.verbose else "")
            sys.stdout.flush()
    sys.stdout.write(f"{wrong} not OK\n")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
