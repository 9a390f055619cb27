"""The event log, format 1: the types of its lines, a writer and a reader.

One JSON object a line: run-started, then exchange and check-finished as they happen, then a
requirement-judged for every requirement, then run-finished. A log without run-finished is the log
of a run that stopped early. What the lines add up to is reported in `document`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal, Self, TypedDict, get_args

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FORMAT = 1

Verdict = Literal[
    "error",
    "failed",
    "known",
    "inconclusive",
    "untested",
    "warned",
    "unimplemented",
    "not-applicable",
    "passed",
]
Outcome = Literal[
    "error",
    "failed",
    "inconclusive",
    "untested",
    "warned",
    "unimplemented",
    "not-applicable",
    "passed",
]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
"""Every verdict of a requirement, worst first."""
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
"""Every outcome of a check, worst first."""


class LogError(Exception):
    """The file is not an event log; the message is one line that says why."""


class Suite(TypedDict):
    """The suite that ran."""

    name: str
    version: str


class Target(TypedDict):
    """The server under test."""

    name: str
    base_url: str


class Requirement(TypedDict):
    """One requirement of the contract, as the catalogue has it."""

    id: str
    text: str
    level: str
    page: str
    section: str
    area: str
    observed: list[str]


class Rates(TypedDict, total=False):
    """The documented requests per second, by rate-limit scope."""

    rates: dict[str, int]


class RunStarted(Rates):
    """The first line, with every requirement of the revision."""

    event: Literal["run-started"]
    format: int
    suite: Suite
    target: Target
    revision: str
    seed: int
    profile: str
    started: str
    requirements: list[Requirement]


class Request(TypedDict):
    """What was sent, tokens replaced by `$PK_TOKEN` and `$PK_OTHER_TOKEN`."""

    headers: dict[str, str]
    body: str | None


class Response(TypedDict):
    """What came back."""

    headers: dict[str, str]
    body: str | None


class Moment(TypedDict, total=False):
    """When a request was sent, in UNIX seconds, and its rate-limit scope; older logs do not tell."""

    sent: float
    scope: str


class Exchange(Moment):
    """A request with its response; when none came, `error` says why and the rest is None."""

    event: Literal["exchange"]
    id: str
    check: str
    caller: str
    operation: str
    method: str
    url: str
    request: Request
    status: int | None
    response: Response | None
    milliseconds: float
    error: str | None


class CheckFinished(TypedDict):
    """A check and its outcome; `evidence` is the id of the exchange that shows it."""

    event: Literal["check-finished"]
    check: str
    description: str
    requirements: list[str]
    outcome: Outcome
    reason: str
    expected: str | None
    actual: str | None
    exchanges: list[str]
    evidence: str | None
    milliseconds: float


class RequirementJudged(TypedDict):
    """What the run says of one requirement."""

    event: Literal["requirement-judged"]
    requirement: str
    verdict: Verdict
    reason: str
    checks: list[str]


class Waiting(TypedDict, total=False):
    """The seconds in which nothing was sent because of rate limits, all workers together."""

    waited: float


class RunFinished(Waiting):
    """The footer. `selection` is what narrowed the run, `left_over` what is not as it was before it."""

    event: Literal["run-finished"]
    finished: str
    partial: bool
    selection: str
    seconds: float
    requests: int
    by_scope: dict[str, int]
    interrupted: bool
    exit_code: int
    left_over: list[str]


class ChainFound(TypedDict):
    """The requests that lead to what a check found; `test` is a Python expression of the last response that ought to hold."""

    event: Literal["chain-found"]
    check: str
    exchanges: list[str]
    test: str


class OperationReached(TypedDict):
    """How far generated requests got with one operation: responses by class of status, keys and bounds by how they were met."""

    event: Literal["operation-reached"]
    operation: str
    statuses: dict[str, int]
    keys: int
    keys_sent: list[str]
    at_bounds: list[str]


Event = (
    ChainFound
    | OperationReached
    | RunStarted
    | Exchange
    | CheckFinished
    | RequirementJudged
    | RunFinished
)

OPTIONAL = {"sent", "scope", "waited", "rates"}
"""Keys that logs of earlier versions do not have."""

_KINDS: dict[str, Any] = {
    "run-started": RunStarted,
    "exchange": Exchange,
    "check-finished": CheckFinished,
    "chain-found": ChainFound,
    "operation-reached": OperationReached,
    "requirement-judged": RequirementJudged,
    "run-finished": RunFinished,
}
_OPTIONAL = {"run-started": ("profile",)}  # keys that came after the first logs of this format


@dataclass(frozen=True)
class Run:
    """A log that was read: exchanges by id, checks by name, judgements by requirement id."""

    started: RunStarted
    exchanges: dict[str, Exchange] = field(default_factory=dict)
    checks: dict[str, CheckFinished] = field(default_factory=dict)
    judged: dict[str, RequirementJudged] = field(default_factory=dict)
    chains: dict[str, ChainFound] = field(default_factory=dict)
    reached: dict[str, OperationReached] = field(default_factory=dict)
    finished: RunFinished | None = None


class EventLog:
    """Writes events to a new file, one line each, on disk as soon as `append` returns."""

    def __init__(self, path: Path) -> None:
        """Create `path`, and the folders above it; a log that is there is overwritten."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("w", encoding="utf-8")
        self._lock = Lock()

    def append(self, event: Event) -> None:
        """Write one event. Safe to call from several threads."""
        line = json.dumps(event, separators=(",", ":")) + "\n"
        with self._lock:
            self._file.write(line)
            self._file.flush()

    def close(self) -> None:
        """Close the file; nothing can be appended after that."""
        self._file.close()

    def __enter__(self) -> Self:
        """Return the log itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self.close()


def read(path: Path) -> Run:
    """Read an event log, also one whose last line was cut off.

    Kinds of events and keys that format 1 does not have are passed over.

    Raises:
        LogError: the file cannot be read or is no event log of format 1.

    """
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        message = f"{path}: {error.strerror}"
        raise LogError(message) from error
    try:
        return _run(_events(text.split("\n")))
    except ValueError as error:
        message = f"{path}: not an event log: {error}"
        raise LogError(message) from error


def _events(lines: list[str]) -> Iterator[Any]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            event = json.loads(line)
        except ValueError as error:
            if number == len(lines) > 1:
                return
            message = f"line {number} is not JSON"
            raise ValueError(message) from error
        yield _event(event, number)


def _event(event: object, number: int) -> dict[str, Any]:
    """Return the event with exactly the keys of its kind, or raise ValueError."""
    if not isinstance(event, dict) or not isinstance(event.get("event"), str):
        message = f"line {number} has no event name"
        raise ValueError(message)  # noqa: TRY004 - one error type for every malformed line
    keys = _KINDS[event["event"]].__annotations__ if event["event"] in _KINDS else {"event": str}
    optional = {*OPTIONAL, *_OPTIONAL.get(event["event"], ())}
    missing = [key for key in keys if key not in event and key not in optional]
    if missing:
        message = f"line {number} ({event['event']}) lacks {', '.join(missing)}"
        raise ValueError(message)
    outcome, verdict = event.get("outcome", "passed"), event.get("verdict", "passed")
    if outcome not in OUTCOMES or verdict not in VERDICTS:
        message = f"line {number} has an unknown outcome or verdict"
        raise ValueError(message)
    return {key: event[key] for key in keys if key in event}


def _run(events: Iterator[Any]) -> Run:
    started = next(events, None)
    if started is None or started["event"] != "run-started":
        message = "it does not begin with run-started"
        raise ValueError(message)
    if started["format"] != FORMAT:
        message = f"format {started['format']}, this version reads format {FORMAT}"
        raise ValueError(message)
    exchanges, checks, judged, finished = {}, {}, {}, None
    chains, reached = {}, {}
    for event in events:
        match event["event"]:
            case "exchange":
                exchanges[event["id"]] = event
            case "check-finished":
                checks[event["check"]] = event
            case "chain-found":
                chains[event["check"]] = event
            case "operation-reached":
                reached[event["operation"]] = event
            case "requirement-judged":
                judged[event["requirement"]] = event
            case "run-finished":
                finished = event
    return Run(started, exchanges, checks, judged, chains, reached, finished)
