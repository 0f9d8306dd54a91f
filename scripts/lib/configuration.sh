# What the executables are told: one TOML file without secrets, and the files of their keys.
gatehouse() { "$STATE/bin/gatehouse" --config "$STATE/gatehouse.toml" "$@"; }

create_key() {
    local file=$STATE/keys/$1
    [[ -s $file ]] || gatehouse key-file create "$file"
    give 0600 "$(user_of "$(holders_of "$1" | head -n 1)")" "$file"
}

create_keys() {
    create_key vault
    create_key request_state
    create_key account
    create_key signing
}

toml_list() { # "a,b" -> "a", "b"
    [[ -z $1 ]] || printf '"%s"' "${1//,/\", \"}"
}

write_configuration() {
    local hosts="127.0.0.1:$PORT,[::1]:$PORT" origins=""
    if ((CONFORMANCE)); then
        hosts+=",127.0.0.1:$conformance_port,localhost:$conformance_port"
        origins="http://127.0.0.1:$conformance_port,http://localhost:$conformance_port"
    fi
    write_file "$STATE/gatehouse.toml" 0644 <<EOT
public_url = "https://localhost:$PORT"
allowed_hosts = [$(toml_list "$hosts")]
allowed_origins = [$(toml_list "$origins")]
sql = "$STATE/share/sql"
pages = "$STATE/share/pages"

[database]
host = "$STATE/run"
name = "gatehouse"

[internal]
socket = "$STATE/run/internal.sock"

[keys]
vault = "$STATE/keys/vault"
request_state = "$STATE/keys/request_state"
account = "$STATE/keys/account"
signing = "$STATE/keys/signing"

[mail]
from = "Gatehouse <gatehouse@localhost>"
folder = "$STATE/mail"

$(registration_limits)
[egress]
allow = [$(toml_list "$EGRESS_ALLOW")]
ca = "$(egress_ca_file)"
connectors = "$STATE/share/connectors"
EOT
    # Further tables that a test or a developer wants: a mail server's is instead of the folder, [[sign_in]] besides.
    [[ ! -r $VAR/gatehouse.extra.toml ]] || add_configuration
    [[ $VAR == "$STATE" ]] || ln -sfn "$STATE/gatehouse.toml" "$VAR/gatehouse.toml"
}

# RATE=0 counts nobody.
registration_limits() {
    ((RATE > 0)) || printf '[oauth]\nregistration_burst = 1000000\nregistration_per_day = 1000000\n'
}

add_configuration() {
    {
        if grep -q '^\[mail\]' "$VAR/gatehouse.extra.toml"; then
            sed '/^\[mail\]/,/^$/d' "$STATE/gatehouse.toml"
        else
            cat "$STATE/gatehouse.toml"
        fi
        echo
        cat "$VAR/gatehouse.extra.toml"
    } | write_file "$STATE/gatehouse.toml" 0644
}

# The stack's user may not be able to read the file where it lies.
egress_ca_file() {
    [[ -n $EGRESS_CA ]] || return 0
    write_file "$STATE/tls/egress_ca.pem" 0644 <"$EGRESS_CA"
    echo "$STATE/tls/egress_ca.pem"
}
