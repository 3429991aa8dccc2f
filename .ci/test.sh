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
began=$(date +%s)

# The sample plugin is a distribution of its own, installed where only the tests look for it, so that
# the demo in the same environment does not show it.
install_sample() {
  local source=tests/sample_distribution target=$VENV/test-plugins stamp
  [ -f "$source/pyproject.toml" ] || return 0
  stamp=$(stamp_of "$source")
  if ! is_done "$target/.ebok-installed" "$stamp"; then
    say "Installing the sample plugin"
    rm -rf "$target"
    "$PY" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation \
      --target "$target" "./$source" || die "The sample plugin could not be installed; see the lines above."
    rm -rf "$source/build" "$source"/*.egg-info
    echo "$stamp" >"$target/.ebok-installed"
  fi
  export PYTHONPATH="$(pwd)/$target${PYTHONPATH:+:$PYTHONPATH}"
}

# part NAME TITLE COMMAND...: run it, keep what it says, remember whether it failed.
part() {
  local name=$1 title=$2
  shift 2
  [[ " $parts " == *" $name "* ]] || return 0
  say "$title"
  if EBOK_TEST_PART=$name "$@" 2>&1 | tee "var/reports/$name.log"; then :; else failed+=("$name"); fi
}

suite=("$PY" -m pytest tests --ignore=tests/browser -n "$workers" -p no:cacheprovider "${further[@]}")
walk=("$PY" -m pytest tests/browser -n "$workers" -p no:cacheprovider "${further[@]}")

[[ "$parts" == "lint" ]] || install_sample
part lint "Lint" "$PY" .ci/lint.py
part sqlite "The suite on SQLite" "${suite[@]}"
part postgresql "The suite on PostgreSQL" .ci/postgres.sh "${suite[@]}"
if [ -d tests/browser ]; then
  part browser "The browser walk" .ci/browser.sh "${walk[@]}"
fi

echo
say "Closing lines ($(((($(date +%s) - began)) / 60)) min)"
for name in $parts; do
  [ -f "var/reports/$name.log" ] && printf '%-11s %s\n' "$name" "$(tail -n 1 "var/reports/$name.log")"
done
[ ${#failed[@]} = 0 ] || die "failed: ${failed[*]}. What each said is in var/reports/."
