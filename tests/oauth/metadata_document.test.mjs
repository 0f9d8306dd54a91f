// Client id metadata documents: section 1.8 of the checklist. The documents lie at the tests' outside service.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, test } from 'node:test';
import { Browser, answer_of, arrange, person, request_of } from './browser.mjs';

const outside = process.env.UPSTREAM_URL;
const stranger = new Browser();
const fresh_url = () => `${outside}/documents/${randomBytes(8).toString('hex')}/client.json`;
const document_for = (url, changes = {}) => ({ client_id: url, client_name: 'Document program', redirect_uris: ['http://127.0.0.1/callback', 'https://web.example/cb'], grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'], token_endpoint_auth_method: 'none', ...changes });

async function outside_fetch(method, url, body) {
    const { request } = await import('node:https');
    const { readFileSync } = await import('node:fs');
    return new Promise((done, fail) => {
        const sent = request(url, { method, ca: readFileSync(process.env.UPSTREAM_CA) }, (answer) => {
            let text = '';
            answer.on('data', (part) => (text += part)).on('end', () => done(text));
        });
        sent.on('error', fail).end(body);
    });
}
const publish = (url, body, more = {}) => outside_fetch('PUT', url, JSON.stringify({ body: typeof body === 'string' ? body : JSON.stringify(body), ...more }));
const count = async (url) => Number(await outside_fetch('GET', `${url}?count`));
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
