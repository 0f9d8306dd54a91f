-- What each login role may do, one line each: compared with privileges.expected, which a person has reviewed.
SELECT role || ' may ' || privilege || ' ' || object
  FROM (
    SELECT r.rolname AS role, a.privilege_type AS privilege, c.oid::regclass::text AS object
      FROM pg_class c
      CROSS JOIN LATERAL aclexplode(c.relacl) a
      JOIN pg_roles r ON r.oid = a.grantee
     WHERE r.rolname LIKE 'gatehouse\_%' AND r.rolname NOT IN ('gatehouse_owner', 'gatehouse_conformance')
    UNION ALL
    SELECT r.rolname, a.privilege_type, c.oid::regclass::text || '.' || t.attname
      FROM pg_attribute t
      JOIN pg_class c ON c.oid = t.attrelid
      CROSS JOIN LATERAL aclexplode(t.attacl) a
      JOIN pg_roles r ON r.oid = a.grantee
     WHERE r.rolname LIKE 'gatehouse\_%' AND r.rolname NOT IN ('gatehouse_owner', 'gatehouse_conformance')
    UNION ALL
    SELECT coalesce(r.rolname, 'PUBLIC'), a.privilege_type, p.oid::regprocedure::text
      FROM pg_proc p
      JOIN pg_namespace n ON n.oid = p.pronamespace AND n.nspowner = 'gatehouse_owner'::regrole
      CROSS JOIN LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
      LEFT JOIN pg_roles r ON r.oid = a.grantee
     WHERE coalesce(r.rolname, '') NOT IN ('gatehouse_owner', 'gatehouse_conformance')
  ) AS granted
 ORDER BY 1;
