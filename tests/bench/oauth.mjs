// The token endpoint beside oidc-provider: refresh with rotation and client credentials, 64 connections.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { state_folder } from '../support/processes.mjs';
import { ask } from './cases.mjs';
import { measure } from './measure.mjs';
import { open_grants } from './oauth_grants.mjs';
import { start_oidc_provider, stop_peers } from './peers.mjs';
import { target_lines, throughput_table } from './report.mjs';
import { medians } from './statistics.mjs';
import { write_refresh_script, write_script } from './wrk.mjs';

const quick = Boolean(Number(process.env.QUICK ?? 0));
const rounds = Number(process.env.ROUNDS ?? (quick ? 3 : 5));
const seconds = Number(process.env.SECONDS_A_ROUND ?? (quick ? 2 : 5));
const connections = 64;
const few = 1_000;
const many = Number(process.env.GRANTS ?? 1_000_000);
const { BENCH_FOLDER: folder, BENCH_TLS: tls, GATEHOUSE_URL: url, GATEHOUSE_WORKSPACE: workspace, VAR } = process.env;
const state = state_folder(VAR);
const scripts = join(folder, 'scripts');
const secret = 'bench-secret-0123456789-0123456789-0123456789';
const say = (text) => process.stderr.write(`bench: ${text}\n`);

function over_socket(socketPath, path) {
    return new Promise((resolve, reject) => {
        http.get({ socketPath, path }, (answer) => {
            let text = '';
            answer.on('data', (part) => (text += part)).on('end', () => resolve(text));
        }).on('error', reject);
    });
}

async function seeded(socket, count) {
    for (const deadline = Date.now() + 15_000; ; await new Promise((next) => setTimeout(next, 200))) {
        try {
            return JSON.parse(await over_socket(socket, `/seed/${count}`));
        } catch (error) {
            if (Date.now() > deadline) throw error;
        }
    }
}

function refresh_case(name, target, client_id, tokens) {
    const file = join(folder, `${name.replace(/[^a-z0-9]+/gi, '_')}.tokens`);
    writeFileSync(file, `${tokens.join('\n')}\n`, { mode: 0o600 });
    return { name, url: target, script: write_refresh_script(scripts, name, `grant_type=refresh_token&client_id=${client_id}`, file) };
}

function credentials_case(name, target, client_id) {
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded', Authorization: `Basic ${Buffer.from(`${client_id}:${secret}`).toString('base64')}` };
    const request = { method: 'POST', headers, body: 'grant_type=client_credentials' };
    return { name, url: target, request, script: write_script(scripts, name, request) };
}

async function require_token({ name, url: target, request }, ca) {
    const { status, text } = await ask(target, request, ca);
    if (status !== 200 || !JSON.parse(text).access_token) throw new Error(`${name}: HTTP ${status} ${text}`);
}

const samples = {};
async function run_round(list) {
    for (const make of list) {
        const measured = await make();
        (samples[measured.name] ??= []).push(await measure(measured, { state, connections, seconds }));
    }
}

function judged(results) {
    const [refresh, alone] = ['refresh with rotation', 'client credentials'];
    const ratio = (a, b) => results[a].rps / results[b].rps;
    const at_least = (told, value, wanted) => ({ told, value, wanted: `>= ${wanted}`, met: value >= wanted });
    const at_most = (told, value, wanted) => ({ told, value, wanted: `<= ${wanted}`, met: value <= wanted });
    const cost = (name) => Object.values(results[name].cpu).reduce((sum, each) => sum + each, 0);
    return [refresh, alone].flatMap((name) => [
        at_least(`times oidc-provider, ${name}`, ratio(name, `oidc-provider, ${name}`), 1.6),
        at_most(`ms p99, ${name}`, results[name].p99 / 1000, 30),
        at_most(`ms p99, ${name}, ${many} grants`, results[`${name}, ${many} grants`].p99 / 1000, 30),
        at_most(`times the processor time with ${many} grants, ${name}`, cost(`${name}, ${many} grants`) / cost(name), 1.15),
        at_least(`times the throughput with ${many} grants, ${name}`, ratio(`${name}, ${many} grants`, name), 0.85),
    ]);
}

async function run() {
    const certificates = join(folder, 'certificates');
    const ca = [readFileSync(process.env.GATEHOUSE_CA), readFileSync(join(certificates, 'ca.pem'))];
    const grants = await open_grants({ host: process.env.GATEHOUSE_PGHOST, database: process.env.GATEHOUSE_PGDATABASE, state, workspace, email: process.env.GATEHOUSE_EMAIL });
    const provider = await start_oidc_provider({ folder: join(folder, 'oidc'), certificates, tls });
    const target = `${url}/oauth/token`;
    const public_client = await grants.create_client('bench-public-client', 'none', 'refresh_token');
    await grants.create_client('bench-alone-client', 'client_secret_basic', 'client_credentials', secret);
    await seeded(provider.socket, 1);
    const alone = [credentials_case('client credentials', target, 'bench-alone-client'), credentials_case('oidc-provider, client credentials', provider.url, 'alone')];
    for (const each of alone) await require_token(each, ca);

    const ours = (name) => async () => refresh_case(name, target, 'bench-public-client', await grants.tokens_of(public_client, few));
    const theirs = async () => refresh_case('oidc-provider, refresh with rotation', provider.url, 'public', await seeded(provider.socket, few));
    say(`filling in ${few} grants`);
    await grants.fill(public_client, `${url}/mcp`, few);
    say('warming up');
    await run_round([ours('refresh with rotation'), theirs, ...alone.map((each) => async () => each)]);
    for (const name of Object.keys(samples)) delete samples[name];
    for (let round = 1; round <= rounds; ++round) {
        say(`round ${round} of ${rounds}`);
        await run_round([ours('refresh with rotation'), theirs, ...alone.map((each) => async () => each)]);
    }
    say(`filling in ${many} grants`);
    await grants.fill(public_client, `${url}/mcp`, many);
    for (let round = 1; round <= rounds; ++round) {
        say(`round ${round} of ${rounds} with ${many} grants`);
        await run_round([ours(`refresh with rotation, ${many} grants`), async () => ({ ...alone[0], name: `client credentials, ${many} grants` })]);
    }
    await grants.end();
    return Object.fromEntries(Object.entries(samples).map(([name, list]) => [name, medians(list)]));
}

process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));
process.on('exit', stop_peers);
const results = await run();
const targets = judged(results);
const failed = Object.entries(samples).filter(([, list]) => list.some((sample) => sample.failed || !sample.requests)).map(([name]) => name);
console.log(`\n${cpus().length} cores (${cpus()[0].model}), ${rounds} rounds of ${seconds} s\n`);
console.log(`${throughput_table(connections, results)}\n\nTargets\n${target_lines(targets)}`);
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'oauth.json'), JSON.stringify({ at: new Date().toISOString(), rounds, seconds, results, targets, failed }, null, 2));
for (const name of failed) console.error(`bench: ${name}: some requests failed`);
process.exit(failed.length ? 1 : 0);
