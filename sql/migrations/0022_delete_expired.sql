-- What outlives its use, a bounded number of rows at a time. The worker may run these and see no row itself.
CREATE FUNCTION tool.delete_expired(most integer) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    BEGIN ATOMIC
        WITH gone AS (DELETE FROM tool.idempotency
                       WHERE ctid = ANY (ARRAY(SELECT ctid FROM tool.idempotency
                                                WHERE started_at < now() - interval '24 hours' LIMIT most))
                      RETURNING 1)
        SELECT count(*) FROM gone;
    END;

CREATE FUNCTION audit.delete_expired(most integer) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    BEGIN ATOMIC
        WITH gone AS (DELETE FROM audit.call
                       WHERE ctid = ANY (ARRAY(SELECT ctid FROM audit.call
                                                WHERE at < now() - interval '400 days' LIMIT most))
                      RETURNING 1)
        SELECT count(*) FROM gone;
    END;

CREATE FUNCTION mcp.delete_expired(most integer) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    expired record;
    deleted bigint := 0;
    removed bigint;
BEGIN
    FOR expired IN
        SELECT * FROM (VALUES ('event', interval '1 hour'), ('client_request', interval '1 hour'),
                              ('change', interval '1 day'), ('subscription', interval '31 days'),
                              ('session', interval '31 days')) AS limits (name, age)
    LOOP
        EXECUTE format('DELETE FROM mcp.%1$I WHERE ctid = ANY (ARRAY('
                       'SELECT ctid FROM mcp.%1$I WHERE created_at < now() - $1 LIMIT $2))', expired.name)
          USING expired.age, most;
        GET DIAGNOSTICS removed = ROW_COUNT;
        deleted := deleted + removed;
    END LOOP;
    RETURN deleted;
END
$$;

DO $$
DECLARE
    policy record;
BEGIN
    FOR policy IN SELECT * FROM pg_policies WHERE policyname = 'retention' AND schemaname IN ('tool', 'audit', 'mcp') LOOP
        EXECUTE format('DROP POLICY retention ON %I.%I', policy.schemaname, policy.tablename);
    END LOOP;
END
$$;
