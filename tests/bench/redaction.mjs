// What looking for a secret costs in answers of 5 MiB: call_service with a service whose secret is looked for beside
// one whose secret is too short for that.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask, modern_call } from './cases.mjs';
import { large_bodies } from './large_bodies.mjs';
import { measure } from './measure.mjs';
import { start_outside, stop_peers } from './peers.mjs';
import { target_lines } from './report.mjs';
import { open_stack } from './stack.mjs';
import { medians, rounded } from './statistics.mjs';
import { write_script } from './wrk.mjs';

const quick = Boolean(Number(process.env.QUICK ?? 0));
const rounds = Number(process.env.ROUNDS ?? (quick ? 3 : 7));
const seconds = Number(process.env.SECONDS_A_ROUND ?? (quick ? 2 : 4));
const connections = 2;
const allowed = 0.15;
const unredacted = 'bench_unredacted';
const too_short_to_look_for = 'secret7';
const { BENCH_FOLDER: folder, GATEHOUSE_BUILD: build, OUTSIDE_PORT: port } = process.env;
const outside = `https://localhost:${port}`;

function write_bodies() {
    const large = join(folder, 'large');
    mkdirSync(large, { recursive: true });
    const bodies = large_bodies();
    for (const [name, body] of Object.entries(bodies)) writeFileSync(join(large, name), body);
    return { large, names: Object.keys(bodies) };
}

function case_of(stack, service_name, file) {
    const request = modern_call('call_service', { service_name, method: 'GET', url: `${outside}/large/${file}` }, stack.key);
    const name = `${file} of ${service_name}`;
    return { name, url: stack.mcp, request, script: write_script(join(folder, 'scripts'), name, request) };
}

async function require_whole_answer({ name, url, request }, ca) {
    const { status, text } = await ask(url, request, ca);
    if (status !== 200 || text.length < 4 * 1024 * 1024 || text.includes('"truncated":true'))
        throw new Error(`${name}: wrong answer (HTTP ${status}, ${text.length} bytes): ${text.slice(0, 300)}`);
}

async function run() {
    const certificates = join(folder, 'certificates');
    const { large, names } = write_bodies();
    start_outside({ folder, port, certificates, body: '{}', large });
    const stack = await open_stack(build, outside);
    stack.add_service(unredacted, too_short_to_look_for);
    const pairs = names.map((file) => [stack.names[0], unredacted].map((service) => case_of(stack, service, file)));
    for (const measured of pairs.flat()) {
        await require_whole_answer(measured, [stack.ca, readFileSync(join(certificates, 'ca.pem'))]);
        await measure(measured, { state: stack.state, connections, seconds: 1 });
    }
    const samples = new Map(pairs.flat().map((measured) => [measured, []]));
    for (let round = 1; round <= rounds; ++round) {
        process.stderr.write(`bench: round ${round} of ${rounds}\n`);
        for (const pair of pairs)
            for (const measured of round % 2 ? pair : pair.toReversed()) samples.get(measured).push(await measure(measured, { state: stack.state, connections, seconds }));
    }
    stack.delete_service(unredacted);
    return pairs.map(([redacted, plain], i) => ({ file: names[i], redacted: medians(samples.get(redacted)), plain: medians(samples.get(plain)) }));
}

process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));
process.on('exit', stop_peers);
const results = await run();
const targets = results.map(({ file, redacted, plain }) => {
    const value = 1 - redacted.rps / plain.rps;
    return { told: `of the throughput, ${file}`, value, wanted: `<= ${allowed}`, met: value <= allowed };
});
console.log(`\n${rounds} rounds of ${seconds} s, ${connections} connections, answers of 5 MiB (medians)\n`);
for (const { file, redacted, plain } of results)
    console.log(`  ${file.padEnd(14)} ${rounded(redacted.rps, 1)}/s redacted, ${rounded(plain.rps, 1)}/s not; handlers ${rounded(redacted.cpu.handler / 1000, 1)} and ${rounded(plain.cpu.handler / 1000, 1)} ms a call`);
console.log(`\nTargets\n${target_lines(targets)}`);
const failed = results.filter(({ redacted, plain }) => redacted.failed + plain.failed > 0);
writeFileSync(join(folder, 'redaction.json'), JSON.stringify({ at: new Date().toISOString(), rounds, seconds, results, targets }, null, 2));
for (const { file } of failed) console.error(`bench: ${file}: some requests failed`);
process.exit(failed.length ? 1 : 0);
