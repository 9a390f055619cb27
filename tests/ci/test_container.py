"""The container file: what it installs is what the project locks, what it runs works, and it builds where something can build it."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
FOLDER = PROJECT / "docs" / "container"
FILE = FOLDER / "Containerfile"
TIMEOUT = 30  # seconds until the container has to be healthy


def pins(lock: Path) -> dict[str, set[str]]:
    """Return the pins of a lock with their hashes."""
    found: dict[str, set[str]] = {}
    for line in lock.read_text("utf-8").splitlines():
        if pin := re.match(r"([\w.-]+==[\w.]+)", line):
            hashes = found.setdefault(pin[1], set())
        elif line.startswith("    --hash="):
            hashes.add(line.strip(" \\"))
    return found


def words(instruction: str) -> list[str]:
    """Return the command of an instruction, with the interpreter of the tests."""
    line = re.search(rf"^{instruction}\b.*?(\[.*\])$", FILE.read_text("utf-8"), re.MULTILINE)
    assert line, instruction
    found: list[str] = json.loads(line[1])
    assert found[0] == "/opt/sandbox/bin/python"
    return [sys.executable, *found[1:]]


def test_it_installs_what_the_project_locks() -> None:
    """Its lock has what the project needs to run, in the versions and with the hashes of the project's own lock, and nothing else."""
    ours, all_of_them = pins(FOLDER / "requirements.lock"), pins(PROJECT / "requirements.lock")
    assert {pin: all_of_them.get(pin) for pin in ours} == ours
    locked = {pin.partition("==")[0] for pin in ours}
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))
    names = [re.match(r"[\w.-]+", row) for row in project["project"]["dependencies"]]
    assert {name[0].lower() for name in names if name} <= locked
    assert "ruff" not in locked


def test_it_copies_what_is_there() -> None:
    """Each path that it copies exists, and is not left out of what is sent to the builder."""
    sent = (FOLDER / "Containerfile.dockerignore").read_text("utf-8").splitlines()
    for line in re.findall(r"^COPY (?!--)(.*) \S+$", FILE.read_text("utf-8"), re.MULTILINE):
        for path in line.split():
            assert (PROJECT / path).exists()
            assert f"!{path}" in sent


def test_what_it_runs() -> None:
    """Its command serves, also for other machines, and its check of health says so; once it has ended, that it is not healthy."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    entry = [word.replace("8000", port) for word in words("ENTRYPOINT")]
    check = [word.replace("8000", port) for word in words("HEALTHCHECK")]
    with subprocess.Popen(entry, stdout=subprocess.PIPE, text=True) as process:
        deadline = time.monotonic() + TIMEOUT
        while subprocess.run(check, capture_output=True, check=False).returncode:
            assert time.monotonic() < deadline
        process.terminate()
        assert process.wait(TIMEOUT) == 0
        assert process.stdout
        assert f"at http://0.0.0.0:{port}/v2" in process.stdout.read()
    assert subprocess.run(check, capture_output=True, check=False).returncode == 1


@pytest.mark.long
def test_it_builds() -> None:
    """Where a builder runs, the image is built, and prints its options."""
    builder = next((name for name in ("docker", "podman") if _runs(name)), None)
    if builder is None:
        pytest.skip("neither docker nor podman runs on this machine")
    tag = "pluralkit-sandbox-test"
    build = [builder, "build", "--quiet", "--file", str(FILE), "--tag", tag, str(PROJECT)]
    subprocess.run(build, check=True, timeout=900)
    shown = subprocess.run([builder, "run", "--rm", tag, "--help"], check=True, capture_output=True)
    assert b"python -m conformance sandbox" in shown.stdout


def _runs(name: str) -> bool:
    found = shutil.which(name)
    return (
        bool(found)
        and not subprocess.run([str(found), "info"], capture_output=True, check=False).returncode
    )
