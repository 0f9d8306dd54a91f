// Client id metadata documents: section 1.8 of the checklist. The documents lie at the tests' outside service.
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { describe, test } from 'node:test';
import { Browser, answer_of, arrange, challenge_of, hold, origin, person, register, request_of, verifier } from './browser.mjs';
import { asked_with, count, fresh_url, outside, outside_fetch, publish } from './documents.mjs';

const stranger = new Browser();
const document_for = (url, changes = {}) => ({ client_id: url, client_name: 'Document program', redirect_uris: ['http://127.0.0.1/callback', 'https://web.example/cb'], grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'], token_endpoint_auth_method: 'none', ...changes });
const make_stale = (url) => arrange("UPDATE oauth.client SET fresh_until = now() - interval '1 second' WHERE client_id = $1", [url]);
const client_at = (url, changes) => ({ client_id: url, redirect_uris: ['http://127.0.0.1:43210/callback'], ...changes });
const ask = (url, changes) => stranger.get(request_of(client_at(url), changes));

function is_taken(answer) {
    assert.match(answer.location ?? answer.text, /^\/login\?continue=/);
}
function is_refused(answer, code = 'invalid_client') {
    assert.equal(answer.status, 400, answer.location);
    assert.match(answer.fields.get('content-type'), /^text\/html/);
    assert.match(answer.text, new RegExp(code));
}

describe('CM-1 what may be such a client_id', () => {
    for (const url of [`${outside}`, `${outside}/`, `${outside}/documents/../x`, `${outside}/documents/%2e%2E/x`, `${outside}/documents/./x`, `${outside}/documents/x#f`, `${outside.replace('https://', 'https://user@')}/documents/x`, 'https://', 'https:///x', `${outside.replace('https', 'http')}/documents/x`])
        test(url.replace(outside, ''), async () => is_refused(await ask(url)));
});
test('CM-2 the document is asked for as JSON, and a redirect is not followed', async () => {
    const url = fresh_url();
    await publish(url, document_for(url));
    is_taken(await ask(url));
    const moved = fresh_url();
    await publish(moved, '', { status: 302, headers: { location: url } });
    is_refused(await ask(moved), 'client_metadata_unreachable');
    assert.equal(await count(url), 1);
    const fields = await asked_with(url);
    assert.equal(fields.accept, 'application/json');
    for (const name of ['cookie', 'authorization', 'referer', 'origin']) assert.equal(fields[name], undefined, name);
    for (const status of [201, 203, 206, 404, 500]) {
        const other = fresh_url();
        await publish(other, document_for(other), { status });
        is_refused(await ask(other), 'client_metadata_unreachable');
    }
});
describe('CM-3 CM-4 what a document must say', () => {
    for (const [what, make] of [
        ['its own URL', (url) => document_for(url, { client_id: url + '/' })],
        ['a name', (url) => document_for(url, { client_name: undefined })],
        ['redirect URIs', (url) => document_for(url, { redirect_uris: undefined })],
        ['redirect URIs that may be used', (url) => document_for(url, { redirect_uris: ['javascript:alert(1)'] })],
        ['an object', () => []],
        ['JSON', () => '<html>'],
        ['no secret', (url) => document_for(url, { client_secret: 'x' })],
        ['no method with a secret', (url) => document_for(url, { token_endpoint_auth_method: 'client_secret_post' })],
        ['a known method', (url) => document_for(url, { token_endpoint_auth_method: 'magic' })],
        ['keys, where it signs', (url) => document_for(url, { token_endpoint_auth_method: 'private_key_jwt' })],
    ])
        test(what, async () => {
            const url = fresh_url();
            await publish(url, make(url));
            is_refused(await ask(url), 'invalid_client_metadata');
            assert.equal((await arrange('SELECT FROM oauth.client WHERE client_id = $1', [url])).length, 0, 'CM-7 nothing is kept');
        });
    test('CM-4 keys that lie elsewhere are fetched', async () => {
        const [url, keys] = [fresh_url(), fresh_url()];
        const key = { kty: 'EC', crv: 'P-256', kid: '1', x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU', y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0' };
        await publish(keys, { keys: [key] });
        await publish(url, document_for(url, { token_endpoint_auth_method: 'private_key_jwt', jwks_uri: keys }));
        is_taken(await ask(url));
        assert.deepEqual((await arrange('SELECT jwks FROM oauth.client WHERE client_id = $1', [url]))[0].jwks, { keys: [key] });
    });
});
test('CM-5 grant types of others are ignored', async () => {
    const url = fresh_url();
    await publish(url, document_for(url, { grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'], response_types: ['code', 'token'] }));
    is_taken(await ask(url));
});
describe('CM-6 what is not fetched', () => {
    for (const host of ['127.0.0.1:1', '10.0.0.1', '169.254.169.254', 'metadata.google.internal', '[::1]:1', '[::ffff:127.0.0.1]:1', '[64:ff9b::a00:1]', '[2002:7f00:1::]', 'localhost:1', '0.0.0.0'])
        test(`https://${host}/client.json`, async () => {
            const started = Date.now();
            is_refused(await ask(`https://${host}/client.json`), 'client_metadata_unreachable');
            assert.ok(Date.now() - started < 4000);
        });
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '0.0.0.0', '2130706433'])
        test(`no connection is made to ${host}`, async () => {
            let connections = 0;
            const server = createServer((socket) => { ++connections; socket.destroy(); });
            await new Promise((done) => server.listen(0, '::', done));
            is_refused(await ask(`https://${host}:${server.address().port}/client.json`), host === '2130706433' ? 'invalid_client|client_metadata_unreachable' : 'client_metadata_unreachable');
            await new Promise((done) => server.close(done));
            assert.equal(connections, 0);
        });
    test('more than 5 KB', async () => {
        const url = fresh_url();
        await publish(url, document_for(url, { x: 'x'.repeat(5200) }));
        is_refused(await ask(url), 'client_metadata_unreachable');
    });
    test('what takes longer than 5 seconds', async () => {
        const url = fresh_url();
        await publish(url, document_for(url), { delay: 9000 });
        const started = Date.now();
        is_refused(await ask(url), 'client_metadata_unreachable');
        assert.ok(Date.now() - started < 7500);
    });
});
describe('CM-7 the copy', () => {
    test('is used while it is fresh, and fetched anew afterwards', async () => {
        const url = fresh_url();
        await publish(url, document_for(url), { headers: { 'cache-control': 'max-age=600' } });
        for (let i = 0; i < 3; ++i) is_taken(await ask(url));
        assert.equal(await count(url), 1);
        const [row] = await arrange('SELECT extract(epoch FROM fresh_until - now())::int AS seconds FROM oauth.client WHERE client_id = $1', [url]);
        assert.ok(row.seconds > 500 && row.seconds <= 600);
        await make_stale(url);
        await publish(url, document_for(url, { redirect_uris: ['https://web.example/other'] }));
        is_refused(await ask(url), 'redirect_uri_mismatch');
        assert.equal(await count(url), 2);
    });
    test('is kept for a day at most and a minute at least', async () => {
        for (const [control, least, most] of [['max-age=99999999', 86000, 86400], ['max-age=1', 50, 60], ['no-store', 50, 60], ['', 3500, 3600]]) {
            const url = fresh_url();
            await publish(url, document_for(url), { headers: control ? { 'cache-control': control } : {} });
            is_taken(await ask(url));
            const [{ seconds }] = await arrange('SELECT extract(epoch FROM fresh_until - now())::int AS seconds FROM oauth.client WHERE client_id = $1', [url]);
            assert.ok(seconds >= least && seconds <= most, `${control}: ${seconds}`);
        }
    });
    for (const [what, more] of [['403', { status: 403 }], ['a page', { body: '<html>' }], ['another client_id', { body: '{}' }]])
        test(`CM-10 serves while the host answers ${what}`, async () => {
            const url = fresh_url();
            await publish(url, document_for(url));
            is_taken(await ask(url));
            await make_stale(url);
            await outside_fetch('PUT', url, JSON.stringify({ body: '', ...more }));
            is_taken(await ask(url));
        });
});
test('CM-10 a client is let go on at the token endpoint while its host fails', async () => {
    const url = fresh_url();
    await publish(url, document_for(url));
    const client = client_at(url);
    const { browser } = await person();
    const secret = verifier();
    const { location } = await browser.decide(await browser.open(request_of(client, { code_challenge: challenge_of(secret) })), 'allow');
    await publish(url, '<html>', { status: 403 });
    await make_stale(url);
    const token = async (form) => (await fetch(`${origin}/oauth/token`, { method: 'POST', body: new URLSearchParams({ client_id: url, ...form }) })).json();
    const first = await token({ grant_type: 'authorization_code', code: answer_of(location).code, code_verifier: secret, redirect_uri: client.redirect_uris[0] });
    assert.ok(first.access_token, JSON.stringify(first));
    const second = await token({ grant_type: 'refresh_token', refresh_token: first.refresh_token });
    assert.ok(second.access_token, JSON.stringify(second));
    assert.equal(await count(url), 1);
});
describe('P7 clients wait ten seconds', () => {
    const timed = async (answer) => {
        const started = Date.now();
        return { answer: await answer, seconds: (Date.now() - started) / 1000 };
    };
    const post = (path, form) => fetch(origin + path, { method: 'POST', body: new URLSearchParams(form) });
    test('a host that answers slowly and then not at all keeps nobody longer, nor those who ask at the same time', async () => {
        const [url, keys] = [fresh_url(), fresh_url()];
        await publish(keys, { keys: [] }, { delay: 20000 });
        await publish(url, document_for(url, { token_endpoint_auth_method: 'private_key_jwt', jwks_uri: keys }), { delay: 3500 });
        const asked = await Promise.all(Array.from({ length: 12 }, () => timed(ask(url))));
        for (const { answer, seconds } of asked) {
            is_refused(answer, 'client_metadata_unreachable');
            assert.ok(seconds < 10, `${seconds} s`);
        }
        assert.equal(await count(url), 1);
    });
    test('nor does it keep anybody at the other endpoints', async () => {
        const url = fresh_url();
        await publish(url, document_for(url), { delay: 20000 });
        const hanging = Array.from({ length: 24 }, () => ask(url));
        const client = await register();
        const others = await Promise.all([
            fetch(`${origin}/.well-known/oauth-authorization-server`), fetch(`${origin}/.well-known/oauth-protected-resource/mcp`), fetch(`${origin}/oauth/jwks`),
            post('/oauth/token', { grant_type: 'authorization_code', code: 'x', code_verifier: 'v'.repeat(43), client_id: client.client_id }),
            post('/oauth/token', { grant_type: 'refresh_token', refresh_token: 'x', client_id: client.client_id }),
            post('/oauth/revoke', { token: 'x', client_id: client.client_id }),
        ].map(timed));
        for (const { answer, seconds } of others) assert.ok(answer.status < 500 && seconds < 5, `${answer.url}: HTTP ${answer.status} after ${seconds} s`);
        await Promise.all(hanging);
    });
    test('a database in which everything stands still is told as such: come again', async () => {
        const client = await register();
        const { browser } = await person();
        const secret = verifier();
        const { location } = await browser.decide(await browser.open(request_of(client, { code_challenge: challenge_of(secret) })), 'allow');
        const redeem = () => post('/oauth/token', { grant_type: 'authorization_code', code: answer_of(location).code, code_verifier: secret, client_id: client.client_id });
        const locked = await hold('SELECT FROM oauth.authorization_code WHERE sha256 = sha256($1::bytea) FOR UPDATE', [Buffer.from(answer_of(location).code)]);
        const redeemed = await timed(redeem());
        await locked.end();
        assert.deepEqual([redeemed.answer.status, (await redeemed.answer.json()).error], [503, 'temporarily_unavailable']);
        assert.ok(Number(redeemed.answer.headers.get('retry-after')) >= 1);
        assert.ok(redeemed.seconds < 10, `${redeemed.seconds} s`);
        const { refresh_token } = await (await redeem()).json();
        const refresh = () => post('/oauth/token', { grant_type: 'refresh_token', refresh_token, client_id: client.client_id });
        const halted = await hold('SELECT FROM oauth.refresh_token t WHERE authorization_id = (SELECT authorization_id FROM oauth.authorization_code WHERE sha256 = sha256($1::bytea)) FOR UPDATE', [Buffer.from(answer_of(location).code)]);
        const refreshed = await timed(refresh());
        await halted.end();
        assert.equal(refreshed.answer.status, 503);
        assert.ok(refreshed.seconds < 30, `${refreshed.seconds} s`);
        assert.equal((await refresh()).status, 200, 'nothing was used up');
    });
});
test('CM-8 a redirect URI must stand in the document', async () => {
    const url = fresh_url();
    await publish(url, document_for(url));
    is_refused(await ask(url, { redirect_uri: 'https://web.example/elsewhere' }), 'redirect_uri_mismatch');
    is_refused(await ask(url, { redirect_uri: 'http://localhost:1/callback' }), 'redirect_uri_mismatch');
    is_taken(await ask(url, { redirect_uri: 'https://web.example/cb' }));
});
test('CM-9 many requests at once fetch it once in all processes', async () => {
    const url = fresh_url();
    await publish(url, document_for(url), { delay: 300 });
    for (const answer of await Promise.all(Array.from({ length: 12 }, () => ask(url)))) is_taken(answer);
    assert.equal(await count(url), 1);
});
test('C4 C6 the page says how far the host proves it; consent stands in at a web server alone', async () => {
    const url = fresh_url();
    await publish(url, document_for(url));
    const { browser } = await person();
    const local = await browser.open(request_of(client_at(url)));
    assert.match(local.page.text, /Says it is published by localhost/);
    const at_web = client_at(url, { redirect_uris: ['https://web.example/cb'] });
    const opened = await browser.open(request_of(at_web));
    assert.match(opened.page.text, /Published by localhost, which has been checked/);
    await browser.decide(opened, 'allow');
    assert.ok(answer_of((await browser.get(request_of(at_web))).location).code);
    await browser.decide(local, 'allow');
    assert.match((await browser.get(request_of(client_at(url)))).location, /^\/oauth\/consent/);
    await make_stale(url);
    await publish(url, document_for(url, { client_name: 'Renamed program' }));
    assert.match((await browser.get(request_of(at_web))).location, /^\/oauth\/consent/, 'C7 it changed its name');
});
