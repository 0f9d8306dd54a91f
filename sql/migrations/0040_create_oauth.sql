CREATE SCHEMA oauth;

-- Who may ask for authorization. client_id is what goes over the wire: 'cli_...' for registered clients,
-- the https URL itself for a client id metadata document.
CREATE TABLE oauth.client (
    id                         uuid PRIMARY KEY,
    client_id                  text NOT NULL UNIQUE CHECK (length(client_id) BETWEEN 8 AND 2048),
    origin                     text NOT NULL CHECK (origin IN ('dynamic', 'manual', 'metadata_document')),
    name                       text NOT NULL CHECK (length(name) <= 200),
    redirect_uris              text[] NOT NULL CHECK (cardinality(redirect_uris) <= 10),
    grant_types                text[] NOT NULL,
    token_endpoint_auth_method text NOT NULL
        CHECK (token_endpoint_auth_method IN ('none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt')),
    secret_sha256              bytea CHECK (length(secret_sha256) = 32),
    jwks                       jsonb,
    metadata                   jsonb NOT NULL DEFAULT '{}',
    metadata_sha256            bytea CHECK (length(metadata_sha256) = 32),
    registration_token_sha256  bytea CHECK (length(registration_token_sha256) = 32),
    -- A manual client may act for one workspace by itself (client credentials), as its service user.
    workspace_id               uuid REFERENCES workspace.workspace ON DELETE CASCADE,
    user_id                    uuid REFERENCES account."user" ON DELETE CASCADE,
    scopes                     text[] NOT NULL DEFAULT '{}',
    created_at                 timestamptz NOT NULL DEFAULT now(),
    authorized_at              timestamptz,
    fetched_at                 timestamptz,
    fresh_until                timestamptz,
    disabled_at                timestamptz
);
CREATE INDEX client_metadata ON oauth.client (metadata_sha256) WHERE origin = 'dynamic';
CREATE INDEX client_never_authorized ON oauth.client (created_at) WHERE authorized_at IS NULL AND origin = 'dynamic';

-- What a user, or for client credentials the operator, let a client do: a grant.
CREATE TABLE oauth.authorization (
    id           uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspace.workspace ON DELETE CASCADE,
    user_id      uuid NOT NULL REFERENCES account."user" ON DELETE CASCADE,
    client       uuid NOT NULL REFERENCES oauth.client ON DELETE CASCADE,
    scopes       text[] NOT NULL,
    resource     text NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz NOT NULL,
    revoked_at   timestamptz
);
CREATE INDEX authorization_user ON oauth.authorization (user_id);
CREATE INDEX authorization_client ON oauth.authorization (client);
CREATE INDEX authorization_workspace ON oauth.authorization (workspace_id);
CREATE INDEX authorization_expires ON oauth.authorization (expires_at);

CREATE TABLE oauth.authorization_code (
    sha256           bytea PRIMARY KEY CHECK (length(sha256) = 32),
    authorization_id uuid NOT NULL REFERENCES oauth.authorization ON DELETE CASCADE,
    redirect_uri     text NOT NULL,
    code_challenge   text NOT NULL CHECK (length(code_challenge) = 43),
    expires_at       timestamptz NOT NULL,
    used_at          timestamptz
);
CREATE INDEX authorization_code_expires ON oauth.authorization_code (expires_at);
CREATE INDEX authorization_code_authorization ON oauth.authorization_code (authorization_id);

-- The newest refresh token of a grant and the one before it. A successor is derived from its predecessor
-- under a server key, so the same one can be handed out again during the grace without being stored.
CREATE TABLE oauth.refresh_token (
    authorization_id uuid PRIMARY KEY REFERENCES oauth.authorization ON DELETE CASCADE,
    current_sha256   bytea NOT NULL UNIQUE CHECK (length(current_sha256) = 32),
    previous_sha256  bytea CHECK (length(previous_sha256) = 32),
    generation       bigint NOT NULL DEFAULT 0,
    rotated_at       timestamptz NOT NULL DEFAULT now(),
    expires_at       timestamptz NOT NULL
);

CREATE TABLE oauth.signing_key (
    kid         text PRIMARY KEY,
    algorithm   text NOT NULL CHECK (algorithm IN ('ES256', 'RS256')),
    public_jwk  jsonb NOT NULL,
    sealed      bytea NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    signs_from  timestamptz NOT NULL,
    retires_at  timestamptz NOT NULL
);
