-- Half a login ends with the password that began it.
CREATE FUNCTION account.end_pending_logins() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM account.pending_login WHERE user_id = NEW.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER end_pending_logins
    AFTER UPDATE OF password_hash ON account."user"
    FOR EACH ROW WHEN (OLD.password_hash IS DISTINCT FROM NEW.password_hash)
    EXECUTE FUNCTION account.end_pending_logins();
CREATE INDEX pending_login_user ON account.pending_login (user_id);

-- Whoever was in an account that its person takes back may have let clients in: all of them have to ask anew.
CREATE FUNCTION oauth.revoke_grants_of(owner uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM oauth.consent c WHERE c.user_id = owner;
    UPDATE oauth.authorization a SET revoked_at = now()
     WHERE a.user_id = owner AND a.revoked_at IS NULL AND a.grant_type = 'authorization_code';
END
$$;
