// The revisions that begin with initialize: what of them the conformance suite leaves out.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Session, ask_another_process, events, messages_of, next_id, post } from './client.mjs';

const json_only = { 'content-type': 'application/json', accept: 'application/json' };

describe('initialize', () => {
    for (const version of ['2025-11-25', '2025-06-18', '2025-03-26']) {
        test(`agrees on ${version}`, async () => assert.equal((await Session.begin({}, version)).version, version));
    }
    test('offers its newest to a client that asks for another', async () => {
        assert.equal((await Session.begin({}, '1999-01-01')).version, '2025-11-25');
    });
});

describe('sessions', () => {
    test('are known to every process at once', async () => {
        const session = await Session.begin();
        const answer = await ask_another_process({ fields: session.fields, message: { jsonrpc: '2.0', id: 1, method: 'ping' } });
        assert.equal(answer.status, 200, answer.text);
        assert.deepEqual(JSON.parse(answer.text).result, {});
    });
    test('end for every process at once', async () => {
        const session = await Session.begin();
        const ended = await ask_another_process({ method: 'DELETE', fields: session.fields });
        assert.equal(ended.status, 204);
        assert.equal((await session.send('ping')).status, 404);
        assert.equal((await session.get()).status, 404);
    });
    test('end the streams that belong to them', async () => {
        const session = await Session.begin();
        const stream = events((await session.get()).body);
        await stream.next((event) => event.id !== undefined);
        await ask_another_process({ method: 'DELETE', fields: session.fields });
        await Promise.race([stream.ended(), new Promise((_, fail) => setTimeout(() => fail(new Error('the stream goes on')), 2000))]);
    });
    test('a changed session id is not found', async () => {
        const session = await Session.begin();
        const id = session.id.slice(0, -2) + (session.id.at(-2) === 'A' ? 'B' : 'A') + session.id.at(-1);
        const answer = await session.send('ping', {}, { fields: { 'mcp-session-id': id } });
        assert.equal(answer.status, 404);
    });
    test('a request without one is served, with the revision of its header', async () => {
        const answer = await post({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'test_simple_text' } }, { ...json_only, 'mcp-protocol-version': '2025-06-18' });
        assert.equal((await answer.json()).result.isError, false);
    });
    test('an unknown revision is refused', async () => {
        const answer = await post({ jsonrpc: '2.0', id: 1, method: 'ping' }, { ...json_only, 'mcp-protocol-version': '2024-02-30' });
        assert.equal(answer.status, 400);
    });
});

describe('log levels', () => {
    test('hold in every process', async () => {
        const session = await Session.begin();
        const set = { jsonrpc: '2.0', id: 1, method: 'logging/setLevel', params: { level: 'critical' } };
        assert.equal((await ask_another_process({ fields: session.fields, message: set })).status, 200);
        const { notifications } = await session.ask('tools/call', { name: 'test_log_each_level' });
        assert.deepEqual(notifications.map(({ params }) => params.level), ['critical', 'alert', 'emergency']);
    });
    test('an unknown level is refused', async () => {
        const { status, message } = await (await Session.begin()).ask('logging/setLevel', { level: 'loud' });
        assert.deepEqual([status, message.error.code], [200, -32602]);
    });
});

describe('requests to the client', () => {
    const call = { name: 'test_elicitation', arguments: { message: 'Who?' } };

    async function asked(session) {
        const id = next_id();
        const stream = events((await session.send('tools/call', call, { id })).body);
        const request = JSON.parse((await stream.next((event) => event.data.includes('elicitation/create'))).data);
        return { id, stream, request };
    }
    const answer_to = (request) => ({ jsonrpc: '2.0', id: request.id, result: { action: 'accept', content: { username: 'ada' } } });

    test('are answered through any process', async () => {
        const session = await Session.begin({ elicitation: {} });
        const { id, stream, request } = await asked(session);
        assert.ok(request.id.length >= 43, 'the id could be guessed');
        const taken = await ask_another_process({ fields: session.fields, message: answer_to(request) });
        assert.equal(taken.status, 202, taken.text);
        const { data } = await stream.next((event) => event.data.includes('"result"'));
        assert.equal(JSON.parse(data).id, id);
        assert.match(JSON.parse(data).result.content[0].text, /ada/);
    });
    test('are answered once', async () => {
        const session = await Session.begin({ elicitation: {} });
        const { stream, request } = await asked(session);
        assert.equal((await session.post(answer_to(request))).status, 202);
        await stream.ended();
        assert.equal((await session.post(answer_to(request))).status, 400);
    });
    test('end the call when the client refuses them', async () => {
        const session = await Session.begin({ elicitation: {} });
        const { stream, request } = await asked(session);
        await session.post({ jsonrpc: '2.0', id: request.id, error: { code: -1, message: 'no' } });
        const { data } = await stream.next((event) => event.data.includes('"error"'));
        assert.equal(JSON.parse(data).error.data.code, 'input_refused');
    });
    test('are not sent to a client that did not declare them', async () => {
        const { message } = await (await Session.begin()).ask('tools/call', call);
        assert.deepEqual(message.error.data.requiredCapabilities, { elicitation: {} });
    });
    test('name no mode in 2025-06-18', async () => {
        const session = await Session.begin({ elicitation: {} }, '2025-06-18');
        const { stream, request } = await asked(session);
        assert.equal(request.params.mode, undefined);
        await session.post(answer_to(request));
        await stream.ended();
    });
});

describe('requests that nobody needs answered any more', () => {
    test('are withdrawn when the call that asked ends', async () => {
        const session = await Session.begin({ elicitation: {} });
        const id = next_id();
        const stream = events((await session.send('tools/call', { name: 'test_elicitation', arguments: { message: 'Who?' } }, { id })).body);
        const request = JSON.parse((await stream.next((event) => event.data.includes('elicitation/create'))).data);
        await session.post({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: id } });
        const { data } = await stream.next((event) => event.data.includes('notifications/cancelled'));
        assert.equal(JSON.parse(data).params.requestId, request.id);
    });
});

describe('cancellation', () => {
    test('without a session names nobody: clients of one key number alike', async () => {
        const id = 'the-same-everywhere';
        const fields = { 'content-type': 'application/json', accept: 'application/json, text/event-stream', 'mcp-protocol-version': '2025-11-25' };
        const call = post({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'test_wait_for_cancellation', arguments: { milliseconds: 1500 } } }, fields);
        await new Promise((done) => setTimeout(done, 300));
        const cancelled = await post({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: id } }, fields);
        assert.equal(cancelled.status, 202);
        const [answer] = (await messages_of(await call)).filter((message) => message.id === id);
        assert.match(answer.result.content[0].text, /not cancelled/);
    });
    test('reaches the call through any process', async () => {
        const session = await Session.begin();
        const id = next_id();
        const started = Date.now();
        const stream = events((await session.send('tools/call', { name: 'test_wait_for_cancellation', arguments: { milliseconds: 8000 } }, { id })).body);
        await stream.next();
        const message = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: id } };
        assert.equal((await ask_another_process({ fields: session.fields, message })).status, 202);
        const rest = await stream.ended();
        assert.ok(Date.now() - started < 4000, 'the call went on');
        assert.equal(rest.filter(({ data }) => data.includes('"result"')).length, 0, 'a cancelled request was answered');
    });
    test('a lost connection cancels nothing', async () => {
        const session = await Session.begin();
        const stream = events((await session.send('tools/call', { name: 'test_wait_for_cancellation', arguments: { milliseconds: 300 } })).body);
        const { id } = await stream.next((event) => event.id !== undefined && event.data === '');
        await stream.cancel();
        const rest = events((await session.get({ 'last-event-id': id })).body);
        const { data } = await rest.next((event) => event.data.includes('"result"'));
        assert.match(data, /not cancelled/);
    });
});

describe('an error without a request', () => {
    for (const [version, expected] of [['2025-11-25', 'absent'], ['2025-06-18', 'null']]) {
        test(`has ${expected === 'null' ? 'the id null' : 'no id'} in ${version}`, async () => {
            const answer = await post({ jsonrpc: '1.0' }, { ...json_only, 'mcp-protocol-version': version });
            assert.equal(answer.status, 400);
            const body = await answer.json();
            assert.equal('id' in body ? String(body.id) : 'absent', expected);
        });
    }
});

describe('subscriptions to resources', () => {
    test('are bounded, and one that is there already may be made again', async () => {
        const session = await Session.begin();
        const subscribe = async (number) => (await session.ask('resources/subscribe', { uri: `test://resource/${number}` })).message;
        for (let first = 0; first < 1000; first += 50) {
            const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => subscribe(first + i)));
            for (const { error } of answers) assert.equal(error, undefined);
        }
        assert.equal((await subscribe(1000)).error.code, -32602);
        assert.equal((await subscribe(999)).error, undefined);
    });
});

describe('batches', () => {
    const batch = [
        { jsonrpc: '2.0', id: 'a', method: 'ping' },
        { jsonrpc: '2.0', method: 'notifications/initialized' },
        { jsonrpc: '2.0', id: 'b', method: 'tools/call', params: { name: 'test_simple_text' } },
        { jsonrpc: '2.0', id: 'c', method: 'no/such' },
    ];
    test('are answered in 2025-03-26', async () => {
        const session = await Session.begin({}, '2025-03-26');
        const answers = await messages_of(await session.post(batch));
        assert.deepEqual(answers.map(({ id }) => id), ['a', 'b', 'c']);
        assert.equal(answers[2].error.code, -32601);
    });
    test('of notifications alone are accepted', async () => {
        const session = await Session.begin({}, '2025-03-26');
        assert.equal((await session.post([batch[1]])).status, 202);
    });
    test('are refused in later revisions', async () => {
        const answer = await (await Session.begin()).post(batch);
        assert.equal(answer.status, 400);
        assert.equal((await answer.json()).error.code, -32600);
    });
});
