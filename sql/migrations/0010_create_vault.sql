CREATE SCHEMA vault;

-- A workspace's key pairs. Whoever stores a secret seals it with the newest public half; egress alone can
-- unwrap a private half.
CREATE TABLE vault.workspace_key (
    workspace_id        uuid NOT NULL REFERENCES workspace.workspace ON DELETE CASCADE,
    id                  uuid NOT NULL,
    public_key          bytea NOT NULL CHECK (length(public_key) = 32),
    wrapped_private_key bytea NOT NULL,
    created_at          timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id)
);
COMMENT ON COLUMN vault.workspace_key.wrapped_private_key IS 'sealed with the key-encryption key, whose id it begins with';
ALTER TABLE vault.workspace_key ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON vault.workspace_key USING (workspace_id = workspace.current_id());

CREATE TABLE vault.service (
    workspace_id uuid NOT NULL REFERENCES workspace.workspace ON DELETE CASCADE,
    id           uuid NOT NULL,
    name         text NOT NULL CHECK (name ~ '^[a-z0-9][a-z0-9_.-]{0,63}$'),
    description  text NOT NULL DEFAULT '' CHECK (length(description) <= 1000),
    connector    text NOT NULL,
    auth_method  text NOT NULL,
    origins      text[] NOT NULL CHECK (cardinality(origins) BETWEEN 1 AND 16),
    settings     jsonb NOT NULL DEFAULT '{}',
    policy       jsonb NOT NULL DEFAULT '{}',
    revealable   boolean NOT NULL DEFAULT false,
    state        text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'disabled')),
    version      bigint NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, name)
);
COMMENT ON COLUMN vault.service.version IS 'counts the changes of the credential; every sealed field is bound to it';
COMMENT ON COLUMN vault.service.origins IS 'bound into every sealed field with connector, auth_method and settings: changing one makes the secret useless';
ALTER TABLE vault.service ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON vault.service USING (workspace_id = workspace.current_id());

CREATE TABLE vault.sealed_field (
    workspace_id uuid NOT NULL,
    service_id   uuid NOT NULL,
    field        text NOT NULL,
    version      bigint NOT NULL,
    key_id       uuid NOT NULL,
    sealed       bytea NOT NULL,
    PRIMARY KEY (workspace_id, service_id, field),
    FOREIGN KEY (workspace_id, service_id) REFERENCES vault.service ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, key_id) REFERENCES vault.workspace_key
);
ALTER TABLE vault.sealed_field ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON vault.sealed_field USING (workspace_id = workspace.current_id());

-- What the last call told about a credential. May be lost: it is only a memory.
CREATE TABLE vault.last_call (
    workspace_id uuid NOT NULL,
    service_id   uuid NOT NULL,
    status       integer NOT NULL,
    valid        boolean,
    source       text NOT NULL CHECK (source IN ('passive', 'probe')),
    checked_at   timestamptz NOT NULL,
    rate_limits  jsonb NOT NULL DEFAULT '[]',
    retry_at     timestamptz,
    PRIMARY KEY (workspace_id, service_id),
    FOREIGN KEY (workspace_id, service_id) REFERENCES vault.service ON DELETE CASCADE
) WITH (fillfactor = 50);
ALTER TABLE vault.last_call ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON vault.last_call USING (workspace_id = workspace.current_id());

-- All that egress needs for one call, and its own check of the caller: one row when the credential is live and
-- of this workspace, none otherwise. Sealed values are in it only when the verdict is ok.
CREATE FUNCTION vault.open_service(credential_id uuid, credential_sha256 bytea, accepted_scopes text[],
                                   in_workspace uuid, service_name text)
    RETURNS TABLE (verdict text, service_id uuid, connector text, auth_method text, origins text[], settings text,
                   policy text, revealable boolean, version bigint, fields text[], sealed text[],
                   wrapped_keys text[], last_status integer, last_valid boolean, last_source text,
                   last_checked_at timestamptz, last_rate_limits text, last_retry_at timestamptz)
    -- plpgsql: its plans are kept, those of a function in plain SQL are made for every call (0.7 ms)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
        SELECT v.verdict, s.id, s.connector, s.auth_method, s.origins, s.settings::text, s.policy::text,
               s.revealable, s.version, f.fields, f.sealed, f.wrapped_keys, l.status, l.valid, l.source,
               l.checked_at, l.rate_limits::text, l.retry_at
          FROM auth.api_key k
          JOIN workspace.workspace w ON w.id = k.workspace_id
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
          LEFT JOIN vault.last_call l ON l.workspace_id = s.workspace_id AND l.service_id = s.id
         WHERE k.id = credential_id
           AND k.workspace_id = in_workspace
           AND k.secret_sha256 = credential_sha256
           AND k.disabled_at IS NULL
           AND (k.expires_at IS NULL OR k.expires_at > now())
           AND w.suspended_at IS NULL;
END
$$;
