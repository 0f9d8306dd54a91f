// What a call would do is told alike by REST, by the tool over MCP and by the command line: all of them ask egress.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { create_key } from '../support/api_key.mjs';

const { GATEHOUSE_URL, GATEHOUSE_WORKSPACE, GATEHOUSE_BIN, UPSTREAM_URL, VAR } = process.env;
const suffix = randomUUID().slice(0, 8);
const name = `explained-${suffix}`;
const secret = `secret-of-${name}`;
const agent = create_key(`explained agent ${suffix}`, 'mcp.read', 'mcp.write');
const other = create_key(`explained other ${suffix}`, 'mcp.read', 'mcp.write');

function gatehouse(args, input = '') {
    return execFileSync(`${GATEHOUSE_BIN ?? 'build/bin'}/gatehouse`, ['--config', `${VAR}/gatehouse.toml`, '--workspace', GATEHOUSE_WORKSPACE, ...args], { input, encoding: 'utf8' });
}

async function over_rest({ key }, { service_name, ...request }) {
    const answer = await fetch(`${GATEHOUSE_URL}/api/v1/services/${service_name}/explain`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify(request),
    });
    assert.equal(answer.status, 200);
    return answer.json();
}

async function over_mcp({ key }, request) {
    const answer = await fetch(`${GATEHOUSE_URL}/mcp`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', accept: 'application/json, text/event-stream', 'mcp-protocol-version': '2025-11-25' },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'explain_call', arguments: request } }),
    });
    return (await answer.json()).result.structuredContent;
}

function on_the_command_line({ id }, { service_name, method, url, headers = {}, json }) {
    const fields = Object.entries(headers).flatMap(([field, value]) => ['--header', `${field}: ${value}`]);
    const body = json === undefined ? [] : ['--json'];
    return JSON.parse(gatehouse(['service', 'explain', service_name, method, url, '--key', id, ...fields, ...body], json === undefined ? '' : JSON.stringify(json)));
}

before(() => {
    gatehouse(['service', 'add', name, '--connector', 'generic', '--origin', UPSTREAM_URL], secret);
    gatehouse(['service', 'policy', name, '--set'], JSON.stringify({ agents: [agent.id], allow: ['GET /open/**', 'POST /orders'], approve: ['POST /orders'], response: ['/told'] }));
});

after(() => gatehouse(['service', 'delete', name]));

const questions = {
    'an allowed call': { caller: agent, request: { method: 'GET', url: '/open/thing?q=1', headers: { 'X-Note': 'a: b' } }, decision: 'allowed' },
    'a call that somebody has to approve': { caller: agent, request: { method: 'POST', url: '/orders', json: { count: 3 } }, decision: 'needs_approval' },
    'a path that the policy does not allow': { caller: agent, request: { method: 'GET', url: '/open/../admin' }, decision: 'denied' },
    'an agent whom the service is not for': { caller: other, request: { method: 'GET', url: '/open/thing' }, decision: 'denied', code: 'agent_not_allowed' },
    'another host': { caller: agent, request: { method: 'GET', url: 'https://elsewhere.example/open/thing' }, decision: 'denied', code: 'origin_not_allowed' },
    'a body with a secret of the workspace': { caller: agent, request: { method: 'POST', url: '/orders', json: { note: secret } }, decision: 'denied', code: 'secret_in_request' },
};

describe('an explanation', () => {
    for (const [question, { caller, request, decision, code }] of Object.entries(questions)) {
        test(`of ${question} is the same wherever it is asked for`, async () => {
            const asked = { service_name: name, ...request };
            const told = await over_rest(caller, asked);
            assert.equal(told.decision, decision);
            if (code) assert.equal(told.code, code);
            assert.ok(!JSON.stringify(told).includes(secret));
            assert.deepEqual(await over_mcp(caller, asked), told);
            assert.deepEqual(on_the_command_line(caller, asked), told);
        });
    }

    test('of a disabled service says so, on the command line too', async () => {
        gatehouse(['service', 'disable', name]);
        const asked = { service_name: name, method: 'GET', url: '/open/thing' };
        const told = await over_rest(agent, asked);
        assert.equal(told.code, 'service_disabled');
        assert.deepEqual(on_the_command_line(agent, asked), told);
    });

    test('is asked for somebody there is', () => {
        const nobody = () => gatehouse(['service', 'explain', name, 'GET', '/', '--key', 'nobody']);
        assert.throws(nobody, ({ stderr }) => String(stderr).includes('no API key nobody'));
    });
});
