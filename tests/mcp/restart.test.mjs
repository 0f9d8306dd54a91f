// What is open survives a restart of PostgreSQL, and a stop of the process cancels no call.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { handler_processes, state_folder } from '../support/processes.mjs';
import { Session, ask, events, modern_fields, modern_message, next_id, post } from './client.mjs';

const { VAR, GATEHOUSE_ROOT: root } = process.env;
const recovery_ms = 5000;

function restart_database(seconds_down) {
    return new Promise((done, fail) => {
        const child = spawn(join(root, 'tests/support/restart_database'), [String(seconds_down)], { stdio: ['ignore', 'ignore', 'inherit'] });
        child.on('error', fail).on('close', (code) => (code === 0 ? done() : fail(new Error(`restart_database: ${code}`))));
    });
}

async function listen(notifications) {
    const message = modern_message('subscriptions/listen', { notifications });
    const stream = events((await post(message, modern_fields(message))).body);
    await stream.next();
    return { id: message.id, stream };
}

async function until_served(action) {
    for (const start = Date.now(); ; await new Promise((done) => setTimeout(done, 100))) {
        const outcome = await action().catch((error) => error);
        if (!(outcome instanceof Error)) return outcome;
        if (Date.now() - start > recovery_ms) throw outcome;
    }
}

async function publish(name) {
    await until_served(async () => {
        const { message } = await ask('tools/call', { name });
        assert.ok(message.result, JSON.stringify(message));
    });
}

describe('a restart of PostgreSQL', () => {
    test('ends no listener, no stream of a session and no question to a client', async () => {
        const { stream: listener } = await listen({ toolsListChanged: true });
        const session = await Session.begin({ elicitation: {} });
        const changes = events((await session.get()).body);
        await changes.next((event) => event.id !== undefined);
        const id = next_id();
        const call = events((await session.send('tools/call', { name: 'test_elicitation', arguments: { message: 'Who?' } }, { id })).body);
        const question = JSON.parse((await call.next((event) => event.data.includes('elicitation/create'))).data);

        await restart_database(2);

        await publish('test_trigger_tool_change');
        for (const stream of [listener, changes]) {
            await stream.next((event) => event.data.includes('notifications/tools/list_changed'), recovery_ms);
        }
        const answer = { jsonrpc: '2.0', id: question.id, result: { action: 'accept', content: { username: 'ada' } } };
        assert.equal((await session.post(answer)).status, 202);
        const { data } = await call.next((event) => event.data.includes('"result"'), recovery_ms);
        assert.equal(JSON.parse(data).id, id);
        await Promise.all([listener.cancel(), changes.cancel()]);
    });
});

describe('SIGTERM', () => {
    const pids = () => handler_processes(state_folder(VAR)).filter(({ name }) => name === 'conformance').map(({ pid }) => pid);

    test('lets a call on an open stream finish and ends what only listens with its result', async () => {
        const { id, stream: listener } = await listen({ toolsListChanged: true });
        const call = modern_message('tools/call', { name: 'test_wait_for_cancellation', arguments: { milliseconds: 1500 } }, { meta: { 'io.modelcontextprotocol/logLevel': 'debug' } });
        const running = events((await post(call, modern_fields(call))).body);
        await running.next();
        for (const pid of pids()) process.kill(pid, 'SIGTERM');
        const { data } = await running.next((event) => event.data.includes('"result"'), 4000);
        assert.match(data, /not cancelled/);
        const ended = JSON.parse((await listener.next((event) => event.data.includes('"result"'), 2000)).data);
        assert.equal(ended.id, id);
        await until_served(async () => assert.equal((await ask('tools/list')).status, 200));
    });
    test('ends a call that waits for its client with an error', async () => {
        const session = await Session.begin({ elicitation: {} });
        const call = events((await session.send('tools/call', { name: 'test_elicitation', arguments: { message: 'Who?' } })).body);
        await call.next((event) => event.data.includes('elicitation/create'));
        for (const pid of pids()) process.kill(pid, 'SIGTERM');
        const { data } = await call.next((event) => event.data.includes('"error"'), 4000);
        assert.equal(JSON.parse(data).error.data.code, 'restarting');
        await until_served(async () => assert.equal((await ask('tools/list')).status, 200));
    });
});
