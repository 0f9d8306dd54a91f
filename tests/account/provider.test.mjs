// Signing in with a real OpenID Connect provider (oidc-provider), which this test starts at OIDC_PORT. The stack's
// configuration names it as "local" (scripts/test).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gatehouse } from '../support/api_key.mjs';
import { Browser, forget_attempts, fresh_email, mail_to, password, url } from './site.mjs';

const port = Number(process.env.OIDC_PORT);
assert.ok(port, 'OIDC_PORT is missing: scripts/test sets it');
const issuer = `http://127.0.0.1:${port}`;
const people = new Map();
let server;

before(async () => {
    const { default: Provider } = await import('oidc-provider');
    const provider = new Provider(issuer, {
        clients: [{ client_id: 'gatehouse', token_endpoint_auth_method: 'none', redirect_uris: [`${url}/login/callback`], response_types: ['code'], grant_types: ['authorization_code'] }],
        pkce: { required: () => true },
        claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
        conformIdTokenClaims: false,
        findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...people.get(id) }) }),
    });
    return new Promise((done) => { server = provider.listen(port, '127.0.0.1', done); });
});
after(() => { server?.closeAllConnections(); server?.close(); forget_attempts(); });

/// Walks through the provider's own pages as `id`; returns where it sends the browser back to.
async function walk(start, id) {
    const cookies = new Map();
    const send = async (target, init = {}) => {
        const answer = await fetch(new URL(target, issuer), { redirect: 'manual', ...init, headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '), ...init.headers } });
        for (const line of answer.headers.getSetCookie()) { const [, name, value] = line.match(/^([^=]+)=([^;]*)/); cookies.set(name, value); }
        return { location: answer.headers.get('location'), text: await answer.text(), status: answer.status };
    };
    let step = await send(start);
    for (let i = 0; i < 12; ++i) {
        if (step.location?.startsWith(url)) return step.location.slice(url.length);
        if (step.location) { step = await send(step.location); continue; }
        const action = step.text.match(/<form[^>]*action="([^"]+)"/)?.[1];
        assert.ok(action, step.text.slice(0, 500));
        const prompt = step.text.match(/name="prompt" value="([^"]+)"/)[1];
        step = await send(action, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams({ prompt, login: id, password: 'any' }).toString() });
    }
    throw new Error('the provider never came to an end');
}

async function begin(browser, come_back = '/two-factor') {
    const answer = await browser.submit(`/login?continue=${encodeURIComponent(come_back)}`, { provider: 'local' }, { action: '/login/provider' });
    assert.equal(answer.status, 303, answer.text);
    return answer.location;
}

test('a new person signs in, comes back, and is told by mail', async () => {
    const email = fresh_email();
    people.set('ada', { email, email_verified: true, name: 'Ada' });
    const browser = new Browser();
    const start = new URL(await begin(browser));
    for (const name of ['state', 'nonce', 'code_challenge']) assert.ok(start.searchParams.get(name).length >= 43, name);
    assert.equal(start.searchParams.get('code_challenge_method'), 'S256');
    const back = await walk(start, 'ada');
    const arrived = await browser.get(back);
    assert.deepEqual([arrived.status, arrived.location], [303, '/two-factor'], arrived.text);
    assert.match((await browser.get('/account')).text, new RegExp(email));
    await mail_to(email, 'A sign-in provider was linked');
    assert.equal((await browser.get(back)).status, 401, 'a state is good once');
});

test('an address that the provider has not confirmed is not linked', async () => {
    people.set('mallory', { email: process.env.GATEHOUSE_EMAIL, email_verified: false, name: 'M' });
    const browser = new Browser();
    const arrived = await browser.get(await walk(await begin(browser), 'mallory'));
    assert.deepEqual([arrived.status, browser.cookies.has('__Host-gatehouse_session')], [403, false]);
    assert.match(arrived.text, /email_not_verified/);
});

test('whom the operator shut out is told, and not let in', async () => {
    const email = fresh_email();
    people.set('mallet', { email, email_verified: true });
    const first = new Browser();
    assert.equal((await first.get(await walk(await begin(first), 'mallet'))).status, 303);
    gatehouse('user', 'disable', email);
    const browser = new Browser();
    const arrived = await browser.get(await walk(await begin(browser), 'mallet'));
    assert.deepEqual([arrived.status, browser.cookies.has('__Host-gatehouse_session')], [403, false]);
    assert.match(arrived.text, /account_disabled/);
});

test('the only way in is not unlinked, and goes when there is a password', async () => {
    const email = fresh_email();
    people.set('solo', { email, email_verified: true });
    const browser = new Browser();
    await browser.get(await walk(await begin(browser), 'solo'));
    const unlink = () => browser.submit(`/account/unlink?issuer=${issuer}`, { password });
    const refused = await unlink();
    assert.deepEqual([refused.status, /only way to sign in/.test(refused.text)], [422, true]);
    assert.equal((await browser.submit('/password/change', { password })).status, 200);
    assert.equal((await unlink()).location, '/account');
    assert.doesNotMatch((await browser.get('/account')).text, /127\.0\.0\.1/);
});

test('an answer that another browser began is refused', async () => {
    people.set('eve', { email: fresh_email(), email_verified: true });
    const back = await walk(await begin(new Browser()), 'eve');
    const victim = new Browser();
    await victim.get('/login');
    assert.equal((await victim.get(back)).status, 401);
    assert.equal(victim.cookies.has('__Host-gatehouse_session'), false);
});

test('a refusal, a wrong issuer and a wrong code are pages', async () => {
    const browser = new Browser();
    const state = async () => new URL(await begin(browser)).searchParams.get('state');
    assert.equal((await browser.get(`/login/callback?error=access_denied&state=${await state()}`)).status, 403);
    assert.equal((await browser.get(`/login/callback?code=x&iss=https%3A%2F%2Fevil.example&state=${await state()}`)).status, 401);
    assert.equal((await browser.get(`/login/callback?code=x&state=${await state()}`)).status, 502);
});
