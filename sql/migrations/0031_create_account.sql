-- What a mail tells is decided when it is sent: a request for a code leaves the same row whether the address is known
-- or not, and no code waits in the table.
CREATE TABLE account.mail (
    id          uuid PRIMARY KEY,
    kind        text NOT NULL CHECK (kind IN ('activate', 'reset_password', 'password_changed',
                                              'two_factor_enabled', 'two_factor_disabled', 'identity_linked')),
    recipient   text NOT NULL CHECK (length(recipient) <= 254 AND recipient !~ '[[:cntrl:][:space:]<>,;]'),
    created_at  timestamptz NOT NULL DEFAULT now(),
    next_try_at timestamptz NOT NULL DEFAULT now(),
    attempts    integer NOT NULL DEFAULT 0,
    ended_at    timestamptz,
    outcome     text CHECK (outcome IN ('sent', 'nobody', 'failed'))
);
CREATE INDEX mail_due ON account.mail (next_try_at) WHERE ended_at IS NULL;
CREATE INDEX mail_ended ON account.mail (ended_at);
CREATE INDEX mail_recipient ON account.mail (lower(recipient), created_at);

-- The newest code of a user for a purpose; ten wrong guesses end it.
CREATE TABLE account.one_time_code (
    user_id    uuid NOT NULL REFERENCES account."user" ON DELETE CASCADE,
    purpose    text NOT NULL CHECK (purpose IN ('activate', 'reset_password')),
    sha256     bytea NOT NULL CHECK (length(sha256) = 32),
    attempts   integer NOT NULL DEFAULT 0,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, purpose)
);
CREATE INDEX one_time_code_expires ON account.one_time_code (expires_at);

-- A second factor (RFC 6238). last_step is the newest time step that was used: none is taken twice.
CREATE TABLE account.two_factor (
    user_id      uuid PRIMARY KEY REFERENCES account."user" ON DELETE CASCADE,
    sealed       text NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    confirmed_at timestamptz,
    last_step    bigint NOT NULL DEFAULT 0
);

CREATE TABLE account.recovery_code (
    user_id uuid NOT NULL REFERENCES account."user" ON DELETE CASCADE,
    sha256  bytea NOT NULL CHECK (length(sha256) = 32),
    PRIMARY KEY (user_id, sha256)
);

-- A person's account at a sign-in provider (OpenID Connect Core section 5.7: issuer and subject identify).
CREATE TABLE account.identity (
    issuer    text NOT NULL,
    subject   text NOT NULL CHECK (length(subject) <= 255),
    user_id   uuid NOT NULL REFERENCES account."user" ON DELETE CASCADE,
    email     text NOT NULL,
    linked_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (issuer, subject)
);
CREATE INDEX identity_user ON account.identity (user_id);

-- Signed in with the first factor, the second is awaited.
CREATE TABLE account.pending_login (
    sha256     bytea PRIMARY KEY CHECK (length(sha256) = 32),
    user_id    uuid NOT NULL REFERENCES account."user" ON DELETE CASCADE,
    methods    text[] NOT NULL,
    come_back  text NOT NULL CHECK (length(come_back) <= 4096),
    expires_at timestamptz NOT NULL DEFAULT now() + interval '10 minutes'
);
CREATE INDEX pending_login_expires ON account.pending_login (expires_at);

-- Signs user tokens. Whether one is live is a row of login_session, found by the digest of the whole token.
CREATE TABLE account.token_key (
    kid        text PRIMARY KEY,
    sealed     text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

-- Sent to a sign-in provider, not yet back. Found by the digest of `state`, bound to one browser, used once.
CREATE TABLE account.provider_login (
    sha256         bytea PRIMARY KEY CHECK (length(sha256) = 32),
    browser_sha256 bytea NOT NULL CHECK (length(browser_sha256) = 32),
    provider       text NOT NULL,
    nonce          text NOT NULL,
    code_verifier  text NOT NULL,
    come_back      text NOT NULL CHECK (length(come_back) <= 4096),
    expires_at     timestamptz NOT NULL DEFAULT now() + interval '10 minutes'
);
CREATE INDEX provider_login_expires ON account.provider_login (expires_at);

-- Browsers in which a user has signed in: guessing elsewhere does not slow them down.
CREATE TABLE account.known_browser (
    user_id        uuid NOT NULL REFERENCES account."user" ON DELETE CASCADE,
    browser_sha256 bytea NOT NULL CHECK (length(browser_sha256) = 32),
    seen_at        timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, browser_sha256)
);
CREATE INDEX known_browser_seen ON account.known_browser (seen_at);

CREATE TABLE account.throttle (
    bucket        text PRIMARY KEY CHECK (length(bucket) <= 300),
    attempts      integer NOT NULL,
    attempted_at  timestamptz NOT NULL,
    blocked_until timestamptz NOT NULL
);
CREATE INDEX throttle_attempted ON account.throttle (attempted_at);

-- Counts an attempt before it is made, so that parallel ones count as well. The first `free` within an hour cost
-- nothing, each further one makes the next wait twice as long, at most `longest`. Returns the seconds to wait; 0 means
-- go on. A refused attempt is not counted.
CREATE FUNCTION account.attempt(wanted text, free integer, longest interval) RETURNS double precision
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    at timestamptz := clock_timestamp();
    blocked timestamptz;
BEGIN
    INSERT INTO account.throttle AS t (bucket, attempts, attempted_at, blocked_until) VALUES (wanted, 1, at, at)
    ON CONFLICT (bucket) DO UPDATE
       SET attempts = CASE WHEN t.attempted_at < at - interval '1 hour' THEN 1 ELSE t.attempts + 1 END,
           attempted_at = at,
           blocked_until = CASE WHEN t.attempted_at < at - interval '1 hour' OR t.attempts < free THEN at
                                ELSE at + least(longest, make_interval(secs => 2.0 ^ least(t.attempts - free, 20))) END
     WHERE t.blocked_until <= at;
    IF FOUND THEN
        RETURN 0;
    END IF;
    SELECT t.blocked_until INTO blocked FROM account.throttle t WHERE t.bucket = wanted;
    RETURN greatest(coalesce(extract(epoch FROM blocked - at), 0), 1);
END
$$;

-- Mail whose time has come, for the worker; it learns the id alone. A mail that is being sent comes again a minute later.
CREATE FUNCTION account.due_mail(most integer) RETURNS SETOF uuid
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    BEGIN ATOMIC
        UPDATE account.mail
           SET attempts = attempts + 1, next_try_at = now() + interval '1 minute'
         WHERE id IN (SELECT m.id FROM account.mail m
                       WHERE m.ended_at IS NULL AND m.next_try_at <= now()
                       ORDER BY m.next_try_at LIMIT most FOR UPDATE SKIP LOCKED)
        RETURNING id;
    END;

-- What the mail must tell, for egress. Makes the code that it carries; nobody else ever sees it in the clear. Nothing
-- for a mail that has ended or that nobody shall get.
CREATE FUNCTION account.take_mail(mail_id uuid)
    RETURNS TABLE (kind text, recipient text, name text, code text)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    mail account.mail;
    person account."user";
    told text;
    secret text;
BEGIN
    SELECT * INTO mail FROM account.mail m WHERE m.id = mail_id AND m.ended_at IS NULL FOR UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT * INTO person FROM account."user" u WHERE lower(u.email) = lower(mail.recipient);
    IF NOT FOUND THEN
        UPDATE account.mail m SET ended_at = now(), outcome = 'nobody' WHERE m.id = mail_id;
        RETURN;
    END IF;
    told := mail.kind;
    IF told = 'activate' AND person.activated_at IS NOT NULL THEN
        told := 'registered_already';
    ELSIF told IN ('activate', 'reset_password') THEN
        -- 48 random bits: the first twelve digits of a version 4 UUID.
        secret := upper(left(replace(gen_random_uuid()::text, '-', ''), 12));
        INSERT INTO account.one_time_code AS c (user_id, purpose, sha256, expires_at)
        VALUES (person.id, told, sha256(convert_to(secret, 'UTF8')),
                now() + CASE told WHEN 'activate' THEN interval '24 hours' ELSE interval '30 minutes' END)
        ON CONFLICT (user_id, purpose) DO UPDATE
           SET sha256 = excluded.sha256, expires_at = excluded.expires_at, attempts = 0;
    END IF;
    RETURN QUERY SELECT told, person.email, person.name, secret;
END
$$;

-- How sending ended. A failure is tried again for about two days, ever more seldom.
CREATE FUNCTION account.end_mail(mail_id uuid, was_sent boolean) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    BEGIN ATOMIC
        UPDATE account.mail
           SET ended_at = CASE WHEN was_sent OR attempts >= 12 THEN now() END,
               outcome = CASE WHEN was_sent THEN 'sent' WHEN attempts >= 12 THEN 'failed' END,
               next_try_at = now() + make_interval(secs => 15 * 2 ^ least(attempts, 12))
         WHERE id = mail_id AND ended_at IS NULL;
    END;

-- The worker need not look every second.
CREATE FUNCTION account.notify_mail() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_notify('gatehouse_mail', '');
    RETURN NULL;
END
$$;
CREATE TRIGGER notify_mail AFTER INSERT ON account.mail FOR EACH STATEMENT EXECUTE FUNCTION account.notify_mail();

CREATE FUNCTION account.delete_expired(most integer) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    expired record;
    deleted bigint := 0;
    removed bigint;
BEGIN
    FOR expired IN
        SELECT * FROM (VALUES ('login_session', 'expires_at < now()'),
                              ('login_session', 'last_seen_at < now() - interval ''25 hours'''),
                              ('pending_login', 'expires_at < now()'),
                              ('provider_login', 'expires_at < now()'),
                              ('one_time_code', 'expires_at < now()'),
                              ('known_browser', 'seen_at < now() - interval ''180 days'''),
                              ('throttle', 'attempted_at < now() - interval ''2 hours'''),
                              ('mail', 'ended_at < now() - interval ''7 days'''),
                              ('user', 'activated_at IS NULL AND created_at < now() - interval ''7 days'''))
                 AS limits (name, condition)
    LOOP
        EXECUTE format('DELETE FROM account.%1$I WHERE ctid = ANY (ARRAY('
                       'SELECT ctid FROM account.%1$I WHERE %2$s LIMIT $1))', expired.name, expired.condition)
          USING most;
        GET DIAGNOSTICS removed = ROW_COUNT;
        deleted := deleted + removed;
    END LOOP;
    RETURN deleted;
END
$$;
CREATE INDEX user_not_activated ON account."user" (created_at) WHERE activated_at IS NULL;
CREATE INDEX login_session_seen ON account.login_session (last_seen_at);
