"""The commands `serve` and `sandbox`."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING

import httpx
import pytest

from conformance.reference.application import Server
from conformance.sandbox import serving
from conformance.sandbox.application import Sandbox
from conformance.sandbox.serving import serve, serve_sandbox

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--port", "x"], "'x' is no port"),
        (["--port", "70000"], "'70000' is no port"),
        (["--fault", "leaks_membr_name"], "did you mean leaks_member_name"),
        (["--fault", "zzz"], "see --list-faults"),
        (["--revision", "1999"], "2025-08"),
        (["--deviation", "require_https"], "did you mean requires_https"),
        (["--deviation", "limits_no_rates"], "does not belong to revision 2025-08"),
        (["--like", "others"], "upstream"),
        (["--colour"], "--colour"),
        (["--port", "0", "--target-file", "/nowhere/target.toml"], "/nowhere/target.toml"),
        (["--port", "0", "--request-log", "/nowhere/log.jsonl"], "/nowhere/log.jsonl"),
    ],
)
def test_bad_input_is_one_line(
    capsys: pytest.CaptureFixture[str], options: list[str], message: str
) -> None:
    """A command that cannot be carried out prints the reason in one line and exits with 4."""
    assert serve(options) == 4
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("error: ")
    assert message in lines[0]


@pytest.mark.parametrize(
    ("command", "options"),
    [(serve_sandbox, []), (serve, ["--control"])],
)
def test_control_api_stays_on_this_machine(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    command: Callable[[list[str]], int],
    options: list[str],
) -> None:
    """With a control API, --host with an address of other machines needs --allow-remote; without it, it does not."""
    monkeypatch.setattr(serving, "serve_all", lambda _served, _ready: None)
    remote = ["--host", "0.0.0.0", "--port", "0"]  # noqa: S104 nothing is served
    assert command([*options, *remote]) == 4
    assert capsys.readouterr().err == (
        "error: the control API would be open to other machines at --host 0.0.0.0:"
        " use a loopback address, or add --allow-remote\n"
    )
    assert command([*options, *remote, "--allow-remote"]) == 0
    assert serve(remote) == 0
    assert command([*options, "--host", "localhost", "--port", "0"]) == 0


@pytest.mark.parametrize(
    ("command", "options", "has_control"),
    [(serve, [], False), (serve, ["--control"], True), (serve_sandbox, [], True)],
)
def test_who_has_the_control_api(
    monkeypatch: pytest.MonkeyPatch,
    command: Callable[[list[str]], int],
    options: list[str],
    *,
    has_control: bool,
) -> None:
    """A plain `serve` is the reference server itself, with nothing around it."""
    served: list[object] = []
    monkeypatch.setattr(serving, "serve_all", lambda found, _ready: served.extend(found[0][:1]))
    assert command(["--port", "0", *options]) == 0
    assert [isinstance(one, Sandbox) for one in served] == [has_control]
    assert [isinstance(one, Server) for one in served] == [not has_control]


def test_busy_port_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """A port that is taken is reported like other bad input."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert serve(["--port", str(taken.getsockname()[1])]) == 4
    assert "in use" in capsys.readouterr().err


def test_faults_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """--list-faults prints a line for each fault and serves nothing."""
    assert serve(["--list-faults"]) == 0
    assert "never_limits: No request is ever rejected" in capsys.readouterr().out


def test_deviations_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """--list-deviations prints a line for each with numbers and revisions."""
    assert serve(["--list-deviations"]) == 0
    line = "requires_https: URLs are https alone, and may stand in angle brackets. [57] (2025-08)"
    assert line in capsys.readouterr().out.splitlines()


@pytest.mark.parametrize(
    ("options", "revision", "limited"),
    [
        ([], "2025-08", True),
        (["--revision", "2021-11"], "2021-11", False),
        (["--revision", "2021-11", "--rate-limit", "documented"], "2021-11", True),
        (["--like", "upstream"], "2025-08", True),
    ],
)
def test_target_file_names_the_revision(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: list[str],
    revision: str,
    limited: bool,  # noqa: FBT001 - a value of a table
) -> None:
    """Whether rates are limited depends on the revision, unless the command says it."""
    monkeypatch.setattr(serving, "serve_all", lambda _served, _ready: None)
    target = tmp_path / "target.toml"
    assert serve(["--port", "0", "--target-file", str(target), *options]) == 0
    described = tomllib.loads(target.read_text())
    assert described["revision"] == revision
    assert ("rate_limit" in described) == limited
    assert ("deleted_message_id" in described["fixtures"]) == (revision == "2025-08")
    like = "-like-upstream" if "upstream" in options else ""
    assert described["name"] == f"reference{like}"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serves_until_a_signal(tmp_path: Path, number: signal.Signals) -> None:
    """The command writes a private target file that works, and stops quietly."""
    target = tmp_path / "target.toml"
    command = [sys.executable, "-m", "conformance.sandbox.serving"]
    options = ["--port", "0", "--rate-limit", "off", "--rate-limit-port", "0"]
    with subprocess.Popen(
        [*command, *options, "--target-file", str(target)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        first_line = process.stdout.readline()
        described = tomllib.loads(target.read_text())
        assert described["base_url"] in first_line
        assert target.stat().st_mode & 0o777 == 0o600
        headers = {"Authorization": described["token"]}
        main, limited = (
            httpx.get(f"{url}/systems/@me", headers=headers, trust_env=False)
            for url in (described["base_url"], described["rate_limit"]["base_url"])
        )
        origin = described["base_url"].removesuffix("/v2")
        control, unknown = (
            httpx.get(f"{origin}{path}", trust_env=False) for path in ("/_sandbox", "/nothing")
        )
        process.send_signal(number)
        out, err = process.communicate(timeout=5)
    assert (process.returncode, err) == (0, "")
    assert described["token"] not in out
    assert (control.status_code, control.content) == (404, unknown.content)
    assert main.json() == limited.json()
    assert "x-ratelimit-limit" in limited.headers
    assert "x-ratelimit-limit" not in main.headers


def test_banner_has_all_that_a_client_needs() -> None:
    """`sandbox` prints URL, systems, accounts, tokens, guild and messages in few lines; they are those of the control API."""
    command = [sys.executable, "-m", "conformance", "sandbox", "--port", "0", "--rate-limit", "off"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        lines: list[str] = []
        while not lines or "Ctrl-C" not in lines[-1]:
            lines.append(process.stdout.readline())
        base_url = lines[0].split()[-1]
        shown = httpx.get(base_url.removesuffix("/v2") + "/_sandbox", trust_env=False).json()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=5) == 0
    assert len(lines) <= 15
    banner = "".join(lines)
    for system in shown["systems"]:
        assert {system["id"], system["token"], *system["account_ids"]} <= set(
            banner.replace(",", " ").split()
        )
    for name in ("guild_id", "message_id", "original_message_id", "deleted_message_id"):
        assert shown[name] in banner
