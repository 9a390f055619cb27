"""What a seed draws does not depend on the literals of the modules that are loaded."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

DRAW = """
import sys, hypothesis
from hypothesis import strategies as st
from conformance.properties import constants
constants.pin()
sys.path.insert(0, {folder!r})
if {imported}:
    import many_literals
found = []

@hypothesis.seed(1)
@hypothesis.settings(max_examples=300, database=None, phases=[hypothesis.Phase.generate])
@hypothesis.given(st.tuples(st.integers(), st.text()))
def draw(value):
    found.append(value)

draw()
print(found)
"""


def drawn(folder: Path, *, imported: bool) -> str:
    """Return what a seed draws in a process that has, or has not, loaded a module with many literals."""
    code = DRAW.format(folder=str(folder), imported=imported)
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_seed_draws_the_same_whatever_is_loaded(tmp_path: Path) -> None:
    """A module of the project with hundreds of literals changes nothing."""
    literals = [*range(100_000, 100_300), *(f"literal {n}" for n in range(300))]
    (tmp_path / "many_literals.py").write_text(f"VALUES = {literals!r}\n", "utf-8")
    assert drawn(tmp_path, imported=True) == drawn(tmp_path, imported=False)
