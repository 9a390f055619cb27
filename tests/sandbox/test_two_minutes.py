"""docs/sandbox.md, "In two minutes": followed as it is written, in a fresh clone. It installs from the package registry."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]


@pytest.mark.long
@pytest.mark.unmeasured
@pytest.mark.skipif(shutil.which("node") is None, reason="no node on this machine")
def test_as_written(tmp_path: Path, environment: dict[str, str]) -> None:
    """The lines of the section end with the tests of the example and that of the section itself; how long they take is printed."""
    page = (PROJECT / "docs" / "sandbox.md").read_text("utf-8")
    found = re.search(r"^## In two minutes$.*?```sh\n(.*?)```", page, re.DOTALL | re.MULTILINE)
    assert found
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", str(PROJECT), str(clone)], check=True)  # noqa: S607
    alone = {name: value for name, value in environment.items() if not name.startswith("PYTHON")}
    began = time.monotonic()
    done = subprocess.run(
        ["/bin/bash", "-e", "-c", found[1]],
        cwd=clone,
        env=alone,
        capture_output=True,
        text=True,
        check=False,
    )
    print(f"In two minutes: {time.monotonic() - began:.0f} s")  # noqa: T201
    assert done.returncode == 0, done.stdout + done.stderr
    assert "# pass 3\n" in done.stdout
