CREATE SCHEMA tool;

-- The first result of a write, kept so that the same key never runs twice.
CREATE TABLE tool.idempotency (
    workspace_id     uuid NOT NULL REFERENCES workspace.workspace ON DELETE CASCADE,
    credential_id    uuid NOT NULL,
    tool             text NOT NULL,
    key              uuid NOT NULL,
    arguments_sha256 bytea NOT NULL CHECK (length(arguments_sha256) = 32),
    runner           text NOT NULL,
    started_at       timestamptz NOT NULL DEFAULT now(),
    result           text,
    PRIMARY KEY (workspace_id, credential_id, tool, key)
);
COMMENT ON COLUMN tool.idempotency.runner IS 'the process that started the call, to tell running from lost';
COMMENT ON COLUMN tool.idempotency.result IS 'NULL while the call runs, and for ever when its outcome is unknown';
CREATE INDEX idempotency_started ON tool.idempotency (started_at);
ALTER TABLE tool.idempotency ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON tool.idempotency USING (workspace_id = workspace.current_id());
CREATE POLICY retention ON tool.idempotency TO gatehouse_worker USING (true);
