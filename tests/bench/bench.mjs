import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { handler_processes } from '../support/processes.mjs';
import { cases, modern_call, require_right_answer } from './cases.mjs';
import { all_processes, measure, memory } from './measure.mjs';
import { start_outside, start_peers, stop_peers } from './peers.mjs';
import { prepare } from './peers/work.mjs';
import { memory_table, target_lines, targets, throughput_table } from './report.mjs';
import { soak } from './soak.mjs';
import { open_stack } from './stack.mjs';
import { medians } from './statistics.mjs';
import { write_script } from './wrk.mjs';

const quick = Boolean(Number(process.env.QUICK ?? 0));
const rounds = Number(process.env.ROUNDS ?? (quick ? 3 : 5));
const seconds = Number(process.env.SECONDS_A_ROUND ?? (quick ? 1 : 3));
const soak_seconds = Number(process.env.SOAK ?? 0);
const connection_counts = [16, 64];
const folder = process.env.BENCH_FOLDER;
const build = process.env.GATEHOUSE_BUILD;
const outside = `https://localhost:${process.env.OUTSIDE_PORT}`;

function say(text) {
    process.stderr.write(`bench: ${text}\n`);
}

async function until_answering(measured, ca) {
    const deadline = Date.now() + 10_000;
    for (;;) {
        try {
            return await require_right_answer(measured, ca);
        } catch (error) {
            if (Date.now() > deadline) throw error;
            await new Promise((resolve) => setTimeout(resolve, 100));
        }
    }
}

async function prepare_cases(stack, certificates) {
    start_outside({ folder, port: process.env.OUTSIDE_PORT, certificates, body: '{"told":"outside-answer"}' });
    await prepare(stack.host, stack.database, stack.key, stack.names.map((name) => ({ name, origins: [outside] })));
    const listed = { name: 'list_services', url: stack.mcp, request: modern_call('list_services', {}, stack.key), check: () => true };
    const body = JSON.stringify({ padding: 'x'.repeat((await until_answering(listed, stack.ca)).length - 14) });
    const processes = Math.max(1, handler_processes(stack.state).filter(({ name }) => name === 'mcp').length);
    const tls = process.env.BENCH_TLS;
    const config = join(stack.state, 'gatehouse.toml');
    const peers = await start_peers({ folder, build, body, processes, certificates, tls, config });
    const ca = [stack.ca, readFileSync(join(certificates, 'ca.pem'))];
    const list = cases({ stack, peers: peers.origin, outside, body }).filter(
        ({ url }) => !/(raw|constant_handler)$/.test(url) || peers.fastcgi.includes(url.split('/').at(-1)),
    );
    for (const measured of list) {
        await until_answering(measured, ca);
        measured.script = write_script(join(folder, 'scripts'), measured.name, measured.request);
    }
    return { list, processes, body_bytes: body.length };
}

// Node compiles its hot paths while it serves, and pools fill: nothing before this counts.
async function warm_up(list, state) {
    say('warming up');
    for (const measured of list) {
        const enough = measured.name.startsWith('Node') && !quick ? 4 : 1;
        await measure(measured, { state, connections: 16, seconds: enough });
    }
}

async function run_rounds(list, state) {
    const samples = {};
    await warm_up(list, state);
    for (let round = 1; round <= rounds; ++round)
        for (const connections of connection_counts) {
            say(`round ${round} of ${rounds}, ${connections} connections`);
            for (const measured of list) {
                const sample = await measure(measured, { state, connections, seconds });
                ((samples[connections] ??= {})[measured.name] ??= []).push(sample);
            }
        }
    return samples;
}

async function added_latency(list, state) {
    const pick = (name) => list.find((measured) => measured.name === name);
    const calls = ['MCP tools/call call_service', 'MCP tools/call call_service, guarded', 'outside service, direct'].map(pick);
    const samples = calls.map(() => []);
    say('what call_service adds, one connection');
    for (let round = 0; round < rounds; ++round)
        for (const [i, measured] of calls.entries()) samples[i].push(await measure(measured, { state, connections: 1, seconds: Math.min(seconds, 2) }));
    const [called, guarded, direct] = samples.map(medians);
    const added_by = ({ p50 }) => (p50 - direct.p50) / 1000;
    return { called, guarded, direct, added_ms: added_by(called), guarded_added_ms: added_by(guarded) };
}

function failures(samples) {
    return Object.entries(samples).flatMap(([connections, by_name]) =>
        Object.entries(by_name).flatMap(([name, list]) => {
            const failed = list.reduce((sum, sample) => sum + sample.failed, 0);
            const requests = list.reduce((sum, sample) => sum + sample.requests, 0);
            return failed || !requests ? [`${name} at ${connections}: ${failed} of ${requests} requests failed`] : [];
        }),
    );
}

async function run() {
    const certificates = join(folder, 'certificates');
    const stack = await open_stack(build, outside);
    const { list, processes, body_bytes } = await prepare_cases(stack, certificates);
    if (soak_seconds) return soak(list, { ...stack, seconds: soak_seconds, folder });

    const samples = await run_rounds(list, stack.state);
    const latency = await added_latency(list, stack.state);
    const sizes = memory(all_processes(stack.state));
    const results = Object.fromEntries(
        Object.entries(samples).map(([connections, by_name]) => [
            connections,
            Object.fromEntries(Object.entries(by_name).map(([name, values]) => [name, medians(values)])),
        ]),
    );
    const handlers = [...new Set(handler_processes(stack.state).map(({ name }) => name))];
    const judged = targets(results, latency, sizes, handlers);
    const errors = failures(samples);

    console.log(`\n${cpus().length} cores (${cpus()[0].model}), ${rounds} rounds of ${seconds} s, answers of ${body_bytes} bytes,`);
    console.log(`${processes} processes a handler and a constant, one Node process a peer unless said otherwise\n`);
    for (const [connections, by_name] of Object.entries(results)) console.log(`${throughput_table(connections, by_name)}\n`);
    console.log(`call_service at one connection: median ${latency.called.p50 / 1000} ms, with policy and budget ${latency.guarded.p50 / 1000} ms, direct ${latency.direct.p50 / 1000} ms\n`);
    console.log(`${memory_table(sizes)}\n\nTargets\n${target_lines(judged)}`);
    const record = { at: new Date().toISOString(), quick, rounds, seconds, body_bytes, processes, results, latency, memory_kib: sizes, targets: judged, errors };
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'result.json'), JSON.stringify(record, null, 2));
    console.log(`\nwritten to ${join(folder, 'result.json')}`);
    for (const error of errors) console.error(`bench: ${error}`);
    return errors.length ? 1 : 0;
}

process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));
process.on('exit', stop_peers);
process.exit(await run());
