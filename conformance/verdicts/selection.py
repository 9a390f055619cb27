"""Looks at what selects checks before anything is sent: pytest itself would look only after preflight."""

from __future__ import annotations

from pathlib import Path

import pytest
from _pytest.mark.expression import Expression  # nothing public reads one


def check(config: pytest.Config) -> None:
    """Raise UsageError, with one line, for a `-k` that cannot be read and for paths that do not exist."""
    for option in ("keyword", "markexpr"):
        _read(getattr(config.option, option))
    for path in config.args:
        if not Path(path.partition("::")[0]).exists():
            message = f"no such file or folder: {path}"
            raise pytest.UsageError(message)


def _read(expression: str) -> None:
    try:
        if expression:
            Expression.compile(expression)
    except SyntaxError as problem:
        message = f"cannot read the expression {expression!r}: {problem.msg}"
        raise pytest.UsageError(message) from None
