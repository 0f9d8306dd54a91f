// Known clients from registration to refresh, as they were seen to do it: section 2 of the checklist.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Browser, answer_of, challenge_of, origin, person, request_of, register, verifier } from './browser.mjs';
import { recorded_flows } from './recorded_flows.mjs';
import { recorded_registrations } from './registrations.mjs';

const form = async (path, parameters, headers = {}) => {
    const answer = await fetch(origin + path, { method: 'POST', body: new URLSearchParams(parameters), headers });
    return { status: answer.status, body: await answer.json() };
};
/// What proves the client: in the body or in a field.
function proof_of(client, { by = client.token_endpoint_auth_method }) {
    if (by === 'client_secret_post') return [{ client_id: client.client_id, client_secret: client.client_secret }, {}];
    if (by === 'client_secret_basic') return [{}, { authorization: `Basic ${Buffer.from(`${client.client_id}:${client.client_secret}`).toString('base64')}` }];
    return [{ client_id: client.client_id }, {}];
}
const known = ['mcp.read', 'mcp.write', 'vault.reveal', 'admin'];
const asked_of = ({ scope = '' }) => scope.split(' ').filter((word) => known.includes(word));

async function let_in(client, flow, resource) {
    const { browser } = await person();
    const secret = verifier();
    const redirect_uri = flow.redirect_uri ?? client.redirect_uris[0];
    const opened = await browser.open(request_of(client, { redirect_uri, scope: flow.scope, prompt: flow.prompt, resource, code_challenge: challenge_of(secret) }));
    assert.equal(opened.page?.status, 200, opened.answer?.text ?? opened.page?.text);
    const allowed = Object.fromEntries(asked_of(flow).map((name) => [`allow_${name}`, 'on']));
    const { location } = await browser.decide(opened, 'allow', allowed);
    assert.ok(location.startsWith(redirect_uri), location);
    const { code, state, iss } = answer_of(location);
    assert.deepEqual([state, iss], ['st4te &=%', origin]);
    return { code, code_verifier: secret, redirect_uri };
}

describe('known clients', () => {
    for (const [name, flow] of Object.entries(recorded_flows)) {
        test(`${name} registers, is let in, gets tokens and refreshes them`, async () => {
            for (let i = 1; i < (flow.registers ?? 1); ++i) await register(recorded_registrations[name]);
            const client = await register({ grant_types: undefined, ...recorded_registrations[name] });
            assert.ok(client.client_id, JSON.stringify(client));
            const resource = flow.resource === false ? undefined : `${origin}/mcp`;
            const named = resource ? { resource } : {};
            const [body, fields] = proof_of(client, flow);
            const code = await let_in(client, flow, resource);
            const { status, body: tokens } = await form('/oauth/token', { grant_type: 'authorization_code', ...code, ...named, ...body }, fields);
            assert.equal(status, 200, JSON.stringify(tokens));
            assert.equal(tokens.scope, (asked_of(flow).length ? asked_of(flow) : ['mcp.read', 'mcp.write']).join(' '));
            const again = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token, ...named, ...body };
            for (const left_out of flow.refresh?.without ?? []) delete again[left_out];
            const answers = await Promise.all(Array.from({ length: flow.refresh?.repeats ?? 1 }, () => form('/oauth/token', again, fields)));
            for (const answer of answers) assert.equal(answer.status, 200, JSON.stringify(answer.body));
            assert.equal(new Set(answers.map((answer) => answer.body.refresh_token)).size, 1);
            assert.equal(answers[0].body.scope, tokens.scope);
        });
    }
    test('each recorded registration goes on', () => assert.deepEqual(Object.keys(recorded_flows), Object.keys(recorded_registrations)));
    test('opencode asks with a path that it did not register, and is refused on a page', async () => {
        const client = await register(recorded_registrations.opencode);
        const answer = await new Browser().get(request_of(client, { redirect_uri: 'http://127.0.0.1:19876/callback' }));
        assert.deepEqual([answer.status, answer.location], [400, null]);
    });
});
