# TCP ports on loopback.
is_free_port() { [[ -z $(ss -Hltn "sport = :$1") ]]; }

# A free port below the range the kernel hands out for outgoing connections.
free_port() {
    local port
    while :; do
        port=$((20000 + RANDOM % 12000))
        is_free_port "$port" && break
    done
    echo "$port"
}
