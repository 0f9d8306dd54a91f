// Taking back what was let in: live tokens are refused within a second, whichever process is asked.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Browser, answer_of, arrange, challenge_of, origin, register, request_of, verifier } from './browser.mjs';

const program = join(process.env.GATEHOUSE_BIN ?? join(process.env.GATEHOUSE_ROOT, 'build/bin'), 'gatehouse');
const gatehouse = (...words) => execFileSync(program, ['--config', join(process.env.VAR, 'gatehouse.toml'), ...words], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

async function let_in() {
    const client = await register();
    const [user] = await arrange('SELECT id FROM account."user" WHERE email = $1', [process.env.GATEHOUSE_EMAIL]);
    const browser = await new Browser().sign_in(user);
    const secret = verifier();
    const answer = await browser.decide(await browser.open(request_of(client, { code_challenge: challenge_of(secret) })), 'allow');
    const tokens = await post_form('/oauth/token', { grant_type: 'authorization_code', code: answer_of(answer.location).code, client_id: client.client_id, redirect_uri: client.redirect_uris[0], code_verifier: secret });
    assert.ok(tokens.access_token, JSON.stringify(tokens));
    return { client, ...tokens };
}
const post_form = async (path, form) => (await fetch(origin + path, { method: 'POST', body: new URLSearchParams(form) })).json();

async function status_with(token) {
    const message = { jsonrpc: '2.0', id: 1, method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'grants', version: '1' } } };
    const answer = await fetch(`${origin}/mcp`, { method: 'POST', headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' }, body: JSON.stringify(message) });
    await answer.text();
    return answer.status;
}
async function is_refused_within_a_second(token) {
    const deadline = Date.now() + 1000;
    while (Date.now() < deadline && (await status_with(token)) !== 401);
    const answers = await Promise.all(Array.from({ length: 16 }, () => status_with(token)));
    assert.deepEqual([...new Set(answers)], [401]);
}
async function rest(method, path) {
    const answer = await fetch(`${origin}/api/v1${path}`, { method, headers: { Authorization: `Bearer ${process.env.GATEHOUSE_API_KEY}` } });
    return answer.json();
}

describe('C10 tokens end', () => {
    test('when the person takes the grant back', async () => {
        const { client, access_token, refresh_token } = await let_in();
        for (let i = 0; i < 8; ++i) assert.equal(await status_with(access_token), 200);
        const { grants } = await rest('GET', '/grants');
        await rest('DELETE', `/grants/${grants.find(({ client_id }) => client_id === client.client_id).id}`);
        await is_refused_within_a_second(access_token);
        assert.equal((await post_form('/oauth/token', { grant_type: 'refresh_token', refresh_token, client_id: client.client_id })).error, 'invalid_grant');
    });
    test('when the operator deletes the client; it then learns that it must register anew (T6)', async () => {
        const { client, access_token, refresh_token } = await let_in();
        assert.equal(await status_with(access_token), 200);
        gatehouse('client', 'delete', client.client_id);
        await is_refused_within_a_second(access_token);
        assert.equal((await post_form('/oauth/token', { grant_type: 'authorization_code', code: 'gone', client_id: client.client_id, code_verifier: 'v'.repeat(43) })).error, 'invalid_client');
    });
    test('DCR-11 when the client deletes its registration', async () => {
        const { client, access_token } = await let_in();
        assert.equal(await status_with(access_token), 200);
        const gone = await fetch(client.registration_client_uri, { method: 'DELETE', headers: { Authorization: `Bearer ${client.registration_access_token}` } });
        assert.equal(gone.status, 204);
        await is_refused_within_a_second(access_token);
    });
});
