# What the tests of the stack share. Each test has a state folder and ports of its own and leaves nothing running.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
name=$(basename "$0")
folder=$(cd "$root" && realpath -m "${VAR:-var}")/stack/$name
export VAR=$folder/var PORT=auto PREBUILT=1
unset RATE CONFORMANCE EGRESS_ALLOW EGRESS_CA
rm -rf "$folder"
mkdir -p "$folder"
started=("$VAR")

clean_up() {
    local var
    for var in "${started[@]}"; do VAR=$var "$root/scripts/stop" || true; done
    rm -rf "$folder"
}
trap clean_up EXIT

start() { "$root/scripts/start"; }
stop() { "$root/scripts/stop"; }

fail() {
    printf '%s: %s\n' "$name" "$*" >&2
    exit 1
}
expect() { # WHAT EXPECTED ACTUAL
    [[ $2 == "$3" ]] || fail "$1: expected '$2', got '$3'"
}

# state: where the stack of $VAR keeps its sockets and logs.
state() { if [[ -L $VAR/state ]]; then realpath "$VAR/state"; else echo "$VAR"; fi; }
variable() { (. "$VAR/gatehouse.env" && echo "${!1}"); }

# In a subshell, because the stack's own words would replace those of this file.
stack_processes() {
    (
        STATE=$(state)
        . "$root/scripts/lib/process.sh"
        stack_processes
    )
}
expect_nothing_left() { expect "processes left" "" "$(stack_processes)"; }

ask() { # PATH CURL_ARGUMENTS...: the body; status and type on a last line
    curl -sS --max-time 20 --noproxy '*' --cacert "$(variable GATEHOUSE_CA)" -w '\n%{http_code} %{content_type}' \
        "${@:2}" "$(variable GATEHOUSE_URL)$1"
}
status_of() { ask "$@" | tail -n 1; }
expect_ready() { expect "readiness" "200" "$(status_of /readyz | cut -d' ' -f1)"; }
