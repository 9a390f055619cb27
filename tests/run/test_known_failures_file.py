"""The file of known failures: what it may say, what is wrong with it, and that what is written is read again."""

from __future__ import annotations

import datetime as dt
import json
import tomllib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from conformance.run.known_failures_file import PLACEHOLDER, SCHEMA, Entry, read, write
from conformance.target import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Write = Callable[[str], Path]

ID = "private-field-is-null"
GOOD = 'reason = "Soon."\nlink = "https://example.org/7"\nexpires = 2027-03-01\n'


@pytest.fixture
def file(tmp_path: Path) -> Write:
    """Return a function that writes a file of known failures."""

    def make(text: str) -> Path:
        path = tmp_path / "known.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return make


def test_the_schema_is_a_schema() -> None:
    """known_failures.schema.json is itself valid."""
    Draft202012Validator.check_schema(json.loads(SCHEMA.read_text("utf-8")))


@pytest.mark.parametrize(
    "day", ["expires = 2027-03-01", 'expires = "2027-03-01"'], ids=["date", "text"]
)
def test_an_entry(file: Write, day: str) -> None:
    """An entry has a reason, a link and the last day on which the requirement may fail, as a date or as text."""
    text = GOOD.replace("expires = 2027-03-01", day)
    [entry] = read(file(f"[failures.{ID}]\n{text}")).values()
    assert entry == Entry(ID, "Soon.", "https://example.org/7", "2027-03-01")
    assert not entry.is_expired(dt.date(2027, 3, 1))
    assert entry.is_expired(dt.date(2027, 3, 2))


@pytest.mark.parametrize("text", ["", "[failures]\n"])
def test_no_entry(file: Write, text: str) -> None:
    """A file may be empty."""
    assert read(file(text)) == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x =", "known.toml' are not TOML: "),
        ("a = " + "[" * 5000, "are not TOML: "),
        ("failure = 1", "unknown key 'failure': did you mean 'failures'?"),
        ("failures = 1", "failures is wrong: a table [failures.ID] for each requirement"),
        (f"failures.{ID} = 1", f"entry '{ID}': {ID} is wrong: a table with reason, link and"),
        (f"[failures.{ID}]", f"entry '{ID}': lacks reason, link, expires: a table with"),
        (f"[failures.{ID}]\n{GOOD}reasons = 1", "unknown key 'reasons': did you mean 'reason'?"),
        (f"[failures.{ID}]\n{GOOD}owner = 1", "unknown key 'owner': known are reason, link, exp"),
        (f"[failures.{ID}]\n{GOOD}".replace("Soon.", " "), "reason is wrong: say in words"),
        (f"[failures.{ID}]\n{GOOD}".replace("Soon.", "TODO"), "reason is still TODO: say in words"),
        (f"[failures.{ID}]\n{GOOD}".replace("https:", "javascript:"), "link is wrong: give the"),
        (f"[failures.{ID}]\n{GOOD}".replace("-03-01", "-03-01T10:00:00"), "expires is wrong: give"),
        (f"[failures.{ID}]\n{GOOD}".replace("2027-03-01", '"2027-02-30"'), "expires is wrong: giv"),
        (f"[failures.{ID}]\n{GOOD}".replace("2027-03-01", "10:00:00"), "expires is wrong: give"),
        (f"[failures.private-field-null]\n{GOOD}", f"did you mean '{ID}'?"),
        (f"[failures.xyzzy]\n{GOOD}", "unknown requirement 'xyzzy': see `requirements list`"),
    ],
)
def test_what_is_wrong(file: Write, text: str, message: str) -> None:
    """A file that is wrong is rejected with one line, which names the entry and says the remedy."""
    path = file(text)
    with pytest.raises(ConfigurationError) as caught:
        read(path)
    [line] = str(caught.value).splitlines()
    assert message in line
    assert line.startswith(("known failures ", "cannot read known failures "))


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    """A file that is missing, a folder and one that is not UTF-8 are rejected; only a missing one can be updated."""
    latin = tmp_path / "latin.toml"
    latin.write_bytes(b'reason = "\xe9"')
    for path in (tmp_path / "none.toml", tmp_path, latin, tmp_path / "none" / "none.toml"):
        with pytest.raises(ConfigurationError, match="known failures"):
            read(path)
    assert read(tmp_path / "none.toml", updating=True) == {}
    with pytest.raises(ConfigurationError, match="cannot read known failures"):
        read(tmp_path / "none" / "none.toml", updating=True)


def test_placeholders_are_read_for_an_update_only(file: Write) -> None:
    """What a person has still to write is rejected in a run, and read where the file is written anew."""
    path = file("")
    write(path, [Entry(ID)])
    assert path.read_text("utf-8").count(PLACEHOLDER) == 3
    with pytest.raises(ConfigurationError, match=f"entry '{ID}': expires is still TODO"):
        read(path)
    [entry] = read(path, updating=True).values()
    assert entry == Entry(ID)
    assert entry.is_unfinished
    assert not entry.is_expired(dt.date.max)


# What TOML has no way to write, in any string: half of a surrogate pair.
texts = st.text(st.characters(exclude_categories=["Cs"]))


@given(reason=texts, link=texts.map("https://a/{}".format), day=st.dates())
def test_what_is_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, reason: str, link: str, day: dt.date
) -> None:
    """Whatever a reason and a link hold, TOML has the same text."""
    path = tmp_path_factory.getbasetemp() / "written-and-read.toml"
    entries = [Entry(name, reason, link, day.isoformat()) for name in (ID, "err-20001")]
    write(path, entries)
    content = tomllib.loads(path.read_text("utf-8"))
    assert list(content["failures"]) == sorted(entry.requirement for entry in entries)
    assert content["failures"][ID] == {"reason": reason, "link": link, "expires": day}


def test_the_file_is_replaced_in_one_step(file: Write, tmp_path: Path) -> None:
    """Nothing but the file is left; a link goes on to lead to it."""
    path, link = file(""), tmp_path / "link.toml"
    link.symlink_to(path)
    write(link, [Entry(ID, "Soon.", "https://example.org/7", "2027-03-01")])
    assert link.is_symlink()
    assert path.read_text("utf-8").endswith(f"[failures.{ID}]\n{GOOD}")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["known.toml", "link.toml"]
