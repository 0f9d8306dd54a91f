// Dynamic client registration: section 1.7 of the checklist, and the registrations of real clients (section 2.2).
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { arrange, person, request_of } from './browser.mjs';
import { fresh_document } from './documents.mjs';
import { recorded_registrations } from './registrations.mjs';

const origin = process.env.GATEHOUSE_URL;
const endpoint = `${origin}/oauth/register`;
const native = { client_name: 'A program', redirect_uris: ['http://127.0.0.1:7777/callback'], token_endpoint_auth_method: 'none', grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'] };
const unique = () => ({ ...native, client_name: `A program ${Math.random()}` });

async function send(method, url, body, fields = {}) {
    const answer = await fetch(url, { method, redirect: 'manual', headers: { ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...fields }, body: typeof body === 'object' ? JSON.stringify(body) : body });
    const text = await answer.text();
    return { status: answer.status, fields: answer.headers, text, body: text ? JSON.parse(text) : undefined };
}
const register = (body, fields) => send('POST', endpoint, body, fields);
const manage = (method, registered, body) => send(method, registered.registration_client_uri, body, { Authorization: `Bearer ${registered.registration_access_token}` });

async function is_refused(body, error, status = 400) {
    const answer = await register(body);
    assert.deepEqual([answer.status, answer.body.error], [status, error], answer.text);
    assert.match(answer.fields.get('content-type'), /^application\/json/);
    assert.match(answer.body.error_description, /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
}

describe('the registrations of real clients', () => {
    for (const [name, registration] of Object.entries(recorded_registrations)) {
        test(`${name}: taken, and given back as it was sent`, async () => {
            const answer = await register(registration);
            assert.equal(answer.status, 201, answer.text);
            assert.deepEqual(answer.body.redirect_uris, registration.redirect_uris);
            assert.equal(answer.body.token_endpoint_auth_method, registration.token_endpoint_auth_method ?? 'client_secret_basic');
            assert.ok(answer.body.grant_types.includes('authorization_code'));
            for (const [member, value] of Object.entries(answer.body)) assert.ok(value !== null && value !== '' && !(Array.isArray(value) && !value.length), member);
        });
    }
});

test('DCR-1 the answer holds all that was registered, and a secret only where one is needed', async () => {
    const { token_endpoint_auth_method, ...confidential } = unique();
    const answer = await register({ ...confidential, client_uri: 'https://program.example/', contacts: ['a@program.example'], software_id: 'p' });
    assert.equal(answer.status, 201);
    assert.equal(answer.fields.get('cache-control'), 'no-store');
    assert.ok(Math.abs(answer.body.client_id_issued_at - Date.now() / 1000) < 60);
    assert.match(answer.body.client_secret, /^[A-Za-z0-9_-]{43,}$/);
    assert.equal(answer.body.client_secret_expires_at, 0);
    assert.deepEqual([answer.body.client_uri, answer.body.contacts, answer.body.software_id, answer.body.client_name], ['https://program.example/', ['a@program.example'], 'p', confidential.client_name]);
});
describe('DCR-2 refusals are JSON with the codes of RFC 7591', () => {
    const bad = (members) => ({ ...native, ...members });
    for (const [what, body, error, status] of [
        ['no redirect URI', bad({ redirect_uris: undefined }), 'invalid_redirect_uri'],
        ['an empty list', bad({ redirect_uris: [] }), 'invalid_redirect_uri'],
        ['one URI of several that is not allowed', bad({ redirect_uris: ['https://a.example/', 'http://a.example/'] }), 'invalid_redirect_uri'],
        ['a list that is a text', bad({ redirect_uris: 'https://a.example/' }), 'invalid_client_metadata'],
        ['a number among the URIs', bad({ redirect_uris: [1] }), 'invalid_client_metadata'],
        ['another authentication method', bad({ token_endpoint_auth_method: 'tls_client_auth' }), 'invalid_client_metadata'],
        ['private_key_jwt without keys', bad({ token_endpoint_auth_method: 'private_key_jwt' }), 'invalid_client_metadata'],
        ['a private key', bad({ token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [{ kty: 'EC', d: 'x' }] } }), 'invalid_client_metadata'],
        ['grant types without ours', bad({ grant_types: ['password'] }), 'invalid_client_metadata'],
        ['response types without ours', bad({ response_types: ['token'] }), 'invalid_client_metadata'],
        ['a name that is a number', bad({ client_name: 7 }), 'invalid_client_metadata'],
        ['a name of 201 characters', bad({ client_name: 'n'.repeat(201) }), 'invalid_client_metadata'],
        ['a list', [], 'invalid_client_metadata'],
        ['a text', '"x"', 'invalid_client_metadata'],
        ['broken JSON', '{"redirect_uris":', 'invalid_client_metadata'],
        ['a repeated member', '{"redirect_uris":["https://a.example/"],"redirect_uris":["https://b.example/"]}', 'invalid_client_metadata'],
        ['deep nesting', '{"x":' + '['.repeat(3000) + ']'.repeat(3000) + '}', 'invalid_client_metadata'],
        ['more than 8 KB', bad({ software_statement: 'x'.repeat(9000) }), 'invalid_client_metadata', 413],
    ])
        test(what, () => is_refused(body, error, status));
    test('a body that nginx refuses', async () => {
        const answer = await register('x'.repeat(100000));
        assert.deepEqual([answer.status, answer.body.error], [413, 'invalid_request']);
    });
    test('another media type', async () => {
        const answer = await register(JSON.stringify(native), { 'Content-Type': 'text/plain' });
        assert.deepEqual([answer.status, answer.body.error], [400, 'invalid_client_metadata']);
    });
    for (const method of ['GET', 'PUT', 'DELETE', 'PATCH'])
        test(`${method} is not served`, async () => {
            const answer = await send(method, endpoint);
            assert.equal(answer.status, 405);
            assert.match(answer.fields.get('allow'), /POST/);
        });
});
test('DCR-3 unknown members are ignored, what was replaced is shown', async () => {
    const answer = await register({ ...unique(), grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'], colour: 'red', scope: 'openid mcp.read offline_access' });
    assert.equal(answer.status, 201);
    assert.deepEqual(answer.body.grant_types, ['authorization_code', 'refresh_token']);
    assert.equal(answer.body.scope, 'mcp.read');
    assert.equal(answer.body.colour, undefined);
});
describe('DCR-4 defaults', () => {
    test('are those of the RFC; empty texts are absent', async () => {
        const answer = await register({ redirect_uris: ['https://program.example/cb'], client_name: `d${Math.random()}`, client_uri: '', logo_uri: null, scope: '' });
        assert.equal(answer.status, 201, answer.text);
        assert.deepEqual([answer.body.token_endpoint_auth_method, answer.body.grant_types, answer.body.response_types], ['client_secret_basic', ['authorization_code'], ['code']]);
        for (const member of ['client_uri', 'logo_uri', 'scope']) assert.ok(!(member in answer.body));
    });
    test('what is null is left to the server, which gives refresh tokens and no null', async () => {
        const nothing = Object.fromEntries(['grant_types', 'response_types', 'client_uri', 'logo_uri', 'tos_uri', 'policy_uri', 'scope', 'contacts', 'jwks', 'software_id', 'software_version', 'application_type', 'client_name', 'token_endpoint_auth_method'].map((member) => [member, null]));
        const answer = await register({ ...nothing, redirect_uris: [`http://127.0.0.1:33389/${Math.random()}`] });
        assert.equal(answer.status, 201, answer.text);
        assert.deepEqual([answer.body.token_endpoint_auth_method, answer.body.grant_types, answer.body.response_types], ['client_secret_basic', ['authorization_code', 'refresh_token'], ['code']]);
        assert.doesNotMatch(answer.text, /null|""|\[\]/);
        assert.doesNotMatch((await manage('GET', answer.body)).text, /null|""|\[\]/);
    });
});
test('DCR-5 a client without a secret gets none', async () => {
    const answer = await register(unique());
    assert.equal(answer.body.token_endpoint_auth_method, 'none');
    assert.ok(!('client_secret' in answer.body) && !('client_secret_expires_at' in answer.body));
});
describe('DCR-6 redirect URIs', () => {
    test('ten are taken, eleven are not', async () => {
        const uris = (count) => Array.from({ length: count }, (_, i) => `https://program.example/cb${i}`);
        assert.equal((await register({ ...unique(), redirect_uris: uris(10) })).status, 201);
        await is_refused({ ...native, redirect_uris: uris(11) }, 'invalid_redirect_uri');
    });
    for (const uri of ['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'vbscript:x', 'blob:https://a.example/x', 'about:blank', 'https://a.example/#f', 'https://u@a.example/', 'cursor://evil/cb', 'http://10.0.0.1/cb', 'cb', `https://a.example/${'x'.repeat(2040)}`])
        test(`${uri.slice(0, 40)} is refused`, () => is_refused({ ...native, redirect_uris: [uri] }, 'invalid_redirect_uri'));
});
test('DCR-7 application_type is a hint', async () => {
    for (const application_type of ['web', 'native', 'desktop']) assert.equal((await register({ ...unique(), application_type })).status, 201);
});
test('DCR-8 control and direction characters are taken out of the name, URLs other than https are left out', async () => {
    const answer = await register({ ...unique(), client_name: 'Cla\u202eude\u0000\u200b\u001b[31m', client_uri: 'http://program.example/', logo_uri: 'javascript:alert(1)' });
    assert.equal(answer.body.client_name, 'Claude[31m');
    assert.ok(!('client_uri' in answer.body) && !('logo_uri' in answer.body));
});
test('DCR-8 C8 nothing that a registration names is fetched, and no logo is shown', async () => {
    const outside = await fresh_document();
    const links = Object.fromEntries(['client_uri', 'logo_uri', 'tos_uri', 'policy_uri', 'jwks_uri'].map((name) => [name, outside.url]));
    const { body } = await register({ ...unique(), ...links });
    assert.equal(body.logo_uri, outside.url, 'it is kept, and told');
    const { browser } = await person();
    const { page } = await browser.open(request_of(body));
    assert.equal(page.status, 200);
    assert.ok(!page.text.includes(outside.url));
    assert.deepEqual([...page.text.matchAll(/<img[^>]*src="([^"]*)"/g)].map(([, source]) => source), ['/static/gatehouse.svg']);
    assert.match(page.fields.get('content-security-policy'), /img-src 'self';/);
    assert.equal(await outside.count(), 0);
});
describe('DCR-9 limits', () => {
    const configuration = readFileSync(join(process.env.VAR, 'gatehouse.toml'), 'utf8').replace(/\[oauth\][^[]*/, '');
    const program = join(process.env.GATEHOUSE_BIN ?? join(process.env.GATEHOUSE_ROOT, 'build/bin'), 'oauth_register');
    function ask(preset, address, body) {
        const file = join(process.env.VAR, `registration-${preset}.toml`);
        writeFileSync(file, `${configuration}\n[oauth]\nregistration = "${preset}"\n`);
        const text = JSON.stringify(body);
        const output = execFileSync(program, { input: text, env: { ...process.env, GATEHOUSE_CONFIG: file, GATEWAY_INTERFACE: 'CGI/1.1', REQUEST_METHOD: 'POST', DOCUMENT_URI: '/oauth/register', SCRIPT_NAME: '/oauth/register', REQUEST_URI: '/oauth/register', QUERY_STRING: '', CONTENT_TYPE: 'application/json', CONTENT_LENGTH: String(Buffer.byteLength(text)), REMOTE_ADDR: address, SERVER_PROTOCOL: 'HTTP/1.1' }, encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] });
        const [head, content] = output.split('\r\n\r\n');
        return { status: Number(head.match(/^Status: (\d+)/im)?.[1] ?? 200), head, body: JSON.parse(content) };
    }
    const address = () => `2001:db8:${Math.floor(Math.random() * 65536).toString(16)}:${Math.floor(Math.random() * 65536).toString(16)}::`;
    for (const [preset, burst] of [['open', 20], ['strict', 5]])
        test(`${preset}: ${burst} at once from one /64, then 429 with the time to wait`, () => {
            const network = address();
            for (let i = 1; i <= burst; ++i) assert.equal(ask(preset, `${network}${i}`, unique()).status, 201, `registration ${i}`);
            const refused = ask(preset, `${network}ffff`, unique());
            assert.deepEqual([refused.status, refused.body.error], [429, 'temporarily_unavailable']);
            const wait = Number(refused.head.match(/^Retry-After: (\d+)/im)[1]);
            assert.ok(wait > 600 && wait <= 720, `${wait} s: five an hour`);
            assert.equal(ask(preset, `${address()}1`, unique()).status, 201, 'another network is not held up');
        });
    test('closed: nobody', () => assert.deepEqual([ask('closed', '192.0.2.1', unique()).status], [403]));
    test('public clients that say the same share an id, and none may change it for the others', async () => {
        const metadata = unique();
        const [first, second] = [await register(metadata), await register({ ...metadata, unknown: 1 })];
        assert.equal(first.body.client_id, second.body.client_id);
        assert.notEqual(first.body.registration_access_token, second.body.registration_access_token);
        assert.equal((await manage('PUT', first.body, { ...metadata, client_id: first.body.client_id, redirect_uris: ['https://evil.example/'] })).status, 403);
        assert.equal((await manage('DELETE', first.body)).status, 204);
        assert.equal((await manage('GET', first.body)).status, 401);
        assert.equal((await manage('GET', second.body)).status, 200);
        const { token_endpoint_auth_method, ...confidential } = unique();
        assert.notEqual((await register(confidential)).body.client_id, (await register(confidential)).body.client_id);
    });
});
describe('DCR-11 RFC 7592', () => {
    test('GET gives back what is registered', async () => {
        const { body } = await register(unique());
        const answer = await manage('GET', body);
        assert.equal(answer.status, 200);
        assert.deepEqual(answer.body, body);
    });
    test('PUT replaces it and makes a secret where one is needed now', async () => {
        const metadata = unique();
        const { body } = await register(metadata);
        const { token_endpoint_auth_method, ...confidential } = metadata;
        const answer = await manage('PUT', body, { ...confidential, client_id: body.client_id, redirect_uris: ['https://program.example/new'] });
        assert.equal(answer.status, 200, answer.text);
        assert.deepEqual(answer.body.redirect_uris, ['https://program.example/new']);
        assert.match(answer.body.client_secret, /^gcs_/);
        assert.deepEqual((await manage('GET', body)).body.redirect_uris, ['https://program.example/new']);
    });
    for (const [what, members] of [['another client_id', { client_id: 'cli_other' }], ['no client_id', { client_id: undefined }], ['a member that only the server sets', { client_id_issued_at: 1 }], ['a chosen secret', { client_secret: 'mine' }]])
        test(`PUT with ${what} is refused`, async () => {
            const metadata = unique();
            const { body } = await register(metadata);
            assert.equal((await manage('PUT', body, { ...metadata, client_id: body.client_id, ...members })).status, 400);
        });
    test('DELETE ends it: 204, then 401', async () => {
        const { body } = await register(unique());
        const gone = await manage('DELETE', body);
        assert.deepEqual([gone.status, gone.text], [204, '']);
        assert.equal((await manage('GET', body)).status, 401);
    });
    test('a wrong token, none, and one of another client are answered 401 with a challenge', async () => {
        const { body } = await register(unique());
        const other = await register(unique());
        for (const token of ['wrong', '', other.body.registration_access_token]) {
            const answer = await send('GET', body.registration_client_uri, undefined, token ? { Authorization: `Bearer ${token}` } : {});
            assert.equal(answer.status, 401);
            assert.match(answer.fields.get('www-authenticate'), /^Bearer .*invalid_token/);
        }
    });
});
test('DCR-12 an id is neither a URL nor looks like that of a user', async () => {
    assert.match((await register(unique())).body.client_id, /^cli_[0-9a-z]{26}$/);
});
test('D17 any page may register, after a preflight', async () => {
    const preflight = await fetch(endpoint, { method: 'OPTIONS', headers: { Origin: 'http://localhost:6274', 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'content-type' } });
    assert.equal(preflight.status, 204);
    assert.match(preflight.headers.get('access-control-allow-headers'), /Content-Type/);
    assert.equal((await register(unique(), { Origin: 'http://localhost:6274' })).fields.get('access-control-allow-origin'), '*');
});
test('clients that found no metadata register at the root', async () => assert.equal((await send('POST', `${origin}/register`, unique())).status, 201));
test('DCR-10 who was never let in is forgotten after a week, who has a live grant is not', async () => {
    const [idle, recent, used, forgotten] = await Promise.all(Array.from({ length: 4 }, () => register(unique()).then(({ body }) => body.client_id)));
    const { user, workspace } = await person();
    const age = (id, column, days) => arrange(`UPDATE oauth.client SET ${column} = now() - make_interval(days => $2) WHERE client_id = $1`, [id, days]);
    const grant = (id, expires) => arrange(`INSERT INTO oauth.authorization (id, workspace_id, user_id, client, scopes, resource, expires_at) SELECT gen_random_uuid(), $2, $3, id, '{mcp.read}', 'r', now() + $4::interval FROM oauth.client WHERE client_id = $1`, [id, workspace.id, user.id, expires]);
    await Promise.all([age(idle, 'registered_at', 8), age(recent, 'registered_at', 6)]);
    for (const id of [used, forgotten]) await Promise.all([age(id, 'registered_at', 200), age(id, 'authorized_at', 190)]);
    await Promise.all([grant(used, '1 day'), grant(forgotten, '-1 day')]);
    await arrange('SET ROLE gatehouse_worker; SELECT oauth.delete_stale_clients(1000)');
    const left = (await arrange('SELECT client_id FROM oauth.client WHERE client_id = ANY ($1)', [[idle, recent, used, forgotten]])).map(({ client_id }) => client_id);
    assert.deepEqual(left.sort(), [recent, used].sort());
});
