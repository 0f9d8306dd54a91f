-- What a person let clients do, for that person: in one workspace when it is named, as a credential of that workspace
-- sees no further.
DROP FUNCTION oauth.grants_of(uuid);
CREATE FUNCTION oauth.grants_of(owner uuid, in_workspace uuid)
    RETURNS TABLE (id uuid, workspace_id uuid, slug text, client_id text, client_name text, origin text,
                   registered_by text, scopes text[], resource text, created_at double precision,
                   expires_at double precision)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    BEGIN ATOMIC
        SELECT a.id, a.workspace_id, w.slug, c.client_id, c.name, c.origin, c.registered_by, a.scopes, a.resource,
               extract(epoch FROM a.created_at)::double precision, extract(epoch FROM a.expires_at)::double precision
          FROM oauth.authorization a
          JOIN oauth.client c ON c.id = a.client
          JOIN workspace.workspace w ON w.id = a.workspace_id
         WHERE a.user_id = owner AND a.revoked_at IS NULL AND a.expires_at > now()
           AND (in_workspace IS NULL OR a.workspace_id = in_workspace)
         ORDER BY a.created_at DESC, a.id
         LIMIT 1000;
    END;

-- Shuts the client of a grant out of the grant's workspace, for this person: every grant that it has from them there
-- ends, and every consent behind one, or the next request would bring back what was taken.
DROP FUNCTION oauth.revoke_grant(uuid, uuid);
CREATE FUNCTION oauth.revoke_grant(owner uuid, grant_id uuid, in_workspace uuid) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    BEGIN ATOMIC
        WITH named AS (
            SELECT a.client, a.workspace_id
              FROM oauth.authorization a
             WHERE a.id = grant_id AND a.user_id = owner AND a.revoked_at IS NULL
               AND (in_workspace IS NULL OR a.workspace_id = in_workspace)
        ), ended AS (
            UPDATE oauth.authorization a SET revoked_at = now()
              FROM named n
             WHERE a.user_id = owner AND a.client = n.client AND a.workspace_id = n.workspace_id
               AND a.revoked_at IS NULL
        ), forgotten AS (
            DELETE FROM oauth.consent c USING named n
             WHERE c.user_id = owner AND c.client = n.client AND c.workspace_id = n.workspace_id
        )
        SELECT EXISTS (SELECT FROM named);
    END;
