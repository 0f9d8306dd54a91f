// Discovery: section 1.1 of the checklist, and R1 to R3 of the protected resource's metadata.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

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
    for (const path of ['/.well-known/oauth-authorization-server/other', '/.well-known/openid-configuration/', '/.well-known/webfinger', '/other/.well-known/openid-configuration', '/.well-known/oauth-authorization-server%2fmcp']) {
        test(`D2 not at ${path}: 404, no page`, async () => {
            const answer = await get(path);
            const text = await answer.text();
            assert.ok([404, 200].includes(answer.status), `${answer.status}`);
            if (answer.status === 404) assert.match(answer.headers.get('content-type'), /json/);
            assert.doesNotThrow(() => JSON.parse(text));
        });
    }
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
    test('D11 lists scopes and does not advertise offline_access', () => {
        assert.deepEqual(document.scopes_supported, ['mcp.read', 'mcp.write', 'vault.reveal', 'admin']);
    });
    test('D13 names the protected resource', () => assert.deepEqual(document.protected_resources, [`${origin}/mcp`]));
    test('D14 can be read as OpenID provider metadata', () => {
        for (const member of ['jwks_uri', 'subject_types_supported', 'id_token_signing_alg_values_supported']) assert.ok(document[member]);
    });
    test('D15 has no empty array and no null', () => {
        for (const [name, value] of Object.entries(document)) {
            assert.ok(value !== null && !(Array.isArray(value) && value.length === 0), name);
        }
    });
    test('D16 has https URLs alone', () => {
        for (const [name, value] of Object.entries(document)) {
            if (/_endpoint$|_uri$/.test(name)) assert.match(value, /^https:\/\//, name);
        }
    });
});

describe('D17 any page', () => {
    for (const path of [...new Set(forms), ...['', ...endpoints].map((path) => `/.well-known/oauth-protected-resource${path}`)]) {
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
