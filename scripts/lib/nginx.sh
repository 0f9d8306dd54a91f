# nginx on the stack's own ports, all its files in $STATE.

choose_conformance_port() {
    ((CONFORMANCE)) || return 0
    conformance_port=$(cat "$STATE/run/conformance_port" 2>/dev/null) || conformance_port=0
    ((conformance_port > 0)) && is_free_port "$conformance_port" || conformance_port=$(free_port)
    echo "$conformance_port" >"$STATE/run/conformance_port"
}

listen_lines() {
    echo "127.0.0.1:$PORT ssl http2"
    ! grep -q '^0\{31\}1' /proc/net/if_inet6 2>/dev/null || echo "[::1]:$PORT ssl http2"
}

write_nginx_configuration() {
    ln -sfn "$STATE/share/nginx/nginx.conf" "$STATE/nginx/nginx.conf"
    ln -sfn "$STATE/share/nginx" "$STATE/nginx/gatehouse"
    local conformance=()
    if ((CONFORMANCE)); then
        write_conformance_credential
        conformance=(CONFORMANCE_LISTEN="127.0.0.1:$conformance_port"
            CONFORMANCE_CREDENTIAL="$STATE/keys/conformance_credential.conf")
    fi
    # shellcheck disable=SC2046
    env SOCKETS="$STATE/run" PAGES="$STATE/share/pages" CERTIFICATE="$STATE/tls/server.pem" KEY="$STATE/tls/server.key" RATE="$RATE" \
        ACCESS_LOG=log/nginx.access.log ERROR_LOG=log/nginx.error.log \
        SERVER_NAME="localhost 127.0.0.1 [::1]" LISTEN="$(listen_lines)" \
        "${conformance[@]}" "$root/scripts/nginx-site" $(listening_handlers) |
        write_file "$STATE/nginx/conf.d/gatehouse.conf" 0644
}

write_conformance_credential() {
    echo "fastcgi_param HTTP_AUTHORIZATION \"Bearer $GATEHOUSE_API_KEY\";" |
        write_file "$STATE/keys/conformance_credential.conf" 0600
    give 0600 "$stack_user" "$STATE/keys/conformance_credential.conf"
}

# A port below 1024 needs the one capability that nginx may then keep.
nginx_privileges() {
    local bind=()
    ((PORT >= $(cat /proc/sys/net/ipv4/ip_unprivileged_port_start))) ||
        bind=(--inh-caps=+net_bind_service --ambient-caps=+net_bind_service)
    ! is_root || nginx_drop=(setpriv --reuid="$stack_user" --regid="$stack_user" --clear-groups "${bind[@]}" --)
}

start_nginx() {
    local nginx_drop=()
    is_free_port "$PORT" || fail "port $PORT is in use" "choose another one: make run PORT=9443"
    local nginx_command=(nginx -p "$STATE" -e log/nginx.error.log -c nginx/nginx.conf)
    write_nginx_configuration
    as_stack "${nginx_command[@]}" -t -q 2>"$STATE/log/nginx.test.log" ||
        fail "nginx refuses its configuration" "$(cat "$STATE/log/nginx.test.log")"
    nginx_privileges
    start_daemon nginx "${nginx_drop[@]}" "${nginx_command[@]}"
}
