CREATE INDEX authorization_revoked ON oauth.authorization (revoked_at) WHERE revoked_at IS NOT NULL;

-- Revocation (RFC 7009): 'ok', 'unknown', or 'other_client', which changes nothing. With a refresh token, the newest or
-- the one before it, the whole grant ends; an access token ends alone.
CREATE FUNCTION oauth.revoke_refresh_token(of_grant uuid, presented bytea, by_client uuid) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    its_client uuid;
BEGIN
    SELECT a.client INTO its_client
      FROM oauth.refresh_token t
      JOIN oauth.authorization a ON a.id = t.authorization_id
     WHERE t.authorization_id = of_grant AND presented IN (t.current_sha256, t.previous_sha256);
    IF NOT FOUND THEN RETURN 'unknown'; END IF;
    IF its_client <> by_client THEN RETURN 'other_client'; END IF;
    UPDATE oauth.authorization SET revoked_at = now() WHERE id = of_grant AND revoked_at IS NULL;
    RETURN 'ok';
END
$$;

CREATE FUNCTION oauth.revoke_access_token(of_grant uuid, token_id uuid, until timestamptz, by_client uuid) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    its_client uuid;
BEGIN
    SELECT a.client INTO its_client FROM oauth.authorization a WHERE a.id = of_grant;
    IF NOT FOUND THEN RETURN 'unknown'; END IF;
    IF its_client <> by_client THEN RETURN 'other_client'; END IF;
    INSERT INTO oauth.revoked_access_token (id, expires_at) VALUES (token_id, until) ON CONFLICT DO NOTHING;
    RETURN 'ok';
END
$$;

-- What introspection tells of the newest refresh token of a live grant (RFC 7662). No row: it is not active.
CREATE FUNCTION oauth.find_refresh_token(of_grant uuid, presented bytea)
    RETURNS TABLE (workspace_id uuid, user_id uuid, client uuid, client_id text, scopes text[], resource text,
                   issued_at timestamptz, expires_at timestamptz)
    LANGUAGE plpgsql STABLE ROWS 1 SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
        SELECT g.workspace_id, g.user_id, g.client, g.client_id, g.scopes, g.resource, t.rotated_at, t.expires_at
          FROM oauth.refresh_token t
          JOIN oauth.grant_state g ON g.id = t.authorization_id
         WHERE t.authorization_id = of_grant AND t.current_sha256 = presented AND t.expires_at > now()
           AND g.state = 'live';
END
$$;

-- Grants that ended, grants whose code nobody fetched, and what was kept of tokens that have expired since.
CREATE FUNCTION oauth.delete_expired(most integer) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    BEGIN ATOMIC
        WITH ended AS (
            DELETE FROM oauth.authorization
             WHERE id = ANY (ARRAY(SELECT id FROM oauth.authorization
                                    WHERE expires_at < now() - interval '1 day' LIMIT most)
                          || ARRAY(SELECT id FROM oauth.authorization
                                    WHERE revoked_at < now() - interval '30 days' LIMIT most)
                          || ARRAY(SELECT k.authorization_id FROM oauth.authorization_code k
                                    WHERE k.used_at IS NULL AND k.expires_at < now() - interval '1 hour'
                                      AND NOT EXISTS (SELECT FROM oauth.authorization_code u
                                                       WHERE u.authorization_id = k.authorization_id
                                                         AND (u.used_at IS NOT NULL OR u.expires_at > now()))
                                      AND NOT EXISTS (SELECT FROM oauth.refresh_token t
                                                       WHERE t.authorization_id = k.authorization_id)
                                    LIMIT most))
            RETURNING 1
        ), codes AS (
            DELETE FROM oauth.authorization_code
             WHERE sha256 = ANY (ARRAY(SELECT sha256 FROM oauth.authorization_code
                                        WHERE expires_at < now() - interval '1 day' LIMIT most))
            RETURNING 1
        ), tokens AS (
            DELETE FROM oauth.revoked_access_token
             WHERE id = ANY (ARRAY(SELECT id FROM oauth.revoked_access_token
                                    WHERE expires_at < now() - interval '1 hour' LIMIT most))
            RETURNING 1
        ), assertions AS (
            DELETE FROM oauth.client_assertion
             WHERE ctid = ANY (ARRAY(SELECT ctid FROM oauth.client_assertion
                                      WHERE expires_at < now() - interval '1 hour' LIMIT most))
            RETURNING 1
        )
        SELECT (SELECT count(*) FROM ended) + (SELECT count(*) FROM codes) + (SELECT count(*) FROM tokens)
             + (SELECT count(*) FROM assertions);
    END;
