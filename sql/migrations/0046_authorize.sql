-- What a client asked a person for (RFC 6749 section 4.1.1): bound to one browser, decided once, within ten minutes.
CREATE TABLE oauth.authorization_request (
    id             uuid PRIMARY KEY,
    browser_sha256 bytea NOT NULL CHECK (length(browser_sha256) = 32),
    client         uuid NOT NULL REFERENCES oauth.client ON DELETE CASCADE,
    redirect_uri   text NOT NULL CHECK (length(redirect_uri) <= 2048),
    state          text,
    scopes         text[] NOT NULL,
    resource       text NOT NULL,
    code_challenge text NOT NULL CHECK (length(code_challenge) = 43),
    prompts        text[] NOT NULL,
    created_at     timestamptz NOT NULL DEFAULT now(),
    expires_at     timestamptz NOT NULL DEFAULT now() + interval '10 minutes',
    decided_at     timestamptz
);
CREATE INDEX authorization_request_client ON oauth.authorization_request (client);
CREATE INDEX authorization_request_expires ON oauth.authorization_request (expires_at);

-- What a person agreed to, and to whom: the digest is of what identified the client then.
CREATE TABLE oauth.consent (
    user_id         uuid NOT NULL REFERENCES account."user" ON DELETE CASCADE,
    client          uuid NOT NULL REFERENCES oauth.client ON DELETE CASCADE,
    workspace_id    uuid NOT NULL REFERENCES workspace.workspace ON DELETE CASCADE,
    resource        text NOT NULL,
    scopes          text[] NOT NULL,
    identity_sha256 bytea NOT NULL CHECK (length(identity_sha256) = 32),
    granted_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, client, workspace_id, resource)
);
CREATE INDEX consent_client ON oauth.consent (client);
CREATE INDEX consent_workspace ON oauth.consent (workspace_id);

CREATE POLICY metadata_document ON oauth.client TO gatehouse_oauth_authorize
    USING (origin = 'metadata_document') WITH CHECK (origin = 'metadata_document');

-- The workspaces a person may let a client into, and those that stand in the way.
CREATE FUNCTION oauth.workspaces_of(asking uuid)
    RETURNS TABLE (id uuid, slug text, name text, role text, mcp_enabled boolean, suspended boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    BEGIN ATOMIC
        SELECT w.id, w.slug, w.name, m.role, w.mcp_enabled, w.suspended_at IS NOT NULL
          FROM workspace.member m
          JOIN workspace.workspace w ON w.id = m.workspace_id
         WHERE m.user_id = asking
         ORDER BY w.name, w.slug;
    END;

-- Once a day is enough to keep a client from being forgotten.
CREATE FUNCTION oauth.note_authorization(of_client uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    BEGIN ATOMIC
        UPDATE oauth.client SET authorized_at = now()
         WHERE id = of_client AND (authorized_at IS NULL OR authorized_at < now() - interval '1 day');
    END;

CREATE FUNCTION oauth.delete_expired_requests(most integer) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    BEGIN ATOMIC
        WITH gone AS (DELETE FROM oauth.authorization_request
                       WHERE ctid = ANY (ARRAY(SELECT ctid FROM oauth.authorization_request
                                                WHERE expires_at < now() LIMIT most))
                      RETURNING 1)
        SELECT count(*) FROM gone;
    END;

-- What a person let clients do, for that person.
CREATE FUNCTION oauth.grants_of(owner uuid)
    RETURNS TABLE (id uuid, workspace_id uuid, slug text, client_id text, client_name text, origin text, scopes text[],
                   resource text, created_at double precision, expires_at double precision)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    BEGIN ATOMIC
        SELECT a.id, a.workspace_id, w.slug, c.client_id, c.name, c.origin, a.scopes, a.resource,
               extract(epoch FROM a.created_at)::double precision, extract(epoch FROM a.expires_at)::double precision
          FROM oauth.authorization a
          JOIN oauth.client c ON c.id = a.client
          JOIN workspace.workspace w ON w.id = a.workspace_id
         WHERE a.user_id = owner AND a.revoked_at IS NULL AND a.expires_at > now()
         ORDER BY a.created_at DESC, a.id
         LIMIT 1000;
    END;

-- Ends a grant of this person, and the consent behind it: the client has to ask anew.
CREATE FUNCTION oauth.revoke_grant(owner uuid, grant_id uuid) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    BEGIN ATOMIC
        WITH ended AS (
            UPDATE oauth.authorization SET revoked_at = now()
             WHERE id = grant_id AND user_id = owner AND revoked_at IS NULL
            RETURNING client, workspace_id, resource
        ), forgotten AS (
            DELETE FROM oauth.consent c USING ended e
             WHERE c.user_id = owner AND c.client = e.client AND c.workspace_id = e.workspace_id
               AND c.resource = e.resource
        )
        SELECT EXISTS (SELECT FROM ended);
    END;

-- A client that acts for a workspace by itself does so as a user of its own, a plain member.
CREATE FUNCTION oauth.add_service_user(of_client uuid, new_user uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    BEGIN ATOMIC
        INSERT INTO account."user" (id, email, name)
        SELECT new_user, of_client::text || '@clients.invalid', 'Client ' || of_client::text;
        INSERT INTO workspace.member (workspace_id, user_id, role)
        SELECT workspace.current_id(), new_user, 'member';
    END;

CREATE FUNCTION oauth.remove_service_user() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM account."user" WHERE id = OLD.user_id AND email = OLD.id::text || '@clients.invalid';
    RETURN NULL;
END
$$;
CREATE TRIGGER remove_service_user
    AFTER DELETE ON oauth.client
    FOR EACH ROW WHEN (OLD.user_id IS NOT NULL) EXECUTE FUNCTION oauth.remove_service_user();
