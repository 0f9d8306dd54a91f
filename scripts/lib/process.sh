# Finding and ending what belongs to this stack. No list of pids is trusted: a process is ours when it was started
# from $STATE/bin, or is an nginx, postgres or multiwatch whose working folder lies in $STATE.

# stack_processes: lines "pid name", the name being nginx, postgres, multiwatch or handler.
stack_processes() {
    local entry pid name
    while read -r entry; do
        pid=${entry#/proc/} pid=${pid%%/*}
        echo "$pid handler"
    done < <(LC_ALL=C grep -las "^${STATE//./\\.}/bin/" /proc/[0-9]*/cmdline || true)
    while read -r entry; do
        pid=${entry#/proc/} pid=${pid%%/*}
        { read -r name <"/proc/$pid/comm"; } 2>/dev/null || continue
        case $name in nginx | postgres | multiwatch) echo "$pid $name" ;; esac
    done < <(find /proc/[0-9]*/cwd -maxdepth 0 -lname "$STATE/*" 2>/dev/null || true)
}

pids_of() { stack_processes | awk -v names=" $* " 'index(names, " " $2 " ") {print $1}'; }
none_of() { [[ -z $(pids_of "$@") ]]; }

# end_all SIGNAL SECONDS NAME...: asks, waits, asks once more, then kills.
end_all() {
    local signal=$1 seconds=$2
    shift 2
    signal_all "$signal" "$@"
    wait_for "$seconds" none_of "$@" && return 0
    signal_all TERM "$@"
    wait_for 2 none_of "$@" && return 0
    signal_all KILL "$@"
    wait_for 5 none_of "$@" || fail "these processes do not end: $(pids_of "$@" | tr '\n' ' ')"
}

signal_all() {
    local pids
    pids=$(pids_of "${@:2}")
    # shellcheck disable=SC2086
    [[ -z $pids ]] || kill "-$1" $pids 2>/dev/null || true
}

# A log that has grown large becomes the old one when its writer starts anew.
turn_logs() {
    local log
    for log in $(find "$STATE/log" -name '*.log' -size +16M); do mv -f "$log" "$log.old"; done
}

# start_daemon NAME COMMAND...: in a session of its own, working folder $STATE/run, output to log/NAME.log,
# with a clean environment. It does not inherit the lock.
start_daemon() {
    local name=$1
    shift
    (
        cd "$STATE/run"
        exec 9>&- </dev/null >>"$STATE/log/$name.log" 2>&1
        exec setsid env -i PATH=/usr/bin:/bin:/usr/sbin:/sbin LANG=C.UTF-8 "GATEHOUSE_CONFIG=$STATE/gatehouse.toml" \
            ${ASAN_OPTIONS:+"ASAN_OPTIONS=$ASAN_OPTIONS"} ${UBSAN_OPTIONS:+"UBSAN_OPTIONS=$UBSAN_OPTIONS"} "$@"
    ) &
}
