CREATE SCHEMA auth;

CREATE TABLE auth.api_key (
    workspace_id  uuid NOT NULL REFERENCES workspace.workspace ON DELETE CASCADE,
    id            uuid NOT NULL UNIQUE,
    user_id       uuid NOT NULL REFERENCES account."user" ON DELETE CASCADE,
    name          text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    secret_sha256 bytea NOT NULL CHECK (length(secret_sha256) = 32),
    scopes        text[] NOT NULL CHECK (scopes <@ ARRAY['mcp.read', 'mcp.write', 'vault.reveal', 'admin']),
    created_at    timestamptz NOT NULL DEFAULT now(),
    expires_at    timestamptz,
    disabled_at   timestamptz,
    last_used_at  timestamptz,
    PRIMARY KEY (workspace_id, id)
);
ALTER TABLE auth.api_key ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON auth.api_key USING (workspace_id = workspace.current_id());
CREATE POLICY operator ON auth.api_key TO gatehouse_operator USING (true);

-- What a handler must know of a presented key before it knows the workspace. Says nothing of a key that is not live.
CREATE FUNCTION auth.find_api_key(key_id uuid)
    RETURNS TABLE (secret_sha256 bytea, workspace_id uuid, slug text, mcp_enabled boolean, user_id uuid,
                   scopes text[], expires_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    BEGIN ATOMIC
        SELECT k.secret_sha256, w.id, w.slug, w.mcp_enabled, k.user_id, k.scopes, k.expires_at
          FROM auth.api_key k
          JOIN workspace.workspace w ON w.id = k.workspace_id
         WHERE k.id = key_id
           AND k.disabled_at IS NULL
           AND (k.expires_at IS NULL OR k.expires_at > now())
           AND w.suspended_at IS NULL;
    END;

-- Many uses in one statement: a write per request would cost more than the request.
CREATE FUNCTION auth.record_api_key_use(key_ids uuid[], used_at timestamptz) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    BEGIN ATOMIC
        UPDATE auth.api_key
           SET last_used_at = greatest(last_used_at, used_at)
         WHERE id = ANY (key_ids);
    END;

-- Every process that remembers credentials listens, and forgets.
CREATE FUNCTION auth.notify_credential() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_notify('gatehouse_credential', coalesce(OLD.id, NEW.id)::text);
    RETURN NULL;
END
$$;

CREATE TRIGGER notify_credential
    AFTER DELETE OR UPDATE OF secret_sha256, scopes, expires_at, disabled_at, user_id ON auth.api_key
    FOR EACH ROW EXECUTE FUNCTION auth.notify_credential();
CREATE TRIGGER notify_credential
    AFTER DELETE OR UPDATE OF slug, mcp_enabled, suspended_at ON workspace.workspace
    FOR EACH ROW EXECUTE FUNCTION auth.notify_credential();
