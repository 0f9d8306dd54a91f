-- A foreign key costs a look-up and a row lock for every line of the log, more than the line itself. The lines of a
-- workspace go with it all the same; what a process still writes for one that is gone goes by age.
ALTER TABLE audit.call DROP CONSTRAINT call_workspace_id_fkey;

CREATE FUNCTION audit.forget_workspace() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM audit.call WHERE workspace_id = OLD.id;
    RETURN NULL;
END
$$;

CREATE TRIGGER forget_audit
    AFTER DELETE ON workspace.workspace
    FOR EACH ROW EXECUTE FUNCTION audit.forget_workspace();
