"""Judges each request as it comes, and writes the event log. How requests come and go is in `proxy`."""

from __future__ import annotations

import collections
import dataclasses
import importlib.metadata
import itertools
import platform
import time
from typing import TYPE_CHECKING, Any

from conformance.contract import load
from conformance.reporting import EventLog, write_reports
from conformance.reporting.events import FORMAT
from conformance.run import verdicts
from conformance.run.log_header import DISTRIBUTION, now
from conformance.watch.catalogue import habits_at
from conformance.watch.documented import Documented
from conformance.watch.history import History
from conformance.watch.judges import JUDGES
from conformance.watch.request import Request
from conformance.watch.tally import MODULE, Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import httpx

    from conformance.run.known_failures import KnownFailures
    from conformance.watch.catalogue import Habit
    from conformance.watch.judges import Found
    from conformance.watch.request import Response
    from conformance.watch.secrets import Secrets

FILE = "events.jsonl"
WATCHED = "watched"  # stands for the profile and the effort, which a client has none of
PREFLIGHT = "OPTIONS"  # of browsers; no client sends it itself


@dataclasses.dataclass(frozen=True)
class Subject:
    """Whom a session watches: the name of the client, the base URL behind it, the revision, the words that repeat it."""

    name: str
    base_url: str
    revision: str
    repetition: tuple[str, ...] = ()

    @property
    def base_path(self) -> str:
        """The path of the base URL, without a slash at its end."""
        rest = self.base_url.partition("://")[2]
        return ("/" + rest.partition("/")[2]).rstrip("/")

    @property
    def origin(self) -> str:
        """The base URL without its path."""
        scheme, _, rest = self.base_url.partition("://")
        return f"{scheme}://{rest.partition('/')[0]}"


class Watcher:
    """One session: what was seen of a client, judged and recorded."""

    def __init__(
        self, subject: Subject, folder: Path, secrets: Secrets, announce: Callable[[str], None]
    ) -> None:
        """Open the log in a folder; `announce` gets a line for each violation that is new."""
        self.subject, self.folder, self.secrets = subject, folder, secrets
        self.documented = Documented(load(subject.revision), subject.base_path)
        self.habits = habits_at(subject.revision)
        self.requests: collections.Counter[str] = collections.Counter()
        self.report: dict[str, Any] = {}
        self.outdated: list[dict[str, str]] = []
        self._announce = announce
        self._history, self._tally = History(), Tally()
        self._numbers = itertools.count(1)
        self._started = time.monotonic()
        self._log = EventLog(folder / FILE)
        self._write("run-started", **self._header())

    def request_at(
        self, arrived: float, method: str, target: str, headers: httpx.Headers, body: bytes
    ) -> Request:
        """Return a request that came at a time of the monotonic clock."""
        sent = time.time() - (time.monotonic() - arrived)
        name = f"w{next(self._numbers)}"
        return Request(name, arrived, sent, method, target, headers, body, self.documented)

    def judge(self, request: Request) -> None:
        """Let each judge look at a request."""
        self.secrets.learn(request)
        if request.method == PREFLIGHT:
            return
        for habit in self.habits:
            found = JUDGES[habit.id](request, self._history)
            if found is not None:
                self._count(habit, request, found)
        self._history.arrived(request)

    def returned(self, request: Request, response: Response) -> None:
        """Record a request with its response."""
        self.requests[request.place.scope] += 1
        self._history.returned(request, response)
        self._write("exchange", **self._exchange(request, response))

    def finish(self, known: KnownFailures, *, stopped: str) -> int:
        """Judge each habit, write the reports, and return the exit code; `stopped` is why something was not seen, if so."""
        checks = [check for habit in self.habits for check in self._tally.checks(habit)]
        results = []
        for check in checks:
            chain = check.pop("chain", None)
            if chain:
                self._write("chain-found", check=check["check"], exchanges=chain, test="")
            self._write("check-finished", **check)
            names = ("check", "requirements", "outcome", "reason")
            results.append(verdicts.CheckResult(**{name: check[name] for name in names}))
        requirements = [habit.requirement for habit in self.habits]
        judgements = known.judged(verdicts.judge(requirements, results))
        self.outdated = known.outdated(judgements, {habit.id for habit in self.habits})
        for judgement in judgements:
            self._write("requirement-judged", **dataclasses.asdict(judgement))
        counts = collections.Counter(judgement.verdict for judgement in judgements)
        code = verdicts.exit_code(
            counts, interrupted=False, allow_untested=True, outdated=bool(self.outdated)
        )
        if stopped and code == verdicts.Exit.CONFORMANT:
            code = verdicts.Exit.INCOMPLETE
        self._write("run-finished", **self._footer(code, stopped))
        self._log.close()
        self.report = write_reports(self.folder / FILE, self.folder)
        return int(code)

    def _count(self, habit: Habit, request: Request, found: Found) -> None:
        clean = self.secrets.clean
        row, text = clean(found.row or request.place.name), clean(found.text)
        if self._tally.add(habit.id, row, request, dataclasses.replace(found, text=text)):
            self._announce(f"{habit.requirement.level} {habit.id} [{row}]: {text}")

    def _header(self) -> dict[str, Any]:
        subject = self.subject
        return {
            "format": FORMAT,
            "suite": {"name": DISTRIBUTION, "version": importlib.metadata.version(DISTRIBUTION)},
            "subject": "client",
            "target": {"name": subject.name, "base_url": subject.base_url},
            "revision": subject.revision,
            "seed": 0,
            "rates": dict(self.documented.contract.rate_limits),
            "profile": WATCHED,
            "effort": WATCHED,
            "undeclared": [],
            "repetition": [*map(self.secrets.clean_word, subject.repetition)],
            "python": platform.python_version(),
            "started": now(),
            "requirements": list(self._requirements()),
        }

    def _requirements(self) -> Iterator[dict[str, Any]]:
        names = ("id", "text", "level", "page", "section", "url", "area")
        for habit in self.habits:
            facts = {name: getattr(habit.requirement, name) for name in names}
            yield {**facts, "harm": habit.harm, "operations": [], "keys": [], "observed": []}

    def _exchange(self, request: Request, response: Response) -> dict[str, Any]:
        clean = self.secrets.clean
        text = request.body.decode("utf-8", "backslashreplace")
        answer = {
            "headers": self.secrets.headers(response.headers),
            "body": clean(response.text),
        }
        return {
            "id": request.id,
            "check": MODULE,
            "caller": self.secrets.caller(request),
            "operation": request.place.name,
            "scope": request.place.scope,
            "sent": round(request.sent, 4),
            "method": request.method,
            "url": clean(self.subject.origin + request.target),
            "request": {
                "headers": self.secrets.headers(request.headers),
                "body": clean(text) if request.body else None,
            },
            "status": response.status,
            "response": None if response.status is None else answer,
            "milliseconds": round((response.returned - request.arrived) * 1000, 2),
            "error": response.error,
        }

    def _footer(self, code: int, stopped: str) -> dict[str, Any]:
        return {
            "finished": now(),
            "seconds": round(time.monotonic() - self._started, 2),
            "requests": self.requests.total(),
            "by_scope": dict(self.requests),
            "partial": False,
            "selection": "",
            "stopped": stopped,
            "interrupted": False,
            "exit_code": int(code),
            "left_over": [],
            "outdated": self.outdated,
            "waited": 0.0,
        }

    def _write(self, event: str, **facts: Any) -> None:
        self._log.append({"event": event, **facts})  # type: ignore[arg-type] # facts fit the event
