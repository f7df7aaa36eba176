#!/usr/bin/env bash
# Load one or more LLM gateways with the same closed-loop traffic, in turns, in one session.
#
#   run.sh URL                              one gateway, mock upstream included
#   run.sh ours=URL peer=URL                two gateways, alternately; a ratio ours/peer results
#   run.sh -x ours='CMD' ours=URL ...       run.sh starts CMD itself (exec'ed in its own process group,
#                                           ended by its PID), so that memory and CPU are reported too
# URL is the gateway's base, up to and including /v1, e.g. http://127.0.0.1:8080/v1
#
# options:
#   -c "1 32 256"   connections             -d 15   seconds per run       -r 1   rounds (alternating order)
#   -p /chat/completions   path after URL   -b chat|stream|bigreq         request body
#   -m MODEL        model name sent (default mock; per target: MODEL_<label>)
#   -u              make every request unique (so that a response cache cannot answer)
#   -P 18080        port of the mock upstream; -N: do not start the mock;  -D: leave out the direct line
#   -U /v1          path of the mock that 'direct' measures (/v1, /big/v1, /stream/v1)
#   -s 'CORES'      pin the started gateways with taskset (e.g. 0), and wrk and the mock to -S 'CORES'
#   -a N            on a shared machine: scheduler autogroup niceness for all that run.sh starts (e.g. -10; root)
# per target, from the environment: MODEL_<label>, KEY_<label>, HEADERS_<label> ("Name: v|Name: v"), PID_<label>
# needs: nginx, wrk, python3 (stdlib), bash. Loopback only. MOCK_URL is exported to the started commands.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
conns="1 32 256"; dur=15; rounds=1; path=/chat/completions; body=chat; model=mock; uniq=0; mport=18080
mock=1; direct=1; upath=/v1; pin=""; pinload=""; agn=""
declare -A CMD URL GPID
order=()
while getopts "c:d:r:p:b:m:uP:NDU:s:S:x:a:h" o; do case $o in
  c) conns=$OPTARG;; d) dur=$OPTARG;; r) rounds=$OPTARG;; p) path=$OPTARG;; b) body=$OPTARG;; m) model=$OPTARG;;
  u) uniq=1;; P) mport=$OPTARG;; N) mock=0;; D) direct=0;; U) upath=$OPTARG;; s) pin=$OPTARG;; S) pinload=$OPTARG;;
  a) agn=$OPTARG;;
  x) CMD[${OPTARG%%=*}]=${OPTARG#*=};;
  *) sed -n '2,/^set -u/p' "$0" | sed '$d'; exit 2;; esac; done
shift $((OPTIND-1))
for a in "$@"; do case $a in
  http*) URL[gateway]=${a%/}; order+=(gateway);;
  *=*) URL[${a%%=*}]=${a#*=}; URL[${a%%=*}]=${URL[${a%%=*}]%/}; order+=("${a%%=*}");;
  *) echo "not understood: $a" >&2; exit 2;; esac; done
[ $direct = 1 ] && [ $mock = 1 ] && { URL[direct]="http://127.0.0.1:$mport$upath"; order=(direct "${order[@]}"); }
[ ${#order[@]} -gt 0 ] || { echo "no gateway URL given" >&2; exit 2; }
for t in nginx wrk python3; do command -v $t >/dev/null || PATH=$PATH:/usr/sbin; command -v $t >/dev/null || { echo "missing: $t" >&2; exit 3; }; done
for l in "${order[@]}"; do case ${URL[$l]} in http://127.0.0.1:*|http://localhost:*|http://\[::1\]:*) ;; *) echo "$l: loopback only" >&2; exit 2;; esac; done

ag() { [ -n "$agn" ] && echo "$agn" > "/proc/$1/autogroup" 2>/dev/null; return 0; }
tmp=$(mktemp -d "${TMPDIR:-/tmp}/gwbench.XXXXXX")
pids=()
cleanup() {
  for p in "${pids[@]}"; do kill -TERM -- -"$p" 2>/dev/null || kill -TERM "$p" 2>/dev/null; done
  for p in "${pids[@]}"; do for _ in $(seq 50); do kill -0 -- -"$p" 2>/dev/null || break; sleep 0.1; done; kill -KILL -- -"$p" 2>/dev/null; done
  rm -rf "$tmp"
}
trap cleanup EXIT; trap 'exit 130' INT TERM
python3 "$here/make_bodies.py" "$tmp/www" "$tmp/bodies"
tl() { [ -n "$pinload" ] && echo "taskset -c $pinload"; }
if [ $mock = 1 ]; then
  sed -e "s#@DIR@#$tmp#g" -e "s#@PORT@#$mport#g" "$here/nginx.conf.in" > "$tmp/nginx.conf"
  chmod 755 "$tmp" "$tmp/www"
  setsid $(tl) nginx -e "$tmp/error.log" -p "$tmp" -c "$tmp/nginx.conf" >"$tmp/nginx.out" 2>&1 & pids+=($!); sleep 0.2; ag $!
  for _ in $(seq 50); do python3 - "$mport" <<'P' && break
import socket,sys
s=socket.socket(); s.settimeout(.2)
sys.exit(s.connect_ex(("127.0.0.1",int(sys.argv[1])))!=0)
P
  sleep 0.1; done
fi
export MOCK_URL="http://127.0.0.1:$mport" GW_SCRATCH=$tmp
env_of() { local v="$1_${2//[^A-Za-z0-9_]/_}"; printf %s "${!v:-}"; }
probe() { # label -> HTTP status of one request
  python3 - "${URL[$1]}$path" "$tmp/bodies/$body" "$2" "$3" "$4" <<'P'
import sys, urllib.request, urllib.error
url, f, model, key, hs = sys.argv[1:]
h = {"Content-Type": "application/json"}
if key: h["Authorization"] = "Bearer " + key
for x in hs.split("|"):
    if ":" in x:
        n, v = x.split(":", 1); h[n.strip()] = v.strip()
try:
    r = urllib.request.urlopen(urllib.request.Request(url, open(f).read().replace("@MODEL@", model).encode(), h, method="POST"), timeout=20)
    b = r.read(); print(r.status, len(b))
except urllib.error.HTTPError as e: print(e.code, e.read()[:300])
except Exception as e: print(0, repr(e)[:200])
P
}
tree() { # pid -> "rss_kb cpu_ticks processes" over the process and its descendants, then rss_kb and cpu_ticks of it alone
  python3 - "$1" <<'P'
import os, sys
root = int(sys.argv[1]); kids = {}; info = {}
for d in os.listdir("/proc"):
    if d.isdigit():
        try:
            s = open(f"/proc/{d}/stat").read().rsplit(")", 1)[1].split()
            info[int(d)] = (int(s[21]) * os.sysconf("SC_PAGE_SIZE") // 1024, int(s[11]) + int(s[12]))
            kids.setdefault(int(s[1]), []).append(int(d))
        except OSError: pass
todo, rss, cpu, n = [root], 0, 0, 0
while todo:
    p = todo.pop()
    if p in info: rss += info[p][0]; cpu += info[p][1]; n += 1
    todo += kids.get(p, [])
print(rss, cpu, n, *info.get(root, (0, 0)))
P
}
for l in "${order[@]}"; do
  m=$(env_of MODEL "$l"); k=$(env_of KEY "$l"); h=$(env_of HEADERS "$l")
  if [ -n "${CMD[$l]:-}" ]; then
    t0=$(date +%s%N)
    setsid ${pin:+taskset -c $pin} bash -c "exec ${CMD[$l]}" >"$tmp/$l.log" 2>&1 & GPID[$l]=$!; pids+=($!); sleep 0.2; ag $!
    for _ in $(seq 600); do s=$(probe "$l" "${m:-$model}" "$k" "$h"); [ "${s%% *}" = 200 ] && break; kill -0 ${GPID[$l]} 2>/dev/null || break; sleep 0.2; done
    echo "start $l ready_s=$(awk -v a="$t0" -v b="$(date +%s%N)" 'BEGIN{printf "%.1f",(b-a)/1e9}') idle_rss_mb=$(( $(tree ${GPID[$l]} | cut -d' ' -f1) / 1024 ))"
  else
    GPID[$l]=$(env_of PID "$l"); s=$(probe "$l" "${m:-$model}" "$k" "$h")
  fi
  [ "${s%% *}" = 200 ] || { echo "$l: first request failed: $s" >&2; [ -f "$tmp/$l.log" ] && tail -20 "$tmp/$l.log" >&2; exit 4; }
done
hz=$(getconf CLK_TCK)
echo "# $(date -u +%FT%TZ) cores=$(nproc) load=$(cut -d' ' -f1 /proc/loadavg) body=$body path=$path dur=${dur}s rounds=$rounds unique=$uniq pin='${pin}' pinload='${pinload}' autogroup='${agn}'"
one() { # label conns round
  local l=$1 c=$2 m k h a b
  m=$(env_of MODEL "$l"); k=$(env_of KEY "$l"); h=$(env_of HEADERS "$l")
  [ -n "${GPID[$l]:-}" ] && a=$(tree "${GPID[$l]}")
  out=$(GW_BODY="$tmp/bodies/$body" GW_MODEL="${m:-$model}" GW_KEY="$k" GW_HEADERS="$h" GW_UNIQUE=$uniq \
    setsid -w ${agn:+bash -c 'echo "$0" > /proc/self/autogroup; exec "$@"' "$agn"} $(tl) wrk -t1 -c"$c" -d"${dur}s" --timeout 30s -s "$here/post.lua" "${URL[$l]}$path" 2>&1)
  line=$(grep ^GWLINE <<<"$out" | sed 's/^GWLINE //')
  [ -n "$line" ] || { echo "$l c=$c no result: $out" >&2; return; }
  extra=""
  if [ -n "${GPID[$l]:-}" ]; then b=$(tree "${GPID[$l]}"); n=$(sed 's/.* n=\([0-9]*\).*/\1/' <<<" $line")
    extra=$(awk -v a="$a" -v b="$b" -v n="$n" -v hz="$hz" 'BEGIN{split(a,x," ");split(b,y," ");printf "rss_mb=%.0f cpu_us_per_req=%.0f procs=%d own_rss_mb=%.0f own_cpu_us=%.0f",y[1]/1024,(n>0?(y[2]-x[2])/hz*1e6/n:0),y[3],y[4]/1024,(n>0?(y[5]-x[5])/hz*1e6/n:0)}'); fi
  printf '%-10s c=%-4s round=%s %s %s load=%s\n' "$l" "$c" "$3" "$line" "$extra" "$(cut -d' ' -f1 /proc/loadavg)" | tee -a "$tmp/results"
}
for c in $conns; do for r in $(seq "$rounds"); do
  ls=("${order[@]}"); if [ $((r % 2)) = 0 ]; then ls=(); for l in "${order[@]}"; do ls=("$l" "${ls[@]}"); done; fi
  for l in "${ls[@]}"; do one "$l" "$c" "$r"; done
done; done
python3 - "$tmp/results" "${order[@]}" <<'P'
import re, sys, statistics as st
rows = {}
for ln in open(sys.argv[1]):
    lab = ln.split()[0]; kv = dict(x.split("=", 1) for x in re.sub(r"c=(\d+)\s+", r"c=\1 ", ln).split()[1:] if "=" in x)
    rows.setdefault((int(kv["c"]), lab), []).append({k: float(v) for k, v in kv.items() if k in ("rps", "p50_ms", "p99_ms", "bad", "cpu_us_per_req", "rss_mb", "own_cpu_us", "own_rss_mb")})
labs = [l for l in sys.argv[2:]]
med = {k: {f: st.median([r[f] for r in v if f in r]) for f in v[0]} for k, v in rows.items()}
print("# medians: label conns rps p50_ms p99_ms bad cpu_us/req rss_mb, and of its first process alone: cpu_us/req rss_mb")
for (c, l), m in sorted(med.items()):
    whole = " ".join("%8s" % ("%.0f" % m[f] if f in m else "-") for f in ("cpu_us_per_req", "rss_mb", "own_cpu_us", "own_rss_mb"))
    print("%-10s %4d %9.1f %9.3f %9.3f %5d %s" % (l, c, m["rps"], m["p50_ms"], m["p99_ms"], m["bad"], whole))
g = [l for l in labs if l != "direct"]
for c in sorted({c for c, _ in med}):
    if (c, "direct") in med:
        for l in g:
            if (c, l) in med: print("# added over direct, c=%d %s: p50 +%.3f ms, p99 +%.3f ms" % (c, l, med[c, l]["p50_ms"] - med[c, "direct"]["p50_ms"], med[c, l]["p99_ms"] - med[c, "direct"]["p99_ms"]))
    for l in g[1:]:
        if (c, g[0]) in med and (c, l) in med:
            a, b = med[c, g[0]], med[c, l]
            print("# ratio c=%d %s/%s: rps x%.2f, p50 x%.3f, p99 x%.3f" % (c, g[0], l, a["rps"] / max(b["rps"], 1e-9), a["p50_ms"] / max(b["p50_ms"], 1e-9), a["p99_ms"] / max(b["p99_ms"], 1e-9)))
P
