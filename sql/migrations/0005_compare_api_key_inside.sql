-- The digest of a key's secret is what egress takes for proof that its caller was shown the key, so no handler may
-- read it: a handler shows what it was shown, and hears of a key only when that is right.
DROP FUNCTION auth.find_api_key(uuid);
CREATE FUNCTION auth.find_api_key(key_id uuid, presented_sha256 bytea)
    RETURNS TABLE (workspace_id uuid, slug text, mcp_enabled boolean, user_id uuid, scopes text[], expires_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    BEGIN ATOMIC
        SELECT w.id, w.slug, w.mcp_enabled, k.user_id, k.scopes, k.expires_at
          FROM auth.api_key k
          JOIN workspace.workspace w ON w.id = k.workspace_id
         WHERE k.id = key_id
           AND k.secret_sha256 = presented_sha256
           AND k.disabled_at IS NULL
           AND (k.expires_at IS NULL OR k.expires_at > now())
           AND w.suspended_at IS NULL;
    END;

-- A key acts for a member, and ends with the membership.
DELETE FROM auth.api_key k
 WHERE NOT EXISTS (SELECT FROM workspace.member m WHERE m.workspace_id = k.workspace_id AND m.user_id = k.user_id);
ALTER TABLE auth.api_key
    ADD CONSTRAINT api_key_member FOREIGN KEY (workspace_id, user_id) REFERENCES workspace.member ON DELETE CASCADE;
