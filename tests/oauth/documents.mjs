// Documents at the tests' outside service.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';

export const outside = process.env.UPSTREAM_URL;
export const fresh_url = () => `${outside}/documents/${randomBytes(8).toString('hex')}/client.json`;

export function outside_fetch(method, url, body) {
    return new Promise((done, fail) => {
        const sent = request(url, { method, ca: readFileSync(process.env.UPSTREAM_CA) }, (answer) => {
            let text = '';
            answer.on('data', (part) => (text += part)).on('end', () => done(text));
        });
        sent.on('error', fail).end(body);
    });
}
export const publish = (url, body, more = {}) => outside_fetch('PUT', url, JSON.stringify({ body: typeof body === 'string' ? body : JSON.stringify(body), ...more }));
/// How often it was fetched, and the fields of the last request for it.
export const count = async (url) => Number(await outside_fetch('GET', `${url}?count`));
export const asked_with = async (url) => JSON.parse(await outside_fetch('GET', `${url}?asked_with`));

/// One that nobody has asked for yet: { url, count() }.
export async function fresh_document(body = '{}') {
    const url = fresh_url();
    await publish(url, body);
    return { url, count: () => count(url) };
}
