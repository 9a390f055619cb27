"""Keeps the state of a server in a file: all that a request changed is there before its response is sent."""

from __future__ import annotations

import json
import logging
import sqlite3
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.steps import wrap
from conformance.sandbox import state
from conformance.sandbox.changes import Changes
from conformance.sandbox.control.problems import Wrong
from conformance.sandbox.save_file import SaveFile, line
from conformance.sandbox.serve_options import UsageError

if TYPE_CHECKING:
    import argparse

    from starlette.responses import Response

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.steps import Original
    from conformance.sandbox.state import Record

_log = logging.getLogger(__name__)
_READS = ("GET", "HEAD", "OPTIONS")


class Saving:
    """A server and its file."""

    def __init__(self, server: Server, file: SaveFile, started: str) -> None:
        self._file = file
        self._changes = Changes(server)
        self._changes.see(*self._changes.found())
        self.started: list[Record] = [
            ((kind, id_), value) for kind, id_, value in json.loads(started)
        ]
        """The state in which the file began, to which a reset returns."""

    def save(self) -> None:
        """Write what changed since the last time. Raises Wrong when that fails; all of it is tried again the next time."""
        changed, gone = self._changes.found()
        if not (changed or gone):
            return
        try:
            self._file.write(changed, gone)
        except sqlite3.Error as error:
            message = f"not saved: {error}; make room for the file of --save, and send it again"
            raise Wrong(message, HTTPStatus.INTERNAL_SERVER_ERROR) from error
        self._changes.see(changed, gone)

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def keep_saved(options: argparse.Namespace, server: Server) -> Saving:
    """Let a server have the state of the file of the options, or put its own into a new one; save after each write from now on."""
    file = SaveFile(options.save)
    try:
        started = _create(options, server, file) if file.is_new else _open(options, server, file)
    except UsageError:
        file.close()
        raise
    except sqlite3.Error as error:
        file.close()
        raise UsageError(line(options.save, error)) from None
    saving = Saving(server, file, started)
    _save_writes(server, saving)
    return saving


def _create(options: argparse.Namespace, server: Server, file: SaveFile) -> str:
    made = {"revision": options.revision, "seed": options.seed or 0, "filled": options.filled}
    found = list(state.records(server))
    started = json.dumps([(*key, value) for key, value in found])
    file.create({"made": made, "started": started}, found)
    return started


def _open(options: argparse.Namespace, server: Server, file: SaveFile) -> str:
    about = file.about()
    _check(options, about["made"])
    state.restore(server, file.records())
    return str(about["started"])


def _check(options: argparse.Namespace, made: dict[str, Any]) -> None:
    """Reject options that would say something else than the file."""
    if options.data:
        message = f"{options.save} holds a sandbox already, and --data fills only a new one: leave --data out, or use another name"
        raise UsageError(message)
    if options.revision != made["revision"]:
        revision = made["revision"]
        message = f"{options.save} is of revision {revision}: add --revision {revision}, or use another name"
        raise UsageError(message)
    if options.seed not in (None, made["seed"]):
        message = f"{options.save} was made with --seed {made['seed']}: leave --seed out, or use another name"
        raise UsageError(message)
    if options.filled and not made["filled"]:
        message = f"{options.save} was made without --filled: leave it out, or use another name"
        raise UsageError(message)


def _save_writes(server: Server, saving: Saving) -> None:
    def finish(original: Original, call: Call, response: Response) -> Response:
        if call.method not in _READS:
            try:
                saving.save()
            except Wrong:
                _log.exception("%s %s is not saved", call.method, call.path)
                response = server.errors.response(Rejected(Problem.INTERNAL))
        finished: Response = original(call, response)
        return finished

    wrap(server, "finish", finish)
