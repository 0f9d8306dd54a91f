// What surrounds the endpoints: lines of the checklist about documents, lifetimes and nginx.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { send } from '../security/raw.mjs';
import { register } from './browser.mjs';
import { claims_of, done, origin, post, sign_in, sql } from './grants.mjs';

after(done);
const metadata = async () => (await fetch(`${origin}/.well-known/oauth-authorization-server`)).json();

describe('documents', () => {
    test('D10 D12 every endpoint that the metadata names answers', async () => {
        const document = await metadata();
        for (const name of ['registration_endpoint', 'revocation_endpoint', 'introspection_endpoint', 'token_endpoint']) {
            const answer = await fetch(document[name], { method: 'POST', body: new URLSearchParams({}) });
            assert.ok([400, 401].includes(answer.status), `${name}: HTTP ${answer.status}`);
            assert.match(answer.headers.get('content-type'), /^application\/json/);
        }
        assert.equal((await fetch(document.jwks_uri)).status, 200);
        assert.ok(document.revocation_endpoint_auth_methods_supported.length && document.introspection_endpoint_auth_methods_supported.length);
        assert.equal((await register()).client_id.slice(0, 4), 'cli_');
    });
});

describe('redirect URIs', () => {
    for (const uri of ['http://web.example/cb', 'javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'evil://host/cb', 'https://user@web.example/cb', 'https://web.example/cb#x', 'http://127.0.0.1.evil.example/cb', 'http://localhost.evil.example/cb', 'ftp://web.example/'])
        test(`A7 ${uri} is not registered`, async () => assert.equal((await register({ redirect_uris: [uri] })).error, 'invalid_redirect_uri'));
    for (const uri of ['https://web.example/cb', 'http://127.0.0.1/cb', 'http://[::1]:1234/cb', 'http://localhost/cb', 'cursor://anysphere.cursor-mcp/oauth/callback'])
        test(`A7 ${uri} is registered`, async () => assert.deepEqual((await register({ redirect_uris: [uri] })).redirect_uris, [uri]));
});

describe('access tokens', () => {
    test('T16 live for an hour, whatever the grant', async () => {
        const { access_token, expires_in } = await sign_in({ lifetime: '400 days' });
        const { iat, exp } = claims_of(access_token);
        assert.deepEqual([expires_in, exp - iat], [3600, 3600]);
    });
});

describe('nginx', () => {
    const json = [['Content-Type', 'application/json']];
    test('P2 does not believe what a client says of its own address', async () => {
        const source = '203.0.113.77';
        await send({ path: '/oauth/register', fields: [...json, ['X-Forwarded-For', source], ['X-Real-IP', source], ['Forwarded', `for=${source}`]], body: '{"redirect_uris":["http://127.0.0.1/forwarded"]}' });
        const counted = async (by) => (await sql("SELECT FROM oauth.registration_quota WHERE source = $1 AND refilled_at > now() - interval '10 seconds'", [by])).length;
        assert.equal(await counted(source), 0);
        assert.ok((await counted('127.0.0.1')) + (await counted('::/64')) > 0, 'but counts the address it came from');
    });
    test('P3 P6 errors carry what a page of another origin must read, and preflights need no token', async () => {
        const fields = [['Origin', 'https://page.example']];
        for (const path of ['/mcp', '/oauth/token', '/oauth/register', '/oauth/revoke']) {
            const { status, fields: answered } = await send({ path, fields: [...fields, ...json], body: '{}' });
            assert.ok(status >= 400 && status < 500, `${path}: HTTP ${status}`);
            if (path !== '/mcp') assert.equal(answered['access-control-allow-origin'], '*', path);
        }
        for (const path of ['/.well-known/oauth-authorization-server', '/.well-known/oauth-protected-resource/mcp', '/oauth/token', '/oauth/register', '/oauth/revoke', '/oauth/jwks'])
            assert.equal((await send({ method: 'OPTIONS', path, fields: [...fields, ['Access-Control-Request-Method', 'POST']] })).status, 204, path);
    });
    describe('a body that is too large', () => {
        const form = [['Content-Type', 'application/x-www-form-urlencoded']];
        const answer_to = (path, fields) => send({ path, fields, body: 'x'.repeat(100_000) });
        for (const path of ['/login', '/login/code', '/register', '/activate', '/password/reset', '/account', '/account/grants', '/two-factor', '/logout', '/oauth/authorize', '/authorize', '/oauth/consent', '/connect/start'])
            test(`C1 A21 is told on a page at ${path}`, async () => {
                const { status, fields, text } = await answer_to(path, form);
                assert.deepEqual([status, fields['content-type'], fields['cache-control']], [413, 'text/html; charset=utf-8', 'no-store']);
                assert.match(text, /<h1>That is too large<\/h1>/);
                assert.deepEqual([fields['x-frame-options'], fields['referrer-policy']], ['DENY', 'no-referrer']);
                assert.match(fields['content-security-policy'], /^default-src 'none';.*frame-ancestors 'none'$/);
            });
        for (const path of ['/oauth/token', '/token', '/oauth/register', '/register', '/oauth/revoke', '/oauth/introspect'])
            test(`T17 DCR-2 is told in JSON at ${path}`, async () => {
                const { status, fields, text } = await answer_to(path, json);
                assert.deepEqual([status, fields['content-type'], fields['cache-control']], [413, 'application/json', 'no-store']);
                assert.equal(JSON.parse(text).error, 'invalid_request');
            });
    });
    test('what the pages show may be kept, an error may not', async () => {
        assert.equal((await fetch(`${origin}/static/gatehouse.css`)).headers.get('cache-control'), 'public, max-age=3600');
        assert.equal((await fetch(`${origin}/static/nowhere.css`)).status, 404);
    });
    test('P5 no slash is added or taken by a redirect', async () => {
        for (const path of ['/mcp', '/mcp/', '/oauth/token', '/oauth/token/', '/oauth/register'])
            assert.ok(![301, 302, 307, 308].includes((await post(path, { a: 'b' })).status), path);
    });
});
