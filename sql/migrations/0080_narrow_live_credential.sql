-- The scopes that an access token with these bits (1, 2, 4, 8 in this order) has of what is granted. mcp.write includes
-- mcp.read.
CREATE FUNCTION auth.narrowed(granted text[], bits integer) RETURNS text[]
    LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
    RETURN ARRAY(SELECT s.name
                   FROM (VALUES ('mcp.read', 3), ('mcp.write', 2), ('vault.reveal', 4), ('admin', 8)) s (name, given_by)
                  WHERE bits & s.given_by <> 0
                    AND (s.name = ANY (granted) OR (s.name = 'mcp.read' AND 'mcp.write' = ANY (granted))));

-- What a live credential may do, and where: an access token no more than it says, whatever its grant has. The proof is
-- the digest of an API key's secret (32 bytes), the id of an access token whose signature the caller has verified and
-- a byte with its scopes (17 bytes), or 'u' and the digest of a user token (33 bytes), which goes with the user's id.
-- 16 bytes come from a handler of before, which holds the token's scopes against the need itself.
CREATE OR REPLACE FUNCTION auth.live_credential(credential_id uuid, proof bytea)
    RETURNS TABLE (workspace_id uuid, scopes text[])
    LANGUAGE plpgsql STABLE ROWS 1 SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    IF length(proof) IN (16, 17) THEN
        RETURN QUERY SELECT g.workspace_id,
                            CASE length(proof) WHEN 16 THEN g.scopes ELSE auth.narrowed(g.scopes, get_byte(proof, 16)) END
                       FROM auth.find_grant(credential_id, encode(substr(proof, 1, 16), 'hex')::uuid) g
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
