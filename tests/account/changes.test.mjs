// What people change about how they sign in, over REST and over pages: another mail address, a provider unlinked, a
// program shut out.
import assert from 'node:assert/strict';
import { after, beforeEach, describe, test } from 'node:test';
import { call_mcp, done, refresh, sign_in, sql, until } from '../oauth/grants.mjs';
import { gatehouse } from '../support/api_key.mjs';
import { api, Browser, code_in, forget_attempts, fresh_email, mail_to, other_password, password } from './site.mjs';

beforeEach(forget_attempts);
after(async () => {
    forget_attempts();
    await done();
});

const confirm_mail = 'Confirm your new address for Gatehouse';
const user_of = (email) => `(SELECT id FROM account."user" WHERE email = '${email}')`;

async function person() {
    const email = fresh_email();
    await api('POST', '/register', { body: { email, password } });
    const code = code_in(await mail_to(email, 'Your code for Gatehouse'));
    const { token } = (await api('POST', '/activate', { body: { email, code, password } })).body;
    const browser = new Browser();
    const enter = () => browser.submit('/login', { email, password });
    return { email, token, browser, enter };
}
const link = (email, subject) => sql(`INSERT INTO account.identity (issuer, subject, user_id, email) VALUES ('https://provider.example', $1, ${user_of(email)}, $2)`, [subject, email]);

describe('another mail address', () => {
    const begin = ({ token }, email, given = password) => api('POST', '/email/change', { token, body: { email, password: given } });
    const confirm = ({ token }, code) => api('POST', '/email/confirm', { token, body: { code } });

    test('takes the password, a code to the new one, and tells the old one', async () => {
        const someone = await person();
        const next = fresh_email();
        assert.equal((await begin(someone, next, 'wrong')).body.code, 'password_wrong');
        assert.equal((await begin(someone, 'no address')).body.code, 'email_invalid');
        assert.equal((await begin(someone, next)).status, 202);
        const code = code_in(await mail_to(next, confirm_mail));
        assert.equal((await api('GET', '/user', { token: someone.token })).body.email, someone.email, 'not yet');
        assert.equal((await confirm(someone, '0000-0000-0000')).body.code, 'code_wrong');
        assert.equal((await confirm(someone, code)).body.email, next);
        await mail_to(someone.email, 'Your Gatehouse mail address was changed');
        assert.equal((await api('POST', '/login', { body: { email: next, password } })).status, 200);
        assert.equal((await api('POST', '/login', { body: { email: someone.email, password } })).body.code, 'login_failed');
        assert.equal((await confirm(someone, code)).body.code, 'code_wrong', 'a code is taken once');
    });
    test('of somebody else: the same answer, no code, and a word to them', async () => {
        const [someone, other] = [await person(), await person()];
        const answer = await begin(someone, other.email);
        const free = await begin(someone, fresh_email());
        assert.deepEqual([answer.status, answer.body], [free.status, free.body]);
        const mail = await mail_to(other.email, 'You have an account at Gatehouse');
        assert.doesNotMatch(mail, /[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}/);
        assert.equal((await api('GET', '/user', { token: other.token })).body.email, other.email);
    });
    test('taken by somebody in the meantime stays theirs', async () => {
        const someone = await person();
        const next = fresh_email();
        await begin(someone, next);
        const code = code_in(await mail_to(next, confirm_mail));
        await sql('INSERT INTO account."user" (id, email, activated_at) VALUES (gen_random_uuid(), $1, now())', [next]);
        const answer = await confirm(someone, code);
        assert.deepEqual([answer.status, answer.body.code], [409, 'address_taken']);
        assert.equal((await api('GET', '/user', { token: someone.token })).body.email, someone.email);
    });
    test('registered by somebody who never showed that it is theirs gives way', async () => {
        const someone = await person();
        const next = fresh_email();
        await api('POST', '/register', { body: { email: next, password: 'a squatters passphrase' } });
        await begin(someone, next);
        assert.equal((await confirm(someone, code_in(await mail_to(next, confirm_mail)))).body.email, next);
    });
    test('a code of one person is none of another', async () => {
        const [someone, other] = [await person(), await person()];
        const next = fresh_email();
        await begin(someone, next);
        assert.equal((await confirm(other, code_in(await mail_to(next, confirm_mail)))).body.code, 'code_wrong');
    });
    test('guesses end the code', async () => {
        const someone = await person();
        const next = fresh_email();
        await begin(someone, next);
        const code = code_in(await mail_to(next, confirm_mail));
        for (let i = 0; i < 10; ++i) await confirm(someone, `0000-0000-00${10 + i}`);
        forget_attempts();
        assert.equal((await confirm(someone, code)).body.code, 'code_wrong');
    });
    test('over pages, without scripts', async () => {
        const { email, browser, enter } = await person();
        await enter();
        assert.match((await browser.get('/account')).text, /href="\/account\/email"/);
        const next = fresh_email();
        const refused = await browser.submit('/account/email', { email: next, password: 'wrong' });
        assert.deepEqual([refused.status, refused.text.includes(`value="${next}"`)], [422, true]);
        assert.equal((await browser.submit('/account/email', { email: next, password })).location, '/account/email-code');
        const mail = await mail_to(next, confirm_mail);
        const link = new URL(mail.match(/https:\S+email-code\S+/)[0]);
        assert.match((await browser.get(link.pathname + link.search)).text, new RegExp(`value="${code_in(mail).replaceAll('-', '')}"`));
        assert.equal((await browser.submit(link.pathname + link.search, { code: code_in(mail) }, { action: '/account/email-code' })).location, '/account');
        const shown = (await browser.get('/account')).text;
        assert.ok(shown.includes(next) && !shown.includes(email));
    });
});

describe('a provider', () => {
    const unlink = ({ token }, given = password, issuer = 'https://provider.example') => api('POST', '/identities/unlink', { token, body: { issuer, ...(given && { password: given }) } });

    test('is unlinked with the password, and the person is told', async () => {
        const someone = await person();
        await link(someone.email, `unlink ${someone.email}`);
        assert.equal((await unlink(someone, 'wrong')).body.code, 'password_wrong');
        assert.deepEqual((await unlink(someone)).body.identities, []);
        await mail_to(someone.email, 'A sign-in provider was unlinked');
        assert.deepEqual([(await unlink(someone)).status, (await unlink(someone)).body.code], [404, 'identity_not_found']);
    });
    test('stays while it is the only way in', async () => {
        const someone = await person();
        await link(someone.email, `last ${someone.email}`);
        await sql(`UPDATE account."user" SET password_hash = NULL WHERE email = $1`, [someone.email]);
        const answer = await unlink(someone, null);
        assert.deepEqual([answer.status, answer.body.code], [409, 'last_way_in']);
        await sql(`INSERT INTO account.identity (issuer, subject, user_id, email) VALUES ('https://another.example', $1, ${user_of(someone.email)}, $1)`, [someone.email]);
        assert.deepEqual((await unlink(someone, null)).body.identities, ['https://another.example']);
        assert.equal((await unlink(someone, null, 'https://another.example')).body.code, 'last_way_in');
    });
    test('two at once never leave nobody in', async () => {
        const someone = await person();
        await link(someone.email, `race ${someone.email}`);
        await sql(`INSERT INTO account.identity (issuer, subject, user_id, email) VALUES ('https://another.example', $1, ${user_of(someone.email)}, $1)`, [someone.email]);
        await sql(`UPDATE account."user" SET password_hash = NULL WHERE email = $1`, [someone.email]);
        const answers = await Promise.all([unlink(someone, null), unlink(someone, null, 'https://another.example')]);
        assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409]);
    });
    test('over pages, without scripts', async () => {
        const { email, browser, enter } = await person();
        await link(email, `page ${email}`);
        await enter();
        const path = '/account/unlink?issuer=https://provider.example';
        assert.ok((await browser.get('/account')).text.includes('href="/account/unlink?issuer=https:'), 'a link on the page');
        assert.equal((await browser.submit(path, { password: 'wrong' })).status, 422);
        assert.equal((await browser.submit(path, { password })).location, '/account');
        assert.doesNotMatch((await browser.get('/account')).text, /provider\.example/);
    });
});

async function with_grant() {
    const someone = await person();
    gatehouse('user', 'join', someone.email);
    return { ...someone, given: await sign_in({ user: user_of(someone.email) }) };
}

describe('C11 grants', () => {
    const works = async ({ given }) => [(await call_mcp(given.access_token)).status, (await refresh(given.client, given.refresh_token)).status];
    test('outlive a logout and a password that is changed: who they were given to goes on', async () => {
        const someone = await with_grant();
        await someone.enter();
        await someone.browser.submit('/account', {}, { action: '/logout' });
        assert.deepEqual(await works(someone), [200, 200]);
        assert.equal((await api('POST', '/password/change', { token: someone.token, body: { current_password: password, password: other_password } })).status, 200);
        assert.deepEqual(await works(someone), [200, 200]);
    });
    test('end with a password that is reset, and every consent with them', async () => {
        const someone = await with_grant();
        const bystander = await with_grant();
        await sql(`INSERT INTO oauth.consent (user_id, client, workspace_id, resource, scopes, identity_sha256) SELECT user_id, client, workspace_id, resource, scopes, sha256('') FROM oauth.authorization WHERE id = $1`, [someone.given.grant.id]);
        assert.deepEqual(await works(someone), [200, 200]);
        await api('POST', '/password/forgot', { body: { email: someone.email } });
        const code = code_in(await mail_to(someone.email, 'A new password for Gatehouse'));
        assert.equal((await api('POST', '/password/reset', { body: { email: someone.email, code, password: other_password } })).status, 200);
        await until(async () => (await call_mcp(someone.given.access_token)).status === 401, 1000, 'still good');
        assert.equal((await refresh(someone.given.client, someone.given.refresh_token)).body.error, 'invalid_grant');
        assert.deepEqual(await sql(`SELECT FROM oauth.consent WHERE user_id = ${user_of(someone.email)}`), []);
        assert.deepEqual(await works(bystander), [200, 200]);
    });
});

describe('C10 grants', () => {
    test('are seen and revoked over REST by whose they are, administrator or not', async () => {
        const [{ token, given }, stranger] = [await with_grant(), await person()];
        const listed = async (by) => (await api('GET', '/grants', { token: by })).body.grants;
        const [grant] = await listed(token);
        assert.deepEqual([grant.id, grant.client_id], [given.grant.public_id, given.client.client_id]);
        assert.deepEqual(await listed(stranger.token), []);
        const revoke = (by) => api('POST', '/grants/revoke', { token: by, body: { grant_id: grant.id } });
        assert.deepEqual([(await revoke(stranger.token)).status, (await revoke(stranger.token)).body.code], [404, 'grant_not_found']);
        assert.equal((await call_mcp(given.access_token)).status, 200);
        assert.equal((await revoke(token)).status, 200);
        await until(async () => (await call_mcp(given.access_token)).status === 401, 1000, 'still good');
        assert.equal((await refresh(given.client, given.refresh_token)).body.error, 'invalid_grant');
        assert.deepEqual(await listed(token), []);
    });
    test('are seen and revoked on a page, without scripts', async () => {
        const { browser, enter, given } = await with_grant();
        assert.match((await browser.get('/account/grants')).location, /^\/login\?continue=/);
        await enter();
        const page = await browser.get('/account/grants');
        assert.ok(page.text.includes(given.client.client_id));
        assert.equal((await browser.post('/account/grants', { grant: given.grant.public_id })).status, 403, 'C2: without the token of the form');
        assert.equal((await call_mcp(given.access_token)).status, 200);
        const after = await browser.submit('/account/grants', {});
        assert.equal(after.status, 200);
        assert.match(after.text, /shut out/);
        assert.ok(!after.text.includes(given.client.client_id));
        await until(async () => (await call_mcp(given.access_token)).status === 401, 1000, 'still good');
    });
    test('of somebody else are not found', async () => {
        const { given } = await with_grant();
        const { browser, enter } = await with_grant();
        await enter();
        const answer = await browser.submit('/account/grants', { grant: given.grant.public_id });
        assert.equal(answer.status, 422);
        assert.equal((await call_mcp(given.access_token)).status, 200);
    });
    test('a name that a program gave itself is only text', async () => {
        const { browser, enter, given } = await with_grant();
        await sql(`UPDATE oauth.client SET name = '<b>"x"</b>' WHERE id = $1`, [given.client.key]);
        await enter();
        const { text } = await browser.get('/account/grants');
        assert.ok(!text.includes('<b>') && text.includes('&lt;b&gt;'));
    });
});
