-- The role of the conformance fixture. Test stacks alone run this, after sql/roles.sql.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'gatehouse_conformance') THEN
        CREATE ROLE gatehouse_conformance LOGIN INHERIT;
    END IF;
END
$$;
GRANT gatehouse_mcp TO gatehouse_conformance;
