# Words, paths and small tools that every script uses. Sourced, never run.
set -euo pipefail
umask 022

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
export PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

say() { printf 'gatehouse: %s\n' "$*" >&2; }
fail() {
    say "error: $1"
    shift
    [[ $# -eq 0 ]] || printf '           %s\n' "$@" >&2
    exit 1
}

is_root() { [[ $EUID -eq 0 ]]; }

# wait_for SECONDS COMMAND...: true as soon as the command is.
wait_for() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@"; do
        ((SECONDS < deadline)) || return 1
        sleep 0.05
    done
}

# write_file PATH MODE: standard input becomes the file, at once and with that mode from the start.
write_file() {
    local new
    new=$(mktemp "$1.XXXXXX")
    cat >"$new"
    chmod "$2" "$new"
    mv -f "$new" "$1"
}
