# Who runs what. As root the stack drops to one system user for nginx and PostgreSQL and one for each handler, so that
# a handler reads its own keys alone and logs in to PostgreSQL as itself alone.
if is_root; then
    stack_user=gatehouse
    drop=(setpriv --reuid="$stack_user" --regid="$stack_user" --clear-groups --)
else
    stack_user=$(id -un)
    drop=()
fi

user_of() { if is_root; then echo "gatehouse_$1"; else echo "$stack_user"; fi; }

ensure_user() {
    getent passwd "$1" >/dev/null && return 0
    useradd --system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin "$1" ||
        fail "the system user $1 cannot be made" "create it with: useradd --system --user-group $1"
}

ensure_users() {
    is_root || return 0
    local name
    ensure_user gatehouse
    for name in $(handlers_of public internal background test); do ensure_user "$(user_of "$name")"; done
}

# as_stack COMMAND...: runs it as the stack's user.
as_stack() { "${drop[@]}" "$@"; }

# give MODE USER PATH...: the path belongs to that user and the stack's group.
give() {
    ! is_root || chown "$2:$stack_user" "${@:3}"
    chmod "$1" "${@:3}"
}
