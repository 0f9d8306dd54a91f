import { spawn } from 'node:child_process';

/// Runs a command to its end and resolves to { code, stdout, stderr }; input goes to its standard input.
export function run(command, arguments_, { env = {}, input = '', timeout = 60_000 } = {}) {
    return new Promise((resolve, reject) => {
        const child = spawn(command, arguments_, { env: { ...process.env, ...env }, timeout });
        let stdout = '';
        let stderr = '';
        child.stdout.setEncoding('utf8').on('data', (part) => (stdout += part));
        child.stderr.setEncoding('utf8').on('data', (part) => (stderr += part));
        child.on('error', reject);
        child.on('close', (code) => resolve({ code, stdout, stderr }));
        child.stdin.end(input);
    });
}
