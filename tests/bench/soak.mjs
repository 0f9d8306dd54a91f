// A steady load for a while, and whether the handlers grew meanwhile.
import { handler_processes, proportional_kib } from '../support/processes.mjs';
import { measure } from './measure.mjs';
import { rounded } from './statistics.mjs';

const loaded = ['MCP tools/call list_services', 'REST list_services', 'MCP tools/call call_service'];
const allowed_growth_kib = 512;
const warm_up_share = 0.2;

function sizes(state) {
    return new Map(handler_processes(state).map(({ pid, name }) => [pid, { name, kib: proportional_kib(pid) }]));
}

function growth(before, after) {
    const lines = [];
    let grown = false;
    for (const [pid, { name, kib }] of before) {
        const now = after.get(pid)?.kib;
        if (now === undefined || kib === undefined) {
            lines.push(`  ${name} ${pid}: gone`);
            grown = true;
            continue;
        }
        lines.push(`  ${name} ${pid}: ${rounded(kib)} -> ${rounded(now)} KiB (${now >= kib ? '+' : ''}${now - kib})`);
        if (now - kib > allowed_growth_kib) grown = true;
    }
    return { lines, grown };
}

/// Resolves to the exit code: 1 when a handler grew by more than the allowance after the warm-up, or ended.
export async function soak(list, { state, seconds }) {
    const cases = list.filter(({ name }) => loaded.includes(name));
    const end = Date.now() + seconds * 1000;
    const warm = Date.now() + seconds * 1000 * warm_up_share;
    let before;
    let failed = 0;
    let requests = 0;
    while (Date.now() < end) {
        for (const measured of cases) {
            const sample = await measure(measured, { state, connections: 16, seconds: 5 });
            failed += sample.failed;
            requests += sample.requests;
        }
        if (!before && Date.now() > warm) before = sizes(state);
    }
    const { lines, grown } = growth(before ?? new Map(), sizes(state));
    console.log(`soak of ${seconds} s: ${rounded(requests)} requests, ${failed} failed; memory after the warm-up and at the end:`);
    console.log(lines.join('\n'));
    return grown || failed || !before ? 1 : 0;
}
