-- Each of these checks would be read and compiled anew at every rotation. Digests come from this schema's functions
-- alone, and one of another length matches no token.
ALTER TABLE oauth.refresh_token DROP CONSTRAINT refresh_token_current_sha256_check;
ALTER TABLE oauth.refresh_token DROP CONSTRAINT refresh_token_previous_sha256_check;

-- Rotates the refresh tokens that came at the same time, with one statement and one commit. It answers for those
-- alone with which all is well; oauth.rotate_refresh_token finds out what is wrong with each other one. The arrays
-- are of one length: what the tokens' requests say, as there.
CREATE FUNCTION oauth.rotate_refresh_tokens(of_grants uuid[], presented bytea[], next_sha256 bytea[],
                                            by_clients uuid[], by_client_ids text[], given_resources text[],
                                            idle interval)
    RETURNS SETOF oauth.outcome
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    -- An index finds each row, whatever the planner believes of the tables' size.
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
    RETURN QUERY
    UPDATE oauth.refresh_token t
       SET previous_sha256 = t.current_sha256, current_sha256 = r.successor, generation = t.generation + 1,
           rotated_at = clock_timestamp(), repeats = 0, expires_at = least(now() + idle, s.expires_at)
      FROM unnest(of_grants, presented, next_sha256, by_clients, by_client_ids, given_resources)
               AS r (of_grant, token, successor, by_client, by_client_id, resource)
      JOIN oauth.grant_state s ON s.id = r.of_grant
     WHERE t.authorization_id = r.of_grant AND s.state = 'live'
       AND t.current_sha256 = r.token AND t.expires_at > now()
       AND CASE WHEN r.by_client IS NOT NULL THEN s.client = r.by_client
                ELSE s.token_endpoint_auth_method = 'none'
                     AND (r.by_client_id IS NULL OR s.client_id = r.by_client_id)
           END
       AND (r.resource IS NULL OR s.resource = r.resource)
    RETURNING 'ok'::text, s.id, s.workspace_id, s.user_id, s.client_id, s.scopes, s.resource, true, t.current_sha256;
END
$$;
