// The plain HTTP view: what a person with curl sees, on MCP in each revision and on the REST mirror.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { run } from './command.mjs';
import { echoed, mcp_url, secret_digest, stack, value_of, wrong_key } from './stack.mjs';

async function curl(url, { headers = {}, body, method, key = stack.key } = {}) {
    const sent = Object.entries({ ...(key && { Authorization: `Bearer ${key}` }), ...headers });
    const config = [
        `url = "${url}"`,
        ...sent.map(([name, value]) => `header = "${name}: ${value}"`),
        ...(method ? [`request = "${method}"`] : []),
        ...(body === undefined ? [] : [`data-binary = "${JSON.stringify(body).replace(/[\\"]/g, '\\$&')}"`]),
    ];
    const { code, stdout, stderr } = await run(
        'curl', ['-sS', '--max-time', '30', '--cacert', stack.ca, '--include', '-K', '-'],
        { input: config.join('\n') },
    );
    assert.equal(code, 0, stderr);
    const [, fields, text] = stdout.match(/^((?:.+\r\n)+)\r\n([^]*)$/);
    return { status: Number(fields.split(' ')[1]), text, fields };
}

const legacy_fields = (version) => ({
    'Content-Type': 'application/json',
    Accept: 'application/json, text/event-stream',
    'MCP-Protocol-Version': version,
});

const modern_fields = (method, name) => ({
    ...legacy_fields('2026-07-28'),
    'Mcp-Method': method,
    ...(name && { 'Mcp-Name': name }),
});

const modern_meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'curl', version: '7' },
    'io.modelcontextprotocol/clientCapabilities': {},
};

function message_of(text) {
    const data = text.match(/^data: ?(\{.*)$/m)?.[1];
    return JSON.parse(data ?? text);
}

function call_body(name, arguments_, meta) {
    const params = { name, arguments: arguments_, ...(meta && { _meta: meta }) };
    return { jsonrpc: '2.0', id: 1, method: 'tools/call', params };
}

async function require_call(fields, meta, key) {
    const listed = await curl(mcp_url, { headers: fields('list_services'), body: call_body('list_services', {}, meta), key });
    assert.equal(listed.status, 200, listed.text);
    const { services } = value_of(message_of(listed.text).result);
    assert.ok(services.some(({ name }) => name === stack.service));

    const wanted = { service_name: stack.service, method: 'GET', url: `${stack.upstream}/curled` };
    const called = await curl(mcp_url, { headers: fields('call_service'), body: call_body('call_service', wanted, meta), key });
    assert.equal(called.status, 200, called.text);
    const called_service = value_of(message_of(called.text).result);
    assert.equal(called_service.status, 200);
    const seen = echoed(called_service);
    assert.equal(seen.authorization_sha256, secret_digest);
}

describe('curl on the MCP endpoint', { timeout: 120_000 }, () => {
    test('2026-07-28: lists and calls a service, one request each', () =>
        require_call((name) => modern_fields('tools/call', name), modern_meta));

    for (const version of ['2025-11-25', '2025-06-18']) {
        test(`${version}: initialize, then list and call a service`, async () => {
            const params = { protocolVersion: version, capabilities: {}, clientInfo: { name: 'curl', version: '7' } };
            const hello = await curl(mcp_url, {
                headers: legacy_fields(version),
                body: { jsonrpc: '2.0', id: 0, method: 'initialize', params },
            });
            assert.equal(hello.status, 200, hello.text);
            assert.equal(message_of(hello.text).result.protocolVersion, version);
            const session = hello.fields.match(/^mcp-session-id: *(\S+)/im)?.[1];
            await require_call(() => ({ ...legacy_fields(version), ...(session && { 'Mcp-Session-Id': session }) }));
        });
    }

    test('without a key: 401, a challenge that names the metadata, a JSON body', async () => {
        const { status, text, fields } = await curl(mcp_url, {
            headers: modern_fields('tools/list'),
            body: { jsonrpc: '2.0', id: 1, method: 'tools/list', params: { _meta: modern_meta } },
            key: null,
        });
        assert.equal(status, 401);
        assert.match(fields, /^www-authenticate: *Bearer .*resource_metadata="https:/im);
        const url = fields.match(/resource_metadata="([^"]+)"/)[1];
        JSON.parse(text);
        const metadata = await curl(url, { key: null });
        assert.equal(metadata.status, 200);
        assert.equal(JSON.parse(metadata.text).resource, mcp_url.href);
    });

    test('with a wrong key: 401, invalid_token', async () => {
        const { status, fields } = await curl(mcp_url, {
            headers: modern_fields('tools/list'),
            body: { jsonrpc: '2.0', id: 1, method: 'tools/list', params: { _meta: modern_meta } },
            key: wrong_key,
        });
        assert.equal(status, 401);
        assert.match(fields, /error="invalid_token"/);
    });

    test('with the User-Id of the key: served; with another: refused', async () => {
        const body = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: { _meta: modern_meta } };
        const own = await curl(mcp_url, { headers: { ...modern_fields('tools/list'), 'User-Id': stack.user_id }, body });
        assert.equal(own.status, 200, own.text);
        const foreign = stack.user_id.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
        const other = await curl(mcp_url, { headers: { ...modern_fields('tools/list'), 'User-Id': foreign }, body });
        assert.ok([401, 403].includes(other.status), `${other.status} ${other.text}`);
    });
});

describe('curl with a key that may not', { timeout: 120_000 }, () => {
    const wanted = { service_name: stack.service };
    const named = /^www-authenticate: *Bearer .*scope="[^"]*vault\.reveal/im;

    test('2026-07-28: 403 with the id of the request and the scope that it needs', async () => {
        const { status, text, fields } = await curl(mcp_url, {
            headers: modern_fields('tools/call', 'get_credentials'),
            body: call_body('get_credentials', wanted, modern_meta),
            key: stack.plain_key,
        });
        assert.equal(status, 403, text);
        assert.equal(JSON.parse(text).id, 1);
        assert.match(fields, named);
        assert.match(fields, /error="insufficient_scope"/);
    });
    test('2025-03-26: the error of that member of the batch alone', async () => {
        const { status, text } = await curl(mcp_url, {
            headers: legacy_fields('2025-03-26'),
            body: [call_body('get_credentials', wanted), { jsonrpc: '2.0', id: 2, method: 'ping' }],
            key: stack.plain_key,
        });
        assert.equal(status, 200, text);
        const [refused, pong] = JSON.parse(text);
        assert.deepEqual([refused.id, refused.error.data.code], [1, 'insufficient_scope']);
        assert.deepEqual([pong.id, pong.result], [2, {}]);
    });
    test('REST: 403 with the scope that it needs, that of an administrator too', async () => {
        const reveal = await curl(`${stack.url}/api/v1/services/${stack.service}/credentials`, { key: stack.plain_key });
        assert.equal(reveal.status, 403);
        assert.match(reveal.fields, named);
        const remove = await curl(`${stack.url}/api/v1/services/${stack.service}`, { method: 'DELETE', key: stack.plain_key });
        assert.equal(remove.status, 403, remove.text);
        assert.match(remove.fields, /^www-authenticate: *Bearer .*scope="[^"]*admin/im);
    });
});

describe('curl on the REST mirror', { timeout: 120_000 }, () => {
    test('a path without the method: 405 that names those it has', async () => {
        const { status, fields } = await curl(`${stack.url}/api/v1/services/${stack.service}/call`, { method: 'PUT', body: {} });
        assert.equal(status, 405);
        assert.match(fields, /^allow: *POST\r$/im);
    });
    test('HEAD is served wherever GET is', async () => {
        const { code, stdout } = await run('curl', ['-sS', '--head', '--cacert', stack.ca, '-K', '-'], {
            input: `url = "${stack.url}/api/v1/services"\nheader = "Authorization: Bearer ${stack.key}"`,
        });
        assert.equal(code, 0);
        assert.match(stdout, /^HTTP\/\S+ 200/);
        assert.match(stdout, /^content-type: *application\/json/im);
    });
    test('arguments of a POST come in its body, not in the query', async () => {
        const { status, text } = await curl(`${stack.url}/api/v1/services/${stack.service}/call?method=GET`, {
            headers: { 'Content-Type': 'application/json' },
            body: { url: `${stack.upstream}/x`, method: 'GET' },
        });
        assert.equal(status, 422, text);
    });
    const api = `${stack.url}/api/v1`;
    const json = { 'Content-Type': 'application/json' };

    async function document() {
        const { status, text } = await curl(`${api}/openapi.json`);
        assert.equal(status, 200, text);
        return JSON.parse(text);
    }

    test('describes itself as OpenAPI 3.1', async () => {
        const { openapi, paths } = await document();
        assert.match(openapi, /^3\.1/);
        assert.ok(Object.keys(paths).some((path) => path.endsWith('/services')));
    });

    test('lists the services', async () => {
        const { status, text } = await curl(`${api}/services`);
        assert.equal(status, 200, text);
        assert.ok(JSON.parse(text).services.some(({ name }) => name === stack.service));
        assert.ok(!text.includes(stack.secret));
    });

    test('calls a service by the operation the document names', async () => {
        const { paths } = await document();
        const [path] = Object.entries(paths).find(([, { post }]) => post?.operationId === 'call_service');
        const target = path.replace(/^(\/api\/v1)?/, api).replace(/\{[^}]*\}/g, stack.service);
        const { status, text } = await curl(target, {
            headers: json,
            body: { method: 'GET', url: `${stack.upstream}/rested` },
        });
        assert.equal(status, 200, text);
        assert.equal(echoed(JSON.parse(text)).authorization_sha256, secret_digest);
    });

    test('a wrong key is a 401 problem with a stable code', async () => {
        const { status, text, fields } = await curl(`${api}/services`, { key: wrong_key });
        assert.equal(status, 401);
        assert.match(fields, /^content-type: *application\/problem\+json/im);
        assert.match(JSON.parse(text).code, /^[a-z_]+$/);
    });

    test('an unknown path is a 404 problem', async () => {
        const { status, text, fields } = await curl(`${api}/nowhere`);
        assert.equal(status, 404);
        assert.match(fields, /^content-type: *application\/problem\+json/im);
        assert.match(JSON.parse(text).code, /^[a-z_]+$/);
    });
});
