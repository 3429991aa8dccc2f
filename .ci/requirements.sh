#!/usr/bin/env bash
# Compiles requirements/*.txt from pyproject.toml: every supported Python, hashes, no address of an index.
# Versions that are pinned already stay, unless UPGRADE=1 is given.
. "$(dirname "$0")/lib.sh"

compile() { # compile OUTPUT SOURCE [OPTION...]
  local output=$1
  shift
  say "requirements/$output.txt"
  "$VENV/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
    --no-header ${UPGRADE:+--upgrade} -o "requirements/$output.txt" "$@" >/dev/null
}

compile development pyproject.toml --extra dev
# The same versions everywhere: what is tested is what runs.
compile production pyproject.toml -c requirements/development.txt
compile build requirements/build.in -c requirements/development.txt
compile frontend requirements/frontend.in
