# A certificate authority of the stack's own and a server certificate for this machine's loopback names.
tls_log() { cat "$STATE/log/openssl.log" >&2; fail "openssl could not make the certificates"; }

create_certificates() {
    local tls=$STATE/tls
    [[ ! -s $tls/server.pem || ! -s $tls/server.key ]] || return 0
    say "creating a certificate authority and a certificate for localhost in $tls"
    (
        umask 077
        cd "$tls"
        create_authority && create_server_certificate
    ) 2>"$STATE/log/openssl.log" || tls_log
    chmod 0644 "$tls/ca.pem" "$tls/server.pem"
    give 0600 "$stack_user" "$tls/server.key"
}

create_authority() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days 3650 -keyout ca.key -out ca.pem \
        -subj "/O=Gatehouse/CN=Gatehouse local authority $(openssl rand -hex 4)" \
        -addext "basicConstraints=critical,CA:TRUE,pathlen:0" -addext "keyUsage=critical,keyCertSign,cRLSign"
}

create_server_certificate() {
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -keyout server.key.new -out server.csr \
        -subj "/O=Gatehouse/CN=localhost"
    openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 825 -out server.pem.new -extfile <(
        echo "basicConstraints=critical,CA:FALSE"
        echo "keyUsage=critical,digitalSignature"
        echo "extendedKeyUsage=serverAuth"
        echo "subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1"
    )
    mv server.key.new server.key
    mv server.pem.new server.pem
    rm -f server.csr
}
