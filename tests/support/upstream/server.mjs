// An outside service for tests: HTTPS on loopback with a certificate of its own.
//   node server.mjs FOLDER [PORT [PROVIDER_PORT]]
// FOLDER holds key.pem, cert.pem; the port is written to FOLDER/port, that of the OpenID provider beside it
// (provider.mjs) to FOLDER/provider_port
//
// Any other path   200, JSON: what arrived, with a digest in place of the Authorization field
// /mirror          200, JSON: what arrived, Authorization included: a service that leaks what it is sent
// /status/N        N, with Retry-After and rate-limit fields for 429
// /slow?ms=N       answers after N milliseconds;  /trickle  one byte a second, for a minute
// /huge?bytes=N    N bytes;                       /bomb     gzip, 1 GiB when decoded
// /redirect?to=U   302 to U;                      /chunked  three chunks without a length
// /reset           closes the connection;         /garbage  says gzip, sends something else
// /documents/NAME  what a test published there (documents.mjs)
// /hits            how many requests arrived so far, without counting this one
import { createHash } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { join } from 'node:path';
import zlib from 'node:zlib';
import { documents } from './documents.mjs';
import { start_provider } from './provider.mjs';

const [folder, port = '0', provider_port = '0'] = process.argv.slice(2);
const mebibyte = Buffer.alloc(1 << 20, 'g');
let hits = 0;
let bomb;

const routes = {
    '/mirror': (exchange) => json(exchange, seen(exchange, exchange.request.headers)),
    '/slow': (exchange) => setTimeout(() => json(exchange, { slept: true }), number(exchange, 'ms', 1000)),
    '/trickle': trickle,
    '/huge': (exchange) => huge(exchange, number(exchange, 'bytes', 64 << 20)),
    '/bomb': (exchange) => exchange.response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzip_bomb()),
    '/redirect': (exchange) =>
        exchange.response.writeHead(302, { location: exchange.url.searchParams.get('to') ?? '/' }).end(),
    '/chunked': chunked,
    '/reset': (exchange) => exchange.request.socket.destroy(),
    '/garbage': (exchange) => exchange.response.writeHead(200, { 'content-encoding': 'gzip' }).end('not gzip at all'),
    '/hits': (exchange) => json(exchange, { hits }),
};

function number({ url }, name, otherwise) {
    return Number(url.searchParams.get(name) ?? otherwise);
}

function json({ response }, value, status = 200, headers = {}) {
    const body = Buffer.from(JSON.stringify(value));
    response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length, ...headers });
    response.end(body);
}

function seen({ request, url, body }, headers) {
    return {
        method: request.method,
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        headers,
        body: body.toString('utf8'),
    };
}

function echo(exchange) {
    const { authorization, ...headers } = exchange.request.headers;
    const digest = authorization && createHash('sha256').update(authorization).digest('hex');
    json(exchange, { ...seen(exchange, headers), authorization_sha256: digest ?? null });
}

function status(exchange, code) {
    const limits = { 'retry-after': '7', 'x-ratelimit-limit': '100', 'x-ratelimit-remaining': '0' };
    json(exchange, { status: code }, code, code === 429 ? limits : {});
}

function gzip_bomb() {
    bomb ??= zlib.gzipSync(Buffer.alloc(1 << 30), { level: 9 });
    return bomb;
}

function huge({ response }, bytes) {
    response.writeHead(200, { 'content-type': 'text/plain', 'content-length': bytes });
    let left = bytes;
    const more = () => {
        while (left > 0 && !response.destroyed) {
            const part = mebibyte.subarray(0, Math.min(left, mebibyte.length));
            left -= part.length;
            if (!response.write(part)) return void response.once('drain', more);
        }
        response.end();
    };
    more();
}

function trickle({ response }) {
    response.writeHead(200, { 'content-type': 'text/plain' });
    let left = 60;
    const timer = setInterval(() => (left-- > 0 ? response.write('.') : response.end()), 1000);
    response.once('close', () => clearInterval(timer));
}

function chunked({ response }) {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write('{"chunks":');
    setTimeout(() => response.write('3'), 20);
    setTimeout(() => response.end('}'), 40);
}

function answer(exchange) {
    const code = exchange.url.pathname.match(/^\/status\/(\d{3})$/)?.[1];
    if (code) return status(exchange, Number(code));
    if (exchange.url.pathname.startsWith('/documents/')) return documents(exchange);
    return (routes[exchange.url.pathname] ?? echo)(exchange);
}

const credentials = { key: readFileSync(join(folder, 'key.pem')), cert: readFileSync(join(folder, 'cert.pem')) };
const server = https.createServer(credentials, (request, response) => {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
        const url = new URL(request.url, 'https://localhost');
        answer({ request, response, url, body: Buffer.concat(parts) });
        if (url.pathname !== '/hits') hits += 1;
    });
});
server.keepAliveTimeout = 60_000;
server.listen(Number(port), '127.0.0.1', () => {
    writeFileSync(join(folder, 'port.new'), String(server.address().port));
    renameSync(join(folder, 'port.new'), join(folder, 'port'));
});
start_provider(credentials, folder, Number(provider_port));
