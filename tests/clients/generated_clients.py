"""Clients that generators make from the OpenAPI document do a whole session, in both modes.

Not collected with the other tests, as they take some seconds: the session `clients` names this file.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from conformance.contract import load
from tests.clients import table
from tests.clients.drivers import MODES, REVISION, Variables, drive, sandbox
from tests.clients.published import HERE, ROOT
from tests.openapi.python_client import generate

if TYPE_CHECKING:
    from tests.clients.conftest import Record


def whole_session(name: str, command: list[str], folder: Path, record: Record, **more: str) -> None:
    """Drive a generated client in each mode: no step may fail."""
    for mode in MODES:
        here = folder / mode
        here.mkdir()
        with sandbox(mode, here) as variables:
            steps = drive(command, Variables(variables | more))
        failed = {step.name: step.error for step in steps if step.error is not None}
        client, _, number = name.rpartition(" ")
        record(table.row(client, number, mode, len(steps), len(failed)))
        assert (failed, len(steps)) == ({}, 12)


def test_python(tmp_path: Path, record: Record) -> None:
    """A client that openapi-python-client generates."""
    generate(REVISION, tmp_path)
    command = [sys.executable, "-m", "tests.clients.generated_python"]
    name = f"openapi-python-client {version('openapi-python-client')}"
    whole_session(name, command, tmp_path, record, PYTHONPATH=f"{ROOT}{os.pathsep}{tmp_path}")


def test_typescript(tmp_path: Path, record: Record) -> None:
    """A client of which openapi-typescript generates the types; it compiles with all checks of the compiler."""
    npx = shutil.which("npx")
    if npx is None:
        pytest.skip("openapi-typescript: no npx on this machine")
    folder = tmp_path / "generated_ts"
    shutil.copytree(HERE / "generated_ts", folder)
    modules = Path(os.environ["CLIENTS"]) / "generated_ts" / "node_modules"
    (folder / "node_modules").symlink_to(modules)
    (folder / "document.json").write_text(json.dumps(load(REVISION).document), "utf-8")
    types = ["openapi-typescript", "document.json", "--output", "api.d.ts"]
    for words in (types, ["tsc"]):
        done = subprocess.run(
            [npx, "--no", "--", *words], cwd=folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
    lock = json.loads((folder / "package-lock.json").read_text("utf-8"))
    number = lock["packages"]["node_modules/openapi-typescript"]["version"]
    command = ["node", str(folder / "compiled" / "session.js")]
    whole_session(f"openapi-typescript {number}", command, tmp_path, record)
