#!/usr/bin/env bash
# Measures: .ci/bench.sh tests.bench [OPTION...]. Needs wrk and nginx, and installs them when it may.
. "$(dirname "$0")/lib.sh"

# Where ordinary people have no /usr/sbin on their path, nginx is there all the same.
export PATH="$PATH:/usr/sbin"
missing=()
for program in wrk nginx; do
  command -v "$program" >/dev/null || missing+=("$program")
done
[ ${#missing[@]} = 0 ] || apt_install "Measuring needs wrk and nginx." "${missing[@]}"
exec .ci/tool.sh "$@"
