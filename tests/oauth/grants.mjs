// Clients, grants and codes as the authorization endpoint makes them, and requests of the token endpoint.
import { spawn } from 'node:child_process';
import { createHash, createSign, generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { state_folder } from '../support/processes.mjs';

export const origin = process.env.GATEHOUSE_URL;
export const workspace = process.env.GATEHOUSE_WORKSPACE;
export const pinned = `${origin}/v1/${workspace}`;
export const unpinned = `${origin}/mcp`;
const state = state_folder(process.env.VAR);

const crockford = '0123456789abcdefghjkmnpqrstvwxyz';
const base32 = (uuid) => {
    let number = BigInt(`0x${uuid.replaceAll('-', '')}`);
    let text = '';
    for (let i = 0; i < 26; ++i, number >>= 5n) text = crockford[Number(number & 31n)] + text;
    return text;
};
const sha256 = (text) => createHash('sha256').update(text).digest();
const base64url = (bytes) => Buffer.from(bytes).toString('base64url');

let connection;
async function connect() {
    const client = new pg.Client({ host: process.env.GATEHOUSE_PGHOST, database: process.env.GATEHOUSE_PGDATABASE, user: 'gatehouse_operator' });
    await client.connect();
    await client.query('SET ROLE gatehouse_owner');
    return client;
}
export const sql = async (text, values = []) => (await (await (connection ??= connect())).query(text, values)).rows;
export const done = async () => (await connection)?.end();

const demo = `(SELECT id FROM workspace.workspace WHERE slug = '${workspace}')`;
const owner = `(SELECT id FROM account."user" WHERE email = '${process.env.GATEHOUSE_EMAIL}')`;

/// A client: { key, client_id, secret }. `method` is its token_endpoint_auth_method.
export async function create_client({ method = 'none', grant_types = ['authorization_code', 'refresh_token'], jwks, scopes = [], acts_alone = false, within = demo, user = owner } = {}) {
    const key = randomUUID();
    const client_id = `cli_${base32(key)}`;
    const secret = method.startsWith('client_secret') ? base64url(randomBytes(32)) : undefined;
    await sql(
        `INSERT INTO oauth.client (id, client_id, origin, name, redirect_uris, grant_types, token_endpoint_auth_method, secret_sha256, jwks, scopes, workspace_id, user_id)
         VALUES ($1, $2, 'manual', 'test', '{http://127.0.0.1/callback}', $3, $4, $5, $6, $7, ${acts_alone ? `${within}, ${user}` : 'NULL, NULL'})`,
        [key, client_id, grant_types, method, secret ? sha256(secret) : null, jwks ? JSON.stringify(jwks) : null, scopes],
    );
    return { key, client_id, secret, method };
}

export async function create_grant(client, { scopes = ['mcp.read', 'mcp.write'], resource = pinned, lifetime = '1 day', within = demo, user = owner } = {}) {
    const id = randomUUID();
    await sql(
        `INSERT INTO oauth.authorization (id, workspace_id, user_id, client, scopes, resource, expires_at)
         VALUES ($1, ${within}, ${user}, $2, $3, $4, now() + $5::interval)`,
        [id, client.key, scopes, resource, lifetime],
    );
    return { id, public_id: `grt_${base32(id)}`, client };
}

/// A workspace that nothing else uses, for what would disturb others: { slug, url, options }; the options, of its owner,
/// go to sign_in.
export async function own_workspace() {
    const slug = `t${randomBytes(6).toString('hex')}`;
    const within = `(SELECT id FROM workspace.workspace WHERE slug = '${slug}')`;
    await sql("INSERT INTO workspace.workspace (id, slug, name, mcp_enabled) VALUES (gen_random_uuid(), $1, 'Own', true)", [slug]);
    const [{ id }] = await sql('INSERT INTO account."user" (id, email, activated_at) VALUES (gen_random_uuid(), $1, now()) RETURNING id', [`${slug}@example.com`]);
    await sql(`INSERT INTO workspace.member (workspace_id, user_id, role) VALUES (${within}, $1, 'owner')`, [id]);
    const url = `${origin}/v1/${slug}`;
    return { slug, url, options: { within, user: `'${id}'::uuid`, resource: url } };
}

/// { code, verifier } of a new grant.
export async function create_code(grant, { lifetime = '1 minute', redirect_uri = 'http://127.0.0.1:4711/callback' } = {}) {
    const code = base64url(randomBytes(32));
    const verifier = base64url(randomBytes(32));
    await sql(
        `INSERT INTO oauth.authorization_code (sha256, authorization_id, redirect_uri, code_challenge, expires_at)
         VALUES ($1, $2, $3, $4, now() + $5::interval)`,
        [sha256(code), grant.id, redirect_uri, base64url(sha256(verifier)), lifetime],
    );
    return { code, verifier, redirect_uri };
}

/// { status, headers, body } of a POST with these parameters; a list of pairs may repeat one.
export async function post(path, parameters, { headers = {}, ...options } = {}) {
    const answer = await fetch(origin + path, { method: 'POST', body: new URLSearchParams(parameters), headers, redirect: 'manual', ...options });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, text, body: text.startsWith('{') ? JSON.parse(text) : undefined };
}
export const token = (parameters, options) => post('/oauth/token', parameters, options);
export const basic = (id, secret) => ({ headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` } });

export const redeem = (client, { code, verifier }, more = {}, options) =>
    token({ grant_type: 'authorization_code', client_id: client.client_id, code, code_verifier: verifier, ...more }, options);
export const refresh = (client, refresh_token, more = {}, options) =>
    token({ grant_type: 'refresh_token', client_id: client.client_id, refresh_token, ...more }, options);

/// A public client with a grant and its first tokens.
export async function sign_in(options = {}) {
    const client = options.client ?? (await create_client());
    const grant = await create_grant(client, options);
    const { status, body, text } = await redeem(client, await create_code(grant));
    if (status !== 200) throw new Error(`no tokens: HTTP ${status} ${text}`);
    return { client, grant, ...body };
}

export const claims_of = (jwt) => JSON.parse(Buffer.from(jwt.split('.')[1], 'base64url'));
export const header_of = (jwt) => JSON.parse(Buffer.from(jwt.split('.')[0], 'base64url'));

/// A key pair for client assertions: { jwks, assertion(claims, header) }.
export function assertion_key(kid = 'one') {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' }] };
    const assertion = (client, claims = {}, header = {}) => {
        const now = Math.floor(Date.now() / 1000);
        const payload = { iss: client.client_id, sub: client.client_id, aud: origin, jti: randomUUID(), iat: now, exp: now + 60, ...claims };
        return sign_jwt(privateKey, { alg: 'ES256', kid, ...header }, payload);
    };
    return { jwks, assertion, privateKey };
}

export function sign_jwt(key, header, payload) {
    const input = `${base64url(JSON.stringify(header))}.${base64url(JSON.stringify(payload))}`;
    return `${input}.${createSign('SHA256').update(input).sign({ key, dsaEncoding: 'ieee-p1363' }, 'base64url')}`;
}

export const by_assertion = (assertion, more = {}) => ({
    grant_type: 'client_credentials',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
    ...more,
});

/// What uses an access token for: the status of an MCP request and its challenge.
export async function call_mcp(access_token, url = pinned) {
    const meta = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28', 'io.modelcontextprotocol/clientCapabilities': {} };
    const answer = await fetch(url, {
        method: 'POST',
        headers: {
            ...(access_token ? { authorization: `Bearer ${access_token}` } : {}),
            'content-type': 'application/json',
            accept: 'application/json, text/event-stream',
            'mcp-protocol-version': '2026-07-28',
            'mcp-method': 'tools/list',
        },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: { _meta: meta } }),
    });
    return { status: answer.status, challenge: answer.headers.get('www-authenticate') ?? '', headers: answer.headers, text: await answer.text() };
}

/// The configuration of the stack with other values: `settings` as lines of the table [oauth].
function configuration_with(settings) {
    const file = join(mkdtempSync('/tmp/gatehouse-oauth-'), 'gatehouse.toml');
    const text = readFileSync(join(state, 'gatehouse.toml'), 'utf8').replace(/^\[oauth\]\n([^[\n]*\n)*/m, '');
    writeFileSync(file, `${text}\n[oauth]\n${Object.entries(settings).map(([name, value]) => `${name} = ${JSON.stringify(value)}\n`).join('')}`);
    return file;
}

/// The same request answered by a token process of its own, configured otherwise.
export function token_process(settings, parameters) {
    const body = new URLSearchParams(parameters).toString();
    const env = {
        GATEHOUSE_CONFIG: configuration_with(settings),
        REQUEST_METHOD: 'POST',
        DOCUMENT_URI: '/oauth/token',
        SCRIPT_NAME: '/oauth/token',
        SERVER_PROTOCOL: 'HTTP/1.1',
        CONTENT_TYPE: 'application/x-www-form-urlencoded',
        CONTENT_LENGTH: String(Buffer.byteLength(body)),
    };
    const child = spawn(join(state, 'bin/oauth_token'), { env, stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdin.end(body);
    return new Promise((resolve, reject) => {
        let output = '';
        child.stdout.on('data', (bytes) => (output += bytes));
        child.on('error', reject);
        child.on('close', () => {
            const [head, ...rest] = output.replaceAll('\r\n', '\n').split('\n\n');
            resolve({ status: Number(head.match(/^Status: (\d+)/im)?.[1] ?? 200), body: JSON.parse(rest.join('\n\n')) });
        });
    });
}

/// Polls until the condition holds.
export async function until(condition, milliseconds, told) {
    for (const deadline = Date.now() + milliseconds; !(await condition()); await new Promise((next) => setTimeout(next, 20)))
        if (Date.now() > deadline) throw new Error(told);
}
