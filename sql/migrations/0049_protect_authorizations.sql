-- Nobody sees a row unless a policy names them. Those who look a grant up before its workspace is known do so through functions of
-- the owner; the authorization endpoint alone adds rows itself, and reads what its own user agreed to.
ALTER TABLE oauth.authorization ENABLE ROW LEVEL SECURITY;
CREATE POLICY operator ON oauth.authorization TO gatehouse_operator USING (true);
CREATE POLICY issue ON oauth.authorization FOR INSERT TO gatehouse_oauth_authorize WITH CHECK (true);

ALTER TABLE oauth.consent ENABLE ROW LEVEL SECURITY;
CREATE POLICY ask ON oauth.consent TO gatehouse_oauth_authorize USING (true) WITH CHECK (true);
