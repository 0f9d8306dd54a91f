# Whether the stack answers: every process is there, /readyz says so, and an MCP request with the demo key succeeds.
ask() { curl -sS --noproxy '*' --max-time 5 --cacert "$STATE/tls/ca.pem" -o /dev/null -w '%{http_code}' "$@" 2>/dev/null; }

mcp_request() { # METHOD NAME PARAMS -> the curl arguments of a 2026-07-28 request
    local meta='"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}'
    mcp_arguments=(-H "Content-Type: application/json" -H "Accept: application/json, text/event-stream"
        -H "MCP-Protocol-Version: 2026-07-28" -H "Mcp-Method: $1")
    [[ -z $2 ]] || mcp_arguments+=(-H "Mcp-Name: $2")
    mcp_arguments+=(-d "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"$1\",\"params\":{$3$meta}}")
}

answers_rest() { [[ $(ask "https://localhost:$PORT/readyz") == 200 ]]; }
answers_metadata() { [[ $(ask "https://localhost:$PORT/.well-known/oauth-protected-resource") == 200 ]]; }
answers_mcp() {
    local mcp_arguments
    mcp_request server/discover "" ""
    [[ $(ask -H @<(echo "Authorization: Bearer $GATEHOUSE_API_KEY") "${mcp_arguments[@]}" \
        "https://localhost:$PORT/v1/$GATEHOUSE_WORKSPACE") == 200 ]]
}
answers_conformance() {
    ((CONFORMANCE)) || return 0
    local mcp_arguments
    mcp_request server/discover "" ""
    [[ $(ask "${mcp_arguments[@]}" "http://127.0.0.1:$conformance_port/mcp") == 200 ]]
}

has_every_process() {
    local running name names
    running=$(stack_processes)
    names=$(listening_handlers; handlers_of background)
    grep -qx "$(cat "$STATE/run/nginx.pid" 2>/dev/null) nginx" <<<"$running" || return 1
    grep -qx "$(head -n 1 "$STATE/postgres/postmaster.pid" 2>/dev/null) postgres" <<<"$running" || return 1
    (($(grep -c ' multiwatch$' <<<"$running") >= $(wc -w <<<"$names"))) || return 1
    for name in $names; do
        pgrep -f "^$STATE/bin/$name( |\$)" >/dev/null || return 1
    done
}

require_answer() {
    wait_for 30 "answers_$1" || fail "the handler $1 does not answer" "see $STATE/log/$1.log and $STATE/log/nginx.access.log"
}

wait_until_ready() {
    local name
    for name in $(listening_handlers); do
        ! declare -F "answers_$name" >/dev/null || require_answer "$name"
    done
    wait_for 10 has_every_process || fail "a process of the stack does not stay up" "see $STATE/log"
}
