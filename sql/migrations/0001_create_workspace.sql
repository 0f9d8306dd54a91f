REVOKE ALL ON SCHEMA public FROM PUBLIC;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

CREATE SCHEMA workspace;

-- The workspace of the running transaction; NULL, hence no rows, when none was set.
CREATE FUNCTION workspace.current_id() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('gatehouse.workspace', true), '')::uuid;

CREATE TABLE workspace.workspace (
    id           uuid PRIMARY KEY,
    slug         text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9](-?[a-z0-9]){1,47}$'),
    name         text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    mcp_enabled  boolean NOT NULL DEFAULT false,
    created_at   timestamptz NOT NULL DEFAULT now(),
    suspended_at timestamptz
);
ALTER TABLE workspace.workspace ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON workspace.workspace USING (id = workspace.current_id());
CREATE POLICY operator ON workspace.workspace TO gatehouse_operator USING (true);

CREATE SCHEMA account;

CREATE TABLE account."user" (
    id            uuid PRIMARY KEY,
    email         text NOT NULL,
    name          text NOT NULL DEFAULT '',
    password_hash text CHECK (password_hash LIKE '$argon2id$%'),
    created_at    timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX user_email ON account."user" (lower(email));

CREATE TABLE workspace.member (
    workspace_id uuid NOT NULL REFERENCES workspace.workspace ON DELETE CASCADE,
    user_id      uuid NOT NULL REFERENCES account."user" ON DELETE CASCADE,
    role         text NOT NULL DEFAULT 'member' CHECK (role IN ('owner', 'admin', 'member')),
    joined_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, user_id)
);
CREATE INDEX member_user ON workspace.member (user_id);
ALTER TABLE workspace.member ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON workspace.member USING (workspace_id = workspace.current_id());
CREATE POLICY operator ON workspace.member TO gatehouse_operator USING (true);
