import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import yaml from 'yaml';
import { legs } from './legs.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const suite = join(here, '../node_modules/@modelcontextprotocol/conformance');
const longest_run_ms = 8 * 60 * 1000;

function fail(text) {
    console.error(`conformance: ${text}`);
    process.exit(1);
}

// A server that refuses everything passes about a third of the checks: never read a run without this.
async function require_served(url) {
    const body = JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'initialize',
        params: {
            protocolVersion: '2025-11-25',
            capabilities: {},
            clientInfo: { name: 'conformance-preflight', version: '1' },
        },
    });
    const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
    const response = await fetch(url, { method: 'POST', headers, body }).catch((error) =>
        fail(`${url} does not answer: ${error.cause?.code ?? error.message}`),
    );
    const text = await response.text();
    if (response.status === 401 || response.status === 403)
        fail(`${url} answers ${response.status}: no credential took effect, a run would mean nothing\n${text}`);
    if (!response.ok || !text.includes('"serverInfo"'))
        fail(`${url} does not answer initialize (HTTP ${response.status}): ${text.slice(0, 500)}`);
}

function run_suite(leg, url, scenario, folder) {
    const selection = scenario
        ? ['--scenario', scenario, '--spec-version', leg.pin ?? leg.requirements ?? leg.arguments.at(-1)]
        : leg.arguments;
    const pin = leg.pin ? ['--import', join(here, 'pin_version.mjs')] : [];
    const command = [...pin, join(suite, 'dist/index.js'), 'server', '--url', url, '-o', folder, ...selection];
    const environment = leg.pin
        ? { CONFORMANCE_PIN_VERSION: leg.pin, CONFORMANCE_PIN_LOG: join(folder, 'pinned') }
        : {};
    return spawnSync(process.execPath, command, {
        env: { ...process.env, ...environment },
        encoding: 'utf8',
        timeout: longest_run_ms,
        maxBuffer: 1 << 28,
    });
}

function read_scenarios(folder) {
    const scenarios = new Map();
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
        const file = join(folder, entry.name, 'checks.json');
        if (!entry.isDirectory()) continue;
        const name = entry.name.replace(/^server-/, '').replace(/-\d{4}-\d{2}-\d{2}T[\d-]+Z$/, '');
        scenarios.set(name, existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined);
    }
    return scenarios;
}

function scored_names(revision) {
    return new Set(yaml.parse(readFileSync(join(suite, 'requirements', `${revision}.yaml`), 'utf8')).server);
}

function judge(leg, scenarios) {
    const tally = { scenarios: 0, clean: 0, passed: 0, failed: 0, warnings: 0, problems: [], notes: [] };
    const scored = leg.requirements ? scored_names(leg.requirements) : undefined;
    for (const [name, checks] of scenarios) {
        if (scored && !scored.has(name)) {
            tally.notes.push(unscored_note(name, checks));
            continue;
        }
        tally.scenarios += 1;
        const before = tally.problems.length;
        if (!checks) tally.problems.push(`${name}: ended without a result`);
        for (const check of checks ?? []) count(check, name, leg, tally);
        if (tally.problems.length === before) tally.clean += 1;
    }
    return tally;
}

function count(check, name, leg, tally) {
    const told = `${name}:${check.id}: ${check.errorMessage ?? check.description}`;
    if (check.status === 'SUCCESS') tally.passed += 1;
    if (check.status === 'FAILURE') {
        tally.failed += 1;
        tally.problems.push(`FAILURE ${told}`);
    }
    if (check.status === 'WARNING') {
        tally.warnings += 1;
        const reason = leg.warnings[`${name}:${check.id}`];
        if (reason) tally.notes.push(`accepted warning ${name}:${check.id}: ${reason}`);
        else tally.problems.push(`WARNING ${told}`);
    }
}

function unscored_note(name, checks) {
    const by_status = (status) => (checks ?? []).filter((check) => check.status === status).length;
    return `not scored: ${name}: ${by_status('SUCCESS')} passed, ${by_status('FAILURE')} failed, ${by_status('WARNING')} warnings, ${by_status('SKIPPED')} skipped`;
}

function require_enough(leg, tally) {
    if (tally.scenarios < leg.scenarios)
        tally.problems.push(`only ${tally.scenarios} scenarios ran, ${leg.scenarios} expected`);
    if (tally.passed < leg.checks)
        tally.problems.push(`only ${tally.passed} checks passed, ${leg.checks} expected`);
}

function require_pinned(leg, folder, tally) {
    const file = join(folder, 'pinned');
    const versions = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
    const other = versions.filter((version) => version !== leg.pin);
    if (!versions.length) tally.problems.push(`no handshake was pinned to ${leg.pin}`);
    if (other.length) tally.problems.push(`${other.length} of ${versions.length} handshakes negotiated ${other[0]}`);
    tally.notes.push(`${versions.length - other.length} handshakes negotiated ${leg.pin}`);
}

function report(name, leg, scenario, tally) {
    for (const note of tally.notes) console.log(`  ${note}`);
    for (const problem of tally.problems) console.log(`  ${problem}`);
    const expected = scenario ? '' : ` (expected ${leg.scenarios}/${leg.checks})`;
    console.log(
        `conformance ${name}${scenario ? ` ${scenario}` : ''}: ${tally.clean} of ${tally.scenarios} scenarios clean, ` +
            `checks: ${tally.passed} passed, ${tally.failed} failed, ${tally.warnings} warnings${expected}`,
    );
}

function usage() {
    fail(`usage: run LEG [SCENARIO]\n  legs: ${Object.keys(legs).join(', ')}`);
}

const [name, scenario] = process.argv.slice(2);
const leg = legs[name] ?? usage();
const url = process.env.GATEHOUSE_CONFORMANCE_URL;
if (!url) fail('GATEHOUSE_CONFORMANCE_URL is not set; the stack must be started with CONFORMANCE=1');
await require_served(url);

const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
try {
    const outcome = run_suite(leg, url, scenario, folder);
    if (scenario) process.stdout.write(outcome.stdout);
    const tally = judge(leg, read_scenarios(folder));
    if (outcome.error) tally.problems.push(`the suite did not finish: ${outcome.error.message}`);
    if (outcome.stdout.includes('SKIPPED: scenario')) tally.problems.push(outcome.stdout.match(/SKIPPED: .*/)[0]);
    if (!scenario) require_enough(leg, tally);
    if (leg.pin && !scenario) require_pinned(leg, folder, tally);
    if (!tally.scenarios) tally.problems.push(`nothing ran\n${outcome.stderr.slice(-2000)}`);
    report(name, leg, scenario, tally);
    process.exitCode = tally.problems.length || outcome.status !== 0 ? 1 : 0;
} finally {
    rmSync(folder, { recursive: true, force: true });
}
