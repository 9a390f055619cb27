"""A client that a generator made from the document reads what a plain request created.

Not collected with the other tests, as it takes some seconds: the session `openapi` names this file.
"""

from __future__ import annotations

import datetime as dt
import importlib
import json
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from conformance.cli.embedded import ReferenceServer
from conformance.contract import load, revisions

if TYPE_CHECKING:
    from pathlib import Path

MEMBER = {
    "name": "Robin",
    "display_name": "Robin 🐦",
    "pronouns": "she/her",
    "color": "d9485f",
    "birthday": "0004-03-21",
    "avatar_url": "https://example.com/robin.png",
    "description": "Likes maps and long walks.",
    "proxy_tags": [{"prefix": "r:", "suffix": None}],
    "keep_proxy": True,
}


def generate(revision: str, folder: Path) -> str:
    """Generate a client for this revision into the folder; return the name of its package."""
    package = f"client_{revision.replace('-', '_')}"
    document, config = folder / "document.json", folder / "config.json"
    document.write_text(json.dumps(load(revision).document), "utf-8")
    config.write_text(json.dumps({"post_hooks": []}), "utf-8")
    files = {"--path": document, "--config": config, "--output-path": folder / package}
    options = [f"{option}={file}" for option, file in files.items()]
    command = [sys.executable, "-m", "openapi_python_client", "generate", *options]
    subprocess.run([*command, "--meta=none", "--fail-on-warning"], check=True)
    return package


def moments(member: dict[str, Any]) -> dict[str, Any]:
    """Return the member with its time of creation as a moment, which can be written in several ways."""
    return {**member, "created": dt.datetime.fromisoformat(member["created"])}


@pytest.mark.parametrize("revision", revisions())
def test_client_reads_a_member(
    revision: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The generated client reads every key of a member as the response to its POST showed it."""
    package = generate(revision, tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    client_of = importlib.import_module(f"{package}.client").AuthenticatedClient
    get_member = importlib.import_module(f"{package}.api.members.get_member")
    with ReferenceServer(revision, tmp_path / "target.toml") as server:
        target = tomllib.loads(server.target_file.read_text("utf-8"))
        token, base_url = target["token"], target["base_url"]
        response = httpx.post(
            f"{base_url}/members", json=MEMBER, headers={"Authorization": token}
        ).raise_for_status()
        created = response.json()
        with client_of(base_url=base_url, token=token, prefix="") as client:
            read = get_member.sync(created["id"], client=client).to_dict()
    assert MEMBER.items() <= created.items()
    assert moments(created).items() <= moments(read).items()
