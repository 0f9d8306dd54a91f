// The table a person reads, and the targets it is held against.
import { rounded } from './statistics.mjs';

const groups = ['nginx', 'handler', 'postgres', 'node', 'outside'];

function row(cells, widths) {
    return cells.map((cell, i) => (i ? String(cell).padStart(widths[i]) : String(cell).padEnd(widths[i]))).join('  ');
}

function table(header, rows) {
    const widths = header.map((title, i) => Math.max(title.length, ...rows.map((cells) => String(cells[i]).length)));
    return [row(header, widths), row(widths.map((width) => '-'.repeat(width)), widths), ...rows.map((cells) => row(cells, widths))].join('\n');
}

const compared = [
    ['x SDK 1.32', 'Node SDK 1.32, trivial'],
    ['x same work', 'Node SDK 1.32, same work'],
    ['x FastCGI', 'lib/fastcgi constant'],
];

function ratio(results, name, other) {
    const [a, b] = [results[name]?.rps, results[other]?.rps];
    return a && b ? a / b : undefined;
}

export function throughput_table(connections, results) {
    const header = ['case', 'req/s', 'p50 ms', 'p99 ms', ...groups.map((group) => `${group} us`), ...compared.map(([title]) => title)];
    const rows = Object.entries(results).map(([name, { rps, p50, p99, cpu }]) => [
        name,
        rounded(rps),
        rounded(p50 / 1000, 2),
        rounded(p99 / 1000, 2),
        ...groups.map((group) => rounded(cpu[group])),
        ...compared.map(([, other]) => rounded(ratio(results, name, other), 2)),
    ]);
    return `${connections} connections (medians; processor time in microseconds a request)\n${table(header, rows)}`;
}

export function memory_table(sizes) {
    const rows = Object.entries(sizes).map(([name, list]) => [
        name,
        list.length,
        rounded(list[0] / 1024, 1),
        rounded(list.reduce((sum, size) => sum + size, 0) / 1024, 1),
    ]);
    return `Resident memory after the run (proportional set, MiB)\n${table(['process', 'count', 'largest', 'sum'], rows)}`;
}

function target(told, value, wanted, met) {
    return { told, value, wanted, met: value === undefined ? undefined : met(value) };
}

export function targets(by_connections, { added_ms, guarded_added_ms }, sizes, handler_names) {
    const mcp = 'MCP tools/call list_services';
    const at_least = (wanted) => (value) => value >= wanted;
    const list = Object.entries(by_connections).flatMap(([connections, results]) => [
        target(`times Node SDK 1.32 trivial at ${connections}`, ratio(results, mcp, 'Node SDK 1.32, trivial'), '>= 5', at_least(5)),
        target(`times Node SDK 1.32 same work at ${connections}`, ratio(results, mcp, 'Node SDK 1.32, same work'), '>= 8', at_least(8)),
        target(`of FastCGI constant at ${connections}`, ratio(results, mcp, 'lib/fastcgi constant'), '>= 0.35', at_least(0.35)),
    ]);
    const below_one = (value) => value < 1;
    list.push(target('ms added by call_service (median)', added_ms, '< 1', below_one));
    list.push(target('ms added with policy and budget (median)', guarded_added_ms, '< 1', below_one));
    const largest = Math.max(...handler_names.flatMap((name) => sizes[name] ?? []));
    const mib = Number.isFinite(largest) ? largest / 1024 : undefined;
    list.push(target('MiB, largest handler', mib, '<= 12', (value) => value <= 12));
    return list;
}

export function target_lines(list) {
    const mark = { true: 'met    ', false: 'MISSED ', undefined: 'unknown' };
    return list.map(({ told, value, wanted, met }) => `  ${mark[met]} ${rounded(value, 2).padStart(7)} ${told} (${wanted})`).join('\n');
}
