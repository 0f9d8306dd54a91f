-- Credentials that were revoked here and are still to be revoked at their provider, where that can be done.
CREATE TABLE vault.revocation (
    workspace_id uuid NOT NULL,
    service_id   uuid NOT NULL,
    requested_at timestamptz NOT NULL DEFAULT now(),
    attempts     integer NOT NULL DEFAULT 0,
    retry_at     timestamptz NOT NULL DEFAULT now(),
    ended_at     timestamptz,
    outcome      text,
    PRIMARY KEY (workspace_id, service_id),
    FOREIGN KEY (workspace_id, service_id) REFERENCES vault.service ON DELETE CASCADE
);
CREATE INDEX revocation_due ON vault.revocation (retry_at) WHERE ended_at IS NULL;
ALTER TABLE vault.revocation ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON vault.revocation USING (workspace_id = workspace.current_id());

-- Every use is refused when this commits; a renewal that is under way can no longer store its tokens.
CREATE FUNCTION vault.revoke_services(of_connector text, only_in uuid) RETURNS bigint
    LANGUAGE sql SET search_path = pg_catalog, pg_temp
    BEGIN ATOMIC
        WITH revoked AS (
            UPDATE vault.service
               SET state = 'revoked', updated_at = now()
             WHERE connector = of_connector AND state <> 'revoked' AND (only_in IS NULL OR workspace_id = only_in)
         RETURNING workspace_id, id),
        tokens AS (
            UPDATE vault.token t
               SET state = 'revoked', reason = 'revoked by an administrator', since = now(), refresh_at = NULL,
                   claim_owner = NULL, claim_until = NULL, call_started_at = NULL
              FROM revoked r
             WHERE t.workspace_id = r.workspace_id AND t.service_id = r.id)
        , queued AS (
            INSERT INTO vault.revocation (workspace_id, service_id)
            SELECT workspace_id, id FROM revoked
                ON CONFLICT (workspace_id, service_id) DO UPDATE
               SET requested_at = now(), attempts = 0, retry_at = now(), ended_at = NULL, outcome = NULL)
        SELECT count(*) FROM revoked;
    END;

-- In all workspaces: for the operator.
CREATE FUNCTION vault.revoke_connector(of_connector text) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    BEGIN ATOMIC
        SELECT vault.revoke_services(of_connector, NULL);
    END;

-- In the session's own.
CREATE FUNCTION vault.revoke_connector_here(of_connector text) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    BEGIN ATOMIC
        SELECT vault.revoke_services(of_connector, workspace.current_id()) WHERE workspace.current_id() IS NOT NULL;
    END;

CREATE FUNCTION vault.due_revocations(most integer) RETURNS TABLE (workspace_id uuid, service_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    BEGIN ATOMIC
        SELECT r.workspace_id, r.service_id
          FROM vault.revocation r
         WHERE r.ended_at IS NULL AND r.retry_at <= now()
         ORDER BY r.retry_at
         LIMIT most;
    END;
