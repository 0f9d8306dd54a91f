// One measured round: wrk, and what the processes behind it used meanwhile.
import { infrastructure, processor_seconds, proportional_kib, stack_processes } from '../support/processes.mjs';
import { peer_processes } from './peers.mjs';
import { run_wrk } from './wrk.mjs';

function group_of(name) {
    return infrastructure.includes(name) || ['node', 'outside'].includes(name) ? name : 'handler';
}

export function all_processes(state) {
    return [...stack_processes(state), ...peer_processes()];
}

function processor_by_group(processes) {
    const seconds = {};
    for (const { pid, name } of processes) {
        const group = group_of(name);
        seconds[group] = (seconds[group] ?? 0) + processor_seconds(pid);
    }
    return seconds;
}

/// { rps, p50, p99 (microseconds), requests, failed, cpu: { group: microseconds a request } }
export async function measure(measured, { state, connections, seconds }) {
    const processes = all_processes(state);
    const before = processor_by_group(processes);
    const told = await run_wrk({ url: measured.url, script: measured.script, connections, seconds });
    const after = processor_by_group(processes);
    const cpu = {};
    for (const group of Object.keys(after)) {
        const used = ((after[group] - before[group]) * 1e6) / Math.max(told.requests, 1);
        if (used >= 0.5) cpu[group] = used;
    }
    const { requests, failed, p50, p99 } = told;
    return { rps: requests / told.seconds, p50, p99, requests, failed, cpu };
}

/// Proportional set sizes in KiB: { name: [one a process, largest first] }.
export function memory(processes) {
    const sizes = {};
    for (const { pid, name } of processes) {
        const size = proportional_kib(pid);
        if (size === undefined) continue;
        (sizes[name] ??= []).push(size);
    }
    for (const list of Object.values(sizes)) list.sort((a, b) => b - a);
    return sizes;
}
