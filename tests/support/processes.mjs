// The processes of a running stack, and what they cost, read from /proc.
import { existsSync, readFileSync, readdirSync, readlinkSync, realpathSync } from 'node:fs';
import { basename, join } from 'node:path';

const ticks_per_second = 100;

/// The folder in which a stack keeps its state: $VAR, or where $VAR/state points.
export function state_folder(var_folder) {
    const link = join(var_folder, 'state');
    return realpathSync(existsSync(link) ? link : var_folder);
}

function quietly(read) {
    try {
        return read();
    } catch {
        return undefined;
    }
}

function pids() {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number);
}

/// [{ pid, name }] of the stack whose state lies in that folder: its handlers by their own names, and nginx,
/// postgres and multiwatch. The same rule as scripts/lib/process.sh.
export function stack_processes(state) {
    const found = [];
    for (const pid of pids()) {
        const command = quietly(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[0]) ?? '';
        if (command.startsWith(`${state}/bin/`)) {
            found.push({ pid, name: basename(command) });
            continue;
        }
        const folder = quietly(() => readlinkSync(`/proc/${pid}/cwd`)) ?? '';
        const name = quietly(() => readFileSync(`/proc/${pid}/comm`, 'utf8').trim());
        if (folder.startsWith(`${state}/`) && ['nginx', 'postgres', 'multiwatch'].includes(name)) found.push({ pid, name });
    }
    return found;
}

export const infrastructure = ['nginx', 'postgres', 'multiwatch'];

/// [{ pid, name }] of the handlers alone.
export function handler_processes(state) {
    return stack_processes(state).filter(({ name }) => !infrastructure.includes(name));
}

/// Processor seconds a process has used so far, in user and kernel mode together.
export function processor_seconds(pid) {
    const text = quietly(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
    if (!text) return 0;
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / ticks_per_second;
}

/// Proportional set size in KiB, or undefined when it cannot be read (it takes root for a guarded process).
export function proportional_kib(pid) {
    const text = quietly(() => readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'));
    const value = text?.match(/^Pss:\s+(\d+) kB/m)?.[1];
    return value && Number(value);
}
