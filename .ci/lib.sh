# Shared by the scripts here: speaking, failing in one sentence, installing what Debian splits off.
# shellcheck shell=bash

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

VENV=${VENV:-.venv}
PY=$VENV/bin/python

# FRESH=0 means what it says.
[ "${FRESH:-0}" != 0 ] || unset FRESH

if [ -t 1 ]; then bold=$'\033[1m'; plain=$'\033[0m'; else bold=; plain=; fi

say() { printf '%s==> %s%s\n' "$bold" "$*" "$plain"; }

die() {
  printf 'Stopped: %s\n' "$*" >&2
  exit 1
}

# apt_may: can packages be installed here without asking anybody anything?
apt_may() {
  command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }
}

# apt_install REASON PACKAGE...: install, or say in one sentence what to install.
apt_install() {
  local reason=$1
  shift
  apt_may || die "$reason Please run: sudo apt-get install $*"
  say "Installing $* (apt)"
  local as_root=()
  [ "$(id -u)" = 0 ] || as_root=(sudo -n)
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq >/dev/null ||
    say "apt-get update had trouble; trying with the package lists that are there"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "$@" >/dev/null ||
    die "$reason Installing it failed; please run: sudo apt-get install $*"
}

# stamp_of FILE...: one word that changes when any of the files (or folders) changes.
stamp_of() {
  find "$@" -type f -not -path '*/node_modules/*' -not -path '*/__pycache__/*' -print0 2>/dev/null |
    LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c1-32
}

# is_done FILE STAMP: was the step with this stamp finished before?
is_done() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }
