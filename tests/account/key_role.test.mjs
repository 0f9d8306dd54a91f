// API keys of somebody whose role in the workspace changes.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { arrange, create_user, create_workspace, origin } from '../oauth/browser.mjs';
import { until } from '../oauth/grants.mjs';

const list_keys = async (key) => (await fetch(`${origin}/api/v1/keys`, { headers: { authorization: `Bearer ${key}` } })).status;

/// Made by the demo key, then given to the person.
async function key_of(user, workspace) {
    const name = `k${randomUUID()}`;
    const made = await (await fetch(`${origin}/api/v1/keys`, { method: 'POST', headers: { authorization: `Bearer ${process.env.GATEHOUSE_API_KEY}`, 'content-type': 'application/json' }, body: JSON.stringify({ name, scopes: ['mcp.read', 'admin'] }) })).json();
    assert.ok(made.key, made.code);
    await arrange('UPDATE auth.api_key SET user_id = $1, workspace_id = $2 WHERE name = $3', [user.id, workspace.id, name]);
    return made.key;
}

test('an administrator who is demoted has no key left that administers, and has it again with the role', async () => {
    const user = await create_user();
    const workspace = await create_workspace(user, { role: 'admin' });
    const key = await key_of(user, workspace);
    const becomes = (role, status) => arrange('UPDATE workspace.member SET role = $2 WHERE user_id = $1', [user.id, role]).then(() => until(async () => (await list_keys(key)) === status, 6000, `not ${status} as ${role}`));
    await until(async () => (await list_keys(key)) === 200, 2000, 'not let in');
    await becomes('member', 403);
    await becomes('admin', 200);
});
