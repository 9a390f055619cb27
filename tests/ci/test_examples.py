"""The examples in docs/ci, and the section of the README, followed as it is written."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from .conftest import FAULT, ID, ROOT, pretend_installed

if TYPE_CHECKING:
    from pathlib import Path
    from subprocess import CompletedProcess

    from tests.conftest import Reference, StartReference

    from .conftest import Bash

EXAMPLES = ROOT / "docs" / "ci"
SECTION = (ROOT / "README.md").read_text("utf-8").partition("\n## In CI\n")[2].partition("\n## ")[0]
NARROWED = f" --requirement {ID}"  # the rest of a run says nothing of known failures


def block(language: str) -> str:
    """Return the block of the README's section in a language."""
    [found] = re.findall(rf"```{language}\n(.*?)```", SECTION, re.DOTALL)
    return str(found)


def entry(last_day: str) -> str:
    """Return the entry that the README shows, for another requirement and with a reason, a link and a day."""
    text = re.sub(r"failures\.[\w-]+", f"failures.{ID}", block("toml"))
    text = text.replace("https://...", "https://example.org/7").replace('"..."', '"Soon."')
    return re.sub(r"\d{4}-\d\d-\d\d", last_day, text)


def values(example: Any) -> list[Any]:
    """Return every text in an example."""
    if isinstance(example, dict):
        return [text for one in example.values() for text in values(one)]
    if isinstance(example, list):
        return [text for one in example for text in values(one)]
    return [example]


@pytest.mark.long
@pytest.mark.unmeasured
def test_the_gate(
    bash: Bash, start_reference: StartReference, reference: Reference, workspace: Path
) -> None:
    """As the README says: a sound server is green, one with a fault red until it is listed; then red when fixed, and when expired."""
    assert list(workspace.iterdir()) == []
    pretend_installed(workspace / "venv")
    script = block("sh").replace("PLURALKIT-CONFORMANCE", shlex.quote(str(ROOT)))
    script = script.rstrip("\n") + NARROWED
    listed = workspace / "known-failures.toml"

    def run(server: Reference, words: str = "") -> CompletedProcess[str]:
        (workspace / "my-server.toml").write_text(server.target_file.read_text("utf-8"))
        return bash(script + words, {"VENV": str(workspace / "venv")})

    def said(code: int, run: CompletedProcess[str]) -> str:
        assert run.returncode == code, run.stdout + run.stderr
        return run.stdout + run.stderr

    assert "partial: conformant: " in said(0, run(reference))
    assert listed.read_text("utf-8") == ""
    with start_reference("--fault", FAULT) as faulty:
        assert f"FAILED {ID}" in said(1, run(faulty))
        assert f"added {ID}" in said(1, run(faulty, " --update-known-failures"))
        assert "TODO" in said(4, run(faulty))
        listed.write_text(entry("2999-12-31"))
        assert ", 1 known failure" in said(0, run(faulty))
        assert "remove its entry from known-failures.toml" in said(1, run(reference))
        listed.write_text(entry("2000-01-01"))
        assert "expired on 2000-01-01" in said(1, run(faulty))
    assert f"removed {ID}" in said(0, run(reference, " --update-known-failures"))
    assert said(0, run(reference))


def test_examples_name_what_is_there() -> None:
    """The workflow gives inputs that the action has; the job for GitLab runs the script, and both wait for no server for ever."""
    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    workflow = yaml.safe_load((EXAMPLES / "github.yml").read_text("utf-8"))
    [job] = workflow["jobs"].values()
    [step] = [step for step in job["steps"] if "pluralkit-conformance@" in step.get("uses", "")]
    assert step["with"].keys() <= action["inputs"].keys()
    assert job["timeout-minutes"] < 60
    [gitlab] = yaml.safe_load((EXAMPLES / "gitlab.yml").read_text("utf-8")).values()
    assert any("docs/ci/shell.sh --target my-server.toml" in line for line in gitlab["script"])
    assert gitlab["artifacts"]["reports"]["junit"] == "reports/*/*/junit.xml"


@pytest.mark.parametrize("name", ["github.yml", "gitlab.yml"])
def test_other_actions_are_named_by_commit(name: str) -> None:
    """An example runs nothing that somebody else can change later, and gives no token to a command line."""
    texts = values(yaml.safe_load((EXAMPLES / name).read_text("utf-8")))
    uses = [text for text in texts if re.fullmatch(r"[\w.-]+/[\w.-]+@\S+", str(text))]
    assert all(re.fullmatch(r".*@[0-9a-f]{40}", text) for text in uses)
    assert not any("--token" in str(text) for text in texts)
