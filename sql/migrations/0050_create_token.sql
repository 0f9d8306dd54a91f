-- Access tokens of services whose auth method has a grant: got, renewed and revoked by egress alone.
CREATE TABLE vault.token (
    workspace_id    uuid NOT NULL,
    service_id      uuid NOT NULL,
    version         bigint NOT NULL DEFAULT 0,
    key_id          uuid,
    access          bytea,
    refresh         bytea,
    issued_at       timestamptz,
    expires_at      timestamptz,
    refresh_at      timestamptz,
    state           text NOT NULL DEFAULT 'active'
                    CHECK (state IN ('active', 'degraded', 'needs_reconnect', 'misconfigured', 'revoked')),
    reason          text NOT NULL DEFAULT '',
    since           timestamptz NOT NULL DEFAULT now(),
    claim_owner     uuid,
    claim_until     timestamptz,
    call_started_at timestamptz,
    interrupted     boolean NOT NULL DEFAULT false,
    forced_at       timestamptz,
    retry_at        timestamptz,
    fail_count      integer NOT NULL DEFAULT 0,
    PRIMARY KEY (workspace_id, service_id),
    FOREIGN KEY (workspace_id, service_id) REFERENCES vault.service ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, key_id) REFERENCES vault.workspace_key
) WITH (fillfactor = 50);
COMMENT ON COLUMN vault.token.version IS 'counts the tokens; both sealed values are bound to it, and a renewal is committed only on the version it began with';
COMMENT ON COLUMN vault.token.claim_owner IS 'who renews now, until claim_until; no transaction is open meanwhile';
COMMENT ON COLUMN vault.token.call_started_at IS 'set while a token call may be under way; a claim that finds it set knows that the last one was interrupted and the refresh token may be used up';
CREATE INDEX token_due ON vault.token (refresh_at) WHERE refresh_at IS NOT NULL;
ALTER TABLE vault.token ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON vault.token USING (workspace_id = workspace.current_id());

-- A service's tokens, sealed, with the key that opens them.
CREATE FUNCTION vault.open_token(in_workspace uuid, in_service uuid)
    RETURNS TABLE (version bigint, access text, refresh text, wrapped_key text, issued_at timestamptz,
                   expires_at timestamptz, refresh_at timestamptz, state text, reason text, since timestamptz,
                   claim_until timestamptz, retry_at timestamptz)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp ROWS 1 AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
        SELECT t.version, encode(t.access, 'hex'), encode(t.refresh, 'hex'), encode(k.wrapped_private_key, 'hex'),
               t.issued_at, t.expires_at, t.refresh_at, t.state, t.reason, t.since, t.claim_until, t.retry_at
          FROM vault.token t
          LEFT JOIN vault.workspace_key k ON k.workspace_id = t.workspace_id AND k.id = t.key_id
         WHERE t.workspace_id = in_workspace AND t.service_id = in_service;
END
$$;

-- A service as egress needs it for what no caller asked for: renewing, connecting, revoking.
CREATE FUNCTION vault.open_held_service(in_workspace uuid, in_service uuid)
    RETURNS TABLE (name text, connector text, auth_method text, origins text[], settings text, state text,
                   version bigint, fields text[], sealed text[], wrapped_keys text[])
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp ROWS 1 AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
        SELECT s.name, s.connector, s.auth_method, s.origins, s.settings::text, s.state, s.version,
               f.fields, f.sealed, f.wrapped_keys
          FROM vault.service s
          JOIN workspace.workspace w ON w.id = s.workspace_id AND w.suspended_at IS NULL
          LEFT JOIN LATERAL (
               SELECT array_agg(e.field ORDER BY e.field) AS fields,
                      array_agg(encode(e.sealed, 'hex') ORDER BY e.field) AS sealed,
                      array_agg(encode(p.wrapped_private_key, 'hex') ORDER BY e.field) AS wrapped_keys
                 FROM vault.sealed_field e
                 JOIN vault.workspace_key p ON p.workspace_id = e.workspace_id AND p.id = e.key_id
                WHERE e.workspace_id = s.workspace_id AND e.service_id = s.id AND e.version = s.version) f ON true
         WHERE s.workspace_id = in_workspace AND s.id = in_service;
END
$$;

-- New secrets are a new chance.
CREATE FUNCTION vault.reconsider_token() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE vault.token
       SET state = 'active', reason = '', since = now(), retry_at = NULL, fail_count = 0,
           access = CASE WHEN state = 'revoked' THEN NULL ELSE access END,
           refresh = CASE WHEN state = 'revoked' THEN NULL ELSE refresh END
     WHERE workspace_id = NEW.workspace_id AND service_id = NEW.id AND state IN ('misconfigured', 'revoked');
    RETURN NULL;
END
$$;
CREATE TRIGGER reconsider_token AFTER UPDATE OF version ON vault.service
    FOR EACH ROW EXECUTE FUNCTION vault.reconsider_token();

-- Tokens that end soon, for the worker. Without a refresh token only where the service is in use.
CREATE FUNCTION vault.due_tokens(most integer) RETURNS TABLE (workspace_id uuid, service_id uuid)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
        SELECT t.workspace_id, t.service_id
          FROM vault.token t
          JOIN vault.service s ON s.workspace_id = t.workspace_id AND s.id = t.service_id AND s.state = 'active'
          JOIN workspace.workspace w ON w.id = t.workspace_id AND w.suspended_at IS NULL
         WHERE t.refresh_at <= now()
           AND t.state IN ('active', 'degraded')
           AND (t.claim_until IS NULL OR t.claim_until < now())
           AND (t.retry_at IS NULL OR t.retry_at <= now())
           AND (t.refresh IS NOT NULL
                OR EXISTS (SELECT FROM vault.last_call l
                            WHERE l.workspace_id = t.workspace_id AND l.service_id = t.service_id
                              AND l.checked_at > t.issued_at))
         ORDER BY t.refresh_at
         LIMIT most;
END
$$;

-- Revoked: with every credential of a connector, by the operator.
ALTER TABLE vault.service DROP CONSTRAINT service_state_check;
ALTER TABLE vault.service ADD CONSTRAINT service_state_check CHECK (state IN ('active', 'disabled', 'revoked'));
