// The stateless revision: what of it the conformance suite leaves out.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { create_key, gatehouse } from '../support/api_key.mjs';
import { ask, events, modern_fields, modern_message, next_id, post } from './client.mjs';

const log_level = (level) => ({ meta: { 'io.modelcontextprotocol/logLevel': level } });
const elicitation = { capabilities: { elicitation: {} } };

describe('log messages', () => {
    test('are those of the asked level and above, before the result', async () => {
        const { message, notifications } = await ask('tools/call', { name: 'test_log_each_level' }, log_level('error'));
        assert.deepEqual(notifications.map(({ params }) => params.level), ['error', 'critical', 'alert', 'emergency']);
        assert.equal(message.result.resultType, 'complete');
    });
    test('are not sent to a request that names no level', async () => {
        const { headers, notifications } = await ask('tools/call', { name: 'test_log_each_level' });
        assert.equal(headers.get('content-type'), 'application/json');
        assert.equal(notifications.length, 0);
    });
    test('an unknown level is refused', async () => {
        const { status, message } = await ask('tools/call', { name: 'test_log_each_level' }, log_level('loud'));
        assert.equal(status, 400);
        assert.equal(message.error.code, -32602);
    });
});

describe('progress', () => {
    test('comes as a stream only to a request with a token', async () => {
        const call = { name: 'test_tool_with_progress' };
        const without = await ask('tools/call', call);
        assert.equal(without.headers.get('content-type'), 'application/json');
        const { notifications } = await ask('tools/call', call, { meta: { progressToken: 7 } });
        assert.deepEqual(notifications.map(({ params }) => [params.progressToken, params.progress]), [[7, 0], [7, 50], [7, 100]]);
    });
    test('is dropped when the client takes JSON alone', async () => {
        const answer = await ask('tools/call', { name: 'test_tool_with_progress' }, { meta: { progressToken: 7 }, fields: { accept: 'application/json' } });
        assert.equal(answer.headers.get('content-type'), 'application/json');
        assert.equal(answer.message.result.resultType, 'complete');
    });
});

describe('errors', () => {
    test('an unknown tool is a protocol error', async () => {
        const { message } = await ask('tools/call', { name: 'no_such_tool' });
        assert.equal(message.error.code, -32602);
    });
    test('a missing name is a protocol error', async () => {
        const { message } = await ask('tools/call', {});
        assert.equal(message.error.code, -32602);
    });
    test('a cursor of another list, or none of ours, is refused', async () => {
        for (const method of ['tools/list', 'resources/list', 'resources/templates/list', 'prompts/list']) {
            const { message } = await ask(method, { cursor: 'bm90IG91cnM' });
            assert.equal(message.error.code, -32602, method);
        }
    });
    test('a batch is refused', async () => {
        const message = modern_message('tools/list');
        const answer = await post([message], modern_fields(message));
        assert.equal(answer.status, 400);
        assert.equal((await answer.json()).error.code, -32600);
    });
    test('a response from the client is refused', async () => {
        const message = { jsonrpc: '2.0', id: 'x', result: {} };
        const answer = await post(message, { ...modern_fields(modern_message('tools/list')) });
        assert.equal(answer.status, 400);
    });
});

describe('completion', () => {
    const complete = (ref, name) => ask('completion/complete', { ref, argument: { name, value: '' } });
    test('knows templates and their variables, and nothing else', async () => {
        const { message } = await ask('resources/templates/list');
        const [{ uriTemplate: uri }] = message.result.resourceTemplates;
        const name = uri.match(/\{(\w+)\}/)[1];
        assert.ok((await complete({ type: 'ref/resource', uri }, name)).message.result);
        assert.equal((await complete({ type: 'ref/resource', uri }, 'no_such')).message.error.code, -32602);
        assert.equal((await complete({ type: 'ref/resource', uri: 'test://no/{such}' }, 'such')).message.error.code, -32602);
    });
    test('knows the arguments of prompts', async () => {
        const { message } = await ask('prompts/list');
        const prompt = message.result.prompts.find(({ arguments: list }) => list?.length);
        const ref = { type: 'ref/prompt', name: prompt.name };
        assert.ok((await complete(ref, prompt.arguments[0].name)).message.result);
        assert.equal((await complete(ref, 'no_such')).message.error.code, -32602);
    });
});

describe('request states', () => {
    const call = { name: 'test_input_required_result_request_state' };
    const answers = { inputResponses: { confirm: { action: 'accept', content: { ok: true } } } };

    async function state() {
        return (await ask('tools/call', call, elicitation)).message.result.requestState;
    }
    test('open for the same request', async () => {
        const { message } = await ask('tools/call', { ...call, ...answers, requestState: await state() }, elicitation);
        assert.match(message.result.content[0].text, /state-ok/);
    });
    test('do not open for other arguments', async () => {
        const { message } = await ask('tools/call', { ...call, ...answers, arguments: { a: 1 }, requestState: await state() }, elicitation);
        assert.equal(message.error.code, -32602);
    });
    test('do not open for another tool', async () => {
        const other = { ...call, name: 'test_input_required_result_tampered_state' };
        const { message } = await ask('tools/call', { ...other, ...answers, requestState: await state() }, elicitation);
        assert.equal(message.error.code, -32602);
    });
    test('hide what they hold', async () => {
        assert.doesNotMatch(Buffer.from(await state(), 'base64url').toString('latin1'), /asked/);
    });
});

describe('cancellation', () => {
    test('a stream that the client closes cancels its call', async () => {
        const listening = modern_message('subscriptions/listen', { notifications: { resourceSubscriptions: ['test://cancelled'] } });
        const listener = events((await post(listening, modern_fields(listening))).body);
        await listener.next();

        const call = modern_message('tools/call', { name: 'test_wait_for_cancellation', arguments: { milliseconds: 8000 } }, log_level('debug'));
        const stream = events((await post(call, modern_fields(call))).body);
        await stream.next();
        await stream.cancel();
        const { data } = await listener.next(undefined, 2000);
        assert.equal(JSON.parse(data).params.uri, 'test://cancelled');
        await listener.cancel();
    });
});

describe('subscriptions', () => {
    test('tell what was asked for and nothing else, within half a second', async () => {
        const id = `listen-${next_id()}`;
        const message = modern_message('subscriptions/listen', { notifications: { resourceSubscriptions: ['test://watched-resource'], resourcesListChanged: false } }, { id });
        const listener = events((await post(message, modern_fields(message))).body);
        const first = JSON.parse((await listener.next()).data);
        assert.equal(first.method, 'notifications/subscriptions/acknowledged');
        assert.deepEqual(first.params.notifications, { resourceSubscriptions: ['test://watched-resource'] });

        await ask('tools/call', { name: 'test_trigger_tool_change' });
        await ask('tools/call', { name: 'test_trigger_resource_update' });
        const told = JSON.parse((await listener.next(undefined, 500)).data);
        assert.equal(told.method, 'notifications/resources/updated');
        assert.equal(told.params.uri, 'test://watched-resource');
        assert.equal(told.params._meta['io.modelcontextprotocol/subscriptionId'], id);
        await listener.cancel();
    });
    test('weigh little: a large request and a long address are refused', async () => {
        const large = await ask('subscriptions/listen', { notifications: {}, padding: 'x'.repeat(256 * 1024) });
        assert.equal(large.status, 413);
        assert.equal(large.message.error.data.code, 'body_too_large');
        const long = await ask('subscriptions/listen', { notifications: { resourceSubscriptions: [`test://${'x'.repeat(2000)}`] } });
        assert.equal(long.message.error.code, -32602);
    });
    test('end with their result within a second when the key is disabled', async () => {
        const { key, id } = create_key('to be disabled', 'mcp.read');
        const message = modern_message('subscriptions/listen', { notifications: { toolsListChanged: true } });
        const headers = { ...modern_fields(message), authorization: `Bearer ${key}` };
        const answer = await fetch(`${process.env.GATEHOUSE_URL}/mcp`, { method: 'POST', headers, body: JSON.stringify(message) });
        const listener = events(answer.body);
        await listener.next();
        gatehouse('key', 'disable', id);
        const disabled = Date.now();
        const { data } = await listener.next((event) => event.data.includes('"result"'), 1000);
        assert.ok(Date.now() - disabled < 1000);
        assert.equal(JSON.parse(data).id, message.id);
    });
    test('say a comment every 15 seconds, whatever else happens', async () => {
        const message = modern_message('subscriptions/listen', { notifications: { promptsListChanged: true } });
        const listener = events((await post(message, modern_fields(message))).body);
        await listener.next();
        const traffic = setInterval(() => ask('tools/call', { name: 'test_trigger_tool_change' }).catch(() => {}), 2000);
        try {
            await listener.next((event) => event.data === '', 17_000);
        } finally {
            clearInterval(traffic);
            await listener.cancel();
        }
    });
    test('a filter that is no object is refused', async () => {
        const { message } = await ask('subscriptions/listen', { notifications: 7 });
        assert.equal(message.error.code, -32602);
    });
});
