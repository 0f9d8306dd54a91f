// Bad input of every kind gets the protocol's own error, and no handler process dies of it.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { handler_processes, state_folder } from '../support/processes.mjs';
import { send } from './raw.mjs';

const state = state_folder(process.env.VAR);
const mcp_path = `/v1/${process.env.GATEHOUSE_WORKSPACE}`;
const credential = ['Authorization', `Bearer ${process.env.GATEHOUSE_API_KEY}`];
const too_much = (16 << 20) + 1;
const deep = '['.repeat(10_000) + ']'.repeat(10_000);
const deep_objects = '{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000);
const modern = '2026-07-28';

const codes = { parse: [-32700], request: [-32600, -32700], params: [-32602, -32600], header: [-32020], any: undefined };

function pids() {
    return handler_processes(state).map(({ pid, name }) => `${name} ${pid}`).sort();
}

let pids_before;
before(() => {
    pids_before = pids();
    assert.ok(pids_before.length >= 2, 'the stack runs no handlers');
});
after(() => assert.deepEqual(pids(), pids_before, 'a handler process died'));

const meta = `"_meta":{"io.modelcontextprotocol/protocolVersion":"${modern}","io.modelcontextprotocol/clientCapabilities":{}}`;

function mcp_fields(version, { method = 'tools/call', name = 'list_services' } = {}) {
    return [
        credential,
        ['Content-Type', 'application/json'],
        ['Accept', 'application/json, text/event-stream'],
        ['MCP-Protocol-Version', version],
        ...(version === modern ? [['Mcp-Method', method], ...(name ? [['Mcp-Name', name]] : [])] : []),
    ];
}

function call_body(version, { name = 'list_services', arguments_ = '{}' } = {}) {
    const extra = version === modern ? `,${meta}` : '';
    return `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":${JSON.stringify(name)},"arguments":${arguments_}${extra}}}`;
}

function without(fields, name) {
    return fields.filter(([field]) => field.toLowerCase() !== name.toLowerCase());
}

function message_of({ text }) {
    return JSON.parse(text.match(/^data: ?(\{.*)$/m)?.[1] ?? text);
}

function require_rpc_error(answer, { statuses, expected }) {
    assert.ok(statuses.includes(answer.status), `HTTP ${answer.status}, expected ${statuses}: ${answer.text.slice(0, 300)}`);
    const { jsonrpc, error } = message_of(answer);
    assert.equal(jsonrpc, '2.0', answer.text.slice(0, 300));
    assert.equal(typeof error?.message, 'string', answer.text.slice(0, 300));
    assert.ok(Number.isInteger(error.code));
    if (expected) assert.ok(expected.includes(error.code), `code ${error.code}, expected ${expected}: ${error.message}`);
}

function require_problem(answer, statuses) {
    assert.ok(statuses.includes(answer.status), `HTTP ${answer.status}, expected ${statuses}: ${answer.text.slice(0, 300)}`);
    assert.match(answer.fields['content-type'] ?? '', /^application\/problem\+json/);
    const problem = JSON.parse(answer.text);
    assert.match(problem.code, /^[a-z][a-z0-9_]*$/);
    assert.ok(problem.title || problem.detail);
}

async function require_alive(version) {
    const answer = await send({ path: mcp_path, fields: mcp_fields(version), body: call_body(version) });
    assert.equal(answer.status, 200, answer.text.slice(0, 300));
    assert.ok(message_of(answer).result, answer.text.slice(0, 300));
}

const bad = [400];
const refused = [400, 403, 421];

function bad_bodies(version) {
    const extra = version === modern ? `,${meta}` : '';
    const call = (params) => `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${params}}`;
    return [
        ['nothing at all', '', bad, codes.request],
        ['half a message', '{"jsonrpc":"2.0","id":1,', bad, codes.parse],
        ['not JSON', 'hello', bad, codes.parse],
        ['JSON with something after it', `${call_body(version)} x`, bad, codes.parse],
        ['a number', '7', bad, codes.request],
        ['a batch of nothing', '[]', bad, codes.request],
        ['10,000 nested arrays', deep, bad, codes.request],
        ['10,000 nested objects', deep_objects, bad, codes.request],
        ['10,000 nested arrays as an argument', call_body(version, { arguments_: `{"a":${deep}}` }), bad, codes.any],
        ['invalid UTF-8', Buffer.concat([Buffer.from('{"jsonrpc":"2.0","id":1,"method":"'), Buffer.from([0xff, 0xc0, 0xaf]), Buffer.from('"}')]), bad, codes.parse],
        ['an unpaired surrogate', '{"jsonrpc":"2.0","id":1,"method":"\\ud800"}', bad, codes.any],
        ['duplicate keys', `{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/call","params":{"name":"list_services"${extra}}}`, bad, codes.request],
        ['duplicate keys inside the arguments', call_body(version, { arguments_: '{"a":1,"a":2}' }), bad, codes.any],
        ['another jsonrpc version', `{"jsonrpc":"1.0","id":1,"method":"tools/call","params":{"name":"list_services"${extra}}}`, bad, codes.request],
        ['a number as method', '{"jsonrpc":"2.0","id":1,"method":7}', bad, codes.request],
        ['an object as id', `{"jsonrpc":"2.0","id":{},"method":"tools/call","params":{"name":"list_services"${extra}}}`, bad, codes.request],
        ['a string as params', call('"x"'), bad, codes.any],
        ['a number as tool name', call(`{"name":7${extra}}`), [200, 400], codes.any],
        ['a string as arguments', call(`{"name":"list_services","arguments":"x"${extra}}`), [200, 400], codes.any],
        ['no tool name', call(`{"arguments":{}${extra}}`), [200, 400], codes.any],
    ];
}

for (const version of [modern, '2025-11-25', '2025-06-18']) {
    describe(`MCP ${version}`, { timeout: 300_000 }, () => {
        for (const [told, body, statuses, expected] of bad_bodies(version)) {
            test(told, async () => {
                const answer = await send({ path: mcp_path, fields: mcp_fields(version), body });
                require_rpc_error(answer, { statuses, expected });
                await require_alive(version);
            });
        }

        test('a body of 16 MiB and one byte', async () => {
            const answer = await send({ path: mcp_path, fields: mcp_fields(version), body: Buffer.alloc(too_much, ' ') });
            require_rpc_error(answer, { statuses: [413], expected: codes.any });
            await require_alive(version);
        });

        test('a body of 16 MiB is read', async () => {
            const body = call_body(version).padEnd(16 << 20, ' ');
            const answer = await send({ path: mcp_path, fields: mcp_fields(version), body });
            assert.equal(answer.status, 200, answer.text.slice(0, 300));
            assert.ok(message_of(answer).result);
        });

        test('an unknown tool', async () => {
            const fields = mcp_fields(version, { name: 'no_such_tool' });
            const answer = await send({ path: mcp_path, fields, body: call_body(version, { name: 'no_such_tool' }) });
            const { result } = message_of(answer);
            if (!result) return require_rpc_error(answer, { statuses: [200, 400, 404], expected: codes.params });
            assert.equal(result.isError, true);
        });

        test('an unknown method', async () => {
            const body = `{"jsonrpc":"2.0","id":1,"method":"no/such","params":{${version === modern ? meta : ''}}}`;
            const answer = await send({ path: mcp_path, fields: mcp_fields(version, { method: 'no/such', name: null }), body });
            require_rpc_error(answer, { statuses: [200, 400, 404], expected: [-32601] });
        });

        test('a wrong content type', async () => {
            const fields = [...without(mcp_fields(version), 'content-type'), ['Content-Type', 'text/plain']];
            const answer = await send({ path: mcp_path, fields, body: call_body(version) });
            require_rpc_error(answer, { statuses: [415, 400], expected: codes.any });
        });

        test('an Accept that takes neither form', async () => {
            const fields = [...without(mcp_fields(version), 'accept'), ['Accept', 'text/html']];
            const answer = await send({ path: mcp_path, fields, body: call_body(version) });
            require_rpc_error(answer, { statuses: [406, 400], expected: codes.any });
        });

        test('a foreign Host', async () => {
            const answer = await send({ path: mcp_path, host: 'evil.example.com', fields: mcp_fields(version), body: call_body(version) });
            assert.ok([...refused, 404].includes(answer.status), `HTTP ${answer.status}`);
            JSON.parse(answer.text);
        });

        test('a foreign Origin', async () => {
            const fields = [...mcp_fields(version), ['Origin', 'https://evil.example.com']];
            const answer = await send({ path: mcp_path, fields, body: call_body(version) });
            assert.equal(answer.status, 403, answer.text.slice(0, 200));
            JSON.parse(answer.text);
        });

        for (const [name, value] of [['MCP-Protocol-Version', version], ['Mcp-Method', 'tools/call'], ['Authorization', credential[1]]]) {
            test(`${name} sent twice`, async () => {
                const fields = [...without(mcp_fields(version), name), [name, value], [name, value]];
                const answer = await send({ path: mcp_path, fields, body: call_body(version) });
                assert.equal(answer.status, 400, answer.text.slice(0, 200));
                await require_alive(version);
            });
        }

        test('an unknown revision in the header', async () => {
            const fields = [...without(mcp_fields(version), 'mcp-protocol-version'), ['MCP-Protocol-Version', '1999-01-01']];
            const answer = await send({ path: mcp_path, fields, body: call_body(version) });
            require_rpc_error(answer, { statuses: bad, expected: codes.any });
        });
    });
}

describe('MCP across eras', { timeout: 60_000 }, () => {
    const ask = (fields, body) => send({ path: mcp_path, fields, body });

    test('a 2026 header over a body of another revision', async () => {
        const body = call_body(modern).replace(`protocolVersion":"${modern}"`, 'protocolVersion":"2999-01-01"');
        require_rpc_error(await ask(mcp_fields(modern), body), { statuses: bad, expected: codes.header });
    });

    test('an Mcp-Method that is not the body\'s', async () => {
        const fields = mcp_fields(modern, { method: 'tools/list' });
        require_rpc_error(await ask(fields, call_body(modern)), { statuses: bad, expected: codes.header });
    });

    test('an Mcp-Name that is not the body\'s', async () => {
        const fields = mcp_fields(modern, { name: 'call_service' });
        require_rpc_error(await ask(fields, call_body(modern)), { statuses: bad, expected: codes.header });
    });

    test('no Mcp-Method in the modern era', async () => {
        const fields = without(mcp_fields(modern), 'mcp-method');
        require_rpc_error(await ask(fields, call_body(modern)), { statuses: bad, expected: codes.header });
    });

    test('initialize with the modern metadata', async () => {
        const body = `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{${meta}}}`;
        const fields = mcp_fields(modern, { method: 'initialize', name: null });
        require_rpc_error(await ask(fields, body), { statuses: [404], expected: [-32601] });
    });

    test('no protocolVersion in the modern metadata', async () => {
        const body = call_body(modern).replace(`"io.modelcontextprotocol/protocolVersion":"${modern}",`, '');
        require_rpc_error(await ask(mcp_fields(modern), body), { statuses: bad, expected: codes.any });
    });
});

describe('REST', { timeout: 120_000 }, () => {
    const path = `/api/v1/services/${process.env.SEED_SERVICE}/call`;
    const fields = [credential, ['Content-Type', 'application/json']];
    const body = '{"method":"GET","url":"https://example.com/"}';

    async function require_rest_alive() {
        const answer = await send({ method: 'GET', path: '/api/v1/services', fields: [credential] });
        assert.equal(answer.status, 200, answer.text.slice(0, 200));
    }

    const bodies = [
        ['half a message', '{"method":', [400]],
        ['nothing at all', '', [400, 422]],
        ['an array', '[]', [400, 422]],
        ['10,000 nested arrays', deep, [400, 422]],
        ['10,000 nested objects', deep_objects, [400, 422]],
        ['invalid UTF-8', Buffer.concat([Buffer.from('{"method":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]), [400, 422]],
        ['duplicate keys', '{"method":"GET","method":"POST","url":"https://x"}', [400, 422]],
        ['a number as method', '{"method":7,"url":"https://example.com/"}', [422]],
        ['an unknown member', `${body.slice(0, -1)},"no_such":1}`, [422, 400]],
        ['an unknown method', body.replace('GET', 'BREW'), [400, 422]],
    ];
    for (const [told, bytes, statuses] of bodies) {
        test(told, async () => {
            require_problem(await send({ path, fields, body: bytes }), statuses);
            await require_rest_alive();
        });
    }

    test('a body of 16 MiB and one byte, which nginx refuses in words that a page of any origin may read', async () => {
        const origin = ['Origin', 'https://page.example'];
        const answer = await send({ path, fields: [...fields, origin], body: Buffer.alloc(too_much, ' ') });
        require_problem(answer, [413]);
        assert.equal(answer.fields['access-control-allow-origin'], '*');
        await require_rest_alive();
    });

    test('a wrong content type', async () => {
        require_problem(await send({ path, fields: [credential, ['Content-Type', 'text/plain']], body }), [415, 400]);
    });

    test('a method the path does not have', async () => {
        const answer = await send({ method: 'DELETE', path: '/api/v1/openapi.json', fields: [credential] });
        require_problem(answer, [405, 404]);
    });

    test('an unknown path', async () => require_problem(await send({ path: '/api/v1/no/such', fields, body }), [404]));

    test('a foreign Host', async () => {
        const answer = await send({ path, host: 'evil.example.com', fields, body });
        assert.ok([...refused, 404].includes(answer.status), `HTTP ${answer.status}`);
        JSON.parse(answer.text);
    });

    test('Authorization sent twice', async () => {
        const answer = await send({ path, fields: [credential, ...fields], body });
        assert.equal(answer.status, 400, answer.text.slice(0, 200));
    });

    test('a percent sign that encodes nothing, in path and query', async () => {
        for (const target of ['/api/v1/services%zz', '/api/v1/services?cursor=%zz']) {
            const { status } = await send({ method: 'GET', path: target, fields: [credential] });
            assert.ok(status < 500, `${target}: HTTP ${status}`);
        }
        await require_rest_alive();
    });
});
