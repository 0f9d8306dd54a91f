// What a client sees while parts of the stack die, restart or reload under load.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { modern_call } from '../bench/cases.mjs';
import { handler_processes, stack_processes, state_folder } from '../support/processes.mjs';
import { is_served, pause, start_load, until } from './load.mjs';

const { VAR, GATEHOUSE_ROOT: root, GATEHOUSE_URL: url, GATEHOUSE_API_KEY: key, GATEHOUSE_WORKSPACE: workspace } = process.env;
const state = state_folder(VAR);
const workers = 8;
const next_succeeds_ms = 1000;
const database_recovers_ms = 2000;

const mcp = `${url}/v1/${workspace}`;
const services = `${url}/api/v1/services`;
// No log may hold a query: the search for secrets after the suite looks for this one.
const query = `?code=${process.env.SEED_SECRET}`;
const service_name = process.env.SEED_SERVICE;
const slow = { method: 'GET', url: `${process.env.UPSTREAM_URL}/slow?ms=150` };

const list = {
    mcp: { target: mcp, request: modern_call('list_services', {}, key) },
    rest: { target: services, request: { method: 'GET', headers: { Authorization: `Bearer ${key}` } } },
};

// Calls that take a while, so that every process always has some in flight.
const call = {
    mcp: { target: mcp + query, request: modern_call('call_service', { service_name, ...slow }, key) },
    rest: {
        target: `${services}/${service_name}/call`,
        request: {
            method: 'POST',
            headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
            body: JSON.stringify(slow),
        },
    },
};
call.egress = call.mcp;

function pids_of(handler) {
    return handler_processes(state).filter(({ name }) => name === handler).map(({ pid }) => pid);
}

function told(outcomes) {
    return outcomes.slice(0, 5).map(({ status, text }) => `HTTP ${status} ${text.slice(0, 200)}`).join('\n');
}

function require_json(outcomes) {
    for (const { status, text } of outcomes) {
        assert.notEqual(status, 0, `the connection broke: ${text}`);
        assert.doesNotThrow(() => JSON.parse(text.match(/^data: ?(\{.*)$/m)?.[1] ?? text), `not JSON: HTTP ${status} ${text}`);
    }
}

async function kill_under_load(handler) {
    const { target, request } = call[handler];
    const load = start_load(target, request, { workers });
    const kills = [];
    try {
        await until(() => load.outcomes.filter(is_served).length > 20, 10_000, () => `no load: ${told(load.outcomes)}`);
        for (const pid of pids_of(handler)) {
            kills.push({ at: performance.now(), pid });
            process.kill(pid, 'SIGKILL');
            await pause(next_succeeds_ms + 200);
            const started_anew = () => pids_of(handler).length >= 2 && !pids_of(handler).includes(pid);
            await until(started_anew, 3000, () => `${handler} ${pid} was not started anew`);
        }
    } finally {
        await load.stop();
    }
    return { outcomes: load.outcomes, kills };
}

describe('kill -9 of a handler under load', { timeout: 120_000 }, () => {
    for (const handler of Object.keys(call)) {
        test(`${handler}: only requests in flight fail, in JSON, and the next succeed within a second`, async (context) => {
            const { outcomes, kills } = await kill_under_load(handler);
            assert.ok(kills.length >= 2, `only ${kills.length} processes of ${handler}`);
            const failed = outcomes.filter((outcome) => !is_served(outcome));
            require_json(failed);
            assert.ok(failed.length > 0, 'nothing was in flight in a killed process');
            for (const { at } of kills) {
                const of_this = failed.filter((outcome) => outcome.until >= at && outcome.until < at + next_succeeds_ms);
                assert.ok(of_this.length <= workers, `${of_this.length} requests failed, ${workers} were in flight:\n${told(of_this)}`);
                const served = outcomes.find((outcome) => is_served(outcome) && outcome.at >= at);
                assert.ok(served && served.until - at < next_succeeds_ms, 'nothing was served within a second');
            }
            const late = failed.filter(({ at: sent }) => !kills.some(({ at }) => sent <= at + next_succeeds_ms && sent >= at - 5000));
            assert.equal(late.length, 0, `failures apart from the kills:\n${told(late)}`);
            for (const outcome of failed) assert.equal(outcome.status, 502, told([outcome]));
            context.diagnostic(`${outcomes.length} requests, ${failed.length} failed at ${kills.length} kills`);
        });
    }
});

function run(command, arguments_) {
    return new Promise((resolve, reject) => {
        const child = spawn(command, arguments_, { stdio: ['ignore', 'ignore', 'pipe'] });
        let said = '';
        child.stderr.on('data', (part) => (said += part));
        child.on('error', reject);
        child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`${command}: ${said}`))));
    });
}

describe('PostgreSQL restarts under load', { timeout: 120_000 }, () => {
    for (const [name, { target, request }] of [['MCP', list.mcp], ['REST', list.rest]]) {
        test(`${name} is served again within two seconds of its return, and every answer is JSON`, async (context) => {
            const load = start_load(target, request, { workers });
            let stopped_at, back_at;
            try {
                await until(() => load.outcomes.filter(is_served).length > 20, 10_000, () => `no load: ${told(load.outcomes)}`);
                stopped_at = performance.now();
                await run(join(root, 'tests/support/restart_database'), ['0.5']);
                back_at = performance.now();
                await pause(database_recovers_ms + 1500);
            } finally {
                await load.stop();
            }
            const failed = load.outcomes.filter((outcome) => !is_served(outcome));
            require_json(failed);
            assert.ok(failed.length > 0, 'nothing failed: the database was not down');
            assert.deepEqual(failed.filter(({ until: end }) => end < stopped_at), []);
            const late = failed.filter(({ at }) => at > back_at + database_recovers_ms);
            assert.equal(late.length, 0, `still failing two seconds after its return:\n${told(late)}`);
            assert.ok(load.outcomes.some((outcome) => is_served(outcome) && outcome.at > back_at));
            const last = Math.max(...failed.map(({ at }) => at));
            context.diagnostic(`${failed.length} of ${load.outcomes.length} failed; the last was sent ${Math.round(last - back_at)} ms after its return`);
        });
    }
});

function nginx_master() {
    return stack_processes(state)
        .filter(({ name }) => name === 'nginx')
        .find(({ pid }) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith('nginx: master')).pid;
}

describe('nginx reloads under load', { timeout: 60_000 }, () => {
    test('no request is lost over five reloads', async (context) => {
        const load = start_load(mcp, list.mcp.request, { workers, kept: false });
        try {
            for (let i = 0; i < 5; ++i) {
                await pause(500);
                process.kill(nginx_master(), 'SIGHUP');
            }
            await pause(1000);
        } finally {
            await load.stop();
        }
        const failed = load.outcomes.filter((outcome) => !is_served(outcome));
        assert.equal(failed.length, 0, `${failed.length} of ${load.outcomes.length}:\n${told(failed)}`);
        assert.ok(load.outcomes.length > 50);
        context.diagnostic(`${load.outcomes.length} requests`);
    });
});

after(() => assert.ok(pids_of('mcp').length >= 2));
