"""`restore`: undoes the changes of a run that was killed, from its journal."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from conformance import account
from conformance.account import journal
from conformance.cli.arguments import Parser
from conformance.contract import load
from conformance.http import ME, Caller, Inconclusive, Redactor
from conformance.run.connections import client_of, owner_and_other, pace
from conformance.target import ConfigurationError, Snapshot, describe
from conformance.target.options import add_target

if TYPE_CHECKING:
    import argparse


def main(arguments: list[str]) -> int:
    """Undo what the journal says; return 0 if the account is as before, 1 if not, 4 for bad input."""
    options = _parser().parse_args(arguments)
    try:
        target = describe(vars(options) | {"journal": None}, os.environ)
        record = journal.read(options.journal)
    except (ConfigurationError, journal.JournalError) as problem:
        sys.stderr.write(f"error: {problem}\n")
        return 4
    if target.token is None:
        sys.stderr.write("error: no token: give --token, PK_TOKEN or token in the target file\n")
        return 4
    contract = load(record.revision)
    client = client_of(target, Redactor(target.secrets), pace(target, contract, None))
    owner, _ = owner_and_other(target, contract, client)
    wrong = _wrong_system(record, owner)
    if wrong:
        sys.stderr.write(f"error: {wrong}\n")
        return 4
    left = account.restore(record, owner)
    lines = [f"not as before: {line}" for line in left]
    lines += [f"not compared: {line}" for line in account.not_compared(record)]
    lines += [] if left else ["restored"]
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return 1 if left else 0


def _wrong_system(record: journal.Record, owner: Caller) -> str:
    """Say that the token is that of another system than the one of the journal, if the target shows that."""
    before = Snapshot.from_json(record.snapshot).system.get("id")
    try:
        body = owner.send("getSystem", ME).json
    except Inconclusive:
        return ""
    now = body.get("id", before) if isinstance(body, dict) else before
    if now == before:
        return ""
    return f"the journal is of system {before}, the token of system {now}: give that of {before}"


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="python -m conformance restore", description="Undo a run, from its journal."
    )
    parser.add_argument("journal", type=Path, help="journal.jsonl of the run")
    add_target(parser.add_argument)
    return parser
