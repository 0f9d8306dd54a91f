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

/// Writes the script that refreshes tokens, each request with one of those in the file and each answer adding the next:
/// a client that never presents a token twice. `form` is what stands beside the token.
export function write_refresh_script(folder, name, form, tokens_file) {
    mkdirSync(folder, { recursive: true });
    const file = join(folder, `${name.replace(/[^a-z0-9]+/gi, '_')}.lua`);
    const text = `
local threads = 0
function setup(thread)
    thread:set('index', threads)
    threads = threads + 1
end
local tokens, first, last = {}, 1, 0
function init()
    local line_number = 0
    for line in io.lines(${lua_string(tokens_file)}) do
        if line_number % 2 == index then last = last + 1; tokens[last] = line end
        line_number = line_number + 1
    end
end
local fields = { ['Content-Type'] = 'application/x-www-form-urlencoded' }
function request()
    local token = tokens[first] or 'none'
    tokens[first] = nil
    first = first + 1
    return wrk.format('POST', nil, fields, ${lua_string(form)} .. '&refresh_token=' .. token)
end
function response(status, headers, body)
    local token = string.match(body, '"refresh_token":"([^"]+)"')
    if token then last = last + 1; tokens[last] = token end
end
`;
    writeFileSync(file, `${text}${report}`, { mode: 0o600 });
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
