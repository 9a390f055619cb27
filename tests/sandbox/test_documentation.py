"""docs/sandbox.md: its curl lines work as they are, and no route is missing."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from conformance.sandbox.control import CONTROL_PATH
from conformance.sandbox.control.routes import routes
from conformance.sandbox.serve_options import parser
from tests.sandbox.conftest import running

PAGE = Path(__file__).parents[2] / "docs" / "sandbox.md"
AT = "http://127.0.0.1:8000"
LINES = [
    line
    for block in re.findall(r"```sh\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    for line in block.splitlines()
    if line.startswith("curl ")
]


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl on this machine")
def test_lines_work(tmp_path: Path) -> None:
    """Each line gets the status of its comment, or a success, in the order of the page."""
    (tmp_path / ".curlrc").write_text('silent\nwrite-out = "\\n%{http_code}"\n')
    with running() as sandbox:
        for line in LINES:
            done = subprocess.run(
                ["bash", "-c", line.replace(AT, sandbox.origin)],  # noqa: S607
                capture_output=True,
                text=True,
                check=True,
                env={**os.environ, "HOME": str(tmp_path), "CURL_HOME": str(tmp_path)},
            )
            expected = re.search(r"# (\d{3})$", line)
            status = done.stdout.rpartition("\n")[2]
            assert re.fullmatch(expected[1] if expected else "20[04]", status), (line, done.stdout)


def test_every_route_has_a_line() -> None:
    """A route that nobody finds is of no use."""
    shown = set()
    for line in LINES:
        method = re.search(r"-X (\w+)", line)
        path = re.search(rf"{AT}{CONTROL_PATH}([^\s?']*)", line)
        usual = "POST" if "--json" in line else "GET"
        if path:
            shown.add((method[1] if method else usual, path[1] or "/"))
    missing = [
        (row.method, row.path)
        for row in routes()
        if not any(row.method == method and row.pattern.fullmatch(path) for method, path in shown)
    ]
    assert missing == []


def test_options_exist() -> None:
    """Each option that the page names is one."""
    named = set(re.findall(r"`(--[a-z-]+)", PAGE.read_text("utf-8")))
    text = parser("sandbox").format_help() + parser("serve").format_help()
    assert [name for name in named if name not in text] == []
