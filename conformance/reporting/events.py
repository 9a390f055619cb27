"""The lines of an event log, format 1: a type for each kind of event.

One JSON object a line: run-started, then exchange and check-finished as they happen, then
requirement-judged for every requirement, then run-finished. Reading and writing are in `event_log`.
"""

# Annotations are evaluated here: with postponed ones TypedDict takes a NotRequired key for a required one.

from typing import Any, Literal, NotRequired, TypedDict, get_args

FORMAT = 2

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
Harm = Literal["access", "loss", "status", "form"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
"""Every verdict of a requirement, worst first."""
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
"""Every outcome of a check, worst first."""


class Suite(TypedDict):
    """The suite that ran."""

    name: str
    version: str


class Target(TypedDict):
    """The server under test."""

    name: str
    base_url: str


class Requirement(TypedDict):
    """One requirement of the contract, as the catalogue has it; `harm` is what comes of violating it."""

    id: str
    text: str
    level: str
    page: str
    section: str
    url: str
    area: str
    observed: list[str]
    harm: NotRequired[Harm]
    operations: NotRequired[list[str]]
    keys: NotRequired[list[str]]


class RunStarted(TypedDict):
    """The first line, with every requirement of the revision; `rates` are documented requests a second by scope.

    `subject` is what is judged: a server, where it is not said, or a client.
    `repetition` has the words after `run` or `watch` that repeat the run, without tokens; `python` is the version that ran it.
    """

    event: Literal["run-started"]
    format: int
    suite: Suite
    subject: NotRequired[Literal["server", "client"]]
    target: Target
    revision: str
    seed: int
    rates: NotRequired[dict[str, int]]
    profile: str
    effort: str
    undeclared: list[str]
    repetition: NotRequired[list[str]]
    python: NotRequired[str]
    started: str
    requirements: list[Requirement]


class Request(TypedDict):
    """What was sent, tokens replaced by `$PK_TOKEN` and `$PK_OTHER_TOKEN`."""

    headers: dict[str, str]
    body: str | None


class Response(TypedDict):
    """What was received."""

    headers: dict[str, str]
    body: str | None


class Exchange(TypedDict):
    """A request with its response; when none came, `error` says why and the rest is None.

    `sent` is the UNIX time in seconds, `scope` the rate limit that the request counts for.
    """

    event: Literal["exchange"]
    id: str
    check: str
    caller: str
    operation: str
    scope: NotRequired[str]
    sent: NotRequired[float]
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


class KnownFailure(TypedDict):
    """What the implementer's file says of a requirement that is known to fail; `expires` is the last day."""

    reason: str
    link: str
    expires: str


class RequirementJudged(TypedDict):
    """The verdict on one requirement, and its entry among the known failures."""

    event: Literal["requirement-judged"]
    requirement: str
    verdict: Verdict
    reason: str
    checks: list[str]
    known_failure: NotRequired[KnownFailure | None]


class Outdated(TypedDict):
    """An entry of the known failures that has to be changed; `message` says how."""

    requirement: str
    problem: Literal["passed", "expired"]
    message: str


class RunFinished(TypedDict):
    """The footer. `selection` is what narrowed the run, `left_over` what is not as it was before it.

    `stopped` is why checks that were selected did not run; empty if all did.

    `waited` is the seconds in which nothing was sent because of rate limits.
    """

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
    outdated: NotRequired[list[Outdated]]
    waited: NotRequired[float]
    stopped: NotRequired[str]


class ChainFound(TypedDict):
    """The shortest chain of requests that shows what a check found; `test` is a Python expression that the last response violates."""

    event: Literal["chain-found"]
    check: str
    exchanges: list[str]
    test: str


class OperationReached(TypedDict):
    """What generated requests covered of one operation.

    `statuses` counts responses by class of status, `keys` is the number of keys that a body may have, `keys_sent` names those
    that were sent, `at_bounds` those that were sent at their limit or beyond it.
    """

    event: Literal["operation-reached"]
    operation: str
    statuses: dict[str, int]
    keys: int
    keys_sent: list[str]
    at_bounds: list[str]


class MatrixCell(TypedDict):
    """The checks of one cell, or the reason why none is needed; neither where nothing belongs."""

    checks: list[str]
    reason: str


class MatrixRow(TypedDict):
    """A row of a matrix, with a cell for each column."""

    group: str
    name: str
    cells: list[MatrixCell]


class Matrix(TypedDict):
    """Which checks test what: keys by rule (`keys`), or operations by class of input (`inputs-...`, one for each kind of place)."""

    event: Literal["matrix"]
    name: str
    columns: list[str]
    rows: list[MatrixRow]


Event = (
    ChainFound
    | Matrix
    | OperationReached
    | RunStarted
    | Exchange
    | CheckFinished
    | RequirementJudged
    | RunFinished
)

KINDS: dict[str, Any] = {
    "run-started": RunStarted,
    "exchange": Exchange,
    "check-finished": CheckFinished,
    "chain-found": ChainFound,
    "operation-reached": OperationReached,
    "matrix": Matrix,
    "requirement-judged": RequirementJudged,
    "run-finished": RunFinished,
}
"""The type of each event, by its name."""
