"""`init`: the target file that it writes, and bad input."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest

from conformance.__main__ import main
from conformance.target import describe
from tests.reference.conftest import running
from tests.stub import Response

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Reference, Run, StartStub


@pytest.fixture(autouse=True)
def no_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take no token from the environment of the tests."""
    for variable in ("PK_TOKEN", "PK_OTHER_TOKEN"):
        monkeypatch.delenv(variable, raising=False)


def test_a_server_with_an_empty_system(
    suite: Run, run_suite: Run, reference: Reference, tmp_path: Path
) -> None:
    """The file names what was seen, has no token, and a run can use it as it is."""
    tokens = {"PK_TOKEN": reference.token, "PK_OTHER_TOKEN": reference.other_token}
    url = reference.base_url.removesuffix("/v2")
    made = suite("init", url, **tokens)
    assert (made.returncode, made.stdout) == (
        0,
        "wrote target.toml: read it, then `run --target target.toml`\n",
    )
    file = tmp_path / "target.toml"
    text = file.read_text("utf-8")
    assert not [token for token in tokens.values() if token in text]
    assert tomllib.loads(text)["features"] == ["settings"]
    described = describe({"target": str(file)}, tokens)
    assert described.base_url == reference.base_url
    assert (described.token, described.other_token) == tuple(tokens.values())
    words = ("--target", str(file), "-k", "check_user_agent_is_needed_without_token")
    assert run_suite(*words, **tokens).returncode == 0
    lacks = run_suite(*words, PK_TOKEN=reference.token)
    assert lacks.stderr == (
        "error: environment variable PK_OTHER_TOKEN of other_token_env in the target file is not set\n"
    )


def test_a_filled_system_of_the_launch(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What the system holds stands in a comment, and the revision is the one without settings."""
    file = tmp_path / "own.toml"
    with running(filled=True, revision="2021-11") as sandbox:
        monkeypatch.setenv("PK_TOKEN", sandbox.server.seeded.first.token)
        assert main(["init", sandbox.base_url, "--output", str(file)]) == 0
    text = file.read_text("utf-8")
    assert "# The system holds 5 members, 2 groups, 7 switches." in text
    content = tomllib.loads(text)
    assert (content["revision"], content["features"]) == ("2021-11", [])
    assert "allow_existing" not in content


def test_without_a_token(reference: Reference, tmp_path: Path) -> None:
    """Without a token the file is for profile anonymous."""
    file = tmp_path / "own.toml"
    assert main(["init", reference.base_url, "--output", str(file)]) == 0
    content = tomllib.loads(file.read_text("utf-8"))
    assert content["profile"] == "anonymous"
    assert content["fixtures"] == {"system_id": "..."}


def test_bad_input(
    reference: Reference, stub: StartStub, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that is there, a folder that is not, a dead or wrong server: one line each, and nothing is written."""
    file = tmp_path / "own.toml"
    file.write_text("mine", "utf-8")
    html = stub(lambda _: Response("<html>"))
    for words, problem in (
        ([reference.base_url], f"'{file}' exists: name another by --output"),
        (["http://127.0.0.1:1"], "cannot reach http://127.0.0.1:1/v2: ConnectError"),
        (["ftp://x"], "base URL 'ftp://x/v2' does not start with http"),
        ([html.base_url, "--token", "abc"], "returns 200 with HTML"),
        ([reference.base_url, "--token", "abc"], "does not accept the token (PK_TOKEN)"),
    ):
        assert main(["init", *words, "--output", str(file)]) == 4
        [line] = capsys.readouterr().err.splitlines()
        assert problem in line
    assert main(["init", reference.base_url, "--output", str(tmp_path / "none" / "x")]) == 4
    assert "No such file or directory" in capsys.readouterr().err
    assert file.read_text("utf-8") == "mine"
    assert main(["init", reference.base_url, "--output", str(file), "--force"]) == 0
