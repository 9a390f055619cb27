"""Draws faults, and pastes a reproduction of each into a shell, for a new server with the fault and for one without.

    python -m tests.reproductions --faults 60 --seed 1 [--whole]

The exit code is 1 unless every reproduction showed its fault, and the sound server never did.
"""

from __future__ import annotations

import argparse
import sys

from tests.reproductions.trials import OUT_OF_SCOPE, Result, draw, try_one


def main() -> int:
    """Print a line for each reproduction, and the counts."""
    parser = argparse.ArgumentParser(prog="python -m tests.reproductions")
    parser.add_argument("--faults", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", help="the name of one fault")
    parser.add_argument("--whole", action="store_true", help="run all checks for each report")
    parser.add_argument("--verbose", action="store_true", help="show misses in full")
    options = parser.parse_args()
    results = []
    for drawn in draw(10_000 if options.only else options.faults, options.seed):
        if options.only in (None, drawn.fault):
            result = try_one(drawn, options.seed, whole=options.whole)
            results.append(result)
            _print(_line(result))
            if options.verbose and not result.is_right:
                _print("\n".join(["", *result.lines, "", result.differs]))
    total = len(results)
    _print(f"faulty server: {sum(one.faulty for one in results)} of {total} show the fault")
    _print(f"sound server: {sum(one.sound for one in results)} of {total} show it")
    statuses = sum(one.needs_statuses for one in results)
    _print(f"of these {statuses} hide it only in the status of an earlier step")
    _print(f"out of scope: {', '.join(OUT_OF_SCOPE)}, for which a shell is not fast enough")
    return 0 if results and all(one.is_right for one in results) else 1


def _line(result: Result) -> str:
    drawn = result.drawn
    verdict = "right" if result.is_right else "WRONG"
    seen = f"faulty {'shows' if result.faulty else 'hides'}, sound {'shows' if result.sound else 'hides'}"
    what = result.problem or f"{seen}, {len(result.lines)} lines, {result.check}"
    return f"{verdict}  {drawn.area} {drawn.fault} ({drawn.revision}): {what}"


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
