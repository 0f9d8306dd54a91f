# The handlers of this build, as handlers/CMakeLists.txt declares them: lines "name exposure" in handlers.list.
handlers_of() {
    local exposures=" $* "
    awk -v wanted="$exposures" 'index(wanted, " " $2 " ") {print $1}' "$BUILD/handlers.list"
}

listening_handlers() {
    if ((CONFORMANCE)); then handlers_of public internal test; else handlers_of public internal; fi
}

handler_roles() { handlers_of public internal background test | sed 's/^/gatehouse_/'; }

keys_of() { awk -v name="$1" '$1 == name {gsub(",", " ", $4); print $4}' "$BUILD/handlers.list"; }

holders_of() { # KEY
    awk -v key="$1" 'index("," $4 ",", "," key ",") {print $1}' "$BUILD/handlers.list"
}

# A key belongs to its first holder; each further one gets a copy, as a service manager would hand it over.
hand_over_keys() {
    local key folder=$STATE/keys/$1
    for key in $(keys_of "$1"); do
        [[ $(holders_of "$key" | head -n 1) != "$1" ]] || continue
        mkdir -p "$folder"
        write_file "$folder/$key" 0600 <"$STATE/keys/$key"
        give 0600 "$(user_of "$1")" "$folder/$key"
    done
}

# Supervised: multiwatch starts a process that ends anew, and holds the socket meanwhile. The pause keeps a handler
# that cannot start from taking the whole machine. Absolute paths, because multiwatch searches none.
supervise() {
    local processes=$PROCESSES
    [[ $1 != egress ]] || processes=$EGRESS_PROCESSES
    hand_over_keys "$1"
    watch=(/usr/bin/env "CREDENTIALS_DIRECTORY=$STATE/keys/$1" /usr/bin/multiwatch -f "$processes" -s TERM -r 1000000 -t 100 --
        /usr/bin/setpriv --pdeathsig TERM --no-new-privs -- /bin/sh -c 'sleep 0.1; exec "$0"' "$STATE/bin/$1")
}

start_listening_handler() {
    local name=$1 watch owner=()
    supervise "$name"
    is_root && owner=(-u "$(user_of "$name")" -g "$stack_user" -U "$(user_of "$name")" -G "$stack_user")
    start_daemon "$name" spawn-fcgi -n -s "$STATE/run/$name.sock" -M 0660 -b 1024 "${owner[@]}" -- "${watch[@]}"
}

start_background_handler() {
    local watch as=()
    supervise "$1"
    ! is_root || as=(setpriv --reuid="$(user_of "$1")" --regid="$stack_user" --clear-groups --)
    start_daemon "$1" "${as[@]}" "${watch[@]}"
}

start_handlers() {
    local name
    rm -f "$STATE"/run/*.sock
    for name in $(listening_handlers); do start_listening_handler "$name"; done
    for name in $(handlers_of background); do start_background_handler "$name"; done
}
