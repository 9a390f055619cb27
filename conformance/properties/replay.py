"""Repeats recorded steps on a cleared account. Which of them are repeated is decided in `shortening`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.account.refs import ID_FORMATS, Address
from conformance.http import Refuted
from conformance.properties.account_state import EntityState, Switch
from conformance.properties.expected_reads import ExpectedRead, ExpectedReads
from conformance.properties.steps import is_determined

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.properties.steps import Step
    from conformance.properties.write_requests import WriteRequests


class LostError(Exception):
    """A step cannot be repeated without one that is left out."""


class Replay:
    """Repeats steps, with the entities that are created now in the place of the recorded ones."""

    def __init__(self, requests: WriteRequests, callers: tuple[str, ...]) -> None:
        """Take the requests to the cleared account, and the callers whose reads may be repeated."""
        self.requests, self.callers = requests, callers
        self._now: dict[EntityState | Switch, EntityState | Switch] = {}
        self._refs: dict[str, str] = {}  # now by recorded, in every id format

    def repeat(self, step: Step) -> None:
        """Repeat a step before the last; a wrong response does not matter as long as the state of the account is known."""
        try:
            self.repeat_last(step)
        except LostError:
            return
        except Refuted as problem:
            if not self.requests.leaves_state_known(problem):
                raise

    def repeat_last(self, step: Step) -> None:
        """Repeat a step.

        Raises:
            LostError: what it names was not created, or becomes of it what the docs leave open.
            Refuted: its response is not as the docs say.

        """
        state = self.requests.account_state
        arguments = tuple(self._now_of(argument, step) for argument in step.arguments)
        if is_determined(state, step.request, arguments) != step.determined:
            raise LostError(step.request)
        created = getattr(self.requests, step.request)(*arguments, **step.keywords)
        if step.created is not None and created is not None:
            self._map(step.created, created)

    def _now_of(self, argument: Any, step: Step) -> Any:
        if isinstance(argument, EntityState) and argument.model == "System":
            return self.requests.account_state.system
        if isinstance(argument, EntityState | Switch):
            if argument not in self._now:
                raise LostError(step.request)
            return self._now[argument]
        if isinstance(argument, list):
            left = [self._now[one] for one in argument if one in self._now]
            if argument and not left:
                raise LostError(step.request)
            return left
        return self._read(argument) if isinstance(argument, ExpectedRead) else argument

    def _map(self, recorded: EntityState | Switch, now: EntityState | Switch) -> None:
        self._now[recorded] = now
        self._refs[recorded.id] = now.id
        if (
            isinstance(recorded, EntityState)
            and isinstance(now, EntityState)
            and recorded.uuid
            and now.uuid
        ):
            was, is_now = (Address(one.model, one.id, one.uuid) for one in (recorded, now))
            for id_format in ID_FORMATS:
                if id_format != "dashed" or len(recorded.id) == len(now.id) == len("abcdef"):
                    self._refs[was.in_format(id_format)] = is_now.in_format(id_format)

    def _read(self, read: ExpectedRead) -> ExpectedRead:
        """Return the same read of the account as it is now."""
        refs = {name: self._refs.get(ref, ref) for name, ref in read.refs.items()}
        for found in self._all_reads():
            same = (found.operation, found.caller, dict(found.refs)) == (
                read.operation,
                read.caller,
                refs,
            )
            if same and _asked(found) == _asked(read):
                return found
        raise LostError(read.operation)

    def _all_reads(self) -> Iterator[ExpectedRead]:
        expected_reads = ExpectedReads(self.requests.oracle, self.callers)
        plain = [*expected_reads.plain(), *expected_reads.pages()]
        yield from plain
        for read in plain:
            yield from expected_reads.in_format(read)


def _asked(read: ExpectedRead) -> dict[str, str]:
    """Return the query of a read without its time, which is that of the newest switch."""
    return {name: value for name, value in (read.query or {}).items() if name != "before"}
