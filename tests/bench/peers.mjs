// Starts everything Gatehouse is measured beside, and knows which processes belong to what.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { start_outside_nginx, start_peers_nginx } from './nginx.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const started = [];

export const node_peers = {
    sdk_1: { script: 'sdk_1.mjs' },
    sdk_1_work: { script: 'sdk_1.mjs', WORK: '1' },
    sdk_1_two: { script: 'sdk_1.mjs', WORKERS: '2' },
    sdk_2: { script: 'sdk_2.mjs' },
    sdk_2_work: { script: 'sdk_2.mjs', WORK: '1' },
};

/// The FastCGI constants, by name: the program and its arguments.
function constants(build, body_file) {
    return {
        raw: [join(build, 'bin/bench_raw_constant'), body_file, '80'],
        constant_handler: [join(build, 'bin/bench_constant_handler')],
    };
}

export function free_port() {
    return new Promise((resolve) => {
        const server = createServer().listen(0, '127.0.0.1', () => {
            const { port } = server.address();
            server.close(() => resolve(port));
        });
    });
}

function keep(name, child) {
    started.push({ name, child });
    return child;
}

function start_node(folder, name, { script, ...options }) {
    const socket = join(folder, `${name}.sock`);
    const env = { ...process.env, NODE_ENV: 'production', SOCKET: socket, ...options };
    keep('node', spawn(process.execPath, [join(here, 'peers', script)], { env, stdio: ['ignore', 'ignore', 'inherit'] }));
    return socket;
}

function start_constant(folder, name, command, { processes, env }) {
    const socket = join(folder, `${name}.sock`);
    const watch = ['/usr/bin/multiwatch', '-f', String(processes), '-s', 'TERM', '--', ...command];
    const arguments_ = ['-n', '-s', socket, '-M', '0666', '-b', '1024', '--', ...watch];
    keep('constant', spawn('spawn-fcgi', arguments_, { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'inherit'] }));
    return socket;
}

export function start_outside({ folder, port, certificates, body, large }) {
    const files = { certificate: join(certificates, 'cert.pem'), key: join(certificates, 'key.pem') };
    keep('outside', start_outside_nginx({ folder: join(folder, 'outside'), port, ...files, body, large }));
}

/// oidc-provider behind an nginx of its own: resolves to { url of its token endpoint, socket to seed it through }.
export async function start_oidc_provider({ folder, certificates, tls }) {
    mkdirSync(folder, { recursive: true });
    const socket = start_node(folder, 'oidc_provider', { script: 'oidc_provider.mjs' });
    const port = await free_port();
    const files = { certificate: join(certificates, 'cert.pem'), key: join(certificates, 'key.pem'), tls };
    keep('nginx', start_peers_nginx({ folder: join(folder, 'nginx'), port, ...files, body: '', fastcgi: {}, node: { oidc_provider: socket } }));
    return { url: `https://localhost:${port}/oidc_provider`, socket };
}

/// Resolves to the origin of the nginx in front of the peers.
export async function start_peers({ folder, build, body, processes, certificates, tls, config }) {
    mkdirSync(folder, { recursive: true });
    const body_file = join(folder, 'body.json');
    writeFileSync(body_file, body);
    const env = { BENCH_BODY: body_file, GATEHOUSE_CONFIG: config };
    const node = Object.fromEntries(
        Object.entries(node_peers).map(([name, peer]) => [name, start_node(folder, name, peer)]),
    );
    const fastcgi = Object.fromEntries(
        Object.entries(constants(build, body_file))
            .filter(([, [program]]) => existsSync(program))
            .map(([name, command]) => [name, start_constant(folder, name, command, { processes, env })]),
    );
    const port = await free_port();
    const files = { certificate: join(certificates, 'cert.pem'), key: join(certificates, 'key.pem'), tls };
    keep('nginx', start_peers_nginx({ folder: join(folder, 'nginx'), port, ...files, body, fastcgi, node }));
    return { origin: `https://localhost:${port}`, fastcgi: Object.keys(fastcgi) };
}

/// [{ pid, name }] of what this file started, children included.
export function peer_processes() {
    const listing = spawnSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' }).stdout;
    const children = new Map();
    for (const line of listing.trim().split('\n')) {
        const [pid, parent] = line.trim().split(/\s+/).map(Number);
        children.set(parent, [...(children.get(parent) ?? []), pid]);
    }
    const with_children = (pid) => [pid, ...(children.get(pid) ?? []).flatMap(with_children)];
    return started.flatMap(({ name, child }) => with_children(child.pid).map((pid) => ({ pid, name })));
}

export function stop_peers() {
    for (const { child } of started) child.kill('SIGTERM');
}
