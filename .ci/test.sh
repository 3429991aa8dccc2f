#!/usr/bin/env bash
# Everything that must hold: lint, the suite on SQLite, the suite on PostgreSQL, the browser walk.
# All parts run even when one fails; the closing lines of each are repeated at the end.
#   ARGS="-k journal"   further arguments for pytest
#   ONLY="sqlite"       only these parts, of: lint sqlite postgresql browser
. "$(dirname "$0")/lib.sh"

mkdir -p var/reports
export DJANGO_SETTINGS_MODULE=ebok.settings.test
# What people have in their own .env or shell must not decide what is tested.
unset DATABASE_URL REDIS_URL EBOK_PLUGINS EBOK_DEMO DEBUG EBOK_RUNTIME_DIR

processors=$(nproc 2>/dev/null || echo 2)
workers=${WORKERS:-$((processors > 8 ? 8 : processors))}
read -r -a further <<<"${ARGS:-}"
parts=${ONLY:-lint sqlite postgresql browser}
failed=()

# in_memory: is there room in memory for what nobody needs after the run? Copies of databases and files of
# tests are made and removed thousands of times, which takes a disk ten times as long.
in_memory() {
  local room free
  [ -d /dev/shm ] && [ -w /dev/shm ] || return 1
  room=$(df -Pk /dev/shm | awk 'NR == 2 { print $4 }')
  free=$(awk '/^MemAvailable:/ { print $2 }' /proc/meminfo)
  [ "$room" -gt 3000000 ] && [ "$free" -gt $((5000000 + workers * 1000000)) ]
}
if in_memory; then
  TMPDIR=$(mktemp -d /dev/shm/ebok-test.XXXXXX)
  export TMPDIR EBOK_POSTGRES_PARENT=/dev/shm
  trap 'rm -rf "$TMPDIR"' EXIT
fi

began=$(date +%s)

# part NAME TITLE COMMAND...: run it, keep what it says, remember whether it failed.
part() {
  local name=$1 title=$2
  shift 2
  [[ " $parts " == *" $name "* ]] || return 0
  say "$title"
  if EBOK_TEST_PART=$name "$@" 2>&1 | tee "var/reports/$name.log"; then :; else failed+=("$name"); fi
}

# pytest_part NAME TITLE FOLDERS...: a full run also records which rows of the feature list it shows.
pytest_part() {
  local name=$1 title=$2 record=() before=() processes=$workers
  shift 2
  [ ${#further[@]} != 0 ] || record=("--record-features=$name")
  case $name in
    postgresql) before=(.ci/postgres.sh) ;;
    # One more than processors: the journey of scheduling waits for minutes to pass and needs none.
    browser) before=(.ci/browser.sh) processes=$((workers + 1)) ;;
  esac
  part "$name" "$title" "${before[@]}" "$PY" -m pytest "$@" -n "$processes" --dist loadgroup "${record[@]}" "${further[@]}"
}

if [[ " $parts " == *" lint "* ]]; then
  # Beside lint, whose types take one processor for long. What fails here fails again, with all its words, in
  # the part that needs it.
  # shellcheck disable=SC2086 # one word for each part
  .ci/tool.sh tests.templates $parts >/dev/null 2>&1 &
fi
part lint "Lint" "$PY" .ci/lint.py
pytest_part sqlite "The suite on SQLite" tests --ignore=tests/browser
# What asks for no database was run just now and is not run twice.
[[ " $parts " != *" sqlite "* ]] || export EBOK_AFTER_SQLITE=1
pytest_part postgresql "The suite on PostgreSQL" tests --ignore=tests/browser
pytest_part browser "The browser walk" tests/browser

echo
say "Closing lines ($(((($(date +%s) - began)) / 60)) min)"
for name in $parts; do
  [ -f "var/reports/$name.log" ] && printf '%-11s %s\n' "$name" "$(tail -n 1 "var/reports/$name.log")"
done
[ ${#failed[@]} = 0 ] || die "failed: ${failed[*]}. What each said is in var/reports/."
