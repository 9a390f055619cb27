"""action.yml: its steps run as a runner runs them, and no input is shell text."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from .conftest import FAULT, ID, ROOT, pretend_installed

if TYPE_CHECKING:
    from collections.abc import Callable
    from subprocess import CompletedProcess

    from tests.conftest import Reference, StartReference

    from .conftest import Bash

    Act = Callable[..., "Job"]

ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
INSTALL, CHECK, UPLOAD = ACTION["runs"]["steps"]
pytestmark = pytest.mark.unmeasured
EXPRESSION = re.compile(r"\$\{\{ (.+?) \}\}")


class Job:
    """A job of a workflow: what it printed, its outputs and its summary."""

    def __init__(self, run: CompletedProcess[str], folder: Path) -> None:
        self.code, self.printed = run.returncode, run.stdout + run.stderr
        lines = (folder / "output").read_text("utf-8").splitlines()
        self.outputs = dict(line.split("=", 1) for line in lines)
        self.summary = (folder / "summary").read_text("utf-8")


def evaluated(text: str, inputs: dict[str, str], variables: dict[str, str]) -> str:
    """Return a value of a step with its expressions replaced, of which each is inputs and variables with `||` between them."""
    contexts = {"inputs": inputs, "env": variables}

    def value(found: re.Match[str]) -> str:
        names = [name.split(".", 1) for name in found[1].split(" || ")]
        return next(filter(None, (contexts[context].get(name, "") for context, name in names)), "")

    return EXPRESSION.sub(value, text)


@pytest.fixture
def act(bash: Bash, tmp_path: Path) -> Act:
    """Return a function that runs the step which checks a server, with inputs by name and variables of the job."""
    temporary = tmp_path / "runner temp"
    pretend_installed(temporary / "pluralkit-conformance")

    def run(inputs: dict[str, str], step: dict[str, Any] = CHECK, **variables: str) -> Job:
        defaults = {name: one.get("default", "") for name, one in ACTION["inputs"].items()}
        assert inputs.keys() <= defaults.keys()
        of_job = {
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTION_PATH": str(ROOT),
            "RUNNER_TEMP": str(temporary),
            **variables,
        }
        for name in ("output", "summary"):
            (tmp_path / name).write_text("")
        of_step = {
            name: evaluated(value, defaults | inputs, variables)
            for name, value in step["env"].items()
        }
        files = {
            "GITHUB_OUTPUT": str(tmp_path / "output"),
            "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
        }
        return Job(bash(step["run"], of_job | of_step | files), tmp_path)

    return run


def of(server: Reference, **inputs: str) -> dict[str, str]:
    """Return the inputs that check a server, narrowed to one requirement."""
    tokens = {"token": server.token, "other-token": server.other_token}
    return {"base-url": server.base_url, **tokens, "args": f"--requirement\n{ID}\n", **inputs}


def test_a_sound_server(act: Act, reference: Reference) -> None:
    """The step ends well, says where the reports are, and writes the summary; no token is anywhere."""
    job = act(of(reference))
    assert job.code == 0, job.printed
    assert job.outputs["exit-code"] == "0"
    reports = Path(job.outputs["report-folder"])
    texts = [path.read_text("utf-8") for path in reports.rglob("*") if path.is_file()]
    assert any('"partial: conformant' in text for text in texts)
    assert job.summary.startswith("## partial: conformant: ")
    assert "::error" not in job.printed
    for token in (reference.token, reference.other_token):
        assert not any(token in text for text in (job.printed, job.summary, *texts))


def test_a_server_with_a_fault(act: Act, start_reference: StartReference) -> None:
    """The step fails with the exit code of the run, annotates, and summarizes."""
    with start_reference("--fault", FAULT) as server:
        job = act(of(server))
        assert (job.code, job.outputs["exit-code"]) == (1, "1")
        assert f"\n::error title={ID} (must)::" in job.printed
        assert f"| failed | <code>{ID}</code>" in job.summary


@pytest.mark.long
def test_known_failures(act: Act, start_reference: StartReference, workspace: Path) -> None:
    """A target file and known failures are inputs, too, relative to the workspace."""
    with start_reference("--fault", FAULT) as server:
        (workspace / "my server.toml").write_text(server.target_file.read_text("utf-8"))
        entry = 'reason = "r"\nlink = "https://example.org"\nexpires = 2999-01-01\n'
        (workspace / "known.toml").write_text(f"[failures.{ID}]\n{entry}")
        files = {"target-file": "my server.toml", "known-failures": "known.toml"}
        job = act({**files, "args": f"--requirement\n{ID}", "revision": "2025-08"})
    assert job.code == 0, job.printed
    assert "1 known failure" in job.summary


@pytest.mark.long
def test_tokens_of_the_job(act: Act, reference: Reference) -> None:
    """Tokens that the job has as variables count where the inputs are empty."""
    inputs = of(reference, token="", **{"other-token": ""})
    tokens = {"PK_TOKEN": reference.token, "PK_OTHER_TOKEN": reference.other_token}
    assert act(inputs, **tokens).code == 0


def test_no_target(act: Act) -> None:
    """Without a target the step fails: the reference server would be no gate."""
    job = act({"args": "--budget\n0"})
    assert job.code == 4
    assert job.printed.startswith("::error title=no target::give base-url or target-file")


HOSTILE = "$(touch it-ran)\"; touch it-ran; `touch it-ran` ' *"


@pytest.mark.long
@pytest.mark.parametrize("name", ["base-url", "target-file", "revision", "known-failures", "args"])
@pytest.mark.parametrize("hostile", [HOSTILE, "--help"])
def test_no_input_is_shell_text(
    act: Act, reference: Reference, workspace: Path, name: str, hostile: str
) -> None:
    """What looks like a command, an option or a pattern in an input is a word of the run, which rejects it."""
    job = act(of(reference) | {name: f"--requirement={hostile}" if name == "args" else hostile})
    assert job.code == 4, job.printed
    assert "::error title=the target was not checked::" in job.printed
    assert list(workspace.iterdir()) == []


@pytest.mark.long
def test_no_module_of_the_workspace_is_imported(
    act: Act, reference: Reference, workspace: Path
) -> None:
    """A module or a package of the server's repository has no part in a run, whatever its name."""
    for name in ("conformance", "httpx"):
        (workspace / name).mkdir()
        (workspace / name / "__init__.py").write_text("raise SystemExit(99)")
    assert act(of(reference)).code == 0


def test_expressions_stand_in_variables_alone() -> None:
    """No script has an expression, every input is used, and what is not ours is named by its commit."""
    assert not any("${{" in step["run"] for step in (INSTALL, CHECK))
    assert {"PK_TOKEN", "PK_OTHER_TOKEN"} <= CHECK["env"].keys()
    used = set(re.findall(r"inputs\.([\w-]+)", (ROOT / "action.yml").read_text("utf-8")))
    assert used == ACTION["inputs"].keys()
    assert re.fullmatch(r"actions/upload-artifact@[0-9a-f]{40}", UPLOAD["uses"])


@pytest.mark.long
def test_the_suite_is_installed(act: Act, reference: Reference, tmp_path: Path) -> None:
    """The first step makes an environment from the lock, in which the suite runs without its sources in sight."""
    fresh = {"RUNNER_TEMP": str(tmp_path / "fresh"), "PYTHONPATH": ""}
    (tmp_path / "fresh").mkdir()
    for _ in ("install", "nothing to do"):
        job = act({}, INSTALL, **fresh)
        assert job.code == 0, job.printed
    job = act(of(reference), **fresh)
    assert job.code == 0, job.printed
