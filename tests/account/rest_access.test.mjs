// Who may call REST, and how they say who they are: API keys, user tokens, Basic, publishable keys.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, beforeEach, describe, test } from 'node:test';
import { done, sql, until } from '../oauth/grants.mjs';
import { create_key, gatehouse, with_checksum } from '../support/api_key.mjs';
import { api, Browser, code_in, forget_attempts, fresh_email, mail_to, other_password, password, url } from './site.mjs';

const demo = { email: process.env.GATEHOUSE_EMAIL, password: process.env.GATEHOUSE_PASSWORD };
const slug = process.env.GATEHOUSE_WORKSPACE;
beforeEach(forget_attempts);
after(async () => {
    forget_attempts();
    await done();
});

async function rest(method, path, { bearer, basic, body, ...fields } = {}) {
    const headers = { ...fields };
    if (bearer) headers.authorization = `Bearer ${bearer}`;
    if (basic) headers.authorization = `Basic ${Buffer.from(basic).toString('base64')}`;
    if (body) headers['content-type'] = 'application/json';
    const answer = await fetch(`${url}/api/v1${path}`, { method, headers, body: body && JSON.stringify(body) });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: text ? JSON.parse(text) : null };
}
const refused = (answer, status, code) => {
    assert.deepEqual([answer.status, answer.body.code], [status, code]);
    assert.match(answer.headers.get('content-type'), /problem\+json/);
};

async function person() {
    const email = fresh_email();
    await api('POST', '/register', { body: { email, password } });
    const code = code_in(await mail_to(email, 'Your code for Gatehouse'));
    return { email, token: (await api('POST', '/activate', { body: { email, code, password } })).body.token };
}
async function member(role = 'member') {
    const made = await person();
    gatehouse('user', 'join', made.email, '--role', role);
    return made;
}
async function add_workspace(email) {
    const other = `t${randomBytes(6).toString('hex')}`;
    await sql("INSERT INTO workspace.workspace (id, slug, name) VALUES (gen_random_uuid(), $1, 'Other')", [other]);
    await sql('INSERT INTO workspace.member (workspace_id, user_id) SELECT w.id, u.id FROM workspace.workspace w, account."user" u WHERE w.slug = $1 AND u.email = $2', [other, email]);
    return other;
}

describe('a user token', () => {
    test('calls what its user may: a member reads and does not administer', async () => {
        const { token } = await member();
        assert.equal((await rest('GET', '/services', { bearer: token })).status, 200);
        refused(await rest('GET', '/clients', { bearer: token }), 403, 'insufficient_scope');
    });
    test('of an administrator administers', async () => {
        const { token } = await member('admin');
        assert.equal((await rest('GET', '/clients', { bearer: token })).status, 200);
    });
    test('of nobody in particular is refused everywhere', async () => {
        const { token } = await person();
        refused(await rest('GET', '/services', { bearer: token }), 404, 'workspace_not_found');
        refused(await rest('GET', '/services', { bearer: token, workspace: slug }), 404, 'workspace_not_found');
    });
    test('names the workspace when there are several', async () => {
        const { email, token } = await member();
        const other = await add_workspace(email);
        refused(await rest('GET', '/services', { bearer: token }), 400, 'workspace_missing');
        for (const workspace of [slug, other]) assert.equal((await rest('GET', '/services', { bearer: token, workspace })).status, 200);
        await sql('UPDATE workspace.workspace SET suspended_at = now() WHERE slug = $1', [other]);
        refused(await rest('GET', '/services', { bearer: token, workspace: other }), 404, 'workspace_not_found');
    });
    test('ends at logout, at once', async () => {
        const { token } = await member();
        assert.equal((await rest('GET', '/services', { bearer: token })).status, 200);
        await api('POST', '/logout', { token, body: {} });
        const answer = await rest('GET', '/services', { bearer: token });
        refused(answer, 401, 'credential_invalid');
        assert.match(answer.headers.get('www-authenticate'), /^Bearer .*error="invalid_token"/);
    });
    test('with a changed letter is none', async () => {
        const { token } = await member();
        refused(await rest('GET', '/services', { bearer: token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A') }), 401, 'credential_invalid');
    });
    test('is none at the MCP endpoint', async () => {
        const { token } = await member();
        const answer = await fetch(`${url}/v1/${slug}`, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: '{}' });
        assert.equal(answer.status, 401);
    });
    test('goes with its own User-Id alone', async () => {
        const { token } = await member();
        const { id } = (await api('GET', '/user', { token })).body;
        assert.equal((await rest('GET', '/services', { bearer: token, 'user-id': id })).status, 200);
        refused(await rest('GET', '/services', { bearer: token, 'user-id': process.env.GATEHOUSE_USER_ID }), 401, 'credential_invalid');
    });
    test('lets egress perform a call, until it ends', { skip: !process.env.SEED_SERVICE }, async () => {
        const { token } = await member();
        const call = () => rest('POST', `/services/${process.env.SEED_SERVICE}/call`, { bearer: token, body: { method: 'GET', url: `${process.env.UPSTREAM_URL}/echo` } });
        assert.equal((await call()).status, 200);
        await api('POST', '/logout', { token, body: {} });
        assert.equal((await call()).status, 401);
    });
    test('repeats a write with the same key once, also with another token of the same person', async () => {
        const { token, email } = await member('admin');
        const again = (await api('POST', '/login', { body: { email, password } })).body.token;
        const create = (bearer) => rest('POST', '/publishable-keys', { bearer, 'idempotency-key': '01890a5d-ac96-774b-bcce-b302099a8057', body: { name: 'once', allowed_origins: ['https://a.example'] } });
        const [first, second] = [await create(token), await create(again)];
        assert.deepEqual([first.status, second.body.id], [200, first.body.id]);
    });
});

describe('Basic', () => {
    const basic = ({ email }, given = password) => `${email}:${given}`;

    test('calls what its user may', async () => {
        const someone = await member();
        assert.equal((await rest('GET', '/services', { basic: basic(someone) })).status, 200);
        refused(await rest('GET', '/clients', { basic: basic(someone) }), 403, 'insufficient_scope');
        assert.equal((await rest('GET', '/clients', { basic: basic(demo, demo.password), workspace: slug })).status, 200);
    });
    test('a password is hashed once for many requests', async () => {
        const someone = await member();
        const ask = () => rest('GET', '/services', { basic: basic(someone) });
        await Promise.all(Array.from({ length: 8 }, ask));
        const exchanged = async () => Number((await sql('SELECT count(*) FROM account.login_session s JOIN account."user" u ON u.id = s.user_id WHERE u.email = $1', [someone.email]))[0].count);
        for (let i = 0; i < 20; ++i) assert.equal((await ask()).status, 200);
        assert.ok((await exchanged()) <= 1 + 2, 'one token at activation, then one for each process at most');
    });
    test('is refused where two-factor sign-in is on', async () => {
        const someone = await member();
        assert.equal((await rest('GET', '/services', { basic: basic(someone) })).status, 200);
        await sql(`INSERT INTO account.two_factor (user_id, sealed, confirmed_at) SELECT id, 'x', now() FROM account."user" WHERE email = $1`, [someone.email]);
        await sql('DELETE FROM account.login_session s USING account."user" u WHERE u.id = s.user_id AND u.email = $1', [someone.email]);
        refused(await rest('GET', '/services', { basic: basic(someone) }), 401, 'two_factor_required');
    });
    test('with a former password is refused at once on every process', async () => {
        const someone = await member();
        const ask = () => rest('GET', '/services', { basic: basic(someone) });
        await Promise.all(Array.from({ length: 8 }, ask));
        assert.equal((await api('POST', '/password/change', { token: someone.token, body: { current_password: password, password: other_password } })).status, 200);
        for (const answer of await Promise.all(Array.from({ length: 4 }, ask))) refused(answer, 401, 'login_failed');
        assert.equal((await rest('GET', '/services', { basic: basic(someone, other_password) })).status, 200);
    });
    test('tells nobody whether an address is known', async () => {
        const [known, unknown] = [await rest('GET', '/services', { basic: basic(await person(), 'wrong') }), await rest('GET', '/services', { basic: `${fresh_email()}:wrong` })];
        assert.deepEqual([known.status, known.body], [unknown.status, unknown.body]);
        refused(known, 401, 'login_failed');
    });
    test('guesses are slowed down like those of a login, and count with them', async () => {
        const someone = await member();
        let answer;
        for (let i = 0; i < 4; ++i) await api('POST', '/login', { body: { email: someone.email, password: `wrong ${i}` } });
        for (let i = 0; i < 4; ++i) answer = await rest('GET', '/services', { basic: basic(someone, `wronger ${i}`) });
        refused(answer, 429, 'too_many_attempts');
        assert.ok(Number(answer.headers.get('retry-after')) >= 1);
        assert.equal(answer.body.detail.match(/in (\d+) s/)[1], answer.headers.get('retry-after'));
    });
    test('guesses elsewhere do not slow down a program that was let in before', async () => {
        const someone = await member();
        assert.equal((await rest('GET', '/services', { basic: basic(someone) })).status, 200);
        for (let i = 0; i < 8; ++i) await new Browser().submit('/login', { email: someone.email, password: `wrong ${i}` });
        assert.equal((await api('POST', '/login', { body: { email: someone.email, password } })).status, 429, 'they do elsewhere');
        await sql('DELETE FROM account.login_session s USING account."user" u WHERE u.id = s.user_id AND u.email = $1', [someone.email]);
        assert.equal((await rest('GET', '/services', { basic: basic(someone) })).status, 200);
    });
    test('is not taken from a page, which a browser could be made to open', async () => {
        for (const fields of [{ origin: url }, { origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'none' }])
            refused(await rest('GET', '/services', { basic: basic(demo, demo.password), workspace: slug, ...fields }), 403, 'origin_not_allowed');
        const { headers } = await rest('GET', '/services');
        assert.doesNotMatch(headers.get('www-authenticate'), /Basic/, 'and none is asked to');
    });
    test('malformed, empty, of a colon alone, is refused', async () => {
        for (const text of ['nonsense', '', ':']) assert.equal((await rest('GET', '/services', { authorization: `Basic ${Buffer.from(text).toString('base64')}` })).status, 401, text);
        assert.equal((await rest('GET', '/services', { authorization: 'Basic ***' })).status, 401);
        assert.equal((await rest('GET', '/services', { authorization: 'Digest x' })).status, 401);
    });
    test('is not taken at the MCP endpoint', async () => {
        const answer = await fetch(`${url}/v1/${slug}`, { method: 'POST', headers: { authorization: `Basic ${Buffer.from(basic(demo, demo.password)).toString('base64')}`, 'content-type': 'application/json' }, body: '{}' });
        assert.equal(answer.status, 401);
    });
    test('where account answers the REST handler, nobody outside asks', async () => {
        const answer = await fetch(`${url}/internal/user-token`, { method: 'POST', body: JSON.stringify({ ...demo, address: '::1' }) });
        assert.equal(answer.status, 404);
    });
});

describe('an API key', () => {
    let admin;
    before(async () => {
        admin = (await member('admin')).token;
    });
    test('is made, listed, disabled and deleted over REST', async () => {
        const made = await rest('POST', '/keys', { bearer: admin, body: { name: 'of REST', scopes: ['mcp.read', 'admin'], days: 1 } });
        assert.equal(made.status, 200, JSON.stringify(made.body));
        const use = () => rest('GET', '/services', { bearer: made.body.key });
        assert.equal((await use()).status, 200);
        const listed = async () => (await rest('GET', '/keys', { bearer: admin })).body.keys.find(({ id }) => id === made.body.id);
        assert.deepEqual((await listed()).scopes, ['mcp.read', 'admin']);
        assert.equal(JSON.stringify(await listed()).includes(made.body.key), false);
        assert.equal((await rest('POST', `/keys/${made.body.id}/disable`, { bearer: admin, body: {} })).status, 200);
        await until(async () => (await use()).status === 401, 1000, 'a disabled key is good');
        assert.ok((await listed()).disabled_at);
        assert.equal((await rest('DELETE', `/keys/${made.body.id}`, { bearer: admin })).status, 200);
        assert.equal(await listed(), undefined);
        refused(await rest('DELETE', `/keys/${made.body.id}`, { bearer: admin }), 404, 'key_not_found');
    });
    test('may do no more than what made it', async () => {
        const { key } = create_key('an administrator that reveals nothing', 'admin', 'mcp.read');
        refused(await rest('POST', '/keys', { bearer: key, body: { name: 'x', scopes: ['vault.reveal'] } }), 403, 'scope_exceeded');
        refused(await rest('POST', '/keys', { bearer: key, body: { name: 'x', scopes: ['everything'] } }), 400, 'unknown_scope');
    });
    test('is made by no member', async () => {
        const { token } = await member();
        refused(await rest('POST', '/keys', { bearer: token, body: { name: 'x' } }), 403, 'insufficient_scope');
        refused(await rest('GET', '/keys', { bearer: token }), 403, 'insufficient_scope');
    });
    test('of another workspace is not found', async () => {
        const made = await rest('POST', '/keys', { bearer: admin, body: { name: 'x' } });
        const { email, token } = await person();
        const other = await add_workspace(email);
        await sql(`UPDATE workspace.member m SET role = 'owner' FROM account."user" u WHERE u.id = m.user_id AND u.email = $1`, [email]);
        refused(await rest('DELETE', `/keys/${made.body.id}`, { bearer: token, workspace: other }), 404, 'key_not_found');
    });
});

describe('a publishable key', () => {
    const page = 'https://shop.example';
    let key, id, admin;
    const ask = (fields = {}, path = '/connectors', method = 'GET') => rest(method, path, { bearer: key, origin: page, ...fields });

    before(async () => {
        admin = (await member('admin')).token;
        const made = await rest('POST', '/publishable-keys', { bearer: admin, body: { name: 'shop', allowed_origins: [page, 'http://localhost:3000'] } });
        assert.equal(made.status, 200, JSON.stringify(made.body));
        ({ key, id } = made.body);
        assert.match(key, /^gpk_[0-9a-z]{26}[0-9A-Za-z]{6}$/);
    });

    test('reads what is meant for everyone, and its page may see the answer', async () => {
        for (const origin of [page, 'http://localhost:3000']) {
            const answer = await ask({ origin });
            assert.equal(answer.status, 200);
            assert.equal(answer.headers.get('access-control-allow-origin'), origin);
            assert.match(answer.headers.get('vary'), /Origin/);
            assert.equal(answer.headers.get('access-control-allow-credentials'), null);
        }
    });
    test('calls nothing else: every other operation of the document', async () => {
        const { paths } = await (await fetch(`${url}/api/v1/openapi.json`)).json();
        let count = 0;
        for (const [path, operations] of Object.entries(paths)) {
            if (path.startsWith('/auth/')) continue;
            for (const [method, { operationId, security }] of Object.entries(operations)) {
                if (security.some((form) => 'publishable_key' in form)) {
                    assert.deepEqual([method, operationId], ['get', 'list_connectors']);
                    continue;
                }
                const answer = await ask(method === 'get' || method === 'delete' ? {} : { body: {} }, path.replace(/\{[^}]+\}/g, 'x'), method.toUpperCase());
                assert.ok([403, 422].includes(answer.status), `${method} ${path}: ${answer.status}`);
                if (answer.status === 403) assert.match(answer.body.code, /^not_public$/);
                ++count;
            }
        }
        assert.ok(count > 15, `${count} operations`);
    });
    test('may read why it was refused, from its own page', async () => {
        const answer = await ask({}, '/services');
        refused(answer, 403, 'not_public');
        assert.equal(answer.headers.get('access-control-allow-origin'), page);
    });
    test('works in no other page, and in none at all', async () => {
        for (const origin of ['https://evil.example', 'https://shop.example.evil.example', 'https://SHOP.example', 'https://shop.example:8443', 'http://shop.example', 'null', undefined]) {
            const answer = await rest('GET', '/connectors', { bearer: key, ...(origin && { origin }) });
            refused(answer, 403, 'origin_not_allowed');
            assert.equal(answer.headers.get('access-control-allow-origin'), null);
            assert.equal(answer.headers.get('www-authenticate'), null);
        }
    });
    test('a browser is told in advance', async () => {
        const preflight = (origin) => fetch(`${url}/api/v1/connectors`, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization' } });
        const allowed = await preflight(page);
        assert.equal(allowed.status, 204);
        assert.equal(allowed.headers.get('access-control-allow-origin'), page);
        assert.match(allowed.headers.get('access-control-allow-headers'), /Authorization/);
        assert.doesNotMatch(allowed.headers.get('access-control-allow-methods'), /POST|DELETE|PATCH/);
        const foreign = await preflight('https://evil.example');
        assert.equal(foreign.status, 403);
        assert.equal(foreign.headers.get('access-control-allow-origin'), null);
    });
    test('no page of another origin reads an answer to an API key', async () => {
        const answer = await rest('GET', '/services', { bearer: process.env.GATEHOUSE_API_KEY, origin: page });
        assert.equal(answer.status, 200);
        assert.equal(answer.headers.get('access-control-allow-origin'), null);
    });
    test('is none at the MCP endpoint', async () => {
        const answer = await fetch(`${url}/v1/${slug}`, { method: 'POST', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' }, body: '{}' });
        assert.equal(answer.status, 401);
    });
    test('never issued or with a typing error is refused', async () => {
        for (const bearer of [with_checksum(`gpk_${'0'.repeat(26)}`), `${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`, 'gpk_'])
            refused(await rest('GET', '/connectors', { bearer, origin: page }), 401, 'credential_invalid');
    });
    test('needs origins that are origins', async () => {
        for (const origin of ['*', 'null', 'https://a.example/', 'https://a.example/path', 'http://a.example', 'https://A.example', 'https://a.example:443', 'https://u@a.example', 'https://', 'a.example', 'https://a.example:0', 'https://.a', 'javascript:x'])
            refused(await rest('POST', '/publishable-keys', { bearer: admin, body: { name: 'x', allowed_origins: [origin] } }), 400, 'origin_invalid');
        refused(await rest('POST', '/publishable-keys', { bearer: admin, body: { name: 'x', allowed_origins: [] } }), 422, 'invalid_arguments');
    });
    test('is listed, disabled and deleted', async () => {
        const listed = async () => (await rest('GET', '/publishable-keys', { bearer: admin })).body.keys.find((each) => each.id === id);
        assert.equal((await listed()).key, key, 'it is no secret');
        assert.equal((await rest('POST', `/publishable-keys/${id}/disable`, { bearer: admin, body: {} })).status, 200);
        refused(await ask(), 401, 'credential_invalid');
        assert.equal((await rest('DELETE', `/publishable-keys/${id}`, { bearer: admin })).status, 200);
        assert.equal(await listed(), undefined);
        refused(await ask(), 401, 'credential_invalid');
    });
    test('the command line does the same', async () => {
        const made = gatehouse('publishable-key', 'create', 'of the shell', '--user', demo.email, '--origin', page);
        const line = () => gatehouse('publishable-key', 'list').split('\n').find((each) => each.includes(made))?.split('\t');
        assert.deepEqual(line().slice(1), ['live', made, 'of the shell', page]);
        assert.equal((await rest('GET', '/connectors', { bearer: made, origin: page })).status, 200);
        gatehouse('publishable-key', 'disable', line()[0]);
        assert.equal(line()[1], 'disabled');
        refused(await rest('GET', '/connectors', { bearer: made, origin: page }), 401, 'credential_invalid');
        gatehouse('publishable-key', 'delete', line()[0]);
        assert.equal(line(), undefined);
        assert.throws(() => gatehouse('publishable-key', 'create', 'x', '--user', demo.email, '--origin', 'https://a.example/'), /origins such as/);
    });
});

describe('R8 two credentials', () => {
    test('two ways to send a token at once are a malformed request', async () => {
        const answer = await rest('GET', '/services?access_token=x', { bearer: process.env.GATEHOUSE_API_KEY });
        refused(answer, 400, 'two_credentials');
        assert.match(answer.headers.get('www-authenticate'), /^Bearer .*error="invalid_request"/);
    });
});
