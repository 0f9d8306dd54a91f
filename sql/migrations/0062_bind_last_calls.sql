-- What a call told about a credential holds for that version of it alone.
ALTER TABLE vault.last_call ADD COLUMN version bigint;
COMMENT ON COLUMN vault.last_call.version IS 'of the service''s credential; of another version nothing is known';
UPDATE vault.last_call l SET version = s.version
  FROM vault.service s
 WHERE s.workspace_id = l.workspace_id AND s.id = l.service_id AND s.updated_at <= l.checked_at;

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
          LEFT JOIN vault.last_call l
            ON l.workspace_id = s.workspace_id AND l.service_id = s.id AND l.version = s.version
         WHERE k.workspace_id = in_workspace;
END
$$;

-- Nor does a refusal of the former access token say anything of the next one.
CREATE FUNCTION vault.forget_refusal() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM vault.last_call l
     WHERE l.workspace_id = NEW.workspace_id AND l.service_id = NEW.service_id AND l.valid = false;
    RETURN NULL;
END
$$;
CREATE TRIGGER forget_refusal AFTER UPDATE OF version ON vault.token
    FOR EACH ROW WHEN (OLD.version <> NEW.version) EXECUTE FUNCTION vault.forget_refusal();

-- Which client a grant of this workspace was given to, for policies that name agents.
CREATE FUNCTION vault.client_of(grant_id uuid) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    BEGIN ATOMIC
        SELECT c.client_id FROM oauth.authorization a JOIN oauth.client c ON c.id = a.client
         WHERE a.id = grant_id AND a.workspace_id = workspace.current_id();
    END;

CREATE INDEX alert_age ON vault.alert (at);
CREATE OR REPLACE FUNCTION vault.delete_expired(most integer) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    BEGIN ATOMIC
        WITH connections AS (DELETE FROM vault.connection
                              WHERE ctid = ANY (ARRAY(SELECT ctid FROM vault.connection
                                                       WHERE expires_at < now() - interval '7 days' LIMIT most))
                             RETURNING 1),
        alerts AS (DELETE FROM vault.alert
                    WHERE ctid = ANY (ARRAY(SELECT ctid FROM vault.alert
                                             WHERE at < now() - interval '180 days' LIMIT most))
                   RETURNING 1)
        SELECT (SELECT count(*) FROM connections) + (SELECT count(*) FROM alerts);
    END;
