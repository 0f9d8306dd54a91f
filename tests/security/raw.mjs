// One HTTPS request exactly as written: repeated fields, any Host, any bytes in the body.
import { readFileSync } from 'node:fs';
import tls from 'node:tls';

const ca = readFileSync(process.env.GATEHOUSE_CA);
const address = new URL(process.env.GATEHOUSE_URL);

function dechunked(buffer) {
    const parts = [];
    let at = 0;
    for (;;) {
        const end = buffer.indexOf('\r\n', at);
        const size = parseInt(buffer.subarray(at, end).toString('latin1'), 16);
        if (end < 0 || !size) return Buffer.concat(parts);
        parts.push(buffer.subarray(end + 2, end + 2 + size));
        at = end + 2 + size + 2;
    }
}

function parsed(bytes) {
    const cut = bytes.indexOf('\r\n\r\n');
    if (cut < 0) return undefined;
    const [start, ...lines] = bytes.subarray(0, cut).toString('latin1').split('\r\n');
    const fields = Object.fromEntries(lines.map((line) => [line.split(':')[0].toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]));
    const rest = bytes.subarray(cut + 4);
    const text = (/chunked/i.test(fields['transfer-encoding'] ?? '') ? dechunked(rest) : rest).toString('utf8');
    return { status: Number(start.split(' ')[1]), fields, text };
}

/// fields: a list of [name, value], sent in that order after Host. Resolves to { status, fields, text }; rejects when
/// the connection closes without an answer.
export function send({ method = 'POST', path, host = address.host, fields = [], body = Buffer.alloc(0), length }) {
    return new Promise((resolve, reject) => {
        const socket = tls.connect({ port: Number(address.port || 443), host: address.hostname, servername: address.hostname, ca });
        const parts = [];
        socket.setTimeout(60_000, () => socket.destroy(new Error('no answer within 60 s')));
        socket.on('data', (part) => parts.push(part));
        socket.on('error', (error) => finish(error));
        socket.on('close', () => finish());
        function finish(error) {
            const answer = parsed(Buffer.concat(parts));
            socket.destroy();
            answer ? resolve(answer) : reject(error ?? new Error('the connection closed without an answer'));
        }
        const bytes = Buffer.from(body);
        const all = [['Host', host], ['Connection', 'close'], ...fields, ['Content-Length', String(length ?? bytes.length)]];
        socket.write(`${method} ${path} HTTP/1.1\r\n${all.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`, 'latin1');
        socket.write(bytes);
    });
}
