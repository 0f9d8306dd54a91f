# A private PostgreSQL cluster in $STATE/postgres that listens on $STATE/run alone.
pg_bin=/usr/lib/postgresql/15/bin

sql_as_superuser() {
    PGOPTIONS="-c client_min_messages=warning" "$pg_bin/psql" -X -q -v ON_ERROR_STOP=1 -h "$STATE/run" -U postgres -d postgres "$@"
}

create_cluster() {
    [[ ! -d $STATE/postgres ]] || return 0
    say "creating a PostgreSQL cluster in $STATE/postgres"
    rm -rf "$STATE/postgres.new" "$VAR/credentials"
    mkdir "$STATE/postgres.new"
    give 0700 "$stack_user" "$STATE/postgres.new"
    (cd / && as_stack "$pg_bin/initdb" -D "$STATE/postgres.new" -U postgres --auth=peer --encoding=UTF8 \
        --locale=C.UTF-8 --data-checksums --no-instructions) >"$STATE/log/initdb.log" 2>&1 ||
        fail "initdb failed" "see $STATE/log/initdb.log"
    mv "$STATE/postgres.new" "$STATE/postgres"
}

# Whoever started the stack may log in as everyone; each handler as itself alone.
write_access_rules() {
    local role name
    echo "local all all peer map=stack" | write_owned "$STATE/postgres/pg_hba.conf"
    {
        for role in postgres gatehouse_operator $(handler_roles); do echo "stack $(id -un) $role"; done
        ! is_root || for name in $(handlers_of public internal background test); do
            echo "stack $(user_of "$name") gatehouse_$name"
        done
    } | write_owned "$STATE/postgres/pg_ident.conf"
}

write_owned() {
    write_file "$1" 0600
    give 0600 "$stack_user" "$1"
}

write_server_settings() {
    write_owned "$STATE/postgres/postgresql.conf" <<EOT
listen_addresses = ''
unix_socket_directories = '$STATE/run'
unix_socket_permissions = 0770
max_connections = 200
shared_buffers = 64MB
max_wal_size = 512MB
wal_level = minimal
max_wal_senders = 0
wal_compression = on
huge_pages = off
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
idle_in_transaction_session_timeout = 60s
log_line_prefix = '%m %u '
log_min_error_statement = panic
log_parameter_max_length_on_error = 0
EOT
}

start_database() {
    create_cluster
    write_access_rules
    write_server_settings
    rm -f "$STATE/postgres/postmaster.pid" "$STATE"/run/.s.PGSQL.*
    start_daemon postgres "${drop[@]}" "$pg_bin/postgres" -D "$STATE/postgres"
    wait_for 60 "$pg_bin/pg_isready" -q -h "$STATE/run" -U postgres -d postgres ||
        fail "PostgreSQL does not start" "see $STATE/log/postgres.log"
}

prepare_database() {
    sql_as_superuser -f "$root/sql/roles.sql"
    sql_as_superuser <<'EOT'
SELECT 'CREATE DATABASE gatehouse OWNER gatehouse_owner'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'gatehouse') \gexec
EOT
    ! ((CONFORMANCE)) || sql_as_superuser -f "$root/tests/conformance/roles.sql"
}
