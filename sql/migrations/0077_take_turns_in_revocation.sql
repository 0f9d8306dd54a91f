-- With the connector: the worker asks one provider after the other, and none that keeps it waiting twice. Of each
-- connector the longest due comes first.
DROP FUNCTION vault.due_revocations(integer);
CREATE FUNCTION vault.due_revocations(most integer)
    RETURNS TABLE (workspace_id uuid, service_id uuid, connector text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    BEGIN ATOMIC
        SELECT d.workspace_id, d.service_id, d.connector
          FROM (SELECT r.workspace_id, r.service_id, s.connector, r.retry_at,
                       row_number() OVER (PARTITION BY s.connector ORDER BY r.retry_at) AS turn
                  FROM vault.revocation r
                  JOIN vault.service s ON s.workspace_id = r.workspace_id AND s.id = r.service_id
                 WHERE r.ended_at IS NULL AND r.retry_at <= now()) d
         ORDER BY d.turn, d.retry_at
         LIMIT most;
    END;
