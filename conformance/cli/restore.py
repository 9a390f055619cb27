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
from conformance.http import Caller, Client, Guard, Redactor
from conformance.http.pacing import Pace
from conformance.target import ConfigurationError, describe
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
    contract = load(target.revision)
    pace = Pace({} if target.is_loopback else contract.rate_limits)
    client = Client(
        target.base_url,
        redactor=Redactor(target.secrets),
        guard=Guard(),
        pace=pace,
        connection=target.connection,
    )
    left = account.restore(record, Caller("owner", contract, client, target.token))
    for line in left:
        sys.stdout.write(f"not as before: {line}\n")
    sys.stdout.write("restored\n" if not left else "")
    return 1 if left else 0


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="python -m conformance restore", description="Undo a run, from its journal."
    )
    parser.add_argument("journal", type=Path, help="journal.jsonl of the run")
    add_target(parser.add_argument)
    return parser
