// One short run of wrk, and what it told.
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const report = `
done = function(summary, latency, requests)
    io.write(string.format('RESULT {"requests":%d,"microseconds":%d,"p50":%d,"p99":%d,"failed":%d,"bytes":%d}\\n',
        summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
        summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write +
        summary.errors.timeout, summary.bytes))
end
`;

function lua_string(text) {
    return `"${text.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n')}"`;
}

/// Writes the script that sends this request: { method, headers, body }. It holds the key, so only its owner reads it.
export function write_script(folder, name, { method = 'GET', headers = {}, body }) {
    mkdirSync(folder, { recursive: true });
    const file = join(folder, `${name.replace(/[^a-z0-9]+/gi, '_')}.lua`);
    const lines = [`wrk.method = ${lua_string(method)}`];
    if (body !== undefined) lines.push(`wrk.body = ${lua_string(body)}`);
    for (const [field, value] of Object.entries(headers)) lines.push(`wrk.headers[${lua_string(field)}] = ${lua_string(value)}`);
    writeFileSync(file, `${lines.join('\n')}\n${report}`, { mode: 0o600 });
    return file;
}

/// Resolves to { requests, seconds, p50, p99, failed }; times in microseconds. failed counts answers that are not
/// 2xx and connections that broke.
export function run_wrk({ url, script, connections, seconds }) {
    const threads = Math.min(2, connections);
    const arguments_ = ['-t', threads, '-c', connections, '-d', `${seconds}s`, '--timeout', '5s', '-s', script, url];
    return new Promise((resolve, reject) => {
        const child = spawn('wrk', arguments_.map(String), { timeout: (seconds + 30) * 1000, killSignal: 'SIGKILL' });
        let told = '';
        child.stdout.on('data', (part) => (told += part));
        child.stderr.on('data', (part) => (told += part));
        child.on('error', reject);
        child.on('close', () => {
            const line = told.match(/^RESULT (.*)$/m)?.[1];
            if (!line) return reject(new Error(`wrk failed: ${told}`));
            const { microseconds, ...rest } = JSON.parse(line);
            resolve({ ...rest, seconds: microseconds / 1e6 });
        });
    });
}
