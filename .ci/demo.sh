#!/usr/bin/env bash
# The whole portal with demo content, from nothing: `make demo`.
#   PORT=8000      where it answers        FRESH=1        start over, without the data that is there
#   HOST=127.0.0.1 on which address        DATABASE_URL=  another database than SQLite under var/
. "$(dirname "$0")/lib.sh"

export DJANGO_SETTINGS_MODULE=${DJANGO_SETTINGS_MODULE:-ebok.settings.dev}
export EBOK_DEMO=1
host=${HOST:-127.0.0.1}
port=${PORT:-8000}

[[ "$port" =~ ^[0-9]+$ ]] && [ "$port" -ge 1 ] && [ "$port" -le 65535 ] ||
  die "PORT=$port is not a port; give a number from 1 to 65535."

# Said now rather than after minutes of installing. Any supported python3 can ask.
if command -v python3 >/dev/null && ! python3 - "$host" "$port" <<'PROBE'; then
import socket, sys
probe = socket.socket()
probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
try:
    probe.bind((sys.argv[1], int(sys.argv[2])))
except OSError:
    sys.exit(1)
PROBE
  die "port $port is taken on $host; choose another one, for example: make demo PORT=$((port < 65000 ? port + 80 : 8080))"
fi

.ci/setup.sh production
export EBOK_BASE_URL=${EBOK_BASE_URL:-http://localhost:$port}
"$PY" site/manage.py ebok_prepare --demo ${FRESH:+--fresh}
exec "$PY" site/manage.py ebok_serve --host "$host" --port "$port" --demo
