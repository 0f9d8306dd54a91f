-- Decoys are services that nobody has a reason to use. echoed_at: since when the upstream is known to have sent the
-- credential back.
ALTER TABLE vault.service ADD COLUMN decoy boolean NOT NULL DEFAULT false;
ALTER TABLE vault.service ADD COLUMN echoed_at timestamptz;

-- What an administrator should look at.
CREATE TABLE vault.alert (
    workspace_id  uuid NOT NULL REFERENCES workspace.workspace ON DELETE CASCADE,
    id            uuid NOT NULL DEFAULT gen_random_uuid(),
    at            timestamptz NOT NULL DEFAULT clock_timestamp(),
    kind          text NOT NULL CHECK (kind IN ('credential_echoed', 'secret_in_request', 'secret_withheld',
                                                'decoy_used', 'decoy_value_seen')),
    service_id    uuid NOT NULL,
    service_name  text NOT NULL,
    credential_id uuid NOT NULL,
    detail        text NOT NULL DEFAULT '',
    PRIMARY KEY (workspace_id, id)
);
COMMENT ON COLUMN vault.alert.credential_id IS 'of the API key or grant that called';
CREATE INDEX alert_at ON vault.alert (workspace_id, at);
ALTER TABLE vault.alert ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON vault.alert USING (workspace_id = workspace.current_id());

-- What a credential's upstream still allows, as it last said, and who used it in this window.
CREATE TABLE vault.budget (
    workspace_id uuid NOT NULL,
    service_id   uuid NOT NULL,
    bucket       text NOT NULL,
    allowed      bigint,
    remaining    bigint NOT NULL,
    per_call     integer NOT NULL,
    reset_at     timestamptz NOT NULL,
    in_flight    integer NOT NULL DEFAULT 0,
    reserved_at  timestamptz,
    uses         jsonb NOT NULL DEFAULT '{}',
    former       text[] NOT NULL DEFAULT '{}',
    PRIMARY KEY (workspace_id, service_id, bucket),
    FOREIGN KEY (workspace_id, service_id) REFERENCES vault.service ON DELETE CASCADE
) WITH (fillfactor = 50);
COMMENT ON COLUMN vault.budget.in_flight IS 'calls that were let through and of which the upstream has not told yet';
COMMENT ON COLUMN vault.budget.uses IS 'how much each credential of ours used in this window';
COMMENT ON COLUMN vault.budget.former IS 'which credentials used it in the window before';
ALTER TABLE vault.budget ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON vault.budget USING (workspace_id = workspace.current_id());

-- Lets one more call through, or says which bucket is used up and until when. Fair: while others of this window or the
-- one before have not had their share, nobody gets more than a share of what is left.
CREATE FUNCTION vault.reserve_budgets(in_workspace uuid, in_service uuid, agent text,
                                      OUT bucket text, OUT reason text, OUT retry_at timestamptz)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    b        vault.budget;
    is_over  boolean;
    found_one boolean := false;
    used     jsonb;
    others   text[];
    need     bigint;
    left_    bigint;
    fair     bigint;
    owed     bigint;
BEGIN
    FOR b IN SELECT t.* FROM vault.budget t
              WHERE t.workspace_id = in_workspace AND t.service_id = in_service
              ORDER BY t.bucket FOR UPDATE
    LOOP
        is_over := b.reset_at <= clock_timestamp();
        CONTINUE WHEN is_over AND b.allowed IS NULL;
        found_one := true;
        need := greatest(b.per_call, 1);
        IF b.reserved_at < clock_timestamp() - interval '3 minutes' THEN b.in_flight := 0; END IF;
        left_ := CASE WHEN is_over THEN b.allowed ELSE b.remaining END - b.in_flight * b.per_call;
        IF left_ < need THEN
            bucket := b.bucket; reason := 'used_up'; retry_at := b.reset_at;
            IF is_over THEN retry_at := clock_timestamp() + interval '1 second'; END IF;
            RETURN;
        END IF;
        CONTINUE WHEN b.allowed IS NULL OR b.per_call = 0;
        used := CASE WHEN is_over THEN '{}' ELSE b.uses END;
        others := ARRAY(SELECT jsonb_object_keys(b.uses) UNION SELECT unnest(b.former) EXCEPT SELECT agent);
        fair := b.allowed / (cardinality(others) + 1);
        SELECT coalesce(sum(greatest(0, fair - coalesce((used ->> o)::bigint, 0))), 0) INTO owed FROM unnest(others) o;
        IF coalesce((used ->> agent)::bigint, 0) + need > fair AND left_ - need < owed THEN
            bucket := b.bucket; reason := 'share_used'; retry_at := b.reset_at;
            RETURN;
        END IF;
    END LOOP;
    IF NOT found_one THEN RETURN; END IF;
    -- A reservation that a crash forgets is made up for by what the upstream says next.
    PERFORM set_config('synchronous_commit', 'off', true);
    UPDATE vault.budget t
       SET in_flight = CASE WHEN t.reserved_at < clock_timestamp() - interval '3 minutes' THEN 1 ELSE t.in_flight + 1 END,
           reserved_at = clock_timestamp(),
           former = CASE WHEN o.is_over THEN ARRAY(SELECT jsonb_object_keys(t.uses)) ELSE t.former END,
           uses = CASE WHEN o.is_over THEN '{}' ELSE t.uses END || jsonb_build_object(agent,
                      t.per_call + CASE WHEN o.is_over THEN 0 ELSE coalesce((t.uses ->> agent)::bigint, 0) END),
           remaining = CASE WHEN o.is_over THEN t.allowed ELSE t.remaining END,
           reset_at = CASE WHEN o.is_over THEN clock_timestamp() + interval '1 minute' ELSE t.reset_at END
      FROM (SELECT k.bucket, k.reset_at <= clock_timestamp() AS is_over FROM vault.budget k
             WHERE k.workspace_id = in_workspace AND k.service_id = in_service) o
     WHERE t.workspace_id = in_workspace AND t.service_id = in_service AND t.bucket = o.bucket
       AND NOT (o.is_over AND t.allowed IS NULL);
END
$$;

-- Calls have ended: `ended` were let through, `sent` of them reached the upstream, which said `limits` last.
CREATE FUNCTION vault.settle_budgets(in_workspace uuid, in_service uuid, ended integer, sent integer, limits jsonb)
    RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    UPDATE vault.budget b
       SET in_flight = greatest(0, b.in_flight - ended),
           remaining = greatest(0, b.remaining - sent * b.per_call)
     WHERE b.workspace_id = in_workspace AND b.service_id = in_service;
    INSERT INTO vault.budget AS b (workspace_id, service_id, bucket, allowed, remaining, per_call, reset_at)
    SELECT in_workspace, in_service, l.bucket, l.allowed, l.remaining, l.per_call,
           -- an upstream that says nonsense stops its own service for a day at most
           least(coalesce(l.reset_at, clock_timestamp() + interval '1 minute'), clock_timestamp() + interval '1 day')
      FROM jsonb_to_recordset(limits) AS l (bucket text, allowed bigint, remaining bigint, per_call integer,
                                            reset_at timestamptz)
     WHERE EXISTS (SELECT FROM vault.service s WHERE s.workspace_id = in_workspace AND s.id = in_service)
        ON CONFLICT (workspace_id, service_id, bucket)
        DO UPDATE SET allowed = coalesce(excluded.allowed, b.allowed), remaining = excluded.remaining,
                      per_call = excluded.per_call, reset_at = excluded.reset_at;
END
$$;

-- Counts the changes of a workspace's secrets, so that whoever watches for them knows when to look again.
CREATE TABLE vault.watch (
    workspace_id uuid PRIMARY KEY REFERENCES workspace.workspace ON DELETE CASCADE,
    generation   bigint NOT NULL
);
ALTER TABLE vault.watch ENABLE ROW LEVEL SECURITY;
ALTER TABLE vault.sealed_field ADD COLUMN generation bigint NOT NULL DEFAULT 0;
ALTER TABLE vault.token ADD COLUMN generation bigint NOT NULL DEFAULT 0;
INSERT INTO vault.watch SELECT DISTINCT workspace_id, 1 FROM vault.sealed_field;
UPDATE vault.sealed_field SET generation = 1;
UPDATE vault.token SET generation = 1 WHERE access IS NOT NULL;

CREATE FUNCTION vault.count_secret() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO vault.watch AS w VALUES (NEW.workspace_id, 1)
        ON CONFLICT (workspace_id) DO UPDATE SET generation = w.generation + 1
    RETURNING generation INTO NEW.generation;
    RETURN NEW;
END
$$;
CREATE TRIGGER count_secret BEFORE INSERT OR UPDATE OF sealed ON vault.sealed_field
    FOR EACH ROW EXECUTE FUNCTION vault.count_secret();
CREATE TRIGGER count_secret BEFORE UPDATE OF access, refresh ON vault.token
    FOR EACH ROW EXECUTE FUNCTION vault.count_secret();

-- The secrets of a workspace that came after a generation, for who has a live credential in it.
CREATE FUNCTION vault.secrets_since(credential_id uuid, proof bytea, in_workspace uuid, known bigint)
    RETURNS TABLE (service_id uuid, connector text, auth_method text, origins text[], settings text, decoy boolean,
                   field text, version bigint, generation bigint, sealed bytea, wrapped_key bytea)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
        SELECT s.id, s.connector, s.auth_method, s.origins, s.settings::text, s.decoy, f.field, f.version,
               f.generation, f.sealed, k.wrapped_private_key
          FROM auth.live_credential(credential_id, proof) c
          JOIN (SELECT workspace_id, service_id, field, version, generation, key_id, sealed FROM vault.sealed_field
                 WHERE workspace_id = in_workspace AND generation > known
                 UNION ALL
                SELECT workspace_id, service_id, p.part, version, generation, key_id, p.sealed
                  FROM vault.token
                 CROSS JOIN LATERAL (VALUES ('token.access', access), ('token.refresh', refresh)) p (part, sealed)
                 WHERE workspace_id = in_workspace AND generation > known AND p.sealed IS NOT NULL) f
            ON f.workspace_id = c.workspace_id
          JOIN vault.service s ON s.workspace_id = f.workspace_id AND s.id = f.service_id
          JOIN vault.workspace_key k ON k.workspace_id = f.workspace_id AND k.id = f.key_id
         WHERE c.workspace_id = in_workspace
         ORDER BY f.generation;
END
$$;

-- What a call must know besides what vault.open_service says, in the same statement.
CREATE FUNCTION vault.guard_call(in_workspace uuid, in_service uuid, credential_id uuid, reserves boolean)
    RETURNS TABLE (decoy boolean, client_id text, watch_generation bigint, reserved boolean, budget_bucket text,
                   budget_reason text, budget_retry_at timestamptz)
    LANGUAGE plpgsql ROWS 1 SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    names_agents boolean;
    has_budget   boolean;
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
    reserved := false;
    IF has_budget AND reserves AND NOT decoy THEN
        SELECT r.bucket, r.reason, r.retry_at INTO budget_bucket, budget_reason, budget_retry_at
          FROM vault.reserve_budgets(in_workspace, in_service, credential_id::text) r;
        reserved := budget_bucket IS NULL;
    END IF;
    RETURN NEXT;
END
$$;

CREATE FUNCTION vault.raise_alert(credential_id uuid, in_workspace uuid, in_service uuid, kind text, detail text)
    RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
BEGIN
    IF kind = 'credential_echoed' THEN
        UPDATE vault.service s SET echoed_at = clock_timestamp()
         WHERE s.workspace_id = in_workspace AND s.id = in_service AND s.echoed_at IS NULL;
    END IF;
    INSERT INTO vault.alert (workspace_id, kind, service_id, service_name, credential_id, detail)
    SELECT s.workspace_id, kind, s.id, s.name, credential_id, left(detail, 500)
      FROM vault.service s
     WHERE s.workspace_id = in_workspace AND s.id = in_service
       AND NOT EXISTS (SELECT FROM vault.alert a  -- one a minute says enough
                        WHERE a.workspace_id = in_workspace AND a.at > clock_timestamp() - interval '1 minute'
                          AND a.kind = kind AND a.service_id = in_service
                          AND a.credential_id = raise_alert.credential_id);
END
$$;

-- Whoever touched a decoy is out at once: the API key is disabled, the grant revoked, the session ended. The proof keeps this to
-- credentials that were really presented.
CREATE FUNCTION vault.trip_decoy(credential_id uuid, proof bytea, in_workspace uuid, in_service uuid, kind text,
                                 detail text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
BEGIN
    IF NOT EXISTS (SELECT FROM auth.live_credential(credential_id, proof) c WHERE c.workspace_id = in_workspace)
        OR NOT EXISTS (SELECT FROM vault.service s
                        WHERE s.workspace_id = in_workspace AND s.id = in_service AND s.decoy)
    THEN
        RETURN false;
    END IF;
    UPDATE auth.api_key k SET disabled_at = clock_timestamp()
     WHERE k.workspace_id = in_workspace AND k.id = credential_id AND k.disabled_at IS NULL;
    UPDATE oauth.authorization a SET revoked_at = clock_timestamp()
     WHERE a.workspace_id = in_workspace AND a.id = credential_id AND a.revoked_at IS NULL;
    IF length(proof) = 33 THEN
        DELETE FROM account.login_session s WHERE s.sha256 = substr(proof, 2) AND s.user_id = credential_id;
    END IF;
    PERFORM vault.raise_alert(credential_id, in_workspace, in_service, kind, detail);
    RETURN true;
END
$$;

-- Keeps a secret that an upstream made: a service like the one whose call made it.
CREATE FUNCTION vault.keep_secret(credential_id uuid, proof bytea, in_workspace uuid, parent uuid, new_id uuid,
                                  new_name text, new_auth_method text, new_field text, with_key uuid,
                                  sealed_value bytea) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
BEGIN
    INSERT INTO vault.service (workspace_id, id, name, description, connector, auth_method, origins, settings, policy)
    SELECT s.workspace_id, new_id, new_name, 'Made by a call of ' || s.name, s.connector, new_auth_method, s.origins,
           s.settings, s.policy
      FROM auth.live_credential(credential_id, proof) c
      JOIN vault.service s ON s.workspace_id = c.workspace_id AND s.id = parent
     WHERE c.workspace_id = in_workspace;
    IF NOT FOUND THEN RETURN false; END IF;
    INSERT INTO vault.sealed_field (workspace_id, service_id, field, version, key_id, sealed)
    VALUES (in_workspace, new_id, new_field, 1, with_key, sealed_value);
    RETURN true;
END
$$;

-- By what the value of a decoy is known wherever it appears: digests of its forms. See redaction/fingerprints.hpp.
CREATE TABLE vault.decoy (
    workspace_id uuid NOT NULL,
    service_id   uuid NOT NULL,
    marks        text[] NOT NULL,
    PRIMARY KEY (workspace_id, service_id),
    FOREIGN KEY (workspace_id, service_id) REFERENCES vault.service ON DELETE CASCADE
);
ALTER TABLE vault.decoy ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON vault.decoy USING (workspace_id = workspace.current_id());

CREATE FUNCTION vault.notify_decoy() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_notify('gatehouse_decoy', '');
    RETURN NULL;
END
$$;
CREATE TRIGGER notify_decoy AFTER INSERT OR UPDATE OR DELETE ON vault.decoy
    FOR EACH STATEMENT EXECUTE FUNCTION vault.notify_decoy();

-- All decoys of all workspaces: digests of random values, which tell nothing.
CREATE FUNCTION vault.decoys() RETURNS TABLE (workspace_id uuid, service_id uuid, marks text[])
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    BEGIN ATOMIC
        SELECT d.workspace_id, d.service_id, d.marks FROM vault.decoy d;
    END;
