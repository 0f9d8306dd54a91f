// Discovery: section 1.1 of the checklist, and R1 to R3 of the protected resource's metadata.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { OAuthMetadataSchema, OpenIdProviderDiscoveryMetadataSchema } from '@modelcontextprotocol/sdk/shared/auth.js';
import * as oidc from 'oauth4webapi';

const origin = process.env.GATEHOUSE_URL;
const workspace = process.env.GATEHOUSE_WORKSPACE;
const endpoints = ['/mcp', `/v1/${workspace}`];

const get = (path, fields = {}) => fetch(origin + path, { headers: fields, redirect: 'manual' });
const document_at = async (path) => (await get(path)).json();
const forms = ['', ...endpoints].flatMap((path) => [
    `/.well-known/oauth-authorization-server${path}`,
    `/.well-known/openid-configuration${path}`,
    `${path}/.well-known/openid-configuration`,
]);

describe('D1 D2 the document is served', () => {
    for (const path of new Set(forms)) {
        test(`at ${path}`, async () => {
            const answer = await get(path);
            assert.equal(answer.status, 200);
            assert.match(answer.headers.get('content-type'), /^application\/json/);
            assert.deepEqual(await answer.json(), await document_at('/.well-known/oauth-authorization-server'));
        });
    }
    for (const path of ['/.well-known/oauth-authorization-server/other', '/.well-known/oauth-authorization-server/mcp/x', '/.well-known/openid-configuration/', '/.well-known/webfinger', '/other/.well-known/openid-configuration', '/mcp/.well-known/oauth-authorization-server', '/v1/.well-known/openid-configuration', '/.well-known/oauth-protected-resource/other']) {
        test(`D2 not at ${path}: 404, no page`, async () => {
            const answer = await get(path);
            assert.equal(answer.status, 404);
            assert.match(answer.headers.get('content-type'), /^application\/(problem\+)?json/);
            assert.equal((await answer.json()).status, 404);
        });
    }
    test('D2 a slash that is written %2f makes no redirect and no page', async () => {
        const answer = await get('/.well-known/oauth-authorization-server%2fmcp');
        assert.ok([200, 404].includes(answer.status), `${answer.status}`);
        assert.match(answer.headers.get('content-type'), /json/);
    });
});

describe('the document', () => {
    let document;
    test.before(async () => (document = await document_at('/.well-known/oauth-authorization-server')));

    test('D3 has one spelling of the issuer, everywhere', async () => {
        assert.equal(document.issuer, origin);
        assert.ok(!document.issuer.endsWith('/'));
        for (const path of ['', ...endpoints]) {
            assert.deepEqual((await document_at(`/.well-known/oauth-protected-resource${path}`)).authorization_servers, [document.issuer]);
        }
    });
    test('D4 has the required members', () => {
        assert.equal(document.authorization_endpoint, `${origin}/oauth/authorize`);
        assert.equal(document.token_endpoint, `${origin}/oauth/token`);
        assert.deepEqual(document.response_types_supported, ['code']);
    });
    test('D5 promises S256 alone', () => assert.deepEqual(document.code_challenge_methods_supported, ['S256']));
    test('D6 lists the authentication methods', () => {
        for (const method of ['none', 'client_secret_post', 'client_secret_basic']) assert.ok(document.token_endpoint_auth_methods_supported.includes(method));
    });
    test('D7 lists the grant types', () => {
        for (const grant of ['authorization_code', 'refresh_token']) assert.ok(document.grant_types_supported.includes(grant));
        assert.ok(!document.grant_types_supported.some((grant) => ['implicit', 'password'].includes(grant)));
    });
    test('D8 D9 promises iss and metadata documents', () => {
        assert.equal(document.authorization_response_iss_parameter_supported, true);
        assert.equal(document.client_id_metadata_document_supported, true);
    });
    test('D11 lists scopes; no word that would make clients ask for more, here or in any other document', async () => {
        assert.deepEqual(document.scopes_supported, ['mcp.read', 'mcp.write', 'vault.reveal', 'admin']);
        for (const path of [...forms, ...['', ...endpoints].map((path) => `/.well-known/oauth-protected-resource${path}`)])
            for (const scope of ['offline_access', 'openid', 'profile', 'email']) assert.ok(!(await document_at(path)).scopes_supported.includes(scope), path);
    });
    test('D13 names the protected resource', () => assert.deepEqual(document.protected_resources, [`${origin}/mcp`]));
    test('D14 can be read as OpenID provider metadata: by the SDK, and by a library that checks the issuer', async () => {
        for (const path of forms.filter((path) => path.includes('openid-configuration'))) {
            const read = OpenIdProviderDiscoveryMetadataSchema.parse(await document_at(path));
            assert.equal(OAuthMetadataSchema.parse(read).issuer, origin);
        }
        const found = await oidc.discoveryRequest(new URL(origin), { algorithm: 'oidc' });
        assert.deepEqual(await oidc.processDiscoveryResponse(new URL(origin), found), document);
        const asked = await oidc.discoveryRequest(new URL(origin), { algorithm: 'oauth2' });
        assert.equal((await oidc.processDiscoveryResponse(new URL(origin), asked)).issuer, origin);
    });
    test('D14 has what OpenID Connect Discovery requires, with RS256 among the algorithms', async () => {
        for (const member of ['issuer', 'authorization_endpoint', 'token_endpoint', 'jwks_uri']) assert.match(document[member], /^https:/, member);
        assert.equal((await (await fetch(document.jwks_uri)).json()).keys.constructor, Array);
        assert.deepEqual(document.subject_types_supported, ['public']);
        assert.ok(document.id_token_signing_alg_values_supported.includes('RS256'));
        assert.ok(!document.id_token_signing_alg_values_supported.includes('none'));
    });
    test('D15 no document has an empty array, an empty text or a null', async () => {
        for (const path of [...forms, '/.well-known/oauth-protected-resource', ...endpoints.map((path) => `/.well-known/oauth-protected-resource${path}`)])
            for (const [name, value] of Object.entries(await document_at(path))) assert.ok(value !== null && value !== '' && !(Array.isArray(value) && value.length === 0), `${path}: ${name}`);
    });
    test('D10 names no registration endpoint where nobody may register', () => {
        const file = join(process.env.VAR, 'metadata-closed.toml');
        writeFileSync(file, `${readFileSync(join(process.env.VAR, 'gatehouse.toml'), 'utf8').replace(/\[oauth\][^[]*/, '')}\n[oauth]\nregistration = "closed"\n`);
        const path = '/.well-known/oauth-authorization-server';
        const output = execFileSync(join(process.env.GATEHOUSE_BIN ?? join(process.env.GATEHOUSE_ROOT, 'build/bin'), 'metadata'), { env: { ...process.env, GATEHOUSE_CONFIG: file, GATEWAY_INTERFACE: 'CGI/1.1', REQUEST_METHOD: 'GET', DOCUMENT_URI: path, SCRIPT_NAME: path, REQUEST_URI: path, QUERY_STRING: '', SERVER_PROTOCOL: 'HTTP/1.1' }, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
        const { registration_endpoint, ...others } = document;
        assert.ok(registration_endpoint);
        assert.deepEqual(JSON.parse(output.split('\r\n\r\n')[1]), others);
    });
    test('D16 has https URLs alone', () => {
        for (const [name, value] of Object.entries(document)) {
            if (/_endpoint$|_uri$/.test(name)) assert.match(value, /^https:\/\//, name);
        }
    });
});

describe('D17 any page', () => {
    for (const path of [...new Set(forms), ...['', ...endpoints].map((path) => `/.well-known/oauth-protected-resource${path}`), '/oauth/jwks']) {
        test(`may read ${path}, with a preflight before`, async () => {
            const preflight = await fetch(origin + path, { method: 'OPTIONS', headers: { Origin: 'https://page.example', 'Access-Control-Request-Method': 'GET', 'Access-Control-Request-Headers': 'mcp-protocol-version' } });
            assert.equal(preflight.status, 204);
            assert.match(preflight.headers.get('access-control-allow-headers'), /MCP-Protocol-Version/i);
            const answer = await get(path, { Origin: 'https://page.example', 'MCP-Protocol-Version': '2025-11-25' });
            assert.equal(answer.headers.get('access-control-allow-origin'), '*');
        });
    }
});

describe('the protected resource', () => {
    test('R1 R2 is described with the URL that the client uses', async () => {
        assert.equal((await document_at('/.well-known/oauth-protected-resource')).resource, `${origin}/mcp`);
        for (const path of endpoints) assert.equal((await document_at(`/.well-known/oauth-protected-resource${path}`)).resource, origin + path);
    });
    test('R3 asks for few scopes and never for offline_access', async () => {
        const document = await document_at('/.well-known/oauth-protected-resource/mcp');
        assert.deepEqual(document.scopes_supported, ['mcp.read', 'mcp.write']);
        assert.deepEqual(document.bearer_methods_supported, ['header']);
        assert.ok(document.resource_name);
    });
});

for (const method of ['POST', 'PUT', 'DELETE']) {
    test(`${method} is answered 405 with JSON`, async () => {
        const answer = await fetch(`${origin}/.well-known/oauth-authorization-server`, { method, body: '{}' });
        assert.equal(answer.status, 405);
        assert.match(answer.headers.get('allow') ?? '', /GET/);
        assert.equal((await answer.json()).code, 'method_not_allowed');
    });
}
