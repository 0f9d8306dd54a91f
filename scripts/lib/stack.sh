# Start and stop of the whole stack. Sourcing this brings in all the rest.
lib=$(dirname "${BASH_SOURCE[0]}")
for part in common settings users state process ports database tls handlers configuration seed nginx ready; do
    # shellcheck disable=SC1090
    . "$lib/$part.sh"
done

# One start or stop at a time. Descriptor 9 holds the lock; daemons do not inherit it.
lock_stack() {
    exec 9>"$VAR/lock"
    flock -n 9 || { say "waiting for another start or stop in $VAR"; flock 9; }
}

# What a running stack was started with; another answer means start anew.
fingerprint() {
    echo "$PORT $RATE $CONFORMANCE $EGRESS_ALLOW $EGRESS_CA $BUILD"
    find "$BUILD/bin" "$root"/{nginx,sql,scripts,pages,connectors} -type f -printf '%p %s %T@
' | sort
}

is_running() {
    [[ -r $VAR/gatehouse.env ]] && fingerprint | cmp -s - "$STATE/run/fingerprint" || return 1
    conformance_port=$(cat "$STATE/run/conformance_port" 2>/dev/null) || conformance_port=0
    load_credentials && has_every_process && answers_rest && answers_mcp
}

keep_port() {
    [[ $PORT == auto ]] || return 0
    PORT=$(cat "$STATE/run/port" 2>/dev/null) || PORT=$(free_port)
}

start_stack() {
    ensure_users
    locate_state
    lock_stack
    keep_port
    if is_running; then
        say "already running: https://localhost:$PORT"
        return 0
    fi
    stop_processes
    trap 'stop_processes' EXIT
    is_free_port "$PORT" || fail "port $PORT is in use" "choose another one: make run PORT=9443"
    make_state_folders
    turn_logs
    echo "$PORT" >"$STATE/run/port"
    choose_conformance_port
    publish_programs
    create_certificates
    create_keys
    write_configuration
    start_database
    prepare_database
    migrate
    seed
    load_credentials
    start_handlers
    start_nginx
    wait_until_ready
    fingerprint >"$STATE/run/fingerprint"
    write_environment
    trap - EXIT
    exec 9>&-
}

stop_processes() {
    rm -f "$VAR/gatehouse.env" "$STATE/run/fingerprint"
    none_of nginx multiwatch handler postgres && return 0
    end_all QUIT 5 nginx  # what it has passed on is answered
    end_all TERM 10 multiwatch
    end_all TERM 5 handler
    end_all INT 30 postgres
}

stop_stack() {
    [[ -d $VAR ]] || return 0
    locate_state
    lock_stack
    stop_processes
    rm -f "$STATE/run/port"
    exec 9>&-
}
