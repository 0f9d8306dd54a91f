-- Whoever registers must show that the mail address is theirs; the operator's users need not.
ALTER TABLE account."user" ADD COLUMN activated_at timestamptz DEFAULT now();

-- A browser in which someone is signed in. The cookie holds 256 random bits, the table their digest.
CREATE TABLE account.login_session (
    id               uuid PRIMARY KEY,
    sha256           bytea NOT NULL UNIQUE CHECK (length(sha256) = 32),
    user_id          uuid NOT NULL REFERENCES account."user" ON DELETE CASCADE,
    methods          text[] NOT NULL CHECK (cardinality(methods) > 0),
    authenticated_at timestamptz NOT NULL DEFAULT now(),
    last_seen_at     timestamptz NOT NULL DEFAULT now(),
    expires_at       timestamptz NOT NULL
);
CREATE INDEX login_session_user ON account.login_session (user_id);
CREATE INDEX login_session_expires ON account.login_session (expires_at);
COMMENT ON COLUMN account.login_session.methods IS 'RFC 8176: how the user was authenticated, such as pwd and otp';

-- The session behind a cookie. It ends 24 hours after it was last seen and at expires_at; seeing it is noted at most
-- once a minute.
CREATE FUNCTION account.find_login_session(session_sha256 bytea)
    RETURNS TABLE (id uuid, user_id uuid, email text, name text, methods text[], authenticated_at timestamptz)
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    BEGIN ATOMIC
        UPDATE account.login_session s
           SET last_seen_at = now()
         WHERE s.sha256 = session_sha256
           AND s.last_seen_at BETWEEN now() - interval '24 hours' AND now() - interval '1 minute'
           AND s.expires_at > now();
        SELECT s.id, s.user_id, u.email, u.name, s.methods, s.authenticated_at
          FROM account.login_session s
          JOIN account."user" u ON u.id = s.user_id
         WHERE s.sha256 = session_sha256
           AND s.last_seen_at > now() - interval '24 hours'
           AND s.expires_at > now()
           AND u.activated_at IS NOT NULL;
    END;
