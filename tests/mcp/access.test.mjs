// Who may come in: credentials, challenges, origins, methods, media types.
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { describe, test } from 'node:test';
import { with_checksum } from '../support/api_key.mjs';
import { Session, ask_another_process, modern_fields, modern_message, post, url } from './client.mjs';

assert.ok(process.env.SEED_PLAIN_KEY, 'SEED_PLAIN_KEY is not set: seed the stack with tests/support/seed');

const discover = modern_message('server/discover');
/// Well-formed, checksum and all, and never issued: it reaches the look-up. The checksum is CRC-32 in base 62.
const stranger = with_checksum(`ghk_${'0'.repeat(26)}_${'A'.repeat(43)}`);

/// Node's fetch sets Host itself.
function raw(method, fields, body = '') {
    return new Promise((done, fail) => {
        const sent = request(url, { method, headers: fields }, (answer) => {
            let text = '';
            answer.on('data', (bytes) => (text += bytes)).on('end', () => done({ status: answer.statusCode, headers: answer.headers, text }));
        });
        sent.on('error', fail).end(body);
    });
}

describe('a credential', () => {
    for (const [what, message] of [['server/discover', discover], ['initialize', { jsonrpc: '2.0', id: 1, method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {} } }]]) {
        test(`is needed for ${what} already`, async () => {
            const answer = await ask_another_process({ fields: modern_fields(discover), message, api_key: '' });
            assert.equal(answer.status, 401);
            const challenge = answer.head.match(/^www-authenticate: (.*)$/im)[1];
            assert.match(challenge, /^Bearer /);
            assert.match(challenge, /resource_metadata="[^"]+\/\.well-known\/oauth-protected-resource\/mcp"/);
            assert.match(challenge, /scope="mcp\.read mcp\.write"/);
            const body = JSON.parse(answer.text);
            assert.deepEqual([body.jsonrpc, 'id' in body, typeof body.error.code], ['2.0', false, 'number']);
        });
    }
    test('that is not live is told so', async () => {
        const answer = await ask_another_process({ fields: modern_fields(discover), message: discover, api_key: stranger });
        assert.equal(answer.status, 401);
        assert.match(answer.head, /error="invalid_token"/);
        assert.match(answer.head, /unknown, disabled or expired/);
    });
    test('R11 does not open the session of another one', async () => {
        const session = await Session.begin();
        const message = { jsonrpc: '2.0', id: 1, method: 'ping' };
        const own = await ask_another_process({ fields: session.fields, message });
        assert.equal(own.status, 200);
        const other = await ask_another_process({ fields: session.fields, message, api_key: process.env.SEED_PLAIN_KEY });
        assert.equal(other.status, 404);
    });
    test('does not use the request state of another one', async () => {
        const first = modern_message('tools/call', { name: 'test_input_required_result_request_state' }, { capabilities: { elicitation: {} } });
        const { result } = await (await post(first, modern_fields(first))).json();
        const again = { ...first, params: { ...first.params, requestState: result.requestState, inputResponses: { confirm: { action: 'accept', content: {} } } } };
        const own = await ask_another_process({ fields: modern_fields(again), message: again });
        assert.match(own.text, /state-ok/);
        const other = await ask_another_process({ fields: modern_fields(again), message: again, api_key: process.env.SEED_PLAIN_KEY });
        assert.equal(JSON.parse(other.text).error.code, -32602);
    });
});

describe('an origin', () => {
    const own = `http://${new URL(url).host}`;
    test('that is not allowed is refused before the credential', async () => {
        const answer = await raw('POST', { ...modern_fields(discover), origin: 'https://evil.example.com' }, JSON.stringify(discover));
        assert.equal(answer.status, 403);
        assert.equal(answer.headers['www-authenticate'], undefined);
    });
    test('that is allowed may read the answer', async () => {
        const answer = await raw('POST', { ...modern_fields(discover), origin: own }, JSON.stringify(discover));
        assert.equal(answer.status, 200);
        assert.equal(answer.headers['access-control-allow-origin'], own);
        assert.match(answer.headers['access-control-expose-headers'], /WWW-Authenticate/);
    });
    test('may ask beforehand, without a credential', async () => {
        const answer = await raw('OPTIONS', { origin: own, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization, mcp-param-region' });
        assert.equal(answer.status, 204);
        for (const field of ['Authorization', 'Mcp-Session-Id', 'Last-Event-ID', 'Mcp-Method', 'Mcp-Name', 'mcp-param-region']) {
            assert.ok(answer.headers['access-control-allow-headers'].includes(field), field);
        }
    });
    test('a host that is not served is refused', async () => {
        const answer = await raw('POST', { ...modern_fields(discover), host: 'evil.example.com' }, JSON.stringify(discover));
        assert.equal(answer.status, 403);
    });
});

describe('a method', () => {
    for (const method of ['GET', 'DELETE']) {
        test(`${method} does not exist in the stateless revision`, async () => {
            const answer = await raw(method, { accept: 'text/event-stream', 'mcp-protocol-version': '2026-07-28' });
            assert.equal(answer.status, 405);
            assert.match(answer.headers.allow, /POST/);
        });
    }
    test('PUT exists in none', async () => {
        const answer = await raw('PUT', {});
        assert.equal(answer.status, 405);
        assert.match(answer.headers.allow, /POST/);
    });
});

describe('a body', () => {
    test('of whose answer the client takes neither form is refused', async () => {
        const answer = await raw('POST', { ...modern_fields(discover), accept: 'text/html' }, JSON.stringify(discover));
        assert.equal(answer.status, 406);
    });
    test('of another media type is refused', async () => {
        const answer = await raw('POST', { ...modern_fields(discover), 'content-type': 'text/plain' }, JSON.stringify(discover));
        assert.equal(answer.status, 415);
    });
    for (const [text, code] of [['{', -32700], ['[]', -32600], ['7', -32600], ['{"jsonrpc":"1.0","id":1,"method":"ping"}', -32600], ['{"jsonrpc":"2.0","id":1.5,"method":"ping"}', -32600], ['{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}', -32600]]) {
        test(`${text} is answered ${code}`, async () => {
            const answer = await raw('POST', modern_fields(discover), text);
            assert.equal(answer.status, 400);
            assert.equal(JSON.parse(answer.text).error.code, code);
        });
    }
});

describe('streams', () => {
    test('of one credential are bounded, and closing one makes room', async () => {
        const message = modern_message('subscriptions/listen', { notifications: {} });
        const open = [];
        let refused;
        while (open.length < 1000 && !refused) {
            const answer = await post(message, modern_fields(message));
            if (answer.status === 200) open.push(answer);
            else refused = answer;
        }
        assert.equal(refused?.status, 429, `${open.length} streams are open`);
        assert.equal((await refused.json()).error.data.code, 'too_many_streams');
        await Promise.all(open.map((answer) => answer.body.cancel()));
        for (const start = Date.now(); ; await new Promise((done) => setTimeout(done, 20))) {
            const answer = await post(message, modern_fields(message));
            await answer.body.cancel();
            if (answer.status === 200) break;
            assert.ok(Date.now() - start < 3000, 'no room was made');
        }
    });
    test('of an unknown revision are refused', async () => {
        const answer = await raw('GET', { accept: 'text/event-stream', 'mcp-protocol-version': '2024-02-30' });
        assert.equal(answer.status, 400);
    });
});
