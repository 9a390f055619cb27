"""The fixtures of pytest: each test gets the sandbox as at its start, with the options of the conftest."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

PROJECT = Path(__file__).parents[2]

CONFTEST = """
import pytest
pytest_plugins = ["conformance.sandbox.pytest_plugin"]

@pytest.fixture(scope="session")
def pluralkit_options():
    return {"like": "upstream", "filled": True}
"""
TESTS = """
import urllib.request

def get(box):
    return urllib.request.urlopen(box.base_url + "/systems/" + box.system_id)

def test_options_are_those_of_the_conftest(pluralkit):
    assert "X-PluralKit-Version" in get(pluralkit).headers

def test_changes(pluralkit):
    pluralkit.control.create_system("Third", account_id="466378653216014359")
    pluralkit.control.arm("500", requests=9)

def test_starts_anew(pluralkit):
    assert get(pluralkit).status == 200
    assert len(pluralkit.control.requests()) == 1
    pluralkit.control.create_system("Third", account_id="466378653216014359")

def test_is_as_it_was_left(pluralkit_sandbox):
    assert pluralkit_sandbox.control.export("466378653216014359")["name"] == "Third"
"""


def test_fixtures(tmp_path: Path, environment: dict[str, str]) -> None:
    """They do what they say, and no warning comes with them."""
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "test_client.py").write_text(TESTS)
    command = [sys.executable, "-m", "pytest", "-W", "error", "-p", "no:schemathesis"]
    found = environment | {"PYTHONPATH": os.environ.get("PYTHONPATH", "")}
    done = subprocess.run(
        command, cwd=tmp_path, env=found, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "4 passed" in done.stdout


def test_they_are_loaded_by_name_alone() -> None:
    """Who has the suite installed and does not ask for the fixtures does not have them."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    assert "entry-points" not in project
