#!/usr/bin/env bash
# Runs a command that drives a browser: .ci/browser.sh COMMAND...
# EBOK_CHROMIUM names the browser; without it Debian's Chromium is used, and installed when it may be: the shell
# without windows where there is one (the same engine, a third less work), else the whole browser.
. "$(dirname "$0")/lib.sh"

find_chromium() {
  local name
  for name in ${EBOK_CHROMIUM:+"$EBOK_CHROMIUM"} chromium-headless-shell chromium chromium-browser google-chrome; do
    command -v "$name" && return
    [ -z "${EBOK_CHROMIUM:-}" ] || die "EBOK_CHROMIUM=$EBOK_CHROMIUM is not a program."
  done
  return 1
}

EBOK_CHROMIUM=$(find_chromium) || {
  apt_install "The browser walk needs Chromium." chromium-headless-shell fonts-dejavu-core
  EBOK_CHROMIUM=$(unset EBOK_CHROMIUM; find_chromium) || die "Chromium was installed but is not found."
}
export EBOK_CHROMIUM
exec "$@"
