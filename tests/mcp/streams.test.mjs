// Streams of the older revisions: changes on GET, and resuming what was interrupted, from any process.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { Session, ask_another_process, killed_after_its_first_event, event_of, events, next_id } from './client.mjs';

const resource_update = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'test_trigger_resource_update' } };
const is_priming = (event) => event.id !== undefined && event.data === '';

describe('changes', () => {
    test('made in another process arrive within half a second', async () => {
        const session = await Session.begin();
        await session.ask('resources/subscribe', { uri: 'test://watched-resource' });
        const stream = events((await session.get()).body);
        await stream.next(is_priming);
        const told = stream.next((event) => event.data.includes('resources/updated'), 3000);
        const changed = ask_another_process({ fields: (await Session.begin()).fields, message: resource_update }).then(() => Date.now());
        assert.equal(JSON.parse((await told).data).params.uri, 'test://watched-resource');
        assert.ok(Date.now() - (await changed) < 500);
        await stream.cancel();
    });
    test('of a resource are told to those alone who subscribed', async () => {
        const session = await Session.begin();
        const stream = events((await session.get()).body);
        await stream.next(is_priming);
        await session.ask('tools/call', { name: 'test_trigger_resource_update' });
        await session.ask('tools/call', { name: 'test_trigger_prompt_change' });
        const { data } = await stream.next();
        assert.equal(JSON.parse(data).method, 'notifications/prompts/list_changed');
        await session.ask('resources/subscribe', { uri: 'test://watched-resource' });
        await session.ask('tools/call', { name: 'test_trigger_resource_update' });
        assert.equal(JSON.parse((await stream.next()).data).method, 'notifications/resources/updated');
        await session.ask('resources/unsubscribe', { uri: 'test://watched-resource' });
        await session.ask('tools/call', { name: 'test_trigger_resource_update' });
        await session.ask('tools/call', { name: 'test_trigger_tool_change' });
        assert.equal(JSON.parse((await stream.next()).data).method, 'notifications/tools/list_changed');
        await stream.cancel();
    });
    test('missed while away are told on return', async () => {
        const session = await Session.begin();
        const stream = events((await session.get()).body);
        const { id } = await stream.next(is_priming);
        await stream.cancel();
        await session.ask('tools/call', { name: 'test_trigger_tool_change' });
        const again = events((await session.get({ 'last-event-id': id })).body);
        assert.equal(JSON.parse((await again.next()).data).method, 'notifications/tools/list_changed');
        await again.cancel();
    });
    test('have event ids that are the stream\'s own and no counter', async () => {
        const streams = await Promise.all([1, 2].map(async () => events((await (await Session.begin()).get()).body)));
        const ids = await Promise.all(streams.map(async (stream) => (await stream.next(is_priming)).id));
        await (await Session.begin()).ask('tools/call', { name: 'test_trigger_tool_change' });
        for (const stream of streams) ids.push((await stream.next()).id);
        assert.equal(new Set(ids).size, 4, ids.join());
        for (const id of ids) assert.doesNotMatch(id, /^[a-z]+_\d+$/);
        await Promise.all(streams.map((stream) => stream.cancel()));
    });
    test('are told on one stream: a second one ends the first', async () => {
        const session = await Session.begin();
        const first = events((await session.get()).body);
        await first.next(is_priming);
        const second = events((await session.get()).body);
        await second.next(is_priming);
        await Promise.race([first.ended(), new Promise((_, fail) => setTimeout(() => fail(new Error('both streams stay open')), 2000))]);
        await second.cancel();
    });
});

describe('an interrupted stream', () => {
    test('is resumed behind the last event, by another process', async () => {
        const session = await Session.begin();
        const id = next_id();
        const stream = events((await session.send('tools/call', { name: 'test_tool_with_progress', _meta: { progressToken: 'p' } }, { id })).body);
        await stream.next(is_priming);
        const seen = await stream.next((event) => event.data.includes('"progress":0'));
        await stream.cancel();
        const rest = await ask_another_process({ method: 'GET', fields: { ...session.fields, accept: 'text/event-stream', 'last-event-id': seen.id } });
        const messages = rest.text.split('\n\n').map(event_of).filter(({ data }) => data).map(({ data }) => JSON.parse(data));
        assert.deepEqual(messages.map(({ params }) => params?.progress), [50, 100, undefined]);
        assert.equal(messages.at(-1).id, id);
    });
    test('is over for a client that has its last event', async () => {
        const session = await Session.begin();
        const all = await events((await session.send('tools/call', { name: 'test_tool_with_logging' })).body).ended();
        const again = await session.get({ 'last-event-id': all.at(-1).id });
        assert.equal(again.status, 200);
        const rest = await Promise.race([again.text(), new Promise((_, fail) => setTimeout(() => fail(new Error('it stays open')), 2000))]);
        assert.doesNotMatch(rest, /data: ?\{/);
    });
    test('ends with an error when the process that answered is dead', async () => {
        const session = await Session.begin();
        const id = next_id();
        const call = { jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'test_wait_for_cancellation', arguments: { milliseconds: 30_000 } } };
        const first = await killed_after_its_first_event({ fields: session.fields, message: call });
        const rest = events((await session.get({ 'last-event-id': first })).body);
        const { data } = await rest.next((event) => event.data.includes('"error"'));
        const response = JSON.parse(data);
        assert.deepEqual([response.id, response.error.data.code], [id, 'outcome_unknown']);
        await Promise.race([rest.ended(), new Promise((_, fail) => setTimeout(() => fail(new Error('it stays open')), 2000))]);
    });
    test('is not given to another session', async () => {
        const session = await Session.begin();
        const stream = events((await session.send('tools/call', { name: 'test_tool_with_logging' })).body);
        const { id } = await stream.next(is_priming);
        await stream.ended();
        const stranger = await (await Session.begin()).get({ 'last-event-id': id });
        assert.equal(stranger.status, 400);
    });
    test('has ids of its own in every event', async () => {
        const session = await Session.begin();
        const stream = events((await session.send('tools/call', { name: 'test_tool_with_logging' })).body);
        const all = await stream.ended();
        const ids = all.map((event) => event.id);
        assert.equal(new Set(ids).size, 5, ids.join());
    });
    test('is kept where its messages cannot be read', async () => {
        const session = await Session.begin();
        await events((await session.send('tools/call', { name: 'test_tool_with_logging' })).body).ended();
        const { GATEHOUSE_PGHOST: host, GATEHOUSE_PGDATABASE: database } = process.env;
        const kept = execFileSync('psql', ['-X', '-A', '-t', '-h', host, '-U', 'gatehouse_operator', '-c', 'SET ROLE gatehouse_owner', '-c', "SELECT message FROM mcp.event WHERE message <> '' ORDER BY created_at DESC LIMIT 4", database], { encoding: 'utf8' });
        assert.ok(kept.trim().split('\n').length >= 4);
        assert.doesNotMatch(kept, /jsonrpc|processing/);
    });
});
