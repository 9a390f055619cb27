"""`run`: its options, and how bad ones are rejected."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING

import pytest

from conformance.cli.embedded import ReferenceServer, ServerError
from conformance.cli.help_text import parser_of
from conformance.cli.options import is_target_local, take_tokens, value_of, without
from conformance.run.options import GROUPS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Reference, Run, StartReference


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
    """The value of an option is found in both forms."""
    assert value_of(words, "--revision") == value


def test_without_an_option() -> None:
    """An option is removed with its value, in both forms; all else stays."""
    assert without(["--a", "1", "-x", "--a=2", "--ab", "3"], "--a") == ["-x", "--ab", "3"]


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1:8000/v2", True),
        ("http://localhost/v2", True),
        ("http://[::1]:1/v2", True),
        ("https://api.example.org/v2", False),
        ("http://10.0.0.1/v2", False),
        ("nonsense", False),
    ],
)
def test_local_targets(tmp_path: Path, url: str, *, local: bool) -> None:
    """A target on this machine is recognized by its host, on the command line or in a target file."""
    file = tmp_path / "target.toml"
    file.write_text(f'base_url = "{url}"')
    assert is_target_local(["--base-url", url]) == local
    assert is_target_local([f"--target={file}"]) == local
    assert not is_target_local(["--target", str(tmp_path / "missing.toml")])


@pytest.mark.parametrize("words", [[], ["--name", "own.py"], ["--allow-existing", "a::b"], ["."]])
def test_no_file_of_the_current_folder_runs(
    run_suite: Run, reference: Reference, tmp_path: Path, words: list[str]
) -> None:
    """Only modules of checks are collected, whatever is in the current folder, and whatever value an option has."""
    for name in ("conftest.py", "own.py", "test_own.py"):
        (tmp_path / name).write_text("import pathlib\npathlib.Path('it-ran').touch()\n")
    run = run_suite(
        "--target", str(reference.target_file), "--budget", "0", "-k", "user_agent", *words
    )
    assert not (tmp_path / "it-ran").exists()
    is_path = words != [] and not words[0].startswith("--")
    assert run.returncode == (4 if is_path else 0), run.stdout + run.stderr
    assert ("is no module of checks" in run.stderr) == is_path


@pytest.mark.parametrize("words", [["--tokn=abcdef-secret"], ["--tokn", "abcdef-secret"]])
def test_value_of_a_mistyped_option_is_not_shown(
    suite: Run, reference: Reference, words: list[str]
) -> None:
    """The error for an option that may have been meant to be the token does not show its value."""
    run = suite("run", "--target", str(reference.target_file), *words)
    assert run.returncode == 4
    assert run.stderr == "error: unrecognized arguments: --tokn; did you mean --token?\n"
    assert "abcdef-secret" not in run.stdout


def test_ipv6_is_no_path(suite: Run, start_reference: StartReference, tmp_path: Path) -> None:
    """The colons of an IPv6 address do not make pytest collect the current folder."""
    (tmp_path / "own.py").write_text("import pathlib\npathlib.Path('it-ran').touch()\n")
    with start_reference("--host", "::1") as server:
        assert "[::1]" in server.base_url
        tokens = {"PK_TOKEN": server.token, "PK_OTHER_TOKEN": server.other_token}
        run = suite(
            "run", "--base-url", server.base_url, "-k", "user_agent", "--budget", "0", **tokens
        )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "conformant: " in run.stdout
    assert not (tmp_path / "it-ran").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--no-such-option"], "unrecognized arguments: --no-such-option; see `python"),
        (["--budgets", "7"], "unrecognized arguments: --budgets; did you mean --budget?"),
        (["--seed", "x"], "invalid int value: 'x'"),
        (["-k", "a and"], "cannot read the expression 'a and'"),
        (["-n", "2"], "leave out -n"),
        (["-n2"], "leave out -n"),
        (["--numprocesses=2"], "leave out -n"),
        (["nothing.py"], "no such file or folder: nothing.py"),
        (["."], ". is no module of checks"),
    ],
)
def test_bad_options_are_one_line(
    run_suite: Run, reference: Reference, tmp_path: Path, words: list[str], message: str
) -> None:
    """An option or a path that is wrong is reported in one line, and nothing is written."""
    assert_rejected(run_suite, ["--target", str(reference.target_file), *words], message)
    assert not (tmp_path / "reports").exists()


def test_help_is_grouped(suite: Run) -> None:
    """`run --help` shows the options of the suite in groups, and names the command for those of pytest."""
    shown = suite("run", "--help")
    assert shown.returncode == 0
    headings = [line for line in shown.stdout.splitlines() if line.endswith(":") and line[0] != " "]
    assert headings == ["options:", *(f"{name}:" for name in GROUPS)]
    assert "--other-token" in shown.stdout.partition("selection:")[0]
    assert "python -m pytest --help" in shown.stdout
    assert len(shown.stdout.splitlines()) < 100


def test_help_says_the_defaults() -> None:
    """Each option that takes a value says what holds without it, and each has a text."""
    actions = parser_of("run", "run", "", GROUPS)._actions  # noqa: SLF001 argparse has no other list of them
    assert [action.option_strings for action in actions if not action.help] == []
    valued = [action for action in actions if action.nargs is None and action.option_strings]
    assert len(valued) > 20
    assert [row.option_strings for row in valued if "default: " not in row.help] == []


def test_plan_lists_what_it_takes(suite: Run) -> None:
    """`plan --help` has the options on which a plan depends, and its own."""
    shown = suite("plan", "--help")
    assert shown.returncode == 0
    for option in ("--json", "--target", "--requirement", "-k", "--max-requests"):
        assert f"  {option}" in shown.stdout
    assert "--report-folder" not in shown.stdout


@pytest.fixture
def closed_port() -> int:
    """A port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
    return port


def assert_rejected(run_suite: Run, words: list[str], message: str) -> None:
    """Run with these words: the error has to be one line, and the exit code 4."""
    run = run_suite(*words)
    assert run.returncode == 4
    [line] = [line for line in run.stderr.splitlines() if line]
    assert line.lower().startswith("error: ")
    assert message in line
    assert "Traceback" not in run.stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--target=nothing.toml"], "cannot read target file 'nothing.toml'"),
        (["--revision", "2025-80"], "did you mean 2025-08?"),
    ],
)
def test_bad_input_is_one_line(run_suite: Run, words: list[str], message: str) -> None:
    """Input that describes no target is rejected with one line that names it."""
    assert_rejected(run_suite, words, message)


def test_no_connection_is_one_line(run_suite: Run, closed_port: int) -> None:
    """A target that does not respond is rejected with one line."""
    url = f"http://127.0.0.1:{closed_port}/v2"
    assert_rejected(run_suite, ["--base-url", url, "--token", "abc"], f"cannot reach {url}")


def test_unwritable_report_folder_is_one_line(
    run_suite: Run, reference: Reference, tmp_path: Path
) -> None:
    """A report folder that cannot be made is rejected with one line, before anything is sent."""
    (tmp_path / "file").write_text("in the way")
    words = ["--target", str(reference.target_file), "--report-folder", str(tmp_path / "file/x")]
    assert_rejected(run_suite, words, "cannot write to report folder")


def test_server_that_does_not_start(tmp_path: Path) -> None:
    """A reference server that cannot start says why in one line."""
    target = tmp_path / "target.toml"
    with (
        pytest.raises(ServerError, match="did not start: unknown fault 'zzz'"),
        ReferenceServer("2025-08", target, "--fault", "zzz"),
    ):
        pass
