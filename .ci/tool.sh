#!/usr/bin/env bash
# Runs a module of the project with the sources on the path: .ci/tool.sh tests.features [ARGUMENT...]
. "$(dirname "$0")/lib.sh"
export PYTHONPATH="$(pwd)/site:$(pwd)${PYTHONPATH:+:$PYTHONPATH}"
exec "$PY" -m "$@"
