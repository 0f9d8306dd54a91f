// Who is shown a service, and what becomes of whoever touches a decoy, with every kind of credential.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { after, describe, test } from 'node:test';
import { done, sign_in, sql, unpinned } from '../oauth/grants.mjs';
import { create_key } from '../support/api_key.mjs';

const { GATEHOUSE_URL, GATEHOUSE_API_KEY: admin, GATEHOUSE_WORKSPACE, GATEHOUSE_BIN, UPSTREAM_URL, VAR } = process.env;
const suffix = randomUUID().slice(0, 8);

function gatehouse(args, input = '', workspace = GATEHOUSE_WORKSPACE) {
    return execFileSync(`${GATEHOUSE_BIN ?? 'build/bin'}/gatehouse`, ['--config', `${VAR}/gatehouse.toml`, '--workspace', workspace, ...args], { input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] }).trim();
}

async function api(credential, method, path, body) {
    const answer = await fetch(`${GATEHOUSE_URL}/api/v1${path}`, {
        method,
        headers: { connection: 'close', workspace: GATEHOUSE_WORKSPACE, authorization: `Bearer ${credential}`, 'content-type': 'application/json' },
        body: body && JSON.stringify(body),
    });
    return { status: answer.status, body: await answer.json() };
}

async function create_user_token() {
    const { GATEHOUSE_EMAIL, GATEHOUSE_PASSWORD } = process.env;
    const pair = Buffer.from(`${GATEHOUSE_EMAIL}:${GATEHOUSE_PASSWORD}`).toString('base64');
    const answer = await fetch(`${GATEHOUSE_URL}/api/v1/auth/token`, { method: 'POST', headers: { authorization: `Basic ${pair}` } });
    assert.equal(answer.status, 200);
    return (await answer.json()).token;
}

const names = async (credential) => (await api(credential, 'GET', '/services')).body.services.map(({ name }) => name);
const call = (credential, name, more = {}) => api(credential, 'POST', `/services/${name}/call`, { method: 'GET', url: '/', ...more });
const is_live = async (credential) => (await api(credential, 'GET', '/services')).status === 200;

after(done);

describe('a service for some agents', () => {
    const name = `for-some-${suffix}`;
    const chosen = create_key('chosen agent', 'mcp.read', 'mcp.write');
    const other = create_key('other agent', 'mcp.read', 'mcp.write');

    test('is shown to them and to administrators, whoever asked before', async () => {
        gatehouse(['service', 'add', name, '--connector', 'generic', '--origin', UPSTREAM_URL], 'a-secret-for-some-agents');
        const { client, access_token } = await sign_in({ resource: unpinned });
        const policy = { agents: [chosen.id, client.client_id] };
        assert.equal((await api(admin, 'PUT', `/services/${name}/policy`, { policy })).status, 200);
        for (let round = 0; round < 2; round += 1) {
            for (const credential of [admin, chosen.key, access_token]) assert.ok((await names(credential)).includes(name));
            assert.ok(!(await names(other.key)).includes(name));
        }
        assert.equal((await call(chosen.key, name)).body.status, 200);
        assert.equal((await call(access_token, name)).body.status, 200);
        const refused = await call(other.key, name);
        assert.deepEqual([refused.status, refused.body.code], [403, 'agent_not_allowed']);
    });
});

describe('whoever touches a decoy', () => {
    let planted = 0;
    function plant() {
        const name = `decoy-${suffix}-${(planted += 1)}`;
        return { name, value: gatehouse(['service', 'add-decoy', name, '--connector', 'generic', '--origin', UPSTREAM_URL]).split('=')[1] };
    }
    const credentials = {
        'an API key': async () => create_key('thief', 'mcp.read', 'mcp.write').key,
        'an access token': async () => (await sign_in({ resource: unpinned })).access_token,
        'a user token': create_user_token,
    };
    const alerts = async ({ name }) => (await sql('SELECT kind FROM vault.alert WHERE service_name = $1', [name])).map(({ kind }) => kind);
    const touches = {
        'by using it': (credential, { name }) => call(credential, name),
        'by its value in an argument': (credential, { value }) => call(credential, process.env.SEED_SERVICE, { headers: { 'X-Note': `x${value}` } }),
        'by its value in base64': (credential, { value }) => call(credential, process.env.SEED_SERVICE, { method: 'POST', data: Buffer.from(value).toString('base64') }),
    };
    const mcp = (method, params) => async (credential, { value }) => {
        const answer = await fetch(`${GATEHOUSE_URL}/mcp`, {
            method: 'POST',
            headers: { connection: 'close', authorization: `Bearer ${credential}`, 'content-type': 'application/json', accept: 'application/json, text/event-stream', 'mcp-protocol-version': '2025-06-18' },
            body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: params(value) }),
        });
        return answer.text();
    };
    const argument_of_anything = {
        'another tool': (credential, { value }) => api(credential, 'POST', `/services/${process.env.SEED_SERVICE}/explain`, { method: 'GET', url: `/${value}` }),
        'a tool over MCP': mcp('tools/call', (value) => ({ name: 'list_services', arguments: { note: value } })),
        'a prompt': mcp('prompts/get', (value) => ({ name: 'none', arguments: { note: Buffer.from(value).toString('hex') } })),
        'a resource': mcp('resources/read', (value) => ({ uri: `gatehouse://${value}` })),
        'a completion': mcp('completion/complete', (value) => ({ ref: { type: 'ref/prompt', name: 'none' }, argument: { name: 'x', value } })),
    };
    for (const [place, touch] of Object.entries(argument_of_anything)) {
        test(`loses the credential by its value in ${place}`, async () => {
            const credential = await credentials['an API key']();
            const decoy = plant();
            await names(credential);
            await touch(credential, decoy);
            for (let i = 0; i < 100 && (await is_live(credential)); i += 1) await new Promise((resolve) => setTimeout(resolve, 20));
            assert.ok(!(await is_live(credential)));
            assert.deepEqual(await alerts(decoy), ['decoy_value_seen']);
        });
    }

    for (const [kind, make] of Object.entries(credentials)) {
        for (const [how, touch] of Object.entries(touches)) {
            test(`loses ${kind} ${how}, and an alert tells`, async () => {
                const credential = await make();
                const decoy = plant();
                assert.deepEqual(await names(credential).then((all) => all.includes(decoy.name)), true);
                assert.equal((await touch(credential, decoy)).body.code, 'credential_invalid');
                for (let i = 0; i < 100 && (await is_live(credential)); i += 1) await new Promise((resolve) => setTimeout(resolve, 20));
                assert.ok(!(await is_live(credential)));
                assert.deepEqual(await alerts(decoy), [how === 'by using it' ? 'decoy_used' : 'decoy_value_seen']);
            });
        }
    }

    test('of another workspace loses nothing, and nothing is told of it there', async () => {
        const elsewhere = `elsewhere-${suffix}`;
        gatehouse(['workspace', 'create', elsewhere, '--mcp']);
        const email = `${elsewhere}@example.com`;
        gatehouse(['user', 'create', email], `password-of-${elsewhere}\n`);
        gatehouse(['user', 'join', email, '--role', 'owner'], '', elsewhere);
        const stranger = gatehouse(['key', 'create', 'stranger', '--user', email, '--scope', 'mcp.read', '--scope', 'mcp.write'], '', elsewhere);
        const local = plant();
        const name = `decoy-${elsewhere}`;
        const value = gatehouse(['service', 'add-decoy', name, '--connector', 'generic', '--origin', UPSTREAM_URL], '', elsewhere).split('=')[1];
        const own = create_key('neighbour', 'mcp.read', 'mcp.write').key;
        const touch = argument_of_anything['a tool over MCP'];
        await touch(own, { value });
        await call(own, process.env.SEED_SERVICE, { headers: { 'X-Note': value } });
        await touch(stranger, local);
        assert.ok(!(await names(own)).includes(name));
        const live = async (key, workspace) => (await fetch(`${GATEHOUSE_URL}/api/v1/services`, { headers: { connection: 'close', workspace, authorization: `Bearer ${key}` } })).status;
        assert.deepEqual([await live(own, GATEHOUSE_WORKSPACE), await live(stranger, elsewhere)], [200, 200]);
        assert.deepEqual([await alerts(local), await alerts({ name })], [[], []]);
        await touch(stranger, { value });
        for (let i = 0; i < 100 && (await live(stranger, elsewhere)) === 200; i += 1) await new Promise((resolve) => setTimeout(resolve, 20));
        assert.deepEqual([await live(own, GATEHOUSE_WORKSPACE), await live(stranger, elsewhere)], [200, 401]);
        assert.deepEqual(await alerts({ name }), ['decoy_value_seen']);
    });

    test('is nobody who lists services, which does not tell it apart', async () => {
        const { name } = plant();
        const { body } = await api(admin, 'GET', '/services');
        const service = body.services.find((one) => one.name === name);
        assert.equal(JSON.stringify(service).replaceAll(name, '').includes('decoy'), false);
    });
});
