// A browser without scripts: cookies, forms, no redirect followed by itself. And what the tests arrange in PostgreSQL.
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import pg from 'pg';

export const origin = process.env.GATEHOUSE_URL;

/// SQL as the superuser of the test's stack.
export async function arrange(sql, values = []) {
    const client = new pg.Client({ host: process.env.GATEHOUSE_PGHOST, database: process.env.GATEHOUSE_PGDATABASE, user: 'postgres' });
    await client.connect();
    try {
        return (await client.query(sql, values)).rows;
    } finally {
        await client.end();
    }
}

/// Holds what a statement locks until end(), which may be told to COMMIT it: { until_somebody_waits, end }.
export async function hold(sql, values = []) {
    const client = new pg.Client({ host: process.env.GATEHOUSE_PGHOST, database: process.env.GATEHOUSE_PGDATABASE, user: 'postgres' });
    await client.connect();
    await client.query('BEGIN');
    const { rows: [{ pid }] } = await client.query('SELECT pg_backend_pid() AS pid');
    await client.query(sql, values);
    const somebody_waits = async () => (await arrange('SELECT FROM pg_stat_activity WHERE $1 = ANY (pg_blocking_pids(pid))', [pid])).length > 0;
    return {
        async until_somebody_waits() {
            for (const deadline = Date.now() + 4000; !(await somebody_waits()); ) if (Date.now() > deadline) throw new Error('nobody waits');
        },
        end: (how = 'ROLLBACK') => client.query(how).then(() => client.end()),
    };
}

export async function create_user(name = 'Person') {
    const id = randomUUID();
    const email = `${randomBytes(6).toString('hex')}@example.com`;
    await arrange('INSERT INTO account."user" (id, email, name, activated_at) VALUES ($1, $2, $3, now())', [id, email, name]);
    return { id, email };
}

export async function create_workspace(user, { role = 'owner', mcp_enabled = true, suspended = false } = {}) {
    const id = randomUUID();
    const slug = `t${randomBytes(6).toString('hex')}`;
    await arrange('INSERT INTO workspace.workspace (id, slug, name, mcp_enabled, suspended_at) VALUES ($1, $2, $3, $4, CASE WHEN $5 THEN now() END)', [id, slug, `Team ${slug}`, mcp_enabled, suspended]);
    await arrange('INSERT INTO workspace.member (workspace_id, user_id, role) VALUES ($1, $2, $3)', [id, user.id, role]);
    return { id, slug };
}

export async function register(metadata = {}) {
    const answer = await fetch(`${origin}/oauth/register`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ client_name: `Program ${randomBytes(4).toString('hex')}`, redirect_uris: ['http://127.0.0.1:7777/callback'], token_endpoint_auth_method: 'none', grant_types: ['authorization_code', 'refresh_token'], ...metadata }),
    });
    return answer.json();
}

export const verifier = () => randomBytes(32).toString('base64url');
export const challenge_of = (verifier) => createHash('sha256').update(verifier).digest('base64url');

/// The parameters of a sound request; `changes` with the value undefined take one out.
export function request_of(client, changes = {}) {
    const parameters = { response_type: 'code', client_id: client.client_id, redirect_uri: client.redirect_uris?.[0], state: 'st4te &=%', code_challenge: challenge_of('v'.repeat(43)), code_challenge_method: 'S256', ...changes };
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(parameters)) for (const each of [value].flat()) if (each !== undefined) query.append(name, each);
    return `/oauth/authorize?${query}`;
}

const attribute = (tag, name) => tag.match(new RegExp(`\\b${name}="([^"]*)"`))?.[1]?.replaceAll('&amp;', '&').replaceAll('&quot;', '"');

export class Browser {
    cookies = new Map();

    /// Signs in without the page: a session as the login page makes it.
    async sign_in(user) {
        const secret = randomBytes(32);
        await arrange("INSERT INTO account.login_session (id, sha256, user_id, methods, expires_at) VALUES ($1, $2, $3, '{pwd}', now() + interval '1 day')", [randomUUID(), createHash('sha256').update(secret).digest(), user.id]);
        this.cookies.set('__Host-gatehouse_session', secret.toString('base64url'));
        return this;
    }

    async ask(method, path, { form, body, fields = {} } = {}) {
        const answer = await fetch(new URL(path, origin), {
            method,
            redirect: 'manual',
            headers: { Cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '), ...fields },
            body: body ?? (form && new URLSearchParams(form)),
        });
        for (const line of answer.headers.getSetCookie()) {
            const [name, value] = line.split(';')[0].split('=');
            if (value && !/max-age=0/i.test(line)) this.cookies.set(name, value);
            else this.cookies.delete(name);
        }
        return { status: answer.status, fields: answer.headers, text: await answer.text(), location: answer.headers.get('location') };
    }
    get = (path, options) => this.ask('GET', path, options);

    /// From the authorization request to its consent page.
    async open(path) {
        const answer = await this.get(path);
        if (answer.status !== 303 || !answer.location.startsWith('/oauth/consent')) return { answer };
        const page = await this.get(answer.location);
        return { answer, page, path: answer.location };
    }

    /// The consent page's form as it would be sent with this button.
    form_of(page, decision) {
        const form = { decision };
        for (const [tag] of page.text.matchAll(/<input[^>]*>/g)) {
            const type = attribute(tag, 'type');
            if (type === 'hidden' || /\bchecked\b/.test(tag)) form[attribute(tag, 'name')] = attribute(tag, 'value');
        }
        return form;
    }
    decide = (opened, decision, changes = {}, options = {}) => this.ask('POST', opened.path, { form: { ...this.form_of(opened.page, decision), ...changes }, fields: { Origin: origin, 'Sec-Fetch-Site': 'same-origin' }, ...options });
}

/// A browser in which a fresh person is signed in who has one workspace.
export async function person(workspace = {}) {
    const user = await create_user();
    const made = workspace === null ? undefined : await create_workspace(user, workspace);
    return { user, workspace: made, browser: await new Browser().sign_in(user) };
}

export const answer_of = (location) => Object.fromEntries(new URL(location).searchParams);
