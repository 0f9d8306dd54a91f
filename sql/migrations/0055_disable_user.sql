-- Whom the operator shut out: no login, no session, no token, no key of theirs is good until they are let in again.
ALTER TABLE account."user" ADD COLUMN disabled_at timestamptz;
-- Nearly always empty, so that every check of a credential may look here.
CREATE INDEX user_disabled ON account."user" (id) WHERE disabled_at IS NOT NULL;

-- Ends what a login began. Grants and keys stay, and rest.
CREATE FUNCTION account.shut_out() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM account.login_session WHERE user_id = NEW.id;
    DELETE FROM account.pending_login WHERE user_id = NEW.id;
    DELETE FROM account.one_time_code WHERE user_id = NEW.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER shut_out
    AFTER UPDATE OF disabled_at ON account."user"
    FOR EACH ROW WHEN (OLD.disabled_at IS NULL AND NEW.disabled_at IS NOT NULL)
    EXECUTE FUNCTION account.shut_out();
CREATE TRIGGER notify_credential
    AFTER UPDATE OF disabled_at ON account."user"
    FOR EACH ROW EXECUTE FUNCTION auth.notify_credential();

CREATE OR REPLACE FUNCTION account.find_login_session(session_sha256 bytea)
    RETURNS TABLE (id uuid, user_id uuid, email text, name text, methods text[], authenticated_at timestamptz)
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    BEGIN ATOMIC
        UPDATE account.login_session s
           SET last_seen_at = now()
         WHERE s.sha256 = session_sha256
           AND s.last_seen_at BETWEEN now() - interval '24 hours' AND now() - interval '1 minute'
           AND s.expires_at > now();
        SELECT s.id, s.user_id, u.email, u.name, s.methods, s.authenticated_at
          FROM account.login_session s
          JOIN account."user" u ON u.id = s.user_id
         WHERE s.sha256 = session_sha256
           AND s.last_seen_at > now() - interval '24 hours'
           AND s.expires_at > now()
           AND u.activated_at IS NOT NULL
           AND u.disabled_at IS NULL;
    END;

CREATE OR REPLACE FUNCTION auth.find_api_key(key_id uuid, presented_sha256 bytea)
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
           AND w.suspended_at IS NULL
           AND NOT EXISTS (SELECT FROM account."user" u WHERE u.id = k.user_id AND u.disabled_at IS NOT NULL);
    END;

CREATE OR REPLACE VIEW oauth.grant_state AS
    SELECT a.id, a.workspace_id, a.user_id, a.client, a.resource, a.expires_at, a.grant_type,
           CASE a.grant_type WHEN 'client_credentials' THEN c.scopes ELSE a.scopes END AS scopes,
           w.slug, w.mcp_enabled, c.client_id, c.token_endpoint_auth_method,
           CASE WHEN a.revoked_at IS NOT NULL THEN 'revoked'
                WHEN a.expires_at <= now() THEN 'expired'
                WHEN c.disabled_at IS NOT NULL THEN 'client_disabled'
                WHEN w.suspended_at IS NOT NULL THEN 'workspace_suspended'
                WHEN m.user_id IS NULL THEN 'not_a_member'
                WHEN EXISTS (SELECT FROM account."user" u WHERE u.id = a.user_id AND u.disabled_at IS NOT NULL)
                    THEN 'user_disabled'
                ELSE 'live'
           END AS state
      FROM oauth.authorization a
      JOIN oauth.client c ON c.id = a.client
      JOIN workspace.workspace w ON w.id = a.workspace_id
      LEFT JOIN workspace.member m ON m.workspace_id = a.workspace_id AND m.user_id = a.user_id;

CREATE OR REPLACE FUNCTION auth.live_credential(credential_id uuid, proof bytea)
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
                       FROM auth.find_api_key(credential_id, proof) k;
    END IF;
END
$$;
