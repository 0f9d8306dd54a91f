// Clients made by hand (command line and REST), and what people and operators see and take back (C10).
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { create_key } from '../support/api_key.mjs';
import { answer_of, arrange, Browser, create_user, create_workspace, hold, origin, person, register, request_of } from './browser.mjs';
import { until } from './grants.mjs';

const program = join(process.env.GATEHOUSE_BIN ?? join(process.env.GATEHOUSE_ROOT, 'build/bin'), 'gatehouse');
const gatehouse = (...words) => execFileSync(program, ['--config', join(process.env.VAR, 'gatehouse.toml'), ...words], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
const fields_of = (text) => Object.fromEntries(text.trim().split('\n').map((line) => line.split('\t')));
const secret_is = async (client_id, secret) => (await arrange('SELECT secret_sha256 = sha256($2::bytea) AS same FROM oauth.client WHERE client_id = $1', [client_id, Buffer.from(secret)]))[0].same;

async function rest(method, path, body, key = process.env.GATEHOUSE_API_KEY) {
    const answer = await fetch(`${origin}/api/v1${path}`, { method, headers: { Authorization: `Bearer ${key}`, ...(body && { 'Content-Type': 'application/json' }) }, body: body && JSON.stringify(body) });
    return { status: answer.status, body: await answer.json() };
}

/// The owner of the demo workspace, signed in.
async function demo_person() {
    const [user] = await arrange('SELECT id FROM account."user" WHERE email = $1', [process.env.GATEHOUSE_EMAIL]);
    return { user, browser: await new Browser().sign_in(user) };
}
/// A member of the demo workspace, signed in.
async function member_of_demo(role = 'member') {
    const user = await create_user();
    await arrange('INSERT INTO workspace.member (workspace_id, user_id, role) SELECT id, $2, $3 FROM workspace.workspace WHERE slug = $1', [process.env.GATEHOUSE_WORKSPACE, user.id, role]);
    return { user, browser: await new Browser().sign_in(user) };
}
const crockford = '0123456789abcdefghjkmnpqrstvwxyz';
function public_id(prefix, uuid) {
    let number = BigInt(`0x${uuid.replaceAll('-', '')}`);
    let text = '';
    for (let i = 0; i < 26; ++i, number >>= 5n) text = crockford[Number(number & 31n)] + text;
    return `${prefix}_${text}`;
}

describe('on the command line', () => {
    test('a public client is made, listed, let in and deleted', async () => {
        const { client_id, client_secret } = fields_of(gatehouse('client', 'add', 'By hand', '--redirect-uri', 'http://127.0.0.1:7777/callback'));
        assert.equal(client_secret, undefined);
        assert.ok(gatehouse('client', 'list').includes(`${client_id}\tmanual\tnone`));
        const { browser } = await person();
        const opened = await browser.open(request_of({ client_id, redirect_uris: ['http://127.0.0.1:7777/callback'] }));
        assert.match(opened.page.text, /Registered by the operator/);
        assert.ok(answer_of((await browser.decide(opened, 'allow')).location).code);
        gatehouse('client', 'delete', client_id);
        assert.equal((await browser.get(request_of({ client_id, redirect_uris: ['http://127.0.0.1:7777/callback'] }))).status, 400);
        assert.throws(() => gatehouse('client', 'delete', client_id), /no such client/);
    });
    test('a secret is shown once and replaced', async () => {
        const { client_id, client_secret } = fields_of(gatehouse('client', 'add', 'Confidential', '--auth', 'client_secret_basic', '--redirect-uri', 'https://web.example/cb'));
        assert.ok(await secret_is(client_id, client_secret));
        const rotated = fields_of(gatehouse('client', 'rotate', client_id)).client_secret;
        assert.ok((await secret_is(client_id, rotated)) && !(await secret_is(client_id, client_secret)));
        assert.ok(!gatehouse('client', 'list').includes(rotated));
        gatehouse('client', 'delete', client_id);
    });
    test('a client that acts by itself gets a user of its own, which goes with it', async () => {
        const { client_id } = fields_of(gatehouse('--workspace', process.env.GATEHOUSE_WORKSPACE, 'client', 'add', 'Robot', '--auth', 'client_secret_post', '--scope', 'mcp.read'));
        const [row] = await arrange('SELECT c.user_id, c.scopes, c.grant_types, m.role FROM oauth.client c JOIN workspace.member m ON m.user_id = c.user_id AND m.workspace_id = c.workspace_id WHERE client_id = $1', [client_id]);
        assert.deepEqual([row.scopes, row.grant_types, row.role], [['mcp.read'], ['client_credentials'], 'member']);
        gatehouse('client', 'delete', client_id);
        assert.equal((await arrange('SELECT FROM account."user" WHERE id = $1', [row.user_id])).length, 0);
    });
    for (const [what, words, said] of [['a redirect URI that may not be registered', ['--redirect-uri', 'http://web.example/cb'], /redirect URI/], ['none at all', [], /redirect_uris/], ['client credentials without authentication', ['--scope', 'mcp.read'], /authenticates/], ['an unknown method', ['--auth', 'magic', '--redirect-uri', 'https://web.example/'], /magic/]])
        test(`${what} is refused`, () => assert.throws(() => gatehouse('--workspace', process.env.GATEHOUSE_WORKSPACE, 'client', 'add', 'X', ...words), said));
    test('C10 clients that registered themselves are listed and deleted too, and their grants end', async () => {
        const client = await register();
        const { browser, user } = await person();
        await browser.decide(await browser.open(request_of(client)), 'allow');
        assert.ok(gatehouse('client', 'list').includes(`${client.client_id}\tdynamic`));
        gatehouse('client', 'delete', client.client_id);
        assert.equal((await arrange('SELECT FROM oauth.authorization WHERE user_id = $1', [user.id])).length, 0);
    });
});

describe('over REST', () => {
    test('an administrator makes, lists, rotates and deletes clients of the workspace', async () => {
        const made = await rest('POST', '/clients', { name: 'By REST', redirect_uris: ['https://web.example/cb'], token_endpoint_auth_method: 'client_secret_basic', client_credentials_scopes: ['mcp.read'] });
        assert.equal(made.status, 200, JSON.stringify(made.body));
        assert.ok(await secret_is(made.body.client_id, made.body.client_secret));
        const listed = (await rest('GET', '/clients')).body.clients.find(({ client_id }) => client_id === made.body.client_id);
        assert.deepEqual([listed.name, listed.grant_types, listed.client_credentials_scopes], ['By REST', ['authorization_code', 'refresh_token', 'client_credentials'], ['mcp.read']]);
        const rotated = await rest('POST', `/clients/${made.body.client_id}/secret`);
        assert.ok(await secret_is(made.body.client_id, rotated.body.client_secret));
        assert.equal((await rest('DELETE', `/clients/${made.body.client_id}`)).status, 200);
        assert.equal((await rest('DELETE', `/clients/${made.body.client_id}`)).status, 404);
    });
    test('clients of nobody and of others are out of reach', async () => {
        const client = await register({ token_endpoint_auth_method: 'client_secret_post' });
        assert.equal((await rest('DELETE', `/clients/${client.client_id}`)).status, 404);
        assert.equal((await rest('POST', `/clients/${client.client_id}/secret`)).status, 404);
        assert.ok(!(await rest('GET', '/clients')).body.clients.some(({ client_id }) => client_id === client.client_id));
    });
    test('a secret is not kept for an idempotency_key', async () => {
        const answer = await rest('POST', '/clients', { name: 'X', redirect_uris: ['https://web.example/cb'], idempotency_key: crypto.randomUUID() });
        assert.equal(answer.status, 422);
    });
    test('a client of a workspace is let into that one alone', async () => {
        const { body } = await rest('POST', '/clients', { name: 'Ours', redirect_uris: ['https://web.example/cb'] });
        const { browser } = await person();
        const { page } = await browser.open(request_of({ client_id: body.client_id, redirect_uris: ['https://web.example/cb'] }));
        assert.equal(page.status, 403);
        await rest('DELETE', `/clients/${body.client_id}`);
    });
    test('C4 a client of an administrator does not pass for one of the operator', async () => {
        const made = await rest('POST', '/clients', { name: 'Gatehouse Support', redirect_uris: ['https://web.example/cb'] });
        const client = { client_id: made.body.client_id, redirect_uris: ['https://web.example/cb'] };
        const { browser } = await demo_person();
        const opened = await browser.open(request_of(client));
        assert.match(opened.page.text, /Registered by an administrator of the workspace/);
        assert.doesNotMatch(opened.page.text, /Registered by the operator/);
        assert.ok(answer_of((await browser.decide(opened, 'allow')).location).code);
        assert.match((await browser.get(request_of(client))).location, /^\/oauth\/consent/, 'C6 anybody may be behind it: consent is asked for again');
        const unasked = await new Browser().get(request_of(client, { response_type: 'token' }));
        assert.match(unasked.location, /^\/login/, 'A19 who is not signed in is not sent to where an administrator chose');
        assert.equal((await rest('GET', '/clients')).body.clients.find(({ client_id }) => client_id === client.client_id).registered_by, 'administrator');
        await rest('DELETE', `/clients/${client.client_id}`);
    });
    test('a client that the operator made for the workspace is not theirs to take over', async () => {
        const { client_id, client_secret } = fields_of(gatehouse('--workspace', process.env.GATEHOUSE_WORKSPACE, 'client', 'add', 'Official', '--auth', 'client_secret_basic', '--redirect-uri', 'https://web.example/cb'));
        assert.equal((await rest('POST', `/clients/${client_id}/secret`)).status, 404);
        assert.equal((await rest('DELETE', `/clients/${client_id}`)).status, 404);
        assert.ok(await secret_is(client_id, client_secret));
        gatehouse('client', 'delete', client_id);
    });
    test('C10 a client is shut out with every grant it has in the workspace, and with no other', async () => {
        const client = await register();
        const { browser, user } = await member_of_demo('admin');
        const key = gatehouse('--workspace', process.env.GATEHOUSE_WORKSPACE, 'key', 'create', 'of who shuts out', '--user', user.email, '--scope', 'admin').trim();
        const elsewhere = await create_workspace(user);
        for (const resource of [undefined, `${origin}/v1/${process.env.GATEHOUSE_WORKSPACE}`, `${origin}/v1/${elsewhere.slug}`]) {
            const opened = await browser.open(request_of(client, { resource }));
            const [{ id }] = await arrange('SELECT id FROM workspace.workspace WHERE slug = $1', [process.env.GATEHOUSE_WORKSPACE]);
            await browser.decide(opened, 'allow', resource ? {} : { workspace: public_id('ws', id) });
        }
        const mine = (await rest('GET', '/grants', undefined, key)).body.grants.filter(({ client_id }) => client_id === client.client_id);
        assert.deepEqual([...new Set(mine.map(({ workspace }) => workspace))], [process.env.GATEHOUSE_WORKSPACE], 'a key of one workspace sees no other');
        const live = () => arrange('SELECT a.id, w.slug FROM oauth.authorization a JOIN oauth.client c ON c.id = a.client JOIN workspace.workspace w ON w.id = a.workspace_id WHERE c.client_id = $1 AND a.revoked_at IS NULL', [client.client_id]);
        const other = (await live()).find(({ slug }) => slug === elsewhere.slug);
        assert.equal((await rest('DELETE', `/grants/${public_id('grt', other.id)}`, undefined, key)).status, 404, 'nor ends one there');
        assert.equal((await rest('DELETE', `/grants/${mine[0].id}`, undefined, key)).status, 200);
        assert.ok((await live()).length >= 1);
        assert.deepEqual([...new Set((await live()).map(({ slug }) => slug))], [elsewhere.slug]);
        const consents = await arrange('SELECT w.slug FROM oauth.consent k JOIN oauth.client c ON c.id = k.client JOIN workspace.workspace w ON w.id = k.workspace_id WHERE c.client_id = $1', [client.client_id]);
        assert.deepEqual([...new Set(consents.map(({ slug }) => slug))], [elsewhere.slug]);
    });
    test('C10 a client that registered itself is shut out for all members, until it is let in again', async () => {
        const client = await register({ redirect_uris: ['https://web.example/cb'], token_endpoint_auth_method: 'client_secret_post' });
        const [one, other] = [await member_of_demo(), await member_of_demo()];
        const resource = `${origin}/v1/${process.env.GATEHOUSE_WORKSPACE}`;
        const path = request_of(client, { resource });
        for (const { browser } of [one, other]) assert.ok(answer_of((await browser.decide(await browser.open(path), 'allow')).location).code);
        const listed = async () => (await rest('GET', '/connected-clients')).body.clients.find(({ client_id }) => client_id === client.client_id);
        assert.deepEqual([(await listed()).members, (await listed()).origin, (await listed()).shut_out_at], [2, 'dynamic', undefined]);
        const { client_id } = client;
        const opened = await one.browser.open(request_of(client, { resource, prompt: 'consent' }));

        assert.equal((await rest('POST', '/connected-clients/shut-out', { client_id })).status, 200);
        const live = await arrange('SELECT FROM oauth.authorization a JOIN oauth.client c ON c.id = a.client WHERE c.client_id = $1 AND a.revoked_at IS NULL', [client_id]);
        const consents = await arrange('SELECT FROM oauth.consent k JOIN oauth.client c ON c.id = k.client WHERE c.client_id = $1', [client_id]);
        assert.deepEqual([live.length, consents.length], [0, 0]);
        assert.ok((await listed()).shut_out_at);
        for (const { browser } of [one, other]) {
            const { page } = await browser.open(path);
            assert.deepEqual([page.status, /client_shut_out/.test(page.text)], [403, true]);
        }
        const late = await one.browser.decide(opened, 'allow');
        assert.deepEqual([late.status, /client_shut_out/.test(late.text)], [403, true], 'nor by a page that was open before');
        const elsewhere = await create_workspace(one.user);
        const { page } = await one.browser.open(request_of(client));
        assert.ok(page.text.includes(elsewhere.slug) && !page.text.includes(`(${process.env.GATEHOUSE_WORKSPACE})`), 'elsewhere it is not');
        await arrange("UPDATE oauth.client SET registered_at = now() - interval '200 days', authorized_at = now() - interval '200 days' WHERE client_id = $1", [client_id]);
        await arrange('SET ROLE gatehouse_worker; SELECT oauth.delete_stale_clients(1000)');
        assert.ok((await listed()).shut_out_at, 'nor is it forgotten');

        assert.equal((await rest('POST', '/connected-clients/let-in', { client_id })).status, 200);
        assert.match((await other.browser.get(path)).location, /^\/oauth\/consent/, 'it has to ask anew');
        assert.ok(answer_of((await other.browser.decide(await other.browser.open(path), 'allow')).location).code);
    });
    test('C10 shutting out is for administrators, in their own workspace, of clients that there are', async () => {
        const { client_id } = await register();
        assert.equal((await rest('POST', '/connected-clients/shut-out', { client_id: 'cli_00000000000000000000000000' })).body.code, 'client_not_found');
        assert.equal((await rest('POST', '/connected-clients/let-in', { client_id })).body.code, 'client_not_found');
        const reader = create_key('reads alone', 'mcp.read', 'mcp.write').key;
        for (const [method, path] of [['GET', ''], ['POST', '/shut-out'], ['POST', '/let-in']])
            assert.equal((await rest(method, `/connected-clients${path}`, method === 'POST' ? { client_id } : undefined, reader)).status, 403);
        const theirs = await person();
        await theirs.browser.decide(await theirs.browser.open(request_of({ client_id, redirect_uris: ['http://127.0.0.1:7777/callback'] })), 'allow');
        assert.ok(!(await rest('GET', '/connected-clients')).body.clients.some((client) => client.client_id === client_id));
        assert.equal((await rest('POST', '/connected-clients/shut-out', { client_id })).status, 200);
        assert.equal((await arrange('SELECT revoked_at FROM oauth.authorization WHERE user_id = $1', [theirs.user.id]))[0].revoked_at, null, 'that of another workspace lives on');
        assert.equal((await rest('POST', '/connected-clients/let-in', { client_id })).status, 200);
    });
    test('C10 one that acts by itself is shut out too', async () => {
        const { client_id, client_secret } = fields_of(gatehouse('--workspace', process.env.GATEHOUSE_WORKSPACE, 'client', 'add', 'Robot', '--auth', 'client_secret_post', '--scope', 'mcp.read'));
        const ask = async () => (await fetch(`${origin}/oauth/token`, { method: 'POST', body: new URLSearchParams({ grant_type: 'client_credentials', client_id, client_secret }) })).json();
        assert.ok((await ask()).access_token);
        gatehouse('--workspace', process.env.GATEHOUSE_WORKSPACE, 'client', 'shut-out', client_id);
        await until(async () => (await ask()).error === 'invalid_target', 2000, 'it still gets tokens');
        gatehouse('--workspace', process.env.GATEHOUSE_WORKSPACE, 'client', 'let-in', client_id);
        assert.ok((await ask()).access_token);
        gatehouse('client', 'delete', client_id);
    });
    for (const [what, path_of, shut_out] of [
        ['by its person', (grant) => `/grants/${grant}`, 'DELETE'],
        ['by an administrator', () => '/connected-clients/shut-out', 'POST'],
    ])
        test(`C10 a client that is being let in while it is shut out ${what} is out`, async () => {
            const client = await register({ redirect_uris: ['https://web.example/cb'], token_endpoint_auth_method: 'client_secret_post' });
            const { browser, user } = await demo_person();
            const path = request_of(client, { resource: `${origin}/v1/${process.env.GATEHOUSE_WORKSPACE}` });
            await browser.decide(await browser.open(path), 'allow');
            const of_client = 'FROM oauth.authorization WHERE user_id = $1 AND client = (SELECT id FROM oauth.client WHERE client_id = $2) AND revoked_at IS NULL';
            const live = () => arrange(`SELECT id ${of_client}`, [user.id, client.client_id]);
            const [{ id }] = await live();
            // Whoever lets it in comes to a halt after reading the consent, before the grant is there.
            const halt = await hold('SELECT FROM oauth.client WHERE client_id = $1 FOR UPDATE', [client.client_id]);
            const letting_in = browser.get(path);
            await halt.until_somebody_waits();
            const shutting_out = rest(shut_out, path_of(public_id('grt', id)), shut_out === 'POST' ? { client_id: client.client_id } : undefined);
            await Promise.race([shutting_out, new Promise((done) => setTimeout(done, 500))]);
            await halt.end();
            assert.ok(answer_of((await letting_in).location).code, 'the consent was there');
            assert.equal((await shutting_out).status, 200);
            assert.deepEqual(await live(), []);
            assert.deepEqual(await arrange(`SELECT ${of_client.replace('oauth.authorization', 'oauth.consent').replace(' AND revoked_at IS NULL', '')}`, [user.id, client.client_id]), []);
        });
    test('C10 a person lists grants and takes them back; the client must ask anew', async () => {
        const client = await register({ redirect_uris: ['https://web.example/cb'], token_endpoint_auth_method: 'client_secret_post' });
        const { browser } = await demo_person();
        await browser.decide(await browser.open(request_of(client)), 'allow');
        assert.ok(answer_of((await browser.get(request_of(client))).location).code, 'consent stands');
        const grants = (await rest('GET', '/grants')).body.grants.filter(({ client_id }) => client_id === client.client_id);
        assert.equal(grants.length, 2);
        assert.deepEqual([grants[0].workspace, grants[0].client_origin, grants[0].scopes], [process.env.GATEHOUSE_WORKSPACE, 'dynamic', ['mcp.read', 'mcp.write']]);
        assert.equal((await rest('DELETE', `/grants/${grants[1].id}`)).status, 200);
        assert.equal((await rest('DELETE', `/grants/${grants[0].id}`)).status, 404);
        assert.match((await browser.get(request_of(client))).location, /^\/oauth\/consent/, 'consent is gone');
    });
    test('nobody takes back the grants of others', async () => {
        const { browser, user } = await person();
        await browser.decide(await browser.open(request_of(await register())), 'allow');
        const [{ id }] = await arrange('SELECT id FROM oauth.authorization WHERE user_id = $1', [user.id]);
        const mine = (await rest('GET', '/grants')).body.grants;
        assert.ok(Array.isArray(mine));
        await rest('DELETE', `/grants/grt_${'0'.repeat(26)}`).then(({ status }) => assert.equal(status, 404));
        assert.equal((await arrange('SELECT revoked_at FROM oauth.authorization WHERE id = $1', [id]))[0].revoked_at, null);
    });
});
