-- Every process that keeps what it shows of services listens, and forgets.
CREATE FUNCTION vault.notify_service() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_notify('gatehouse_service', coalesce(NEW.workspace_id, OLD.workspace_id)::text);
    RETURN NULL;
END
$$;

CREATE TRIGGER notify_service
    AFTER INSERT OR DELETE OR UPDATE ON vault.service
    FOR EACH ROW EXECUTE FUNCTION vault.notify_service();
