-- What is still sealed with an older key pair of its workspace, for egress to seal anew.
CREATE FUNCTION vault.fields_to_reseal(most integer)
    RETURNS TABLE (workspace_id uuid, service_id uuid, connector text, auth_method text, origins text[], settings text,
                   field text, version bigint, sealed bytea, wrapped_key bytea, new_key_id uuid, new_public_key bytea)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
        SELECT f.workspace_id, f.service_id, s.connector, s.auth_method, s.origins, s.settings::text, f.field,
               f.version, f.sealed, k.wrapped_private_key, n.id, n.public_key
          FROM vault.sealed_field f
          JOIN vault.service s ON s.workspace_id = f.workspace_id AND s.id = f.service_id
          JOIN vault.workspace_key k ON k.workspace_id = f.workspace_id AND k.id = f.key_id
         CROSS JOIN LATERAL (SELECT p.id, p.public_key FROM vault.workspace_key p
                              WHERE p.workspace_id = f.workspace_id ORDER BY p.id DESC LIMIT 1) n
         WHERE n.id <> f.key_id
         LIMIT most;
END
$$;

-- Only if nobody changed it meanwhile.
CREATE FUNCTION vault.reseal_field(in_workspace uuid, in_service uuid, in_field text, from_sealed bytea, to_key uuid,
                                   to_sealed bytea) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE vault.sealed_field f SET key_id = to_key, sealed = to_sealed
     WHERE f.workspace_id = in_workspace AND f.service_id = in_service AND f.field = in_field AND f.sealed = from_sealed;
    RETURN FOUND;
END
$$;

-- The same of tokens, whose two parts name one key.
CREATE FUNCTION vault.tokens_to_reseal(most integer)
    RETURNS TABLE (workspace_id uuid, service_id uuid, connector text, auth_method text, origins text[], settings text,
                   version bigint, access bytea, refresh bytea, wrapped_key bytea, new_key_id uuid, new_public_key bytea)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
        SELECT t.workspace_id, t.service_id, s.connector, s.auth_method, s.origins, s.settings::text, t.version,
               t.access, t.refresh, k.wrapped_private_key, n.id, n.public_key
          FROM vault.token t
          JOIN vault.service s ON s.workspace_id = t.workspace_id AND s.id = t.service_id
          JOIN vault.workspace_key k ON k.workspace_id = t.workspace_id AND k.id = t.key_id
         CROSS JOIN LATERAL (SELECT p.id, p.public_key FROM vault.workspace_key p
                              WHERE p.workspace_id = t.workspace_id ORDER BY p.id DESC LIMIT 1) n
         WHERE n.id <> t.key_id
         LIMIT most;
END
$$;

-- Only if the tokens are still those: a renewal that committed meanwhile has sealed its own.
CREATE FUNCTION vault.reseal_token(in_workspace uuid, in_service uuid, from_version bigint, from_access bytea,
                                   from_refresh bytea, to_key uuid, to_access bytea, to_refresh bytea) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE vault.token t SET key_id = to_key, access = to_access, refresh = to_refresh
     WHERE t.workspace_id = in_workspace AND t.service_id = in_service AND t.version = from_version
       AND t.access IS NOT DISTINCT FROM from_access AND t.refresh IS NOT DISTINCT FROM from_refresh;
    RETURN FOUND;
END
$$;
CREATE INDEX token_key ON vault.token (workspace_id, key_id);

-- Older key pairs with which nothing is sealed any more, some time after the newest was made: whoever was sealing
-- with the older one has finished.
CREATE FUNCTION vault.drop_unused_keys(older_than interval) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    dropped integer;
BEGIN
    DELETE FROM vault.workspace_key k
     WHERE EXISTS (SELECT FROM vault.workspace_key n
                    WHERE n.workspace_id = k.workspace_id AND n.id > k.id AND n.created_at <= now() - older_than)
       AND NOT EXISTS (SELECT FROM vault.sealed_field f WHERE f.workspace_id = k.workspace_id AND f.key_id = k.id)
       AND NOT EXISTS (SELECT FROM vault.token t WHERE t.workspace_id = k.workspace_id AND t.key_id = k.id);
    GET DIAGNOSTICS dropped = ROW_COUNT;
    RETURN dropped;
END
$$;
CREATE INDEX sealed_field_key ON vault.sealed_field (workspace_id, key_id);

CREATE FUNCTION vault.notify_key() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_notify('gatehouse_vault_key', '');
    RETURN NULL;
END
$$;
CREATE TRIGGER notify_key AFTER INSERT ON vault.workspace_key
    FOR EACH STATEMENT EXECUTE FUNCTION vault.notify_key();

-- A workspace is deleted with its keys and what they seal: looked at when all of it is gone.
ALTER TABLE vault.sealed_field ALTER CONSTRAINT sealed_field_workspace_id_key_id_fkey DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE vault.token ALTER CONSTRAINT token_workspace_id_key_id_fkey DEFERRABLE INITIALLY DEFERRED;
