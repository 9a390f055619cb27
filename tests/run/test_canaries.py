"""A server that returns the tokens in every form that it can think of: none is in anything that is printed or written."""

from __future__ import annotations

import base64
import html
import json
from typing import TYPE_CHECKING

import pytest

from tests.run.hostile_answers import forms
from tests.stub import Request, Response

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Checks, Run, StartStub

TOKENS = {"PK_TOKEN": "Canary/7f+Tok3n=Xyzzy", "PK_OTHER_TOKEN": "Other-Canary.9e_Plugh"}


def said(token: str) -> str:
    """Return a text with a token in many forms."""
    beside = base64.b64encode(f"user:{token}".encode()).decode()
    spaced = token.encode().hex(" ")
    return " | ".join([*sorted(forms(token)), beside, spaced, html.escape(token), repr(token)])


def as_json(content: dict[str, object], token: str) -> str:
    """Return an object in whose text the token also stands with escapes of JSON, of all its characters and of one."""
    escaped = "".join(f"\\u{ord(letter):04X}" for letter in token)
    one = token.replace(token[3], f"\\u00{ord(token[3]):02x}", 1).replace("/", "\\/")
    return json.dumps(content)[:-1] + f', "description": "{escaped} {one}"}}'


def reflecting(request: Request) -> Response:
    """Show a system to its owner, and fail in all other requests; either way with the token."""
    token = request.headers.get("authorization") or TOKENS["PK_TOKEN"]
    headers = {
        "X-Seen": token,
        "X-Packed": base64.b64encode(token.encode()).decode(),
        f"X-{token.encode().hex()}": "as name",
    }
    ident = "abcde" if token == TOKENS["PK_TOKEN"] else "fghij"
    if request.path.endswith("/systems/@me"):
        return Response(as_json({"id": ident, "name": said(token)}, token), 200, headers)
    body = as_json({"message": f"bad token: {said(token)}", "code": said(token)}, token)
    return Response(body, 400 if request.method == "GET" else 500, headers)


def assert_no_token(printed: str, folder: Path) -> None:
    """No form of a token is in what was printed, or in a file."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert files
    texts = {"terminal": printed, **{file.name: file.read_text("utf-8") for file in files}}
    for name, text in texts.items():
        for token in TOKENS.values():
            wanted = {token[2:-2], *(form[2:-2] for form in forms(token))}
            assert [form for form in wanted if form in text] == [], name


@pytest.mark.parametrize("words", [(), ("--skip-preflight",)])
def test_no_token_is_left(
    run_suite: Run, stub: StartStub, checks: Checks, tmp_path: Path, words: tuple[str, ...]
) -> None:
    """In a run that fails all over, and in one whose clean-up cannot be carried out."""
    modules = map(checks, ("user_agent/user_agent", "patch/unchanged", "errors/unknown_refs"))
    target = ("--base-url", stub(reflecting).base_url, "--name", "canaries", "-v")
    run = run_suite(*target, *modules, *words, **TOKENS)
    assert run.returncode == 1, run.stdout + run.stderr
    assert "$PK_TOKEN" in run.stdout
    assert_no_token(run.stdout + run.stderr, tmp_path / "reports")


def test_no_token_is_left_by_preflight(run_suite: Run, stub: StartStub, tmp_path: Path) -> None:
    """In a run that ends in preflight."""

    def script(request: Request) -> Response:
        token = request.headers["authorization"]
        return Response("", 301, {"Location": f"/elsewhere/{token}/systems/@me"})

    base_url = stub(script).base_url
    run = run_suite("--base-url", base_url, "--name", "canaries", **TOKENS)
    assert run.returncode == 4
    assert "redirects" in run.stderr
    assert_no_token(run.stdout + run.stderr, tmp_path / "reports")
