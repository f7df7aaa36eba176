#!/usr/bin/env bash
# ours.sh PROGRAM [SECONDS [ROUNDS]] - EduAI as a gateway beside LiteLLM and Portkey on one mock upstream, in one session: chats at
# 1, 32 and 256 connections, then streams at 32. Every caller has a key, every call is priced, written down and measured.
# LITELLM: path of the litellm program; PORTKEY: path of build/start-server.js. A peer that is not named is left out.
# soak: ours.sh -l MINUTES PROGRAM loads EduAI alone and prints its memory every half minute.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
minutes=""; if [ "${1:-}" = -l ]; then minutes=$2; shift 2; fi
program="$(realpath "$1")"; seconds="${2:-8}"; rounds="${3:-1}"; mport="${MOCK_PORT:-18080}"; port="${PORT:-18101}"
data="$(mktemp -d)"; trap 'rm -rf "$data"' EXIT
sed "s#@MOCK@#http://127.0.0.1:$mport#g" "$here/gateway.toml" >"$data/gateway.toml"
start="env EDUAI_LOG=warn EDUAI_REQUESTS_PER_MINUTE=0 EDUAI_MAX_CONNECTIONS_PER_ADDRESS=2000 $program serve --role llm-gateway --config $data/gateway.toml --listen 127.0.0.1:$port --data-dir"
url="http://127.0.0.1:$port/v1"
run() { "$here/run.sh" -P "$mport" "$@"; }
if [ -n "$minutes" ]; then
  KEY_eduai=sk-bench run -D -c 32 -d 30 -r "$((minutes * 2))" -x eduai="$start $data/soak" eduai="$url"
  exit
fi
peers=(); targets=()
[ -n "${LITELLM:-}" ] && { peers+=(-x "litellm=$here/peers/litellm.sh 14000 1"); targets+=(litellm=http://127.0.0.1:14000/v1); }
stream=("${peers[@]}"); streams=("${targets[@]}")
[ -n "${PORTKEY:-}" ] && { peers+=(-x "portkey=$here/peers/portkey.sh 18787"); targets+=(portkey=http://127.0.0.1:18787/v1); }
export KEY_eduai=sk-bench KEY_litellm=sk-bench KEY_portkey=sk-mock
export HEADERS_portkey="x-portkey-provider: openai|x-portkey-custom-host: http://127.0.0.1:$mport/v1"
echo "## Chats"
run -r "$rounds" -d "$seconds" -x eduai="$start $data/chat" "${peers[@]}" eduai="$url" "${targets[@]}"
echo; echo "## Streams of 66 events"
export MODEL_eduai=mock-stream MODEL_litellm=mock-stream
run -r "$rounds" -d "$seconds" -c 32 -b stream -U /stream/v1 -x eduai="$start $data/stream" "${stream[@]}" eduai="$url" "${streams[@]}"
