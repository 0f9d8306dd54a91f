// What gatehouse-mcp makes of a server that is slow, broken off, restarted or silent: a server of the test's own.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, test } from 'node:test';

const { GATEHOUSE_MCP, BUILD, GATEHOUSE_ROOT: root } = process.env;
const program = GATEHOUSE_MCP ?? join(BUILD ?? join(root, 'build'), 'bin/gatehouse-mcp');
const meta = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28', 'io.modelcontextprotocol/clientCapabilities': {} };
const soon = 3000;

const deadline = (promise, what, limit = soon) => Promise.race([promise, new Promise((_, fail) => setTimeout(() => fail(new Error(what)), limit).unref())]);
const json = (response, value, fields = {}) => response.writeHead(200, { 'content-type': 'application/json', ...fields }).end(JSON.stringify(value));
const open_stream = (response) => response.writeHead(200, { 'content-type': 'text/event-stream' });
const result = (id, value = {}) => ({ jsonrpc: '2.0', id, result: value });
const event = (value, id) => `${id ? `id: ${id}\n` : ''}data: ${value === undefined ? '' : JSON.stringify(value)}\n\n`;

/// A server that answers with `answer({ method, headers, message }, response)`, and the bridge before it.
async function start(context, answer) {
    const seen = [];
    const server = createServer(async (request, response) => {
        let text = '';
        for await (const part of request) text += part;
        const exchange = { method: request.method, headers: request.headers, message: text ? JSON.parse(text) : undefined, closed: new Promise((done) => response.on('close', done)) };
        seen.push(exchange);
        await answer(exchange, response);
    });
    await new Promise((done) => server.listen(0, '127.0.0.1', done));
    const child = spawn(program, [], {
        env: { GATEHOUSE_URL: `http://127.0.0.1:${server.address().port}`, GATEHOUSE_API_KEY: 'ghk_test' },
        stdio: ['pipe', 'pipe', 'pipe'],
    });
    context.after(() => {
        child.kill('SIGKILL');
        server.closeAllConnections();
        server.close();
    });
    child.stderr.resume();
    const lines = [];
    let wake = () => {};
    let rest = '';
    child.stdout.setEncoding('utf8').on('data', (part) => {
        const parts = (rest + part).split('\n');
        rest = parts.pop();
        lines.push(...parts.map((line) => JSON.parse(line)));
        wake();
    });
    const find = (wanted) => () => lines.find(wanted);
    const until = async (look, what, limit) => {
        const waiting = (async () => {
            for (let found; ; await new Promise((done) => ((wake = done), setTimeout(done, 20)))) if ((found = look())) return found;
        })();
        return deadline(waiting, what, limit);
    };
    return {
        child,
        lines,
        seen,
        tell: (message) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`),
        response: (id, limit) => until(find((line) => line.id === id && !line.method), `no response to ${id}`, limit),
        exchange: (wanted, limit) => until(() => seen.find(wanted), 'no such exchange', limit),
        exited: new Promise((done) => child.on('exit', (code) => done(code))),
    };
}

/// A server of 2025-11-25 with sessions s1, s2, ...; `answer` handles everything but the handshake.
function legacy(answer) {
    let sessions = 0;
    return async (exchange, response) => {
        const { method, message } = exchange;
        if (message?.method === 'initialize') {
            return json(response, result(message.id, { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: { name: 't', version: '1' } }), { 'mcp-session-id': `s${++sessions}` });
        }
        if (message?.method === 'notifications/initialized') return response.writeHead(202).end();
        if (method === 'DELETE') return response.writeHead(204).end();
        return answer(exchange, response);
    };
}

async function begin(bridge) {
    bridge.tell({ id: 'begin', method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {} } });
    await bridge.response('begin');
    bridge.tell({ method: 'notifications/initialized' });
}

describe('gatehouse-mcp', { timeout: 60_000 }, () => {
    test('exits soon after its input has closed, whatever is open', async (context) => {
        const bridge = await start(context, ({ message }, response) => {
            open_stream(response);
            if (message.method === 'subscriptions/listen') response.write(event({ jsonrpc: '2.0', method: 'notifications/subscriptions/acknowledged', params: {} }));
        });
        bridge.tell({ id: 1, method: 'subscriptions/listen', params: { notifications: {}, _meta: meta } });
        bridge.tell({ id: 2, method: 'tools/call', params: { name: 'slow', _meta: meta } });
        const listen = await bridge.exchange(({ message }) => message?.method === 'subscriptions/listen');
        bridge.child.stdin.end();
        await deadline(listen.closed, 'the listener stays open', 700);
        assert.equal(await deadline(bridge.exited, 'it stays', 2000), 0);
    });
    test('waits a moment for what is being answered', async (context) => {
        const bridge = await start(context, ({ message }, response) => setTimeout(() => json(response, result(message.id)), 400));
        bridge.tell({ id: 1, method: 'ping', params: { _meta: meta } });
        await bridge.exchange(({ message }) => message?.id === 1);
        bridge.child.stdin.end();
        await bridge.response(1);
        assert.equal(await deadline(bridge.exited, 'it stays'), 0);
    });
    test('resumes a stream that ends before its response', async (context) => {
        const bridge = await start(context, legacy(({ method, headers, message }, response) => {
            if (method === 'POST') return open_stream(response).end(`retry: 20\n${event(undefined, 'a_1')}`);
            if (headers['last-event-id'] === 'a_1') return open_stream(response).end(event({ jsonrpc: '2.0', method: 'notifications/message', params: {} }, 'a_2'));
            if (headers['last-event-id'] === 'a_2') return open_stream(response).end(event(result(7, { done: true }), 'a_3'));
            open_stream(response);
        }));
        await begin(bridge);
        bridge.tell({ id: 7, method: 'tools/call', params: { name: 'x' } });
        assert.deepEqual((await bridge.response(7)).result, { done: true });
    });
    test('answers a request itself where the server does not', async (context) => {
        const answers = {
            ended: (response) => open_stream(response).end(event({ jsonrpc: '2.0', method: 'notifications/message', params: {} })),
            html: (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>welcome</p>'),
            moved: (response) => response.writeHead(302, { location: '/elsewhere' }).end(),
            empty: (response) => response.writeHead(202).end(),
            broken: (response) => response.destroy(),
        };
        const bridge = await start(context, ({ message }, response) => answers[message.id](response));
        for (const id of Object.keys(answers)) {
            bridge.tell({ id, method: 'ping', params: { _meta: meta } });
            assert.equal((await bridge.response(id)).error.code, -32000, id);
        }
    });
    test('follows notifications again after their stream has ended', async (context) => {
        let streams = 0;
        const bridge = await start(context, legacy(({ method, message }, response) => {
            if (method === 'POST') return json(response, result(message.id));
            open_stream(response).write(event({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' }, `n_${++streams}`));
            if (streams === 1) response.end();
        }));
        await begin(bridge);
        const again = await bridge.exchange(({ method, headers }) => method === 'GET' && headers['last-event-id'] === 'n_1', 5000);
        assert.equal(again.headers['mcp-session-id'], 's1');
    });
    test('begins a lost session anew, once, and repeats the request', async (context) => {
        const bridge = await start(context, legacy(({ method, headers, message }, response) => {
            if (method === 'GET') return response.writeHead(405).end();
            if (headers['mcp-session-id'] === 's1') return response.writeHead(404, { 'content-type': 'application/json' }).end('{"jsonrpc":"2.0","error":{"code":-32600,"message":"gone"}}');
            return json(response, result(message.id, { session: headers['mcp-session-id'] }));
        }));
        await begin(bridge);
        bridge.tell({ id: 1, method: 'tools/list' });
        assert.deepEqual((await bridge.response(1)).result, { session: 's2' });
        assert.equal(bridge.seen.filter(({ message }) => message?.method === 'initialize').length, 2);
        assert.equal(bridge.lines.filter(({ id }) => id === 'begin').length, 1, 'the client was told of it');
    });
    test('sends annotated arguments as fields, of tools that the client never listed too', async (context) => {
        const properties = { region: { type: 'string', 'x-mcp-header': 'Region' }, level: { type: 'integer', 'x-mcp-header': 'Level' }, other: { type: 'string' } };
        const bridge = await start(context, ({ message }, response) =>
            json(response, result(message.id, message.method === 'tools/list' ? { tools: [{ name: 'annotated', inputSchema: { type: 'object', properties } }] } : {})));
        bridge.tell({ id: 1, method: 'tools/call', params: { name: 'annotated', arguments: { region: 'Z\u00fcrich', level: 3, other: 'x' }, _meta: meta } });
        await bridge.response(1);
        const { headers } = await bridge.exchange(({ message }) => message?.method === 'tools/call');
        assert.equal(headers['mcp-param-region'], `=?base64?${Buffer.from('Z\u00fcrich').toString('base64')}?=`);
        assert.equal(headers['mcp-param-level'], '3');
        assert.ok(!bridge.lines.some(({ id }) => id !== 1), 'the client was told of it');
    });
    test('cancels by closing the request in the stateless revision', async (context) => {
        const bridge = await start(context, ({ message }, response) =>
            message.method === 'tools/call' ? open_stream(response) : json(response, result(message.id, { tools: [] })));
        bridge.tell({ id: 1, method: 'tools/call', params: { name: 'slow', _meta: meta } });
        const call = await bridge.exchange(({ message }) => message?.method === 'tools/call');
        bridge.tell({ method: 'notifications/cancelled', params: { requestId: 1 } });
        await deadline(call.closed, 'the request stays open', 1000);
        bridge.tell({ id: 2, method: 'ping', params: { _meta: meta } });
        await bridge.response(2);
        assert.ok(!bridge.seen.some(({ message }) => message?.method === 'notifications/cancelled'), 'the notification was sent on');
    });
});
