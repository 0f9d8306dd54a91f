-- Services are resources of the MCP endpoint: whoever changes one, clients that listen hear of it.
CREATE FUNCTION mcp.publish_service_change() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        PERFORM mcp.publish_change_in(NEW.workspace_id, 'resource', 'gatehouse://services/' || NEW.name);
    ELSE
        PERFORM mcp.publish_change_in(coalesce(NEW.workspace_id, OLD.workspace_id), 'resources', NULL);
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER publish_change
    AFTER INSERT OR DELETE OR UPDATE OF description, revealable, state, version ON vault.service
    FOR EACH ROW EXECUTE FUNCTION mcp.publish_service_change();
