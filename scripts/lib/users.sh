# Who runs what. As root the stack drops to two system users: the egress process alone may read the vault's key.
if is_root; then
    stack_user=gatehouse egress_user=gatehouse_egress
    drop=(setpriv --reuid="$stack_user" --regid="$stack_user" --clear-groups --)
else
    stack_user=$(id -un) egress_user=$stack_user
    drop=()
fi

ensure_user() {
    getent passwd "$1" >/dev/null && return 0
    useradd --system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin "$1" ||
        fail "the system user $1 cannot be made" "create it with: useradd --system --user-group $1"
}

ensure_users() {
    is_root || return 0
    ensure_user gatehouse
    ensure_user gatehouse_egress
}

# as_stack COMMAND...: runs it as the stack's user.
as_stack() { "${drop[@]}" "$@"; }

# give MODE USER PATH...: the path belongs to that user and the stack's group.
give() {
    ! is_root || chown "$2:$stack_user" "${@:3}"
    chmod "$1" "${@:3}"
}
