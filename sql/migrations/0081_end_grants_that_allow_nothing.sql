-- A grant of which its person may allow nothing any more is of no use: its client is told to ask anew. It rests, and
-- is live again with the role.
CREATE OR REPLACE VIEW oauth.grant_state AS
    SELECT a.id, a.workspace_id, a.user_id, a.client, a.resource, a.expires_at, a.grant_type, left_over.scopes,
           w.slug, w.mcp_enabled, c.client_id, c.token_endpoint_auth_method,
           CASE WHEN a.revoked_at IS NOT NULL THEN 'revoked'
                WHEN a.expires_at <= now() THEN 'expired'
                WHEN c.disabled_at IS NOT NULL THEN 'client_disabled'
                WHEN w.suspended_at IS NOT NULL THEN 'workspace_suspended'
                WHEN m.user_id IS NULL THEN 'not_a_member'
                WHEN EXISTS (SELECT FROM account."user" u WHERE u.id = a.user_id AND u.disabled_at IS NOT NULL)
                    THEN 'user_disabled'
                WHEN cardinality(left_over.scopes) = 0 THEN 'nothing_allowed'
                ELSE 'live'
           END AS state
      FROM oauth.authorization a
      JOIN oauth.client c ON c.id = a.client
      JOIN workspace.workspace w ON w.id = a.workspace_id
      LEFT JOIN workspace.member m ON m.workspace_id = a.workspace_id AND m.user_id = a.user_id
     CROSS JOIN LATERAL (SELECT CASE WHEN a.grant_type = 'client_credentials' THEN c.scopes
                                     WHEN m.role IN ('owner', 'admin') THEN a.scopes
                                     ELSE array_remove(a.scopes, 'admin')
                                END AS scopes) left_over;
