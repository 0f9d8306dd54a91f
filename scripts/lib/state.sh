# Where the stack keeps its state: $VAR, or a folder of /var/tmp linked from $VAR/state when the stack's user
# cannot enter $VAR, or when sockets or configuration files could not hold its path.
is_plain() { [[ $1 =~ ^/[A-Za-z0-9/._+-]*$ && ${#1} -le 70 ]]; }

locate_state() {
    [[ -d $VAR ]] || mkdir -p -- "$VAR" || fail "the folder VAR=$VAR cannot be made" "name another one: make run VAR=dir"
    VAR=$(realpath -- "$VAR")
    STATE=$VAR
    if ! is_plain "$VAR" || ! as_stack test -x "$VAR"; then
        STATE=/var/tmp/gatehouse-$(printf '%s' "$VAR" | sha256sum | cut -c1-16)
        mkdir -m 0755 -- "$STATE" 2>/dev/null || true
        [[ -d $STATE && ! -L $STATE && -O $STATE ]] ||
            fail "$STATE belongs to someone else" "remove it, or choose another state folder: make run VAR=dir"
    fi
}

# A state folder elsewhere whose link is gone belongs to a $VAR that was removed: begin anew.
drop_abandoned_state() {
    [[ $STATE != "$VAR" ]] || return 0
    [[ -L $VAR/state ]] || find "$STATE" -mindepth 1 -delete
    ln -sfn "$STATE" "$VAR/state"
}

make_state_folders() {
    drop_abandoned_state
    mkdir -p "$STATE"/{log,keys,tls,nginx/conf.d} "$STATE/tmp"
    give 0755 "$(id -un)" "$STATE/keys" "$STATE/tls"
    mkdir -p "$STATE/run"
    give 0750 "$stack_user" "$STATE/run"
    give 0755 "$stack_user" "$STATE/log"
    mkdir -p "$STATE/mail"
    give 0750 "$(user_of egress)" "$STATE/mail"
    give 0700 "$stack_user" "$STATE/tmp"
}

# The programs and the files they read, as the stack's user sees them: links into the checkout, or copies.
publish_programs() {
    local publish=link_folder folder
    mkdir -p "$STATE/share"
    can_read "$BUILD/bin" "$root/nginx" "$root/sql" "$root/pages" || publish=copy_folder
    $publish "$BUILD/bin" "$STATE/bin"
    for folder in nginx sql connectors pages; do $publish "$root/$folder" "$STATE/share/$folder"; done
}

can_read() { [[ -z $(cd / && as_stack find "$@" ! -readable -print -quit 2>&1) ]]; }

copy_folder() {
    [[ -d $1 ]] || return 0
    [[ ! -L $2 ]] || rm -f "$2"
    mkdir -p "$2"
    cp -a -u --no-preserve=mode,ownership --remove-destination "$1/." "$2/"
    chmod -R u=rwX,go=rX "$2"
    [[ $1 != */bin ]] || chmod 0755 "$2"/*
}

link_folder() {
    [[ -L $2 || ! -d $2 ]] || rm -rf "$2"
    ln -sfn "$1" "$2"
}
