-- Attempts to connect a service to a user's account at its provider. An attempt ends once, or by its time.
CREATE TABLE vault.connection (
    workspace_id uuid NOT NULL,
    id           uuid NOT NULL,
    service_id   uuid NOT NULL,
    created_by   uuid,
    created_at   timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz NOT NULL,
    ended_at     timestamptz,
    outcome      text,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, service_id) REFERENCES vault.service ON DELETE CASCADE
);
COMMENT ON COLUMN vault.connection.created_by IS 'the credential that asked for it; none for the operator';
COMMENT ON COLUMN vault.connection.outcome IS 'connected, or the code of what went wrong';
CREATE INDEX connection_service ON vault.connection (workspace_id, service_id);
CREATE INDEX connection_expires ON vault.connection (expires_at);
ALTER TABLE vault.connection ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON vault.connection USING (workspace_id = workspace.current_id());

CREATE FUNCTION vault.delete_expired(most integer) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    BEGIN ATOMIC
        WITH gone AS (DELETE FROM vault.connection
                       WHERE ctid = ANY (ARRAY(SELECT ctid FROM vault.connection
                                                WHERE expires_at < now() - interval '7 days' LIMIT most))
                      RETURNING 1)
        SELECT count(*) FROM gone;
    END;

-- A new connection brings a revoked service back.
CREATE FUNCTION vault.revive_service() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE vault.service
       SET state = 'active', updated_at = now()
     WHERE workspace_id = NEW.workspace_id AND id = NEW.service_id AND state = 'revoked';
    RETURN NULL;
END
$$;
CREATE TRIGGER revive_service AFTER UPDATE OF state ON vault.token
    FOR EACH ROW WHEN (OLD.state = 'revoked' AND NEW.state = 'active') EXECUTE FUNCTION vault.revive_service();
