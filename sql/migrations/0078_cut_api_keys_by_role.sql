-- An API key may do what its person may do now: who no longer administers a workspace has no key left that does.
CREATE OR REPLACE FUNCTION auth.find_api_key(key_id uuid, presented_sha256 bytea)
    RETURNS TABLE (workspace_id uuid, slug text, mcp_enabled boolean, user_id uuid, scopes text[], expires_at timestamptz)
    LANGUAGE plpgsql STABLE ROWS 1 SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
        SELECT w.id, w.slug, w.mcp_enabled, k.user_id,
               CASE WHEN m.role IN ('owner', 'admin') THEN k.scopes ELSE array_remove(k.scopes, 'admin') END, k.expires_at
          FROM auth.api_key k
          JOIN workspace.workspace w ON w.id = k.workspace_id
          JOIN workspace.member m ON m.workspace_id = k.workspace_id AND m.user_id = k.user_id
          JOIN account."user" u ON u.id = k.user_id
         WHERE k.id = key_id
           AND k.secret_sha256 = presented_sha256
           AND k.disabled_at IS NULL
           AND (k.expires_at IS NULL OR k.expires_at > now())
           AND w.suspended_at IS NULL
           AND u.disabled_at IS NULL;
END
$$;
