# The variables of make, with their defaults, checked. Sourced after common.sh.
VAR=$(cd "$root" && realpath -m -- "${VAR:-var}")
BUILD=$(cd "$root" && realpath -m -- "${BUILD:-build}")
PORT=${PORT:-8443}
RATE=${RATE:-10}
JOBS=${JOBS:-$(nproc)}
CONFORMANCE=${CONFORMANCE:-0}
EGRESS_ALLOW=${EGRESS_ALLOW:-}
EGRESS_CA=${EGRESS_CA:-}
PROCESSES=2
EGRESS_PROCESSES=${EGRESS_PROCESSES:-$PROCESSES}

require_number() {
    [[ $2 =~ ^[0-9]+$ ]] && (($2 >= $3 && $2 <= $4)) || fail "$1=$2 is not a number from $3 to $4"
}
[[ $PORT == auto ]] || require_number PORT "$PORT" 1 65535
require_number RATE "$RATE" 0 1000000
require_number JOBS "$JOBS" 1 1024
require_number CONFORMANCE "$CONFORMANCE" 0 1
[[ $EGRESS_ALLOW =~ ^[][A-Za-z0-9.:,_-]*$ ]] || fail "EGRESS_ALLOW must be a list host:port,host:port"
[[ -z $EGRESS_CA || -r $EGRESS_CA ]] || fail "EGRESS_CA=$EGRESS_CA cannot be read"
[[ -z $EGRESS_CA ]] || EGRESS_CA=$(realpath -- "$EGRESS_CA")
