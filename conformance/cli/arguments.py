"""The parser of every verb: bad usage is one line and exit code 4."""

from __future__ import annotations

import argparse
from typing import NoReturn

USAGE = 4


class Parser(argparse.ArgumentParser):
    """An argument parser whose error messages are one line."""

    def error(self, message: str) -> NoReturn:
        """Print the error and exit."""
        self.exit(USAGE, f"error: {message}; see {self.prog} --help\n")
