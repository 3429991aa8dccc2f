#!/usr/bin/env bash
# Everything a command of ours needs before it starts; the second time it takes a second.
#   .ci/setup.sh [production|development]
. "$(dirname "$0")/lib.sh"

# Two commands typed at once in two windows must not fill one environment together.
if [ -z "${EBOK_SETUP_HELD:-}" ] && command -v flock >/dev/null; then
  mkdir -p var
  EBOK_SETUP_HELD=1 exec flock var/setup.lock "$0" "$@"
fi

.ci/python.sh "${1:-development}"
.ci/frontend.sh
"$PY" .ci/messages.py compile
