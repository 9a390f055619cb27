"""The target description: its sources, and the errors of bad ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from conformance.target import ConfigurationError, describe
from conformance.target.target_file import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Callable

    Write = Callable[[str], str]

URL = "http://127.0.0.1:1/v2"


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a function that writes a target file and returns its path."""

    def write(text: str) -> str:
        path = tmp_path / "target.toml"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def rejection(options: dict[str, Any], **environment: str) -> str:
    """Return why these options describe no target: one line."""
    with pytest.raises(ConfigurationError) as caught:
        describe(options, environment)
    text = str(caught.value)
    assert "\n" not in text
    return text


def test_command_line_wins_over_environment_over_file(write: Write) -> None:
    """An option wins over its variable, and a variable over the target file."""
    file = write(f'base_url = "{URL}"\ntoken = "file"\nother_token = "file"\nname = "file"')
    environment = {"PK_TOKEN": "variable", "PK_OTHER_TOKEN": "variable"}
    target = describe({"target": file, "token": "option"}, environment)
    assert (target.token, target.other_token, target.name) == ("option", "variable", "file")


def test_empty_values_are_not_given(write: Write) -> None:
    """An empty option or variable counts as not given."""
    file = write(f'base_url = "{URL}"\ntoken = "file"')
    target = describe({"target": file, "token": None}, {"PK_TOKEN": ""})
    assert "file" in target.secrets.values()


def test_all_keys_of_a_file(write: Write) -> None:
    """A target file has fixtures, the instance for rate limits and systems that are not empty."""
    file = write(
        f'base_url = "{URL}/"\nallow_existing = ["abcde"]\n'
        f'[fixtures]\nguild_id = "1"\n[rate_limit]\nbase_url = "{URL}"'
    )
    target = describe({"target": file}, {})
    assert target.base_url == URL
    assert target.allow_existing == ("abcde",)
    assert target.fixtures == {"guild_id": "1"}
    assert target.rate_limit_url == URL


def test_place_of_the_known_failures(write: Write, tmp_path: Path) -> None:
    """A target file names the file relative to its own folder, the command line to the current one; the command line wins."""
    file = write(f'base_url = "{URL}"\nknown_failures = "known.toml"')
    assert describe({"target": file}, {}).known_failures == tmp_path / "known.toml"
    given = describe({"target": file, "known_failures": "other.toml"}, {})
    assert given.known_failures == Path("other.toml")
    assert describe({"base_url": URL}, {}).known_failures is None


@pytest.mark.parametrize(
    ("url", "own_data", "in_background"),
    [(URL, "true", False), (f"{URL}/limited", "true", True), (f"{URL}/limited", "false", False)],
)
def test_limits_in_background(write: Write, url: str, own_data: str, in_background: bool) -> None:  # noqa: FBT001 - a value of a table
    """Rate limits are checked while other checks run only on another instance that has data of its own."""
    limited = f'[rate_limit]\nbase_url = "{url}"\nown_data = {own_data}'
    target = describe({"target": write(f'base_url = "{URL}"\n{limited}')}, {})
    assert target.limits_in_background is in_background


def test_defaults() -> None:
    """A base URL alone makes a target of the newest revision, named after its host."""
    target = describe({"base_url": "https://api.example.com:8443/v2"}, {})
    assert (target.revision, target.name) == ("2025-08", "api.example.com-8443")
    assert (target.token, target.rate_limit_url) == (None, None)


@pytest.mark.parametrize(
    "url",
    [
        "http://user:pw@127.0.0.1/v2",
        "http://127.0.0.1/v2?x=1",
        "http://127.0.0.1/v2#x",
        "http://[::1/v2",
        "http://127.0.0.1:abc/v2",
    ],
)
def test_url_that_is_not_plain(url: str) -> None:
    """A base URL with a password or query, or an invalid one, is rejected, without showing the password."""
    with pytest.raises(ConfigurationError, match="is not a plain http URL") as caught:
        describe({"base_url": url}, {})
    assert "pw" not in str(caught.value)


def test_name_that_is_no_folder_name() -> None:
    """A name that is no plain folder name is rejected."""
    with pytest.raises(ConfigurationError, match="cannot name a folder"):
        describe({"base_url": "http://127.0.0.1/v2", "name": ".."}, {})


@pytest.mark.parametrize(
    ("url", "loopback"),
    [
        ("http://localhost:8000/v2", True),
        ("http://127.3.2.1/v2", True),
        ("http://[::1]:80/v2", True),
        ("http://127.0.0.1.example.com/v2", False),
        ("https://api.example.com/v2", False),
    ],
)
def test_loopback(url: str, *, loopback: bool) -> None:
    """Only hosts of this machine are loopback."""
    assert describe({"base_url": url}, {}).is_loopback is loopback


def test_tokens_do_not_show() -> None:
    """The text form of a target holds no token."""
    target = describe({"base_url": URL, "token": "abc123", "other_token": "xyz789"}, {})
    assert "abc123" not in repr(target)
    assert "xyz789" not in repr(target)
    assert target.secrets == {"$PK_TOKEN": "abc123", "$PK_OTHER_TOKEN": "xyz789"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('base_ulr = "x"', "unknown key 'base_ulr': did you mean 'base_url'?"),
        ("zzz = 1", "unknown key 'zzz': known are base_url, revision, name"),
        ('[fixtures]\nguild = "1"', "unknown key 'fixtures.guild': did you mean 'guild_id'?"),
        ("token = 12345", "wrong value of 'token': Token of the system under test."),
        ("[rate_limit]", "wrong value of 'rate_limit': required ['base_url']"),
        ('base_url = "ftp://x"', "wrong value of 'base_url': Base URL of the API"),
        ("base_url = ", "is not TOML: "),
    ],
)
def test_bad_files(write: Write, text: str, message: str) -> None:
    """The error for a bad target file names the file and the key, and never its value."""
    file = write(text)
    error = rejection({"target": file})
    start = f"target file {file!r}"
    assert error.startswith(start)
    assert message in error
    assert "12345" not in error.removeprefix(start)


def test_unreadable_file(tmp_path: Path) -> None:
    """The error for a target file that cannot be read names it and the reason."""
    path = str(tmp_path / "nothing.toml")
    assert rejection({"target": path}) == (
        f"cannot read target file {path!r}: No such file or directory"
    )


def test_binary_file(tmp_path: Path) -> None:
    """A file that is no text is no TOML."""
    path = tmp_path / "target.toml"
    path.write_bytes(b"\xff\xfe")
    assert "is not TOML" in rejection({"target": str(path)})


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "no base URL: give --base-url, or base_url in the target file"),
        ({"base_url": "localhost:8000"}, "base URL 'localhost:8000' does not start with http"),
        ({"base_url": URL, "revision": "2025-80"}, "did you mean 2025-08?"),
        ({"base_url": URL, "revision": "one"}, "known are 2025-08"),
    ],
)
def test_bad_options(options: dict[str, Any], message: str) -> None:
    """The error names the input, and the remedy."""
    assert message in rejection(options)


@pytest.mark.parametrize("token", ["abc 123", "abc123\n", "äbc123"])
@pytest.mark.parametrize("key", ["token", "other_token"])
def test_impossible_tokens(key: str, token: str) -> None:
    """A token with a character that no header can have is rejected without showing it."""
    error = rejection({"base_url": URL, key: token})
    assert error.startswith(f"{key} holds characters that no token has")
    assert token.strip() not in error


def test_schema_is_one() -> None:
    """The schema of target files is a valid schema, and describes every key."""
    schema = json.loads(SCHEMA.read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    for key, node in schema["properties"].items():
        assert "description" in node or node["type"] == "object", key
