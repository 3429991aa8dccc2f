#!/usr/bin/env bash
# The portal for developers: Django's own server, which reloads on change, with worker and timer.
. "$(dirname "$0")/lib.sh"
export DJANGO_SETTINGS_MODULE=${DJANGO_SETTINGS_MODULE:-ebok.settings.dev}
export DEBUG=${DEBUG:-1} EBOK_PAGE_CACHE=${EBOK_PAGE_CACHE:-0}
"$PY" site/manage.py ebok_prepare --demo --no-static ${FRESH:+--fresh}
exec "$PY" site/manage.py ebok_serve --develop --host "${HOST:-127.0.0.1}" --port "${PORT:-8000}" --demo
