#!/usr/bin/env bash
# ours.sh PROGRAM SEALER - EduAI beside the reference, in one run and on one PostgreSQL server: 500 pieces of about 20 kB that
# belong to one teacher, read with the teacher's access token. Prints the table of report.py, then how fast people sign in.
# Needs wrk, psql, a PostgreSQL server's binaries and a python with requirements.txt (PY).
set -euo pipefail
program="$(realpath "$1")"; sealer="$(realpath "$2")"; here="$(cd "$(dirname "$0")" && pwd)"; cd "$here"
export PY="${PY:-python3}" PGWORK="${PGWORK:-${TMPDIR:-/tmp}/bench-api-pg}" PGPORT="${PGPORT:-54399}" KEEP_PG=1
data="$(mktemp -d)"; port="${BPORT:-18082}"; url="http://127.0.0.1:$port"; password="a long walk by the river 7"
sql() { psql -qAt -h 127.0.0.1 -p "$PGPORT" -U bench -v ON_ERROR_STOP=1 "$@"; }
./pg.sh start
sql -d postgres -c 'drop database if exists eduai with (force)' -c 'create database eduai'
# The program's own roles must not be able to go round row-level security.
sql -d postgres -c "do \$\$ begin create role bench_eduai login createrole; exception when duplicate_object then null; end \$\$" \
  -c 'alter database eduai owner to bench_eduai'
export DATABASE_URL="postgres://bench_eduai@127.0.0.1:$PGPORT/eduai"
EDUAI_REQUESTS_PER_MINUTE=0 EDUAI_LOG=warn "$program" serve --listen "127.0.0.1:$port" --data-dir "$data" >"$data/out" 2>"$data/log" &
pid=$!
trap 'kill $pid 2>/dev/null || true; wait $pid 2>/dev/null || true; ./pg.sh stop; rm -rf "$data"' EXIT
for _ in $(seq 100); do curl -fs "$url/ready" >/dev/null 2>&1 && break; sleep 0.2; done
printf %s "$password" | "$program" admin create-user --data-dir "$data" --email t@bench.example --password-stdin --role teacher >/dev/null
login="{\"email\":\"t@bench.example\",\"password\":\"$password\"}"
token="$(curl -fs "$url/api/v1/auth/login" -H 'content-type: application/json' -d "$login" | "$PY" -c 'import json,sys; print(json.load(sys.stdin)["access_token"])')"
rest="$(awk '/^VmRSS/{printf "%.0f", $2/1024}' "/proc/$pid/status")"
curl -fs "$url/api/v1/mashup/generate" -H "authorization: Bearer $token" -H 'content-type: application/json' \
  -d '{"user_prompt":"jazz and blues in 8 bars","seed":1,"skill_level":"beginner","educational_context":"classroom"}' >"$data/piece.json"
owner="$(sql -d eduai -c 'select owner_id from mashup.mashup limit 1')"
"$PY" shorten.py "$data/piece.json" "$owner" "$sealer" "$data" >"$data/copies.sql"
sql -d eduai -f "$data/copies.sql" -c 'vacuum analyze mashup.mashup'
sql -d eduai -c "select c.id from mashup.mashup c, (select min(created_at) first from mashup.mashup) p where created_at > first order by c.id" >"$data/ids"
B_URL="$url" B_IDS="$data/ids" B_TOKEN="$token" B_PID="$pid" B_LIST='/api/v1/mashup?limit=10' ./run.sh
echo; echo "EduAI: $rest MiB before the first piece. Signing in (Argon2id):"
cat >"$data/login.lua" <<LUA
wrk.method, wrk.headers["content-type"], wrk.body = "POST", "application/json", '$login'
LUA
for c in 1 8; do wrk -t1 -c"$c" -d5s --timeout 20s -s "$data/login.lua" "$url/api/v1/auth/login" | grep -E 'requests in|Latency|Non-2xx' | tr '\n' ';'; echo " at $c connections"; done
