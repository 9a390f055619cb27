#!/usr/bin/env bash
# Checks a server on any CI system that has Python 3.11 or newer: bash .../docs/ci/shell.sh --target my-server.toml
# Takes the options of `python -m conformance run`; tokens come from PK_TOKEN and PK_OTHER_TOKEN or the target file.
# Installs the suite, as this checkout has it, into the folder VENV once. The exit code is that of the run.
set -euo pipefail

suite="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
venv="${VENV:-$suite/.venv}"

if [ ! -e "$venv/installed" ]; then
  "${PYTHON:-python3}" -m venv "$venv"
  install=("$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps)
  "${install[@]}" --require-hashes -r "$suite/requirements.lock"
  "${install[@]}" --no-build-isolation "$suite"
  touch "$venv/installed"
fi

# No module of the current folder is imported.
PYTHONSAFEPATH=1 exec "$venv/bin/python" -m conformance run "$@"
