"""`spec`: prints the OpenAPI document of a revision."""

from __future__ import annotations

import json
import sys

import yaml

from conformance.cli.arguments import Parser
from conformance.contract import UnknownRevisionError, load, revisions


def main(arguments: list[str]) -> int:
    """Print the resolved document; return 0, or 4 for an unknown revision."""
    parser = Parser(
        prog="python -m conformance spec", description="Print the OpenAPI document of a revision."
    )
    parser.add_argument("--revision", default=revisions()[0], help="default: %(default)s")
    parser.add_argument("--format", choices=("yaml", "json"), default="yaml")
    options = parser.parse_args(arguments)
    try:
        document = load(options.revision).document
    except UnknownRevisionError as problem:
        sys.stderr.write(f"error: {problem}\n")
        return 4
    if options.format == "json":
        sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write(yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=110))
    return 0
