// A browser without scripts, and the mail of the running stack.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export const url = process.env.GATEHOUSE_URL;
const mail_folder = join(process.env.VAR, 'mail');
// The state folder may lie elsewhere; then $VAR/state leads to it.
const folder = () => [mail_folder, join(process.env.VAR, 'state', 'mail')].find((path) => { try { readdirSync(path); return true; } catch { return false; } });

let counter = 0;
export const fresh_email = () => `p${Date.now().toString(36)}${process.pid}${counter++}@example.com`;
export const password = 'seven purple anvils';
export const other_password = 'eleven quiet lanterns';

/// Every test comes from one address: what one of them spent, the next has anew.
export function forget_attempts() {
    const { GATEHOUSE_PGHOST, GATEHOUSE_PGDATABASE, GATEHOUSE_TEST_SUPERUSER = 'postgres' } = process.env;
    execFileSync('psql', ['-X', '-q', '-h', GATEHOUSE_PGHOST, '-U', GATEHOUSE_TEST_SUPERUSER, '-d', GATEHOUSE_PGDATABASE, '-c', 'DELETE FROM account.throttle']);
}

/// The newest mail to an address, decoded, once it has arrived.
export async function mail_to(address, subject) {
    for (const start = Date.now(); Date.now() - start < 20000; await new Promise((done) => setTimeout(done, 100))) {
        // A name that begins with a dot is a mail still being written.
        const found = readdirSync(folder()).filter((name) => !name.startsWith('.') && name.endsWith('.eml')).sort()
            .map((name) => readFileSync(join(folder(), name), 'utf8'))
            .filter((text) => text.includes(`To: <${address}>`) && text.includes(`Subject: ${subject}`));
        if (found.length) return found.at(-1).replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
    }
    throw new Error(`no mail to ${address}`);
}
export const code_in = (mail) => mail.match(/^\s+([0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4})\s*$/m)[1];

export async function api(method, path, { body, token, basic, headers = {} } = {}) {
    const fields = { ...headers };
    if (body !== undefined) fields['content-type'] ??= 'application/json';
    if (token) fields.authorization = `Bearer ${token}`;
    if (basic) fields.authorization = `Basic ${Buffer.from(basic).toString('base64')}`;
    const answer = await fetch(`${url}/api/v1/auth${path}`, { method, headers: fields, body: body === undefined ? undefined : JSON.stringify(body) });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: text ? JSON.parse(text) : null };
}

/// Cookies, forms, no scripts, no redirects followed by itself.
export class Browser {
    cookies = new Map();
    async send(path, init = {}) {
        const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
        const answer = await fetch(url + path, { redirect: 'manual', ...init, headers: { ...(cookie && { cookie }), ...init.headers } });
        for (const line of answer.headers.getSetCookie()) {
            const [, name, value] = line.match(/^([^=]+)=([^;]*)/);
            if (/Max-Age=0/.test(line)) this.cookies.delete(name); else this.cookies.set(name, value);
        }
        return { status: answer.status, headers: answer.headers, location: answer.headers.get('location'), set_cookies: answer.headers.getSetCookie(), text: await answer.text() };
    }
    get(path) { return this.send(path); }
    /// Opens the page and submits its form for `action`.
    async submit(page, values, { action = page.split('?')[0], headers = {}, keep = true } = {}) {
        const shown = await this.get(page);
        const form = shown.text.match(new RegExp(`<form method="post" action="${action}">([^]*?)</form>`))?.[1] ?? '';
        const hidden = keep ? [...form.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)].map(([, name, value]) => [name, value.replaceAll('&amp;', '&')]) : [];
        return this.post(action, { ...Object.fromEntries(hidden), ...values }, headers);
    }
    post(path, values, headers = {}) {
        return this.send(path, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers }, body: new URLSearchParams(values).toString() });
    }
}
