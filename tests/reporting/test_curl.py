"""curl lines: quoted for the shell, with tokens as variables, and tried in a shell."""

from __future__ import annotations

import shlex
import subprocess
from typing import Any

import pytest

from conformance.reporting.curl import curl

from .conftest import exchange


def _request(body: str | None, **headers: str) -> dict[str, Any]:
    return exchange("e1", request={"headers": {"User-Agent": "test"} | headers, "body": body})


def test_the_whole_line() -> None:
    """The line of a usual exchange."""
    assert curl(exchange("e1")) == (
        "curl -X PATCH http://127.0.0.1:8000/v2/members/abcde"
        " -H \"Authorization: $PK_TOKEN\" -H 'Content-Type: application/json' -H User-Agent:"
        " --data-raw '{\"color\": null}'"
    )


@pytest.mark.parametrize(
    "body",
    [
        "",
        "plain",
        'it\'s "quoted"',
        "two\nlines\r\n",
        "$(reboot) `reboot` \\ !! $HOME",
        "@file",
        "-X DELETE",
        "a \"$PK_TOKEN\" in the 'body'",
        "$PK_OTHER_TOKENS",
        "ünïcödé \U0001f600",
    ],
)
def test_bodies_survive_the_shell(body: str) -> None:
    """A shell passes the body on as it was; only the tokens are filled in."""
    line = curl(_request(body, **{"Content-Type": "application/json"}))
    assert shlex.split(line)[-2:] == ["--data-raw", body]
    shell = subprocess.run(
        ["/bin/sh", "-c", "curl() { for last; do :; done; printf '%s.' \"$last\"; }\n" + line],
        env={"PK_TOKEN": "one", "PK_OTHER_TOKEN": "two"},
        capture_output=True,
        check=True,
    )
    expected = body.replace("$PK_TOKEN", "one").replace("$PK_OTHER_TOKEN", "two")
    assert shell.stdout.decode() == expected + "."


def test_tokens_stay_in_double_quotes() -> None:
    """Both tokens are left for the shell to expand."""
    assert curl(_request(None, Authorization="$PK_OTHER_TOKEN")).endswith(
        '-H "Authorization: $PK_OTHER_TOKEN"'
    )
    assert curl(_request(None, Authorization="$TRUNCATED_TOKEN")).endswith(
        '-H "Authorization: ${PK_TOKEN%?}"'
    )
    assert curl(_request(None, Authorization="$PK_TOKEN'")).endswith(
        "-H 'Authorization: '\"$PK_TOKEN\"''\"'\"''"
    )


def test_method_and_headers() -> None:
    """GET needs no -X, an empty header has curl's form for it, its own headers are left out or forbidden."""
    request = {"headers": {"Host": "x", "Accept": "*/*", "X-Empty": ""}, "body": None}
    line = curl(exchange("e1", method="GET", url="http://h/v2/members/[a]", request=request))
    assert shlex.split(line) == [
        "curl", "--globoff", "http://h/v2/members/[a]", "-H", "X-Empty;", "-H", "User-Agent:",
    ]  # fmt: skip
    assert curl(exchange("e1", method="HEAD")).startswith("curl --head ")


def test_a_body_without_content_type() -> None:
    """The line keeps curl from calling the body a form when the request did not."""
    assert "-H Content-Type: " in curl(_request("{}"))
