CREATE SCHEMA audit;

-- One row per tool call. Arguments and results are kept as digests only: they may hold secrets.
CREATE TABLE audit.call (
    workspace_id     uuid NOT NULL REFERENCES workspace.workspace ON DELETE CASCADE,
    id               uuid NOT NULL,
    at               timestamptz NOT NULL,
    credential_id    uuid NOT NULL,
    user_id          uuid NOT NULL,
    channel          text NOT NULL CHECK (channel IN ('mcp', 'rest')),
    tool             text NOT NULL,
    outcome          text NOT NULL,
    arguments_sha256 bytea NOT NULL CHECK (length(arguments_sha256) = 32),
    result_sha256    bytea NOT NULL CHECK (length(result_sha256) = 32),
    duration_us      bigint NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
COMMENT ON COLUMN audit.call.outcome IS 'ok, input_required or the stable code of the refusal';
CREATE INDEX call_at ON audit.call USING brin (at);
ALTER TABLE audit.call ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON audit.call USING (workspace_id = workspace.current_id());
CREATE POLICY operator ON audit.call FOR SELECT TO gatehouse_operator USING (true);
CREATE POLICY retention ON audit.call TO gatehouse_worker USING (true);
