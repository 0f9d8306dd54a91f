// A user whom the operator shuts out: nothing that acts for them is good, in any process, within a second; and all
// but the sessions is good again once they are let in.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { call_mcp, done, refresh, sign_in, sql } from '../oauth/grants.mjs';
import { gatehouse } from '../support/api_key.mjs';
import { api, Browser, code_in, forget_attempts, fresh_email, mail_to, password, url } from './site.mjs';

const processes = 8;  // more requests at once than there are processes, each on a connection of its own
const email = fresh_email();
let token, key, grant;
const browser = new Browser();

before(async () => {
    forget_attempts();
    await api('POST', '/register', { body: { email, password } });
    const code = code_in(await mail_to(email, 'Your code for Gatehouse'));
    token = (await api('POST', '/activate', { body: { email, code, password } })).body.token;
    gatehouse('user', 'join', email);
    key = gatehouse('key', 'create', 'of the disabled user', '--user', email);
    grant = await sign_in({ user: `(SELECT id FROM account."user" WHERE email = '${email}')` });
    assert.equal((await browser.submit('/login', { email, password })).status, 303);
});
after(async () => {
    forget_attempts();
    await done();
});

const listed = () => gatehouse('user', 'list').split('\n').find((line) => line.startsWith(`${email}\t`)).split('\t');
const log_in = (given = password) => api('POST', '/login', { body: { email, password: given } });
const by_key = async () => (await fetch(`${url}/api/v1/services`, { headers: { authorization: `Bearer ${key}` } })).status;
const by_token = async () => (await call_mcp(grant.access_token)).status;
const on_every_process = (ask) => Promise.all(Array.from({ length: processes }, ask));

describe('before', () => {
    test('everything is good, and remembered by every process', async () => {
        assert.equal(listed()[2], 'active');
        assert.deepEqual([...new Set(await on_every_process(by_key))], [200]);
        assert.deepEqual([...new Set(await on_every_process(by_token))], [200]);
        assert.equal((await api('GET', '/user', { token })).status, 200);
        assert.match((await browser.get('/account')).text, /Your account/);
    });
});

describe('disabled', () => {
    before(() => void gatehouse('user', 'disable', email));

    test('keys and access tokens are refused within a second on every process', async () => {
        for (const deadline = Date.now() + 1000; ; ) {
            const answers = [...(await on_every_process(by_key)), ...(await on_every_process(by_token))];
            if (answers.every((status) => status === 401)) break;
            assert.ok(Date.now() < deadline, `still good: ${answers}`);
        }
        assert.match((await call_mcp(grant.access_token)).challenge, /error="invalid_token".*the user is disabled/);
    });
    test('the refresh token gives nothing', async () => {
        const { status, body } = await refresh(grant.client, grant.refresh_token);
        assert.deepEqual([status, body.error], [400, 'invalid_grant']);
    });
    test('the user token and the session have ended', async () => {
        assert.equal((await api('GET', '/user', { token })).status, 401);
        assert.match((await browser.get('/account')).location, /^\/login/);
    });
    test('a login is refused as one of somebody unknown', async () => {
        const [right, unknown] = [await log_in(), await api('POST', '/login', { body: { email: fresh_email(), password } })];
        assert.deepEqual([right.status, right.body], [unknown.status, unknown.body]);
        assert.equal(right.body.code, 'login_failed');
        assert.equal((await new Browser().submit('/login', { email, password })).status, 422);
    });
    test('the list says so', () => assert.equal(listed()[2], 'disabled'));
    test('the second time changes nothing', async () => {
        const at = () => sql('SELECT disabled_at FROM account."user" WHERE email = $1', [email]);
        const first = await at();
        gatehouse('user', 'disable', email);
        assert.deepEqual(await at(), first);
    });
});

describe('enabled again', () => {
    before(() => {
        gatehouse('user', 'enable', email);
        forget_attempts();
    });
    test('keys, grants and logins are good again, the former sessions are not', async () => {
        for (const deadline = Date.now() + 1000; (await by_key()) !== 200 || (await by_token()) !== 200; ) assert.ok(Date.now() < deadline);
        assert.equal((await refresh(grant.client, grant.refresh_token)).status, 200);
        assert.equal((await log_in()).status, 200);
        assert.equal((await api('GET', '/user', { token })).status, 401);
    });
});
