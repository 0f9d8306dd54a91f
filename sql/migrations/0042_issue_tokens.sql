-- The keys with which access tokens are verified now: the one that signs, the next one, those not long retired.
CREATE FUNCTION auth.signing_keys() RETURNS TABLE (public_jwk text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    BEGIN ATOMIC
        SELECT k.public_jwk::text FROM oauth.signing_key k WHERE k.retires_at > now() ORDER BY k.signs_from DESC, k.kid;
    END;

CREATE FUNCTION oauth.notify_signing_key() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_notify('gatehouse_signing_key', OLD.kid);
    RETURN NULL;
END
$$;
CREATE TRIGGER notify_signing_key
    AFTER DELETE OR UPDATE ON oauth.signing_key
    FOR EACH ROW EXECUTE FUNCTION oauth.notify_signing_key();

-- Adds the key that signs after the newest one, and lets that one retire when its last token has expired. Of several
-- processes that find it missing, one adds it: nothing happens unless `newest` (empty: none) is still the newest.
CREATE FUNCTION oauth.add_signing_key(newest text, new_kid text, new_algorithm text, new_public_jwk jsonb,
                                      new_sealed bytea, published_for interval, tokens_live_for interval)
    RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    found_newest text;
    starts_at    timestamptz;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('oauth.signing_key'));
    SELECT kid INTO found_newest FROM oauth.signing_key WHERE retires_at > clock_timestamp()
     ORDER BY signs_from DESC, kid LIMIT 1;
    IF coalesce(found_newest, '') <> newest THEN RETURN false; END IF;
    starts_at := clock_timestamp() + CASE WHEN newest = '' THEN interval '0' ELSE published_for END;
    UPDATE oauth.signing_key SET retires_at = starts_at + tokens_live_for WHERE retires_at = 'infinity';
    DELETE FROM oauth.signing_key WHERE retires_at < clock_timestamp() - interval '1 day';
    INSERT INTO oauth.signing_key (kid, algorithm, public_jwk, sealed, signs_from, retires_at)
    VALUES (new_kid, new_algorithm, new_public_jwk, new_sealed, starts_at, 'infinity');
    RETURN true;
END
$$;

-- What a redeemed code or a rotated refresh token gives, or the verdict that says why nothing.
CREATE TYPE oauth.outcome AS (
    verdict      text,
    grant_id     uuid,
    workspace_id uuid,
    user_id      uuid,
    client_id    text,
    scopes       text[],
    resource     text,
    refreshable  boolean,
    successor    bytea
);

CREATE FUNCTION oauth.grant_of_code(code_sha256 bytea) RETURNS uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (SELECT authorization_id FROM oauth.authorization_code WHERE sha256 = code_sha256);
END
$$;

-- Redeems a code once (RFC 6749 section 4.1.3). A second use by whoever proves to be the rightful client takes back
-- what the first one gave; a use by anybody else changes nothing, or a stolen code could end the rightful grant.
CREATE FUNCTION oauth.redeem_code(code_sha256 bytea, by_client uuid, given_redirect_uri text, challenge text,
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

-- Replaces a refresh token by its successor, once. Whoever comes with the same token within the grace is given the
-- same successor; later, or with a token from further back, the whole grant ends (OAuth 2.1 section 4.3.1).
-- One statement does it all when nothing is wrong; what follows finds out what is. The caller has checked that the
-- server made the presented token for this grant. by_client: a client that has authenticated; without it the
-- grant's client must be a public one, by_client_id if that is given.
CREATE FUNCTION oauth.rotate_refresh_token(of_grant uuid, presented bytea, next_sha256 bytea, by_client uuid,
                                           by_client_id text, wanted_scopes text[], given_resource text,
                                           grace interval, most_repeats integer, idle interval)
    RETURNS SETOF oauth.outcome
    LANGUAGE plpgsql ROWS 1 SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g         oauth.grant_state;
    token     oauth.refresh_token;
    result    oauth.outcome;
    unwelcome text;
BEGIN
    UPDATE oauth.refresh_token t
       SET previous_sha256 = t.current_sha256, current_sha256 = next_sha256, generation = t.generation + 1,
           rotated_at = clock_timestamp(), repeats = 0, expires_at = least(now() + idle, s.expires_at)
      FROM oauth.grant_state s
     WHERE t.authorization_id = of_grant AND s.id = of_grant AND s.state = 'live'
       AND t.current_sha256 = presented AND t.expires_at > now()
       AND CASE WHEN by_client IS NOT NULL THEN s.client = by_client
                ELSE s.token_endpoint_auth_method = 'none' AND (by_client_id IS NULL OR s.client_id = by_client_id)
           END
       AND (given_resource IS NULL OR s.resource = given_resource)
       AND (wanted_scopes IS NULL OR wanted_scopes <@ (s.scopes ||
            CASE WHEN 'mcp.write' = ANY (s.scopes) THEN ARRAY['mcp.read'] ELSE '{}' END))
    RETURNING 'ok', s.id, s.workspace_id, s.user_id, s.client_id, s.scopes, s.resource, true, t.current_sha256
         INTO result;
    IF FOUND THEN
        RETURN NEXT result;
        RETURN;
    END IF;

    SELECT * INTO token FROM oauth.refresh_token t WHERE t.authorization_id = of_grant;
    SELECT * INTO g FROM oauth.grant_state s WHERE s.id = of_grant;
    result := (NULL, g.id, g.workspace_id, g.user_id, g.client_id, g.scopes, g.resource, true, token.current_sha256);
    unwelcome := CASE
        WHEN token.expires_at <= now() THEN 'expired'
        WHEN g.resource <> given_resource THEN 'other_resource'
        WHEN NOT wanted_scopes <@ (g.scopes || CASE WHEN 'mcp.write' = ANY (g.scopes) THEN ARRAY['mcp.read'] ELSE '{}' END)
            THEN 'scope_exceeded'
    END;
    IF g.id IS NULL OR token.authorization_id IS NULL THEN
        result.verdict := 'unknown';
    ELSIF g.client <> by_client OR (by_client IS NULL AND g.client_id <> by_client_id) THEN
        result.verdict := 'other_client';
    ELSIF by_client IS NULL AND g.token_endpoint_auth_method <> 'none' THEN
        result.verdict := 'client_must_authenticate';
    ELSIF g.state <> 'live' THEN
        result.verdict := g.state;
    ELSIF token.current_sha256 = presented THEN
        result.verdict := coalesce(unwelcome, 'contended');
    ELSIF token.previous_sha256 = presented AND token.rotated_at > now() - grace AND token.repeats < most_repeats THEN
        result.verdict := coalesce(unwelcome, 'ok');
        PERFORM set_config('synchronous_commit', 'off', true);
        UPDATE oauth.refresh_token t SET repeats = t.repeats + 1 WHERE t.authorization_id = of_grant;
    ELSE
        UPDATE oauth.authorization a SET revoked_at = now() WHERE a.id = of_grant AND a.revoked_at IS NULL;
        result.verdict := 'replayed';
    END IF;
    RETURN NEXT result;
END
$$;

-- The grant of a client that acts by itself (RFC 6749 section 4.4): made at the first request, found from then on.
-- workspace_slug: the workspace that the resource names. No row: the client may not act there.
CREATE FUNCTION oauth.grant_client_credentials(by_client uuid, wanted_resource text, workspace_slug text, new_id uuid)
    RETURNS SETOF oauth.outcome
    LANGUAGE plpgsql ROWS 1 SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    result oauth.outcome;
BEGIN
    FOR attempt IN 1..2 LOOP
        SELECT CASE s.state WHEN 'live' THEN 'ok' ELSE s.state END, s.id, s.workspace_id, s.user_id, s.client_id,
               s.scopes, s.resource, false, NULL
          INTO result
          FROM oauth.authorization a
          JOIN oauth.grant_state s ON s.id = a.id
         WHERE a.client = by_client AND a.resource = wanted_resource AND a.grant_type = 'client_credentials'
           AND a.revoked_at IS NULL;
        IF FOUND AND result.verdict <> 'expired' THEN
            RETURN NEXT result;
            RETURN;
        END IF;
        INSERT INTO oauth.authorization (id, workspace_id, user_id, client, scopes, resource, expires_at, grant_type)
        SELECT new_id, c.workspace_id, c.user_id, c.id, c.scopes, wanted_resource, now() + interval '10 years',
               'client_credentials'
          FROM oauth.client c
          JOIN workspace.workspace w ON w.id = c.workspace_id
         WHERE c.id = by_client AND c.user_id IS NOT NULL AND (workspace_slug IS NULL OR w.slug = workspace_slug)
        ON CONFLICT (client, resource) WHERE grant_type = 'client_credentials' AND revoked_at IS NULL
        DO UPDATE SET expires_at = excluded.expires_at;
    END LOOP;
END
$$;

-- Takes a client assertion once (RFC 7523 section 3): false when it was used before.
CREATE FUNCTION oauth.use_client_assertion(of_client uuid, used_jti_sha256 bytea, until timestamptz) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO oauth.client_assertion (client, jti_sha256, expires_at) VALUES (of_client, used_jti_sha256, until)
    ON CONFLICT DO NOTHING;
    RETURN FOUND;
END
$$;
