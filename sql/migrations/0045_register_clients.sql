-- Registrations (RFC 7592): what lets whoever registered a client read, change and delete it. Public clients that
-- registered the same metadata share a client; nobody may change or delete it for the others then.
ALTER TABLE oauth.client
    DROP COLUMN registration_token_sha256,
    ADD COLUMN registered_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN shared_at     timestamptz;
DROP INDEX oauth.client_never_authorized;
CREATE INDEX client_never_authorized ON oauth.client (registered_at) WHERE authorized_at IS NULL AND origin <> 'manual';
CREATE INDEX client_long_authorized ON oauth.client (authorized_at) WHERE origin <> 'manual';
CREATE INDEX client_workspace ON oauth.client (workspace_id) WHERE workspace_id IS NOT NULL;

CREATE TABLE oauth.registration (
    token_sha256 bytea PRIMARY KEY CHECK (length(token_sha256) = 32),
    client       uuid NOT NULL REFERENCES oauth.client ON DELETE CASCADE,
    created_at   timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX registration_client ON oauth.registration (client);
CREATE INDEX registration_created ON oauth.registration (created_at);

-- A bucket for each address (IPv6: each /64) and one for all of them ('*').
CREATE TABLE oauth.registration_quota (
    source      text PRIMARY KEY CHECK (length(source) <= 64),
    tokens      double precision NOT NULL,
    refilled_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX registration_quota_refilled ON oauth.registration_quota (refilled_at);

-- Takes one registration out of a bucket that holds `burst` and refills at `per_hour`. Tells the seconds to wait until
-- there is one; 0 when it was taken.
CREATE FUNCTION oauth.take_registration(taking text, burst integer, per_hour double precision) RETURNS double precision
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    held double precision;
BEGIN
    INSERT INTO oauth.registration_quota AS quota (source, tokens) VALUES (taking, burst)
    ON CONFLICT (source) DO UPDATE
       SET tokens = least(burst, quota.tokens + per_hour / 3600
                                 * greatest(0, extract(epoch FROM now() - quota.refilled_at)::double precision)),
           refilled_at = now()
    RETURNING tokens INTO held;
    IF held < 1 THEN
        RETURN (1 - held) * 3600 / per_hour;
    END IF;
    UPDATE oauth.registration_quota SET tokens = held - 1 WHERE source = taking;
    RETURN 0;
END
$$;

-- Every process of the authorization server reads clients; each writes those of one origin.
ALTER TABLE oauth.client ENABLE ROW LEVEL SECURITY;
CREATE POLICY reader ON oauth.client FOR SELECT USING (true);
CREATE POLICY registration ON oauth.client TO gatehouse_oauth_register
    USING (origin = 'dynamic') WITH CHECK (origin = 'dynamic');
CREATE POLICY operator ON oauth.client TO gatehouse_operator USING (true);
CREATE POLICY administration ON oauth.client TO gatehouse_rest
    USING (origin = 'manual' AND workspace_id = workspace.current_id());

-- Clients that nobody let in within a week, that nobody used for half a year, and what was counted a day ago.
CREATE FUNCTION oauth.delete_stale_clients(most integer) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    BEGIN ATOMIC
        WITH unused AS (
            SELECT id FROM oauth.client
             WHERE origin <> 'manual' AND authorized_at IS NULL AND registered_at < now() - interval '7 days'
             LIMIT most
        ), forgotten AS (
            SELECT id FROM oauth.client c
             WHERE origin <> 'manual' AND authorized_at < now() - interval '180 days'
               AND registered_at < now() - interval '180 days'
               AND NOT EXISTS (SELECT FROM oauth.authorization a
                                WHERE a.client = c.id AND a.revoked_at IS NULL AND a.expires_at > now())
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
