// Serves on a unix socket, alone or with WORKERS processes that share it.
import cluster from 'node:cluster';
import { chmodSync, rmSync } from 'node:fs';
import http from 'node:http';

export function serve(answer) {
    const socket = process.env.SOCKET;
    const workers = Number(process.env.WORKERS ?? 1);
    if (workers > 1 && cluster.isPrimary) {
        rmSync(socket, { force: true });
        for (let i = 0; i < workers; ++i) cluster.fork();
        process.on('SIGTERM', () => process.exit(0));
        return;
    }
    if (workers === 1) rmSync(socket, { force: true });
    const server = http.createServer((request, response) => {
        answer(request, response).catch((error) => {
            console.error(error);
            if (!response.headersSent) response.writeHead(500).end();
        });
    });
    server.keepAliveTimeout = 120_000;
    server.listen(socket, 511, () => chmodSync(socket, 0o666));
    process.on('SIGTERM', () => process.exit(0));
}
