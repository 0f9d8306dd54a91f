# The handlers of this build, as handlers/CMakeLists.txt declares them: lines "name exposure" in handlers.list.
handlers_of() {
    local exposures=" $* "
    awk -v wanted="$exposures" 'index(wanted, " " $2 " ") {print $1}' "$BUILD/handlers.list"
}

listening_handlers() {
    if ((CONFORMANCE)); then handlers_of public internal test; else handlers_of public internal; fi
}

handler_roles() { handlers_of public internal background test | sed 's/^/gatehouse_/'; }

user_of() { [[ $1 != egress ]] && echo "$stack_user" || echo "$egress_user"; }

# Supervised: multiwatch starts a process that ends anew, and holds the socket meanwhile. The pause keeps a handler
# that cannot start from taking the whole machine. Absolute paths, because multiwatch searches none.
supervise() {
    watch=(/usr/bin/multiwatch -f "$PROCESSES" -s TERM -r 1000000 -t 100 --
        /usr/bin/setpriv --pdeathsig TERM --no-new-privs -- /bin/sh -c 'sleep 0.1; exec "$0"' "$STATE/bin/$1")
}

start_listening_handler() {
    local name=$1 watch owner=()
    supervise "$name"
    is_root && owner=(-u "$(user_of "$name")" -g "$stack_user" -U "$(user_of "$name")" -G "$stack_user")
    start_daemon "$name" spawn-fcgi -n -s "$STATE/run/$name.sock" -M 0660 -b 1024 "${owner[@]}" -- "${watch[@]}"
}

start_background_handler() {
    local watch
    supervise "$1"
    start_daemon "$1" "${drop[@]}" "${watch[@]}"
}

start_handlers() {
    local name
    rm -f "$STATE"/run/*.sock
    for name in $(listening_handlers); do start_listening_handler "$name"; done
    for name in $(handlers_of background); do start_background_handler "$name"; done
}
