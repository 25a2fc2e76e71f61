#!/bin/sh
# Runs a command against a private PostgreSQL cluster in a temporary folder, on a socket of its
# own, where every new database is migrated already: on_postgresql.sh COMMAND [ARG ...]
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
programs=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
folder=$(mktemp -d)
as_owner() { "$@"; }
if [ "$(id -u)" -eq 0 ]; then
    # The server refuses to run as root; Debian's package brings this account.
    chown postgres "$folder"
    as_owner() { runuser -u postgres -- "$@"; }
fi
finish() {
    as_owner "$programs/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1 || true
    rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT TERM
cd "$folder"
as_owner "$programs/initdb" -D "$folder/data" -U vang -A trust -E UTF8 --no-sync \
    --locale=C.UTF-8 >/dev/null
as_owner "$programs/pg_ctl" -D "$folder/data" -w -l "$folder/log" \
    -o "-c listen_addresses='' -k $folder -c fsync=off -c full_page_writes=off -c max_connections=60" start >/dev/null
cd "$OLDPWD"
chmod 755 "$folder"
in_model() {
    program=$1
    shift
    "$programs/$program" --host "$folder" --username vang --dbname template1 "$@" >/dev/null
}
python() { PYTHONPATH="$root" "$root/.venv/bin/python" "$@"; }
dump=$(python -c "import tests.prepared as it; print(it.prepared_dump())")
if [ -f "$dump" ]; then
    in_model psql --quiet --set ON_ERROR_STOP=1 --file "$dump"
else
    address="postgresql://vang@/template1?host=$folder"
    VANG_TEST_DATABASE_URL=$address python -m django migrate --settings tests.settings --verbosity 0
    mkdir -p "$(dirname "$dump")"
    in_model pg_dump --no-owner --file "$dump.$$"
    mv "$dump.$$" "$dump"
fi
VANG_TEST_DATABASE_URL="postgresql://vang@/postgres?host=$folder" "$@"
