// Token processes killed in the middle of rotations: no client is left without a working token, no grant with two.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { call_mcp, done, refresh, sign_in, sql } from '../oauth/grants.mjs';
import { handler_processes, state_folder } from '../support/processes.mjs';
import { pause, until } from './load.mjs';

after(done);

const state = state_folder(process.env.VAR);
const clients = 8;
const pids = () => handler_processes(state).filter(({ name }) => name === 'oauth_token').map(({ pid }) => pid);

/// A client as it should be: it keeps its token until it has the next one, and asks again after a failure.
function start_client(session) {
    const seen = new Set([session.refresh_token]);
    const outcome = { session, seen, failures: 0, refusals: [] };
    let stopped = false;
    const once = async () => {
        const answer = await refresh(session.client, session.refresh_token).catch(() => undefined);
        if (answer?.status === 200) {
            session.refresh_token = answer.body.refresh_token;
            session.access_token = answer.body.access_token;
            seen.add(session.refresh_token);
            return true;
        }
        if (answer && answer.status < 500) outcome.refusals.push(answer.text);
        ++outcome.failures;
        return false;
    };
    const loop = (async () => {
        while (!stopped && !outcome.refusals.length) if (!(await once())) await pause(20);
        for (let i = 0; i < 100 && !(await once()); ++i) await pause(50);
    })();
    outcome.stop = () => {
        stopped = true;
        return loop;
    };
    return outcome;
}

test('kill -9 of oauth_token: every client goes on, with one family each', { timeout: 120_000 }, async (context) => {
    const sessions = await Promise.all(Array.from({ length: clients }, () => sign_in()));
    const running = sessions.map(start_client);
    let kills = 0;
    for (let round = 0; round < 6; ++round) {
        await pause(300);
        for (const pid of pids()) {
            process.kill(pid, 'SIGKILL');
            ++kills;
            await until(() => pids().length >= 2 && !pids().includes(pid), 5000, () => `oauth_token ${pid} was not started anew`);
        }
    }
    await Promise.all(running.map(({ stop }) => stop()));
    const failures = running.reduce((sum, each) => sum + each.failures, 0);
    assert.ok(kills >= 12 && failures > 0, `${kills} kills, ${failures} failures: nothing was in flight`);
    for (const { session, seen, refusals } of running) {
        assert.deepEqual(refusals, []);
        assert.equal((await call_mcp(session.access_token)).status, 200);
        const [row] = await sql('SELECT t.generation, a.revoked_at FROM oauth.refresh_token t JOIN oauth.authorization a ON a.id = t.authorization_id WHERE a.id = $1', [session.grant.id]);
        assert.equal(row.revoked_at, null);
        assert.equal(Number(row.generation), seen.size - 1, 'a rotation that its client never learned of');
    }
    const rotations = running.reduce((sum, { seen }) => sum + seen.size - 1, 0);
    context.diagnostic(`${rotations} rotations, ${kills} kills, ${failures} failed requests repeated`);
});
