-- Clients that a workspace keeps out, whoever of its members would let them in. For the functions of the owner alone.
CREATE TABLE oauth.shut_out (
    workspace_id uuid NOT NULL REFERENCES workspace.workspace ON DELETE CASCADE,
    client       uuid NOT NULL REFERENCES oauth.client ON DELETE CASCADE,
    shut_out_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, client)
);
CREATE INDEX shut_out_client ON oauth.shut_out (client);
ALTER TABLE oauth.shut_out ENABLE ROW LEVEL SECURITY;

-- Whoever gives a client a grant holds the client before looking at what the grant rests on, until it is committed.
-- Whoever takes grants away waits for all of those, and sees what they gave.
CREATE FUNCTION oauth.hold_client(held uuid) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('oauth.client ' || held, 0));
END
$$;
CREATE FUNCTION oauth.stop_client(stopped uuid) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('oauth.client ' || stopped, 0));
END
$$;

CREATE OR REPLACE FUNCTION oauth.revoke_grant(owner uuid, grant_id uuid, in_workspace uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    named oauth.authorization;
BEGIN
    SELECT * INTO named
      FROM oauth.authorization a
     WHERE a.id = grant_id AND a.user_id = owner AND a.revoked_at IS NULL
       AND (in_workspace IS NULL OR a.workspace_id = in_workspace);
    IF NOT FOUND THEN RETURN false; END IF;
    PERFORM oauth.stop_client(named.client);
    DELETE FROM oauth.consent c
     WHERE c.user_id = owner AND c.client = named.client AND c.workspace_id = named.workspace_id;
    UPDATE oauth.authorization a SET revoked_at = now()
     WHERE a.user_id = owner AND a.client = named.client AND a.workspace_id = named.workspace_id
       AND a.revoked_at IS NULL;
    RETURN true;
END
$$;

CREATE FUNCTION oauth.is_shut_out(asked uuid, of_workspace uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    BEGIN ATOMIC
        SELECT EXISTS (SELECT FROM oauth.shut_out s WHERE s.client = asked AND s.workspace_id = of_workspace);
    END;

-- Shuts a client out of the session's workspace: what any member let it do there ends, and none can let it in again
-- until it is let in here. False: there is no such client, or it is another workspace's.
CREATE FUNCTION oauth.shut_out_client(named text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    here uuid := workspace.current_id();
    shut oauth.client;
BEGIN
    SELECT * INTO shut FROM oauth.client c
     WHERE c.client_id = named AND (c.workspace_id IS NULL OR c.workspace_id = here);
    IF here IS NULL OR shut.id IS NULL THEN RETURN false; END IF;
    PERFORM oauth.stop_client(shut.id);
    INSERT INTO oauth.shut_out (workspace_id, client) VALUES (here, shut.id) ON CONFLICT DO NOTHING;
    DELETE FROM oauth.consent c WHERE c.client = shut.id AND c.workspace_id = here;
    UPDATE oauth.authorization a SET revoked_at = now()
     WHERE a.client = shut.id AND a.workspace_id = here AND a.revoked_at IS NULL;
    RETURN true;
END
$$;

CREATE FUNCTION oauth.let_in_client(named text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM oauth.shut_out s USING oauth.client c
     WHERE c.client_id = named AND s.client = c.id AND s.workspace_id = workspace.current_id();
    RETURN FOUND;
END
$$;

-- Who acts in the session's workspace for any of its members, and who is kept out of it.
CREATE FUNCTION oauth.connected_clients()
    RETURNS TABLE (client_id text, name text, origin text, members bigint, last_let_in_at double precision,
                   shut_out_at double precision)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    BEGIN ATOMIC
        SELECT c.client_id, c.name, c.origin, coalesce(g.members, 0),
               extract(epoch FROM g.last_let_in_at)::double precision,
               extract(epoch FROM s.shut_out_at)::double precision
          FROM (SELECT a.client, count(DISTINCT a.user_id) AS members, max(a.created_at) AS last_let_in_at
                  FROM oauth.authorization a
                 WHERE a.workspace_id = workspace.current_id() AND a.revoked_at IS NULL AND a.expires_at > now()
                 GROUP BY a.client) g
          FULL JOIN (SELECT o.client, o.shut_out_at FROM oauth.shut_out o
                      WHERE o.workspace_id = workspace.current_id()) s USING (client)
          JOIN oauth.client c ON c.id = client
         ORDER BY g.last_let_in_at DESC NULLS LAST, c.id
         LIMIT 1000;
    END;

-- Nor may one that is shut out act by itself.
CREATE OR REPLACE FUNCTION oauth.grant_client_credentials(by_client uuid, wanted_resource text, workspace_slug text,
                                                          new_id uuid)
    RETURNS SETOF oauth.outcome
    LANGUAGE plpgsql ROWS 1 SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    result oauth.outcome;
BEGIN
    PERFORM oauth.hold_client(by_client);
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
           AND NOT oauth.is_shut_out(c.id, c.workspace_id)
        ON CONFLICT (client, resource) WHERE grant_type = 'client_credentials' AND revoked_at IS NULL
        DO UPDATE SET expires_at = excluded.expires_at;
    END LOOP;
END
$$;

-- One that is shut out is not forgotten: it would come back as if it were new.
CREATE OR REPLACE FUNCTION oauth.delete_stale_clients(most integer) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    BEGIN ATOMIC
        WITH unused AS (
            SELECT id FROM oauth.client c
             WHERE origin <> 'manual' AND authorized_at IS NULL AND registered_at < now() - interval '7 days'
               AND NOT EXISTS (SELECT FROM oauth.shut_out s WHERE s.client = c.id)
             LIMIT most
        ), forgotten AS (
            SELECT id FROM oauth.client c
             WHERE origin <> 'manual' AND authorized_at < now() - interval '180 days'
               AND registered_at < now() - interval '180 days'
               AND NOT EXISTS (SELECT FROM oauth.authorization a
                                WHERE a.client = c.id AND a.revoked_at IS NULL AND a.expires_at > now())
               AND NOT EXISTS (SELECT FROM oauth.shut_out s WHERE s.client = c.id)
             LIMIT most
        ), gone AS (
            DELETE FROM oauth.client WHERE id IN (SELECT id FROM unused UNION SELECT id FROM forgotten) RETURNING 1
        ), uncounted AS (
            DELETE FROM oauth.registration_quota
             WHERE source = ANY (ARRAY(SELECT source FROM oauth.registration_quota
                                        WHERE refilled_at < now() - interval '1 day' LIMIT most))
            RETURNING 1
        )
        SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM uncounted);
    END;
