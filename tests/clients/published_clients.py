"""Drives each published client through all of its surface, in both modes.

Not collected with the other tests, as it needs the clients: the session `clients` names this file.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.clients import table
from tests.clients.drivers import MODES, drive, sandbox
from tests.clients.known_faults import surprises
from tests.clients.published import PUBLISHED, Client

if TYPE_CHECKING:
    from tests.clients.conftest import Record

INSTALLED = "CLIENTS"
"""The environment variable that names the folder of installed clients; the session `clients` sets it."""


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("client", PUBLISHED, ids=lambda client: client.name)
def test_fails_by_known_faults_alone(
    client: Client, mode: str, tmp_path: Path, record: Record
) -> None:
    """Exactly those steps fail that the file of known faults lists."""
    if shutil.which(client.runtime) is None:
        pytest.skip(f"{client.name}: no {client.runtime} on this machine")
    with sandbox(mode, tmp_path) as variables:
        steps = drive(client.command(Path(os.environ[INSTALLED])), variables)
    failed = [step for step in steps if step.error is not None]
    record(table.row(client.name, client.version, mode, len(steps), len(failed)))
    assert surprises(client.name, mode, steps) == []
