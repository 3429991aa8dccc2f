#!/usr/bin/env bash
# Makes the virtual environment and fills it from the pinned requirements.
#   .ci/python.sh production    what the portal needs to run
#   .ci/python.sh development   that, and what lint and tests need
# VENV and PYTHON in the environment name another folder and another interpreter.
. "$(dirname "$0")/lib.sh"

level=${1:-development}
supported='import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))'

find_python() {
  local name
  for name in ${PYTHON:+"$PYTHON"} python3 python3.13 python3.12 python3.11; do
    if command -v "$name" >/dev/null && "$name" -c "$supported" 2>/dev/null; then
      command -v "$name"
      return
    fi
    # An interpreter named by hand is not silently replaced by another.
    [ -z "${PYTHON:-}" ] || die "PYTHON=$PYTHON is not Python 3.11, 3.12 or 3.13."
  done
  die "Python 3.11, 3.12 or 3.13 is needed; please run: sudo apt-get install python3 python3-venv"
}

# A folder that was moved, or whose interpreter is gone, cannot be repaired: its scripts name paths.
usable() {
  [ -x "$PY" ] && "$PY" -c "$supported" 2>/dev/null && "$PY" -m pip --version >/dev/null 2>&1 &&
    [ "$("$PY" -c 'import sys; print(sys.prefix)')" = "$(pwd -P)/$VENV" ]
}

if ! usable; then
  python=$(find_python)
  if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    apt_install "Python here comes without virtual environments." "python$version-venv"
  fi
  say "Making the virtual environment $VENV ($("$python" --version))"
  rm -rf "$VENV"
  "$python" -m venv "$VENV" || die "The virtual environment $VENV could not be made; see the lines above."
fi

export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1

# install LEVEL TITLE: from requirements/LEVEL.txt, once for each content of that file.
install() {
  local stamp
  stamp=$(stamp_of "requirements/$1.txt")
  is_done "$VENV/.ebok-$1" "$stamp" && return
  say "Installing $2 (takes about a minute)"
  # The file names everything that is needed, so nothing is left to resolve: pip would look at newer
  # releases for "coverage[toml]" and refuse them for want of a hash. `pipefail` tells of pip's failure.
  "$PY" -m pip install --require-hashes --no-deps --progress-bar off -r "requirements/$1.txt" |
    sed --unbuffered -nE 's/^Collecting ([^ ]+).*/    \1/p' ||
    die "Installing requirements/$1.txt failed; see the lines above."
  echo "$stamp" >"$VENV/.ebok-$1"
}

install build "what builds this project"
# The development list contains the production list, so it is enough for both.
if [ "$level" = production ] && ! is_done "$VENV/.ebok-development" "$(stamp_of requirements/development.txt)"; then
  install production "what the portal needs"
elif [ "$level" = development ]; then
  install development "what the portal, lint and tests need"
fi

stamp=$(stamp_of pyproject.toml)
if ! is_done "$VENV/.ebok-project" "$stamp"; then
  say "Installing the project itself (editable)"
  "$PY" -m pip install --quiet --no-deps --no-build-isolation --editable . ||
    die "Installing the project failed; see the lines above."
  echo "$stamp" >"$VENV/.ebok-project"
fi
