"""Runs the driver of a client against a reference server, and reads the lines that it prints."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.cli.embedded import ReferenceServer
from tests.clients.images import served_image
from tests.clients.published import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

REVISION = "2025-08"
MODES = {"docs": (), "upstream": ("--like", "upstream")}
"""The options of `serve` for each mode in which clients are driven."""

TIMEOUT = 120  # seconds that a driver may take


@dataclass(frozen=True)
class Step:
    """One step of a driver: its name, and what went wrong, if anything did."""

    name: str
    error: str | None


class Variables(dict[str, str]):
    """Variables of the environment that drivers read; shown by their names alone, so that no traceback has a token."""

    def __repr__(self) -> str:
        return f"<{', '.join(self)}>"


@contextlib.contextmanager
def sandbox(mode: str, folder: Path, *options: str) -> Iterator[Variables]:
    """Serve in this mode, with further options, and an image; give the variables of the environment that drivers read."""
    with (
        ReferenceServer(REVISION, folder / "target.toml", *MODES[mode], *options) as server,
        served_image(folder) as (image, authority),
    ):
        target = tomllib.loads(server.target_file.read_text("utf-8"))
        fixtures = target["fixtures"]
        yield Variables(
            {
                "PK_BASE_URL": target["base_url"],
                "PK_LIMITED_URL": target["rate_limit"]["base_url"],
                "PK_TOKEN": target["token"],
                "PK_OTHER_TOKEN": target["other_token"],
                "PK_ACCOUNT": fixtures["account_id"],
                "PK_GUILD": fixtures["guild_id"],
                "PK_MESSAGE": fixtures["message_id"],
                "PK_ORIGINAL": fixtures["original_message_id"],
                "PK_DELETED_MESSAGE": fixtures["deleted_message_id"],
                "PK_IMAGE": image,
                "NODE_EXTRA_CA_CERTS": str(authority),
                # httpx reads all authorities for each client, of which PluralKit.py makes one a request, unless there is but one.
                "SSL_CERT_FILE": str(authority),
            }
        )


def drive(command: list[str], variables: Variables) -> list[Step]:
    """Run a driver; return its steps. What it prints must have no token in it."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NO_PROXY": "127.0.0.1", **variables}
    done = subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, timeout=TIMEOUT, check=False
    )
    printed, errors = done.stdout.decode(), done.stderr.decode()
    shown = [name for name in ("PK_TOKEN", "PK_OTHER_TOKEN") if variables[name] in printed + errors]
    assert shown == [], "the driver prints tokens"
    assert done.returncode == 0, errors[-2000:]
    lines = [json.loads(line) for line in printed.splitlines() if line.startswith('{"step"')]
    return [Step(line["step"], None if line["ok"] else line["error"]) for line in lines]
