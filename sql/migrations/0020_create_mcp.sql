-- What the MCP endpoint must know across requests. Notifications on channel "mcp" carry a key: "change/<workspace>",
-- "session/<session>", "stream/<stream>", "answer/<request>", "cancelled/<digest>".
CREATE SCHEMA mcp;

-- Sessions of the older revisions hold themselves; here stands what changes in them. Kept longer than a session lives.
CREATE TABLE mcp.session (
    workspace_id uuid NOT NULL REFERENCES workspace.workspace ON DELETE CASCADE,
    id           uuid NOT NULL,
    log_level    text CHECK (log_level IN ('debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency')),
    listener     uuid,
    ended_at     timestamptz,
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id)
);
CREATE INDEX session_age ON mcp.session (created_at);

CREATE TABLE mcp.subscription (
    workspace_id uuid NOT NULL REFERENCES workspace.workspace ON DELETE CASCADE,
    session_id   uuid NOT NULL,
    uri          text NOT NULL CHECK (length(uri) <= 2000),
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, session_id, uri)
);
CREATE INDEX subscription_age ON mcp.subscription (created_at);

-- Events of resumable streams.
CREATE TABLE mcp.event (
    workspace_id uuid NOT NULL REFERENCES workspace.workspace ON DELETE CASCADE,
    session_id   uuid NOT NULL,
    stream_id    uuid NOT NULL,
    sequence     bigint NOT NULL,
    message      text NOT NULL,
    is_last      boolean NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, stream_id, sequence)
);
CREATE INDEX event_age ON mcp.event (created_at);

-- Requests to clients that wait for their answer.
CREATE TABLE mcp.client_request (
    workspace_id  uuid NOT NULL REFERENCES workspace.workspace ON DELETE CASCADE,
    id            text NOT NULL,
    credential_id uuid NOT NULL,
    answer        text,
    created_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id)
);
CREATE INDEX client_request_age ON mcp.client_request (created_at);

-- What has changed in a workspace, for clients that listen.
CREATE TABLE mcp.change (
    workspace_id uuid NOT NULL REFERENCES workspace.workspace ON DELETE CASCADE,
    id           bigint GENERATED ALWAYS AS IDENTITY,
    kind         text NOT NULL CHECK (kind IN ('tools', 'prompts', 'resources', 'resource')),
    uri          text CHECK ((uri IS NOT NULL) = (kind = 'resource')),
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id)
);
CREATE INDEX change_age ON mcp.change (created_at);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['session', 'subscription', 'event', 'client_request', 'change'] LOOP
        EXECUTE format('ALTER TABLE mcp.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY tenant ON mcp.%I USING (workspace_id = workspace.current_id())', name);
        EXECUTE format('CREATE POLICY retention ON mcp.%I TO gatehouse_worker USING (true)', name);
    END LOOP;
END
$$;

-- Numbers are given out in the order of commits: who has seen number n has seen all before it.
CREATE FUNCTION mcp.publish_change_in(workspace uuid, kind text, uri text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('mcp.change/' || workspace, 0));
    INSERT INTO mcp.change (workspace_id, kind, uri)
    SELECT w.id, publish_change_in.kind, publish_change_in.uri FROM workspace.workspace w WHERE w.id = workspace;
    PERFORM pg_notify('mcp', 'change/' || workspace);
END
$$;

CREATE FUNCTION mcp.publish_change(kind text, uri text) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    RETURN mcp.publish_change_in(workspace.current_id(), kind, uri);
