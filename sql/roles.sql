-- Cluster-wide roles. Run by a superuser, in any database, as often as wanted.
-- gatehouse_owner owns every object and cannot log in. Each executable logs in as its own role and owns nothing.
DO $$
DECLARE
    executable text;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'gatehouse_owner') THEN
        CREATE ROLE gatehouse_owner NOLOGIN;
    END IF;
    FOREACH executable IN ARRAY ARRAY['operator', 'mcp', 'rest', 'metadata', 'egress', 'worker', 'connect', 'account',
                                   'oauth_register', 'oauth_authorize',
                                   'oauth_token', 'oauth_revoke', 'oauth_introspect'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'gatehouse_' || executable) THEN
            EXECUTE format('CREATE ROLE %I LOGIN NOINHERIT', 'gatehouse_' || executable);
        END IF;
    END LOOP;
END
$$;

-- The command line migrates as the owner (SET ROLE) and administers as itself.
GRANT gatehouse_owner TO gatehouse_operator;
