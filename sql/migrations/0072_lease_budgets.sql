-- egress remembers for a second what a caller may use, and lets calls through without asking for each. What it remembers
-- is forgotten at once when a credential is taken back or a service changes (gatehouse_credential, gatehouse_service), and
-- when a secret, a key that wraps one, or the first word of an upstream's limits is written.
CREATE FUNCTION vault.notify_secret() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_notify('gatehouse_secret', '');
    RETURN NULL;
END
$$;
CREATE TRIGGER notify_secret AFTER INSERT OR UPDATE ON vault.watch
    FOR EACH STATEMENT EXECUTE FUNCTION vault.notify_secret();

CREATE FUNCTION vault.notify_budget() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_notify('gatehouse_budget', '');
    RETURN NULL;
END
$$;
CREATE TRIGGER notify_budget AFTER INSERT ON vault.budget
    FOR EACH ROW EXECUTE FUNCTION vault.notify_budget();

DROP TRIGGER notify_key ON vault.workspace_key;
CREATE TRIGGER notify_key AFTER INSERT OR UPDATE ON vault.workspace_key
    FOR EACH STATEMENT EXECUTE FUNCTION vault.notify_key();

COMMENT ON COLUMN vault.budget.in_flight IS 'calls that may be made and of which the upstream has not told yet';
ALTER TABLE vault.budget RENAME COLUMN reserved_at TO counted_since;
COMMENT ON COLUMN vault.budget.counted_since IS 'in_flight is counted anew every three minutes: a process that died never settles';

DROP FUNCTION vault.guard_call(uuid, uuid, uuid, boolean);
DROP FUNCTION vault.reserve_budgets(uuid, uuid, text);
DROP FUNCTION vault.settle_budgets(uuid, uuid, integer, integer, jsonb);

-- What a call must know besides what vault.open_service says, in the same statement.
CREATE FUNCTION vault.guard_call(in_workspace uuid, in_service uuid, credential_id uuid)
    RETURNS TABLE (decoy boolean, client_id text, watch_generation bigint, has_budget boolean)
    LANGUAGE plpgsql STABLE ROWS 1 SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    names_agents boolean;
BEGIN
    SELECT s.decoy, s.policy ? 'agents', coalesce(w.generation, 0),
           EXISTS (SELECT FROM vault.budget b WHERE b.workspace_id = in_workspace AND b.service_id = in_service)
      INTO decoy, names_agents, watch_generation, has_budget
      FROM vault.service s
      LEFT JOIN vault.watch w ON w.workspace_id = s.workspace_id
     WHERE s.workspace_id = in_workspace AND s.id = in_service;
    IF names_agents THEN
        SELECT c.client_id INTO client_id
          FROM oauth.authorization a JOIN oauth.client c ON c.id = a.client
         WHERE a.id = credential_id;
    END IF;
    RETURN NEXT;
END
$$;

-- Lets up to `wanted` calls through, or says which bucket is used up and until when. Nobody gets more than an eighth of
-- what is left at once, so that other processes find some. Fair: while others of this window or the one before have not
-- had their share, nobody gets more than a share of what is left. `counted`: the calls must be settled.
CREATE FUNCTION vault.lease_budgets(in_workspace uuid, in_service uuid, agent text, wanted integer,
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
             WHERE k.workspace_id = in_workspace AND k.service_id = in_service) o
     WHERE t.workspace_id = in_workspace AND t.service_id = in_service AND t.bucket = o.bucket
       AND NOT (o.is_over AND t.allowed IS NULL);
END
$$;

-- Calls have ended: `ended` had been let through, `sent` of them reached the upstream, which said `limits` last;
-- `unused` ones, by agent, were never made. Answers overtake each other: of one window the least that was said counts.
CREATE FUNCTION vault.settle_budgets(in_workspace uuid, in_service uuid, ended integer, sent integer, unused jsonb,
                                     limits jsonb) RETURNS void
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
     WHERE b.workspace_id = in_workspace AND b.service_id = in_service;
    INSERT INTO vault.budget AS b (workspace_id, service_id, bucket, allowed, remaining, per_call, reset_at)
    SELECT in_workspace, in_service, l.bucket,
           CASE WHEN l.allowed IS NOT NULL THEN least(greatest(l.allowed, 0), most.calls) END,
           least(greatest(l.remaining, 0), most.calls), l.per_call,
           -- an upstream that says nonsense stops its own service for a day at most
           least(coalesce(l.reset_at, moment + interval '1 minute'), moment + interval '1 day')
      FROM jsonb_to_recordset(limits) AS l (bucket text, allowed bigint, remaining bigint, per_call integer,
                                            reset_at timestamptz)
     CROSS JOIN (VALUES (1000000000000)) AS most (calls)
     WHERE EXISTS (SELECT FROM vault.service s WHERE s.workspace_id = in_workspace AND s.id = in_service)
     ORDER BY l.bucket
        ON CONFLICT (workspace_id, service_id, bucket)
        DO UPDATE SET allowed = coalesce(excluded.allowed, b.allowed),
                      remaining = CASE WHEN b.reset_at > moment
                                        AND excluded.reset_at BETWEEN b.reset_at - interval '2 seconds'
                                                                  AND b.reset_at + interval '2 seconds'
                                       THEN least(b.remaining, excluded.remaining) ELSE excluded.remaining END,
                      per_call = excluded.per_call, reset_at = excluded.reset_at;
END
$$;
