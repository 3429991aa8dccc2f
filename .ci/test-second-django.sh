#!/usr/bin/env bash
# The suite on the second Django line (6.1), in an environment of its own, where Python 3.12 or 3.13 is.
. "$(dirname "$0")/lib.sh"
for python in python3.13 python3.12; do
  # Asked to run: a version manager may have the name on the path and not the interpreter.
  if "$python" -c "" 2>/dev/null; then
    export VENV=.venv-61 PYTHON=$python
    .ci/setup.sh development
    say "$("$VENV/bin/python" -c 'import django, sys; print(f"Django {django.__version__} on Python {sys.version.split()[0]}")')"
    ONLY="sqlite postgresql" exec .ci/test.sh
  fi
done
say "No second Django line here: it needs Python 3.12 or 3.13, and neither is installed."
