// Tokens of a real OpenID provider with rotating refresh tokens: connected in a browser, renewed exactly once by four
// egress processes, and what is left when the one that renews is killed.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import tls from 'node:tls';
import pg from 'pg';
import { client } from '../support/upstream/provider.mjs';
import { handler_processes, state_folder } from '../support/processes.mjs';
import { Browser } from './browser.mjs';

const { GATEHOUSE_URL, GATEHOUSE_API_KEY, GATEHOUSE_WORKSPACE, GATEHOUSE_PGHOST, GATEHOUSE_PGDATABASE, PROVIDER_URL, VAR } = process.env;
const program = `${process.env.GATEHOUSE_BIN ?? 'build/bin'}/gatehouse`;
const name = `provider-${randomUUID().slice(0, 8)}`;
const database = new pg.Client({ host: GATEHOUSE_PGHOST, database: GATEHOUSE_PGDATABASE, user: 'postgres' });

tls.setDefaultCACertificates([...tls.getCACertificates('default'), readFileSync(process.env.UPSTREAM_CA, 'utf8')]);

function gatehouse(args, input = '') {
    return execFileSync(program, ['--config', `${VAR}/gatehouse.toml`, '--workspace', GATEHOUSE_WORKSPACE, ...args], { input, encoding: 'utf8' }).trim();
}

// Each request has a connection of its own: one that was kept may be closed by the other side just as it is used.
const alone = { connection: 'close' };

async function api(method, path, body) {
    const answer = await fetch(`${GATEHOUSE_URL}/api/v1${path}`, {
        method,
        headers: { ...alone, authorization: `Bearer ${GATEHOUSE_API_KEY}`, 'content-type': 'application/json' },
        body: body && JSON.stringify(body),
    });
    return { status: answer.status, body: await answer.json() };
}

const call = () => api('POST', `/services/${name}/call`, { method: 'GET', url: '/me' });
const status = async () => (await api('GET', `/services/${name}/status`)).body;
const begin = async () => (await api('POST', `/services/${name}/connection`, {})).body.url;

async function counts(change = '') {
    return (await fetch(`${PROVIDER_URL}/control/${change || 'counts'}`, { headers: alone })).json();
}

function change_token(change) {
    return database.query(`UPDATE vault.token t SET ${change} FROM vault.service s WHERE s.id = t.service_id AND s.name = $1`, [name]);
}
const expire = () => change_token(`expires_at = now() - interval '1 second'`);

/// What the page sends when its button is pressed.
async function press_continue(browser, url, stop) {
    const { answer } = await browser.open(url);
    assert.equal(answer.status, 200);
    const ticket = (await answer.text()).match(/name="ticket" value="([^"]+)"/)[1];
    return browser.open(new URL('/connect/start', url), { method: 'POST', body: new URLSearchParams({ ticket }) }, stop);
}

async function connect(browser = new Browser(), url = undefined) {
    const { answer } = await press_continue(browser, url ?? (await begin()));
    return { status: answer.status, text: await answer.text() };
}

async function until(condition, what) {
    for (let i = 0; i < 600; i += 1) {
        if (await condition()) return;
        await sleep(50);
    }
    assert.fail(`never came true: ${what}`);
}

async function calls_of_64() {
    const answers = await Promise.all(Array.from({ length: 64 }, call));
    return answers.map(({ status, body }) => (status === 200 ? body.status : body.code));
}

const all = (value) => Array.from({ length: 64 }, () => value);

before(async () => {
    await database.connect();
    gatehouse(['service', 'add', name, '--connector', 'generic', '--auth', 'authorization_code', '--origin', PROVIDER_URL,
        '--set', `client_id=${client.id}`, '--set', 'scope=openid offline_access', '--set', 'prompt=consent',
        '--set', `token_url=${PROVIDER_URL}/token`, '--set', `authorize_url=${PROVIDER_URL}/auth`,
        '--set', `revocation_url=${PROVIDER_URL}/token/revocation`], client.secret);
});
after(async () => {
    await counts('hold?ms=0');
    await database.end();
});

describe('a service that works with an account', () => {
    test('says who has to do what before it is connected', async () => {
        const refused = await call();
        assert.equal(refused.status, 403);
        assert.equal(refused.body.code, 'credential_needs_reconnect');
    });

    test('is connected in a browser', async () => {
        const page = await connect();
        assert.equal(page.status, 200, page.text);
        assert.match(page.text, /Connected/);
        const answer = await call();
        assert.equal(answer.body.status, 200, JSON.stringify(answer.body));
        assert.equal(answer.body.json.sub, 'somebody');
    });

    test('is connected with a link of the command line as well', async () => {
        const page = await connect(new Browser(), gatehouse(['service', 'connect', name]));
        assert.equal(page.status, 200, page.text);
    });

    test('is not connected by a link used twice, another browser, a changed state or a refusal', async () => {
        const url = await begin();
        const browser = new Browser();
        assert.equal((await connect(browser, url)).status, 200);
        assert.match((await connect(browser, url)).text, /connection_used/);

        const to_callback = (target) => target.pathname === '/connect/callback';
        const victim = await press_continue(new Browser(), await begin(), to_callback);
        assert.match(await (await new Browser().open(victim.url)).answer.text(), /connection_invalid/);

        const own = new Browser();
        const changed = (await press_continue(own, await begin(), to_callback)).url;
        changed.searchParams.set('state', `${changed.searchParams.get('state').slice(0, -2)}AA`);
        assert.match(await (await own.open(changed)).answer.text(), /connection_invalid/);

        const refusing = new Browser();
        const refused = (await press_continue(refusing, await begin(), to_callback)).url;
        refused.searchParams.delete('code');
        refused.searchParams.set('error', 'access_denied');
        assert.match(await (await refusing.open(refused)).answer.text(), /connection_denied/);

        const foreign = new URL('/connect/start?ticket=abc', GATEHOUSE_URL);
        assert.match(await (await new Browser().open(foreign)).answer.text(), /connection_invalid/);
        assert.equal((await call()).body.status, 200);
    });
});

describe('a token that is over', () => {
    test('is renewed once for 64 calls over 4 processes, and all succeed', async () => {
        const egress = handler_processes(state_folder(VAR)).filter((handler) => handler.name === 'egress');
        assert.equal(egress.length, 4);
        for (const hold of [0, 1500]) {
            await counts(`hold?ms=${hold}`);
            const before_calls = (await counts()).success.refresh_token ?? 0;
            await expire();
            assert.deepEqual(await calls_of_64(), all(200));
            assert.equal((await counts()).success.refresh_token - before_calls, 1);
        }
        await counts('hold?ms=0');
    });

    test('is renewed before it is over, by the worker, without a call', async () => {
        const before_wait = (await counts()).success.refresh_token;
        await change_token(`refresh_at = now() - interval '1 second'`);
        await until(async () => (await counts()).success.refresh_token === before_wait + 1, 'the worker renews');
        assert.equal((await call()).body.status, 200);
    });

    test('costs one reconnect at most when its renewer is killed before the commit', async () => {
        const before_kill = await counts('hold?ms=5000');
        await expire();
        const lost = call().catch(() => undefined);
        await until(async () => (await counts()).success.refresh_token === before_kill.success.refresh_token + 1, 'the provider renewed it');
        for (const { pid } of handler_processes(state_folder(VAR)).filter((handler) => handler.name === 'egress')) process.kill(pid, 'SIGKILL');
        await lost;
        await counts('hold?ms=0');
        await until(async () => (await status()).state !== undefined, 'egress is back');
        const row = await database.query(`SELECT t.call_started_at IS NOT NULL AS started, t.claim_until > now() AS claimed
            FROM vault.token t JOIN vault.service s ON s.id = t.service_id WHERE s.name = $1`, [name]);
        assert.deepEqual(row.rows, [{ started: true, claimed: true }]);

        await change_token(`claim_until = now() - interval '1 second'`); // 45 s later
        const errors = (await counts()).error.refresh_token ?? 0;
        assert.deepEqual(await calls_of_64(), all('credential_needs_reconnect'));
        assert.equal((await counts()).error.refresh_token - errors, 1);
        assert.equal((await status()).state, 'needs_reconnect');

        assert.equal((await connect()).status, 200);
        assert.deepEqual(await calls_of_64(), all(200));
        await expire();
        assert.deepEqual(await calls_of_64(), all(200));
    });
});

describe('a connector whose credentials are revoked', () => {
    // The connector is generic, which other tests use as well: their services are put back at once.
    test('refuses every call, and the provider hears of it', async () => {
        const others = await database.query(`SELECT id FROM vault.service WHERE connector = 'generic' AND state = 'active' AND name <> $1`, [name]);
        const ids = others.rows.map(({ id }) => id);
        await database.query(`UPDATE vault.service SET connector = 'generic-of-others' WHERE id = ANY ($1)`, [ids]);
        try {
            assert.match(gatehouse(['vault', 'revoke-connector', 'generic']), /^1 credentials revoked$/);
        } finally {
            await database.query(`UPDATE vault.service SET connector = 'generic' WHERE id = ANY ($1)`, [ids]);
        }
        assert.equal((await call()).body.code, 'service_disabled');
        const revocation = () => database.query(`SELECT r.outcome, t.access IS NULL AND t.refresh IS NULL AS forgotten
            FROM vault.revocation r JOIN vault.service s ON s.id = r.service_id JOIN vault.token t ON t.service_id = s.id
            WHERE s.name = $1`, [name]);
        await until(async () => (await revocation()).rows[0]?.outcome, 'the worker has it revoked');
        assert.deepEqual((await revocation()).rows, [{ outcome: 'the provider answered 200', forgotten: true }]);
        assert.equal((await status()).state, 'revoked');
        assert.equal((await api('PATCH', `/services/${name}`, { disabled: false })).body.code, 'credential_revoked');
        assert.equal((await connect()).status, 200);
        assert.deepEqual((await call()).body.status, 200);
    });
});
