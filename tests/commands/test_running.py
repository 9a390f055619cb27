"""`run`: what happens to its options, and how bad ones are refused."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING

import pytest

from conformance.commands.embedded import ReferenceServer, ServerError
from conformance.commands.options import take_tokens, value_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Reference, Run


@pytest.mark.parametrize(
    "words",
    [
        ["--token", "a", "-x", "--other-token", "b"],
        ["--token=a", "-x", "--other-token=b"],
    ],
)
def test_tokens_leave_the_arguments(words: list[str]) -> None:
    """Tokens move to the environment, where no process list shows them; all else stays."""
    rest, environment = take_tokens(words, os.environ)
    assert rest == ["-x"]
    assert (environment["PK_TOKEN"], environment["PK_OTHER_TOKEN"]) == ("a", "b")
    assert "PATH" in environment
    assert "PK_TOKEN" not in os.environ


def test_token_without_a_value() -> None:
    """A token option at the very end has an empty value."""
    rest, environment = take_tokens(["--token"], os.environ)
    assert (rest, environment["PK_TOKEN"]) == ([], "")


@pytest.mark.parametrize(
    ("words", "value"),
    [
        (["--revision", "x"], "x"),
        (["--revision=x"], "x"),
        (["--revision="], ""),
        (["--revision"], None),
        (["--revisions", "x"], None),
    ],
)
def test_value_of_an_option(words: list[str], value: str | None) -> None:
    """The value of an option is found in either spelling."""
    assert value_of(words, "--revision") == value


@pytest.fixture
def closed_port() -> int:
    """A port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
    return port


def assert_refused(run_suite: Run, words: list[str], said: str) -> None:
    """Run with these words; it must say why not in one line, and end with 4."""
    run = run_suite(*words)
    assert run.returncode == 4
    [line] = [line for line in run.stderr.splitlines() if line]
    assert line.lower().startswith("error: ")
    assert said in line
    assert "Traceback" not in run.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--target=nothing.toml"], "cannot read target file 'nothing.toml'"),
        (["--revision", "2025-80"], "did you mean 2025-08?"),
    ],
)
def test_bad_input_is_one_line(run_suite: Run, words: list[str], said: str) -> None:
    """Input that describes no target is refused with one line that says which."""
    assert_refused(run_suite, words, said)


def test_nobody_there_is_one_line(run_suite: Run, closed_port: int) -> None:
    """A target that does not answer is refused with one line."""
    url = f"http://127.0.0.1:{closed_port}/v2"
    assert_refused(run_suite, ["--base-url", url, "--token", "abc"], f"cannot reach {url}")


def test_unwritable_report_folder_is_one_line(
    run_suite: Run, reference: Reference, tmp_path: Path
) -> None:
    """A report folder that cannot be made is refused with one line, before anything is sent."""
    (tmp_path / "file").write_text("in the way")
    words = ["--target", str(reference.target_file), "--report-folder", str(tmp_path / "file/x")]
    assert_refused(run_suite, words, "cannot write to report folder")


def test_unknown_option(run_suite: Run, reference: Reference) -> None:
    """An option that neither the suite nor pytest knows is refused and named."""
    run = run_suite("--target", str(reference.target_file), "--no-such-option")
    assert run.returncode == 4
    assert "--no-such-option" in run.stderr
    assert "Traceback" not in run.stderr


def test_server_that_does_not_start(tmp_path: Path) -> None:
    """A reference server that cannot start says why in one line."""
    target = tmp_path / "target.toml"
    with (
        pytest.raises(ServerError, match="did not start: unknown fault 'zzz'"),
        ReferenceServer("2025-08", target, "--fault", "zzz"),
    ):
        pass
