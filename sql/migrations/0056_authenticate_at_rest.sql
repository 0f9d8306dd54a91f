-- A key that may stand in a web page: its id is the key. It reads what is meant for everyone, from its own pages.
CREATE TABLE auth.publishable_key (
    workspace_id    uuid NOT NULL REFERENCES workspace.workspace ON DELETE CASCADE,
    id              uuid NOT NULL UNIQUE,
    user_id         uuid NOT NULL,
    name            text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    allowed_origins text[] NOT NULL CHECK (cardinality(allowed_origins) BETWEEN 1 AND 20),
    created_at      timestamptz NOT NULL DEFAULT now(),
    disabled_at     timestamptz,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, user_id) REFERENCES workspace.member ON DELETE CASCADE
);
CREATE INDEX publishable_key_origins ON auth.publishable_key USING gin (allowed_origins) WHERE disabled_at IS NULL;
ALTER TABLE auth.publishable_key ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON auth.publishable_key USING (workspace_id = workspace.current_id());
CREATE POLICY operator ON auth.publishable_key TO gatehouse_operator USING (true);

CREATE FUNCTION auth.find_publishable_key(key_id uuid, page_origin text)
    RETURNS TABLE (workspace_id uuid, slug text, mcp_enabled boolean, user_id uuid, is_allowed boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    BEGIN ATOMIC
        SELECT w.id, w.slug, w.mcp_enabled, k.user_id, page_origin = ANY (k.allowed_origins)
          FROM auth.publishable_key k
          JOIN workspace.workspace w ON w.id = k.workspace_id
         WHERE k.id = key_id
           AND k.disabled_at IS NULL
           AND w.suspended_at IS NULL
           AND NOT EXISTS (SELECT FROM account."user" u WHERE u.id = k.user_id AND u.disabled_at IS NOT NULL);
    END;

-- A browser asks before it sends the key.
CREATE FUNCTION auth.is_origin_of_some_key(page_origin text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    BEGIN ATOMIC
        SELECT EXISTS (SELECT FROM auth.publishable_key k
                        WHERE k.disabled_at IS NULL AND k.allowed_origins @> ARRAY[page_origin]);
    END;

-- What a person may do at most, in a workspace in which they have this role.
CREATE FUNCTION auth.scopes_of_role(role text) RETURNS text[]
    LANGUAGE sql IMMUTABLE
    RETURN CASE WHEN role IN ('owner', 'admin') THEN ARRAY['mcp.read', 'mcp.write', 'vault.reveal', 'admin']
                ELSE ARRAY['mcp.read', 'mcp.write', 'vault.reveal'] END;

-- Who presents a user token, in the workspace they name, else in each of theirs (two tell as much as all). A row
-- without a workspace: the token is good, but not there.
CREATE FUNCTION auth.find_user_token(token_sha256 bytea, wanted_id uuid, wanted_slug text)
    RETURNS TABLE (user_id uuid, workspace_id uuid, slug text, mcp_enabled boolean, scopes text[])
    LANGUAGE sql ROWS 1 SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    BEGIN ATOMIC
        SELECT s.user_id, w.id, w.slug, w.mcp_enabled, auth.scopes_of_role(w.role)
          FROM account.find_login_session(token_sha256) s
          LEFT JOIN LATERAL (
               SELECT o.id, o.slug, o.mcp_enabled, m.role
                 FROM workspace.member m
                 JOIN workspace.workspace o ON o.id = m.workspace_id
                WHERE m.user_id = s.user_id AND o.suspended_at IS NULL
                  AND (wanted_id IS NULL OR o.id = wanted_id)
                  AND (wanted_slug IS NULL OR o.slug = wanted_slug)
                LIMIT 2) w ON true;
    END;

-- What a live credential may do, and where. The proof is the digest of an API key's secret (32 bytes), the id of an
-- access token (16 bytes) whose signature the caller has verified, or 'u' and the digest of a user token (33 bytes),
-- which goes with the user's id.
CREATE OR REPLACE FUNCTION auth.live_credential(credential_id uuid, proof bytea)
    RETURNS TABLE (workspace_id uuid, scopes text[])
    LANGUAGE plpgsql STABLE ROWS 1 SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    IF length(proof) = 16 THEN
        RETURN QUERY SELECT g.workspace_id, g.scopes
                       FROM auth.find_grant(credential_id, encode(proof, 'hex')::uuid) g
                      WHERE g.state = 'live';
    ELSIF length(proof) = 33 AND get_byte(proof, 0) = ascii('u') THEN
        RETURN QUERY SELECT m.workspace_id, auth.scopes_of_role(m.role)
                       FROM account.login_session s
                       JOIN account."user" u ON u.id = s.user_id
                       JOIN workspace.member m ON m.user_id = s.user_id
                       JOIN workspace.workspace w ON w.id = m.workspace_id
                      WHERE s.sha256 = substr(proof, 2)
                        AND s.user_id = credential_id
                        AND s.last_seen_at > now() - interval '24 hours'
                        AND s.expires_at > now()
                        AND u.activated_at IS NOT NULL
                        AND u.disabled_at IS NULL
                        AND w.suspended_at IS NULL;
    ELSE
        RETURN QUERY SELECT k.workspace_id, k.scopes
                       FROM auth.find_api_key(credential_id, proof) k;
    END IF;
END
$$;
