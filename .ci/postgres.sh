#!/usr/bin/env bash
# Runs a command with a throw-away PostgreSQL: .ci/postgres.sh COMMAND...
# DATABASE_URL names it; it listens on a socket in a folder of its own, and is gone afterwards.
# EBOK_TEST_DATABASE_URL in the environment names a server to use instead.
# EBOK_POSTGRES_PARENT in the environment names the folder in which its own is made (/tmp).
# EBOK_POSTGRES_OPTIONS is added to the server's options (-c NAME=VALUE); the last one said wins.
. "$(dirname "$0")/lib.sh"

if [ -n "${EBOK_TEST_DATABASE_URL:-}" ]; then
  DATABASE_URL=$EBOK_TEST_DATABASE_URL exec "$@"
fi

# find_server: the folder with initdb and pg_ctl, newest version first.
find_server() {
  local folder
  for folder in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -t/ -k5 -rV) \
    "$(dirname "$(command -v initdb 2>/dev/null || echo /nowhere/initdb)")"; do
    if [ -x "$folder/initdb" ] && [ -x "$folder/pg_ctl" ] && [ -x "$folder/postgres" ]; then
      echo "$folder"
      return
    fi
  done
  return 1
}

server=$(find_server) || {
  apt_install "The tests need a PostgreSQL server." postgresql
  server=$(find_server) || die "PostgreSQL was installed but initdb was not found; please look at /usr/lib/postgresql."
}

# Short, because a socket's path may have at most 107 characters.
folder=$(mktemp -d "${EBOK_POSTGRES_PARENT:-/tmp}/ebok-pg.XXXXXX")

# PostgreSQL refuses to run as root.
as_server() {
  if [ "$(id -u)" = 0 ]; then
    (cd "$folder" && runuser -u "$owner" -- "$@")
  else
    "$@"
  fi
}
owner=postgres
id "$owner" >/dev/null 2>&1 || owner=nobody
[ "$(id -u)" != 0 ] || chown "$owner" "$folder"

stop() {
  trap - EXIT INT TERM
  as_server "$server/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null 2>&1 || true
  rm -rf "$folder"
}
trap stop EXIT
trap 'stop; exit 130' INT TERM

as_server "$server/initdb" -D "$folder/data" -U ebok -A trust -E UTF8 --locale=C.UTF-8 --no-sync \
  >"$folder/initdb.log" 2>&1 || { cat "$folder/initdb.log" >&2; die "initdb failed; its words are above."; }

# Nothing here outlives the command, so nothing has to reach the disk.
as_server "$server/pg_ctl" -D "$folder/data" -l "$folder/server.log" -w -t 60 start -o "-k $folder \
  -c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off \
  -c shared_buffers=128MB -c max_connections=200 -c max_locks_per_transaction=256 \
  -c autovacuum_naptime=5min -c timezone=UTC ${EBOK_POSTGRES_OPTIONS:-}" >/dev/null ||
  { cat "$folder/server.log" >&2; die "PostgreSQL did not start; its words are above."; }

as_server "$server/createdb" -h "$folder" -U ebok ebok
export DATABASE_URL="postgres://ebok@${folder//\//%2F}/ebok"
say "PostgreSQL $(cat "$folder/data/PG_VERSION") for this run in $folder"

# Not exec: the trap has to run when the command is done.
"$@" &
command=$!
trap 'kill -TERM $command 2>/dev/null; wait $command; stop; exit 130' INT TERM
status=0
wait "$command" || status=$?
exit "$status"
