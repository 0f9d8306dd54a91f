-- Who registered a client by hand. Administrators answer for their own workspace, not for the server: what they made
-- must not pass for the operator's. Of those that exist, the ones of a workspace may be theirs.
ALTER TABLE oauth.client
    ADD COLUMN registered_by text NOT NULL DEFAULT 'operator' CHECK (registered_by IN ('operator', 'administrator'));
UPDATE oauth.client SET registered_by = 'administrator' WHERE origin = 'manual' AND workspace_id IS NOT NULL;

-- An administrator's session cannot claim otherwise, and leaves alone what the operator made for the workspace: whoever
-- may replace its secret is the operator's client.
DROP POLICY administration ON oauth.client;
CREATE POLICY administration ON oauth.client TO gatehouse_rest
    USING (origin = 'manual' AND workspace_id = workspace.current_id() AND registered_by = 'administrator');
