-- Some upstreams count different calls in different buckets and name the bucket in their answers. A named bucket bounds
-- the calls that are known to belong to it; every other one bounds all calls of the service.
ALTER TABLE vault.budget ADD COLUMN named boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN vault.budget.named IS 'whether it bounds those calls alone that belong to it';

DROP FUNCTION vault.lease_budgets(uuid, uuid, text, integer);
DROP FUNCTION vault.settle_budgets(uuid, uuid, integer, integer, jsonb, jsonb);

-- As before, of the buckets that bound a call in `own`, which is empty when its bucket is not known.
CREATE FUNCTION vault.lease_budgets(in_workspace uuid, in_service uuid, agent text, wanted integer,
                                    own_bucket text DEFAULT '',
                                    OUT granted integer, OUT counted boolean, OUT bucket text, OUT reason text,
                                    OUT retry_at timestamptz)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    moment    timestamptz := clock_timestamp();
    b         vault.budget;
    is_over   boolean;
    under_way integer;
    used      jsonb;
    others    text[];
    need      bigint;
    own       bigint;
    left_     bigint;
    fair      bigint;
    owed      bigint;
BEGIN
    granted := wanted;
    counted := false;
    FOR b IN SELECT t.* FROM vault.budget t
              WHERE t.workspace_id = in_workspace AND t.service_id = in_service
                AND (NOT t.named OR t.bucket = own_bucket)
              ORDER BY t.bucket FOR UPDATE
    LOOP
        is_over := b.reset_at <= moment;
        CONTINUE WHEN is_over AND b.allowed IS NULL;
        counted := true;
        need := greatest(b.per_call, 1);
        under_way := CASE WHEN is_over OR b.counted_since < moment - interval '3 minutes' THEN 0 ELSE b.in_flight END;
        left_ := CASE WHEN is_over THEN b.allowed ELSE b.remaining END - under_way * b.per_call;
        IF left_ < need THEN
            granted := 0; counted := false; bucket := b.bucket; reason := 'used_up';
            retry_at := CASE WHEN is_over THEN moment + interval '1 second' ELSE b.reset_at END;
            RETURN;
        END IF;
        granted := least(granted, greatest(1, left_ / need / 8));
        CONTINUE WHEN b.allowed IS NULL OR b.per_call = 0;
        used := CASE WHEN is_over THEN '{}' ELSE b.uses END;
        own := coalesce((used ->> agent)::bigint, 0);
        others := ARRAY(SELECT jsonb_object_keys(b.uses) UNION SELECT unnest(b.former) EXCEPT SELECT agent);
        fair := b.allowed / (cardinality(others) + 1);
        SELECT coalesce(sum(greatest(0, fair - coalesce((used ->> o)::bigint, 0))), 0) INTO owed FROM unnest(others) o;
        IF own + need > fair AND left_ - need < owed THEN
            granted := 0; counted := false; bucket := b.bucket; reason := 'share_used'; retry_at := b.reset_at;
            RETURN;
        END IF;
        granted := least(granted, greatest(1, (fair - own) / need, (left_ - owed) / need));
    END LOOP;
    IF NOT counted THEN RETURN; END IF;
    -- A lease that a crash forgets is made up for by what the upstream says next.
    PERFORM set_config('synchronous_commit', 'off', true);
    UPDATE vault.budget t
       SET in_flight = granted + CASE WHEN o.is_anew THEN 0 ELSE t.in_flight END,
           counted_since = CASE WHEN o.is_anew THEN moment ELSE coalesce(t.counted_since, moment) END,
           former = CASE WHEN o.is_over THEN ARRAY(SELECT jsonb_object_keys(t.uses)) ELSE t.former END,
           uses = CASE WHEN o.is_over THEN '{}' ELSE t.uses END || jsonb_build_object(agent,
                      granted * t.per_call + CASE WHEN o.is_over THEN 0
                                                  ELSE coalesce((t.uses ->> agent)::bigint, 0) END),
           remaining = CASE WHEN o.is_over THEN t.allowed ELSE t.remaining END,
           reset_at = CASE WHEN o.is_over THEN moment + interval '1 minute' ELSE t.reset_at END
      FROM (SELECT k.bucket, k.reset_at <= moment AS is_over,
                   k.reset_at <= moment OR k.counted_since < moment - interval '3 minutes' AS is_anew
              FROM vault.budget k
             WHERE k.workspace_id = in_workspace AND k.service_id = in_service
               AND (NOT k.named OR k.bucket = own_bucket)) o
     WHERE t.workspace_id = in_workspace AND t.service_id = in_service AND t.bucket = o.bucket
       AND NOT (o.is_over AND t.allowed IS NULL);
END
$$;

-- As before, of calls in one bucket. An upstream that makes names up gets 64 of them, and those that are long over go.
CREATE FUNCTION vault.settle_budgets(in_workspace uuid, in_service uuid, ended integer, sent integer, unused jsonb,
                                     limits jsonb, own_bucket text DEFAULT '') RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    moment timestamptz := clock_timestamp();
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    UPDATE vault.budget b
       SET in_flight = greatest(0, b.in_flight - ended),
           remaining = CASE WHEN limits @> jsonb_build_array(jsonb_build_object('bucket', b.bucket)) THEN b.remaining
                            ELSE greatest(0, b.remaining - sent * b.per_call) END,
           uses = b.uses || (SELECT coalesce(jsonb_object_agg(u.key, greatest(0, (b.uses ->> u.key)::bigint
                                                                                 - u.value::bigint * b.per_call)), '{}')
                               FROM jsonb_each_text(unused) u WHERE b.uses ? u.key)
     WHERE b.workspace_id = in_workspace AND b.service_id = in_service AND (NOT b.named OR b.bucket = own_bucket);
    DELETE FROM vault.budget b
     WHERE b.workspace_id = in_workspace AND b.service_id = in_service
       AND b.named AND b.reset_at < moment - interval '1 hour';
    INSERT INTO vault.budget AS b (workspace_id, service_id, bucket, allowed, remaining, per_call, reset_at, named)
    SELECT in_workspace, in_service, l.bucket,
           CASE WHEN l.allowed IS NOT NULL THEN least(greatest(l.allowed, 0), most.calls) END,
           least(greatest(l.remaining, 0), most.calls), l.per_call,
           -- an upstream that says nonsense stops its own service for a day at most
           least(coalesce(l.reset_at, moment + interval '1 minute'), moment + interval '1 day'), l.named
      FROM jsonb_to_recordset(limits) AS l (bucket text, allowed bigint, remaining bigint, per_call integer,
                                            reset_at timestamptz, named boolean)
     CROSS JOIN (VALUES (1000000000000)) AS most (calls)
     CROSS JOIN (SELECT array_agg(k.bucket) AS names FROM vault.budget k
                  WHERE k.workspace_id = in_workspace AND k.service_id = in_service AND k.named) AS known
     WHERE EXISTS (SELECT FROM vault.service s WHERE s.workspace_id = in_workspace AND s.id = in_service)
       AND (NOT l.named OR l.bucket = ANY (known.names) OR coalesce(cardinality(known.names), 0) < 64)
     ORDER BY l.bucket
        ON CONFLICT (workspace_id, service_id, bucket)
        DO UPDATE SET allowed = coalesce(excluded.allowed, b.allowed),
                      remaining = CASE WHEN b.reset_at > moment
                                        AND excluded.reset_at BETWEEN b.reset_at - interval '2 seconds'
                                                                  AND b.reset_at + interval '2 seconds'
                                       THEN least(b.remaining, excluded.remaining) ELSE excluded.remaining END,
                      per_call = excluded.per_call, reset_at = excluded.reset_at, named = excluded.named;
END
$$;
