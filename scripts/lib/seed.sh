# The demo workspace and its credentials, which the stack keeps in $VAR/credentials.
migrate() {
    local applied
    applied=$(gatehouse migrate) || fail "the database could not be migrated" "see the message above and $STATE/log/postgres.log"
    [[ $applied == "nothing to apply" ]] || say "database: ${applied//$'\n'/, }"
}

seed() {
    [[ ! -s $VAR/credentials ]] || return 0
    local lines
    lines=$(gatehouse seed --email demo@example.com --workspace demo) || fail "the demo workspace could not be made"
    write_file "$VAR/credentials" 0600 <<<"$lines"
}

load_credentials() {
    # shellcheck disable=SC1091
    . "$VAR/credentials"
}

# The file that says the stack is ready, so it is written last.
write_environment() {
    {
        echo "GATEHOUSE_URL=https://localhost:$PORT"
        printf 'GATEHOUSE_CA=%q\n' "$STATE/tls/ca.pem"
        cat "$VAR/credentials"
        printf 'GATEHOUSE_PGHOST=%q\n' "$STATE/run"
        echo "GATEHOUSE_PGDATABASE=gatehouse"
        ! ((CONFORMANCE)) || echo "GATEHOUSE_CONFORMANCE_URL=http://127.0.0.1:$conformance_port/mcp"
    } | write_file "$VAR/gatehouse.env" 0600
}
