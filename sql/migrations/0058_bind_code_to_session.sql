-- A code is good while the login lasts in which it was given (OAuth 2.1 section 4.1.2: bound to the session).
ALTER TABLE oauth.authorization_code ADD COLUMN login_session uuid;

CREATE OR REPLACE FUNCTION oauth.redeem_code(code_sha256 bytea, by_client uuid, given_redirect_uri text, challenge text,
                                             given_resource text, first_sha256 bytea, idle interval)
    RETURNS SETOF oauth.outcome
    LANGUAGE plpgsql ROWS 1 SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    code   oauth.authorization_code;
    g      oauth.grant_state;
    result oauth.outcome;
BEGIN
    SELECT * INTO code FROM oauth.authorization_code k WHERE k.sha256 = code_sha256;
    SELECT * INTO g FROM oauth.grant_state s WHERE s.id = code.authorization_id;
    result := (NULL, g.id, g.workspace_id, g.user_id, g.client_id, g.scopes, g.resource, false, NULL);
    result.verdict := CASE
        WHEN g.id IS NULL THEN 'unknown'
        WHEN g.client <> by_client THEN 'other_client'
        WHEN code.code_challenge <> challenge THEN 'wrong_verifier'
        WHEN code.redirect_uri <> given_redirect_uri THEN 'wrong_redirect_uri'
        WHEN code.used_at IS NULL AND code.expires_at <= now() THEN 'expired_code'
        WHEN code.used_at IS NULL AND g.resource <> given_resource THEN 'other_resource'
        WHEN code.used_at IS NULL AND g.state <> 'live' THEN g.state
        WHEN code.used_at IS NULL AND code.login_session IS NOT NULL
             AND NOT EXISTS (SELECT FROM account.login_session l WHERE l.id = code.login_session AND l.expires_at > now())
            THEN 'signed_out'
    END;
    IF result.verdict IS NULL THEN
        UPDATE oauth.authorization_code k SET used_at = now() WHERE k.sha256 = code_sha256 AND k.used_at IS NULL;
        IF NOT FOUND THEN
            UPDATE oauth.authorization a SET revoked_at = now() WHERE a.id = g.id AND a.revoked_at IS NULL;
            result.verdict := 'replayed_code';
        ELSE
            result.verdict := 'ok';
            SELECT 'refresh_token' = ANY (c.grant_types) INTO result.refreshable FROM oauth.client c WHERE c.id = g.client;
            IF result.refreshable THEN
                INSERT INTO oauth.refresh_token (authorization_id, current_sha256, expires_at)
                VALUES (g.id, first_sha256, least(now() + idle, g.expires_at));
            END IF;
        END IF;
    END IF;
    RETURN NEXT result;
END
$$;
