-- A grant of its own for a client that acts by itself: one row however many tokens it asks for.
ALTER TABLE oauth.authorization
    ADD COLUMN grant_type text NOT NULL DEFAULT 'authorization_code'
        CHECK (grant_type IN ('authorization_code', 'client_credentials'));
CREATE UNIQUE INDEX authorization_client_credentials ON oauth.authorization (client, resource)
    WHERE grant_type = 'client_credentials' AND revoked_at IS NULL;

-- A refresh token names its grant, so no index on its digest is needed and a rotation touches no index at all.
ALTER TABLE oauth.refresh_token DROP CONSTRAINT refresh_token_current_sha256_key;
ALTER TABLE oauth.refresh_token ADD COLUMN repeats integer NOT NULL DEFAULT 0;
ALTER TABLE oauth.refresh_token SET (fillfactor = 50);
COMMENT ON COLUMN oauth.refresh_token.repeats IS 'how often the previous token came again within the grace';

-- One access token revoked by itself (RFC 7009); needed until the token has expired.
CREATE TABLE oauth.revoked_access_token (
    id         uuid PRIMARY KEY,
    expires_at timestamptz NOT NULL
);
CREATE INDEX revoked_access_token_expires ON oauth.revoked_access_token (expires_at);

-- Client assertions that were used (RFC 7523 section 3, jti).
CREATE TABLE oauth.client_assertion (
    client     uuid NOT NULL REFERENCES oauth.client ON DELETE CASCADE,
    jti_sha256 bytea NOT NULL CHECK (length(jti_sha256) = 32),
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (client, jti_sha256)
);
CREATE INDEX client_assertion_expires ON oauth.client_assertion (expires_at);

-- Whether a grant may be used now, and if not, why. For the functions of the owner alone.
CREATE VIEW oauth.grant_state AS
    SELECT a.id, a.workspace_id, a.user_id, a.client, a.resource, a.expires_at, a.grant_type,
           CASE a.grant_type WHEN 'client_credentials' THEN c.scopes ELSE a.scopes END AS scopes,
           w.slug, w.mcp_enabled, c.client_id, c.token_endpoint_auth_method,
           CASE WHEN a.revoked_at IS NOT NULL THEN 'revoked'
                WHEN a.expires_at <= now() THEN 'expired'
                WHEN c.disabled_at IS NOT NULL THEN 'client_disabled'
                WHEN w.suspended_at IS NOT NULL THEN 'workspace_suspended'
                WHEN m.user_id IS NULL THEN 'not_a_member'
                ELSE 'live'
           END AS state
      FROM oauth.authorization a
      JOIN oauth.client c ON c.id = a.client
      JOIN workspace.workspace w ON w.id = a.workspace_id
      LEFT JOIN workspace.member m ON m.workspace_id = a.workspace_id AND m.user_id = a.user_id;

-- What a handler must know of a verified access token. No row: the grant is gone.
CREATE FUNCTION auth.find_grant(grant_id uuid, token_id uuid)
    RETURNS TABLE (state text, workspace_id uuid, slug text, mcp_enabled boolean, user_id uuid, client uuid,
                   scopes text[], expires_at timestamptz)
    LANGUAGE plpgsql STABLE ROWS 1 SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
        SELECT CASE WHEN EXISTS (SELECT FROM oauth.revoked_access_token t WHERE t.id = token_id) THEN 'revoked'
                    ELSE g.state
               END,
               g.workspace_id, g.slug, g.mcp_enabled, g.user_id, g.client, g.scopes, g.expires_at
          FROM oauth.grant_state g
         WHERE g.id = grant_id;
END
$$;

-- What a live credential may do. The proof is the digest of an API key's secret (32 bytes), or the id of an access
-- token (16 bytes) whose signature the caller has verified.
CREATE FUNCTION auth.live_credential(credential_id uuid, proof bytea)
    RETURNS TABLE (workspace_id uuid, scopes text[])
    LANGUAGE plpgsql STABLE ROWS 1 SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    IF length(proof) = 16 THEN
        RETURN QUERY SELECT g.workspace_id, g.scopes
                       FROM auth.find_grant(credential_id, encode(proof, 'hex')::uuid) g
                      WHERE g.state = 'live';
    ELSE
        RETURN QUERY SELECT k.workspace_id, k.scopes
                       FROM auth.api_key k
                       JOIN workspace.workspace w ON w.id = k.workspace_id
                      WHERE k.id = credential_id
                        AND k.secret_sha256 = proof
                        AND k.disabled_at IS NULL
                        AND (k.expires_at IS NULL OR k.expires_at > now())
                        AND w.suspended_at IS NULL;
    END IF;
END
$$;

CREATE OR REPLACE FUNCTION vault.open_service(credential_id uuid, credential_sha256 bytea, accepted_scopes text[],
                                              in_workspace uuid, service_name text)
    RETURNS TABLE (verdict text, service_id uuid, connector text, auth_method text, origins text[], settings text,
                   policy text, revealable boolean, version bigint, fields text[], sealed text[],
                   wrapped_keys text[], last_status integer, last_valid boolean, last_source text,
                   last_checked_at timestamptz, last_rate_limits text, last_retry_at timestamptz)
    LANGUAGE plpgsql STABLE ROWS 1 SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
        SELECT v.verdict, s.id, s.connector, s.auth_method, s.origins, s.settings::text, s.policy::text,
               s.revealable, s.version, f.fields, f.sealed, f.wrapped_keys, l.status, l.valid, l.source,
               l.checked_at, l.rate_limits::text, l.retry_at
          FROM auth.live_credential(credential_id, credential_sha256) k
          LEFT JOIN vault.service s ON s.workspace_id = k.workspace_id AND s.name = service_name
         CROSS JOIN LATERAL (
               SELECT CASE WHEN NOT k.scopes && accepted_scopes THEN 'insufficient_scope'
                           WHEN s.id IS NULL THEN 'service_not_found'
                           WHEN s.state <> 'active' THEN 'service_disabled'
                           ELSE 'ok'
                      END AS verdict) v
          LEFT JOIN LATERAL (
               SELECT array_agg(e.field ORDER BY e.field) AS fields,
                      array_agg(encode(e.sealed, 'hex') ORDER BY e.field) AS sealed,
                      array_agg(encode(p.wrapped_private_key, 'hex') ORDER BY e.field) AS wrapped_keys
                 FROM vault.sealed_field e
                 JOIN vault.workspace_key p ON p.workspace_id = e.workspace_id AND p.id = e.key_id
                WHERE v.verdict = 'ok' AND e.workspace_id = s.workspace_id AND e.service_id = s.id
                  AND e.version = s.version) f ON true
          LEFT JOIN vault.last_call l ON l.workspace_id = s.workspace_id AND l.service_id = s.id
         WHERE k.workspace_id = in_workspace;
END
$$;

-- Every process that remembers a credential forgets it when what it rests on changes.
CREATE TRIGGER notify_credential
    AFTER UPDATE OF revoked_at, scopes, expires_at ON oauth.authorization
    FOR EACH ROW EXECUTE FUNCTION auth.notify_credential();
CREATE TRIGGER notify_credential_deleted
    AFTER DELETE ON oauth.authorization
    FOR EACH ROW WHEN (OLD.revoked_at IS NULL) EXECUTE FUNCTION auth.notify_credential();
CREATE TRIGGER notify_credential
    AFTER DELETE OR UPDATE OF disabled_at, scopes, secret_sha256, jwks, token_endpoint_auth_method, grant_types ON oauth.client
    FOR EACH ROW EXECUTE FUNCTION auth.notify_credential();
CREATE TRIGGER notify_credential
    AFTER INSERT ON oauth.revoked_access_token
    FOR EACH ROW EXECUTE FUNCTION auth.notify_credential();

CREATE FUNCTION auth.notify_member() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_notify('gatehouse_credential', OLD.user_id::text);
    RETURN NULL;
END
$$;
CREATE TRIGGER notify_credential
    AFTER DELETE ON workspace.member
    FOR EACH ROW EXECUTE FUNCTION auth.notify_member();

-- The client that made a call, for a call made with an access token.
ALTER TABLE audit.call ADD COLUMN client_id uuid;
