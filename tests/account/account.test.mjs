// Accounts of a running stack over REST: register to two-factor, and what an attacker tries.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, beforeEach, describe, test } from 'node:test';
import { hold } from '../oauth/browser.mjs';
import { done, sql } from '../oauth/grants.mjs';
import { api, Browser, code_in, forget_attempts, fresh_email, mail_to, other_password, password, url } from './site.mjs';

const demo = { email: process.env.GATEHOUSE_EMAIL, password: process.env.GATEHOUSE_PASSWORD };

beforeEach(forget_attempts);
after(async () => {
    forget_attempts();
    await done();
});

async function register(name = 'Ada') {
    const email = fresh_email();
    const answer = await api('POST', '/register', { body: { email, password, name } });
    assert.equal(answer.status, 202, JSON.stringify(answer.body));
    return { email, code: code_in(await mail_to(email, 'Your code for Gatehouse')) };
}
async function person() {
    const { email, code } = await register();
    const answer = await api('POST', '/activate', { body: { email, code, password } });
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    return { email, token: answer.body.token };
}
function app_code(secret, offset = 0) {
    const bits = [...secret].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
    const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
    const step = Buffer.alloc(8);
    step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000) + offset));
    const mac = createHmac('sha1', key).update(step).digest();
    return String((mac.readUInt32BE(mac.at(-1) & 15) & 0x7fffffff) % 1000000).padStart(6, '0');
}

describe('REST', () => {
    test('the demo user signs in at once', async () => {
        const answer = await api('POST', '/login', { body: demo });
        assert.equal(answer.status, 200);
        const [, claims] = answer.body.token.split('.').map((part) => Buffer.from(part, 'base64url').toString());
        const { iss, sub, exp, iat } = JSON.parse(claims);
        assert.deepEqual([iss, sub, exp - iat], [url, process.env.GATEHOUSE_USER_ID, 24 * 3600]);
    });
    test('registers, activates, views, updates, signs out', async () => {
        const { email, token } = await person();
        const seen = await api('GET', '/user', { token });
        assert.deepEqual([seen.body.email, seen.body.name, seen.body.two_factor], [email, 'Ada', false]);
        assert.equal((await api('PATCH', '/user', { token, body: { name: 'Ada L.' } })).body.name, 'Ada L.');
        assert.equal((await api('POST', '/logout', { token, body: {} })).status, 200);
        const after = await api('GET', '/user', { token });
        assert.deepEqual([after.status, after.body.code], [401, 'credential_invalid']);
        assert.match(after.headers.get('www-authenticate'), /^Bearer /);
    });
    test('gives a token by Basic', async () => {
        const answer = await api('POST', '/token', { basic: `${demo.email}:${demo.password}` });
        assert.equal(answer.status, 200);
        assert.equal((await api('POST', '/token', { basic: 'nonsense' })).body.code, 'credential_invalid');
    });
    test('two-factor is asked for, taken once, replaced by a recovery code, and ended', async () => {
        const { email, token } = await person();
        const { body: enrolment } = await api('POST', '/two-factor/begin', { token, body: { password } });
        assert.match(enrolment.uri, /^otpauth:\/\/totp\/Gatehouse:/);
        const code = app_code(enrolment.secret);
        const { body: on } = await api('POST', '/two-factor/confirm', { token, body: { code } });
        assert.equal(on.recovery_codes.length, 10);
        const log_in = (more) => api('POST', '/login', { body: { email, password, ...more } });
        assert.equal((await log_in()).body.code, 'two_factor_required');
        assert.equal((await api('POST', '/token', { basic: `${email}:${password}` })).body.code, 'two_factor_required');
        assert.equal((await log_in({ code })).body.code, 'code_wrong', 'a code is taken once');
        assert.equal((await log_in({ code: app_code(enrolment.secret, 1) })).status, 200);
        assert.equal((await log_in({ code: on.recovery_codes[0] })).status, 200);
        assert.equal((await log_in({ code: on.recovery_codes[0] })).body.code, 'code_wrong');
        assert.equal((await api('POST', '/two-factor/disable', { token, body: { password, code: on.recovery_codes[1] } })).status, 200);
        assert.equal((await log_in()).status, 200);
    });
    test('a password is reset by mail, and every token ends', async () => {
        const { email, token } = await person();
        assert.equal((await api('POST', '/password/forgot', { body: { email } })).status, 202);
        const code = code_in(await mail_to(email, 'A new password for Gatehouse'));
        assert.equal((await api('POST', '/password/reset', { body: { email, code, password: other_password } })).status, 200);
        assert.equal((await api('GET', '/user', { token })).status, 401);
        assert.equal((await api('POST', '/login', { body: { email, password: other_password } })).status, 200);
        await mail_to(email, 'Your Gatehouse password was changed');
    });
    test('half a login does not outlive its password, whether that is reset or changed', async () => {
        const { email, token } = await person();
        const { body: enrolment } = await api('POST', '/two-factor/begin', { token, body: { password } });
        const { body: on } = await api('POST', '/two-factor/confirm', { token, body: { code: app_code(enrolment.secret) } });
        const half = async (given) => {
            const browser = new Browser();
            assert.equal((await browser.submit('/login', { email, password: given })).location, '/login/code');
            return browser;
        };
        const goes_on = async (browser, recovery) => [(await browser.submit('/login/code', { code: on.recovery_codes[recovery] })).location, browser.cookies.has('__Host-gatehouse_session')];
        const begun = await half(password);
        await api('POST', '/password/forgot', { body: { email } });
        const code = code_in(await mail_to(email, 'A new password for Gatehouse'));
        assert.equal((await api('POST', '/password/reset', { body: { email, code, password: other_password } })).status, 200);
        assert.deepEqual(await goes_on(begun, 0), ['/login', false]);

        const again = await half(other_password);
        const signed_in = await half(other_password);
        assert.deepEqual(await goes_on(signed_in, 1), ['/account', true]);
        assert.equal((await signed_in.submit('/password/change', { current_password: other_password, password })).status, 200);
        assert.deepEqual(await goes_on(again, 2), ['/login', false]);
    });
    test('a login with a password that is changed at the same moment is none, nor half of one', async () => {
        const { email, token } = await person();
        const ways = {
            'a user token': async () => (await api('POST', '/login', { body: { email, password } })).body.token,
            'a session': async () => {
                const browser = new Browser();
                await browser.submit('/login', { email, password });
                return browser.cookies.get('__Host-gatehouse_session');
            },
            'half a login': async () => {
                const browser = new Browser();
                await browser.submit('/login', { email, password });
                return browser.cookies.get('__Host-gatehouse_pending');
            },
        };
        for (const [what, log_in] of Object.entries(ways)) {
            if (what === 'half a login') {
                const { body: enrolment } = await api('POST', '/two-factor/begin', { token, body: { password } });
                await api('POST', '/two-factor/confirm', { token, body: { code: app_code(enrolment.secret) } });
            }
            assert.ok(await log_in(), `${what} is had`);
            const [{ password_hash }] = await sql('SELECT password_hash FROM account."user" WHERE email = $1', [email]);
            const change = await hold(`UPDATE account."user" SET password_hash = password_hash || 'x' WHERE email = $1`, [email]);
            const late = log_in();
            await change.until_somebody_waits();
            await change.end('COMMIT');
            assert.equal(await late, undefined, what);
            await sql('UPDATE account."user" SET password_hash = $2 WHERE email = $1', [email, password_hash]);
        }
    });
    test('a password is changed with the present one', async () => {
        const { token } = await person();
        const change = (current_password) => api('POST', '/password/change', { token, body: { current_password, password: other_password } });
        assert.equal((await change('wrong')).body.code, 'password_wrong');
        assert.equal((await change(password)).status, 200);
    });
    test('every operation is in the OpenAPI document, and every failure is a problem', async () => {
        const document = await (await fetch(`${url}/api/v1/openapi.json`)).json();
        for (const path of ['/auth/register', '/auth/login', '/auth/token', '/auth/user', '/auth/two-factor/begin']) assert.ok(document.paths[path], path);
        for (const [method, path, init, status] of [['POST', '/nowhere', { body: {} }, 404], ['GET', '/login', {}, 405], ['POST', '/login', { body: {} }, 422], ['POST', '/login', { body: [] }, 422], ['POST', '/login', { body: { ...demo, more: 1 } }, 422], ['POST', '/login', { body: demo, headers: { 'content-type': 'text/plain' } }, 415], ['GET', '/user', {}, 401], ['GET', '/user', { token: 'x' }, 401]]) {
            const answer = await api(method, path, init);
            assert.equal(answer.status, status, `${method} ${path}`);
            assert.equal(answer.headers.get('content-type'), 'application/problem+json');
            assert.equal(typeof answer.body.code, 'string');
        }
    });
});

describe('an attacker', () => {
    test('does not get past the second factor with a code of the registration', async () => {
        const { email, code } = await register();
        await api('POST', '/password/forgot', { body: { email } });
        const reset = code_in(await mail_to(email, 'A new password for Gatehouse'));
        await api('POST', '/password/reset', { body: { email, code: reset, password } });
        const { body: { token } } = await api('POST', '/login', { body: { email, password } });
        const { body: { secret } } = await api('POST', '/two-factor/begin', { token, body: { password } });
        assert.equal((await api('POST', '/two-factor/confirm', { token, body: { code: app_code(secret) } })).status, 200);
        const page = new Browser();
        const answer = await page.submit('/activate', { email, code, password });
        assert.deepEqual([answer.location, page.cookies.has('__Host-gatehouse_session')], ['/login/code', false]);
        const [, again] = [await api('POST', '/activate/resend', { body: { email } }), await api('POST', '/activate', { body: { email, code, password } })];
        assert.equal(again.body.token, undefined);
    });
    test('does not learn whether an address is known', async () => {
        const { email } = await person();
        const same = async (path, body) => {
            const [known, unknown] = [await api('POST', path, { body: { ...body, email } }), await api('POST', path, { body: { ...body, email: fresh_email() } })];
            assert.deepEqual([known.status, known.body], [unknown.status, unknown.body], path);
        };
        await same('/login', { password: 'wrong' });
        await same('/register', { password });
        await same('/activate/resend', {});
        await same('/password/forgot', {});
        await same('/password/reset', { code: '0000', password: other_password });
        await same('/activate', { code: '0000', password });
    });
    test('sees no difference in the time of a login', async () => {
        const { email } = await person();
        const median = async (address) => {
            const times = [];
            for (let i = 0; i < 5; ++i) {
                const start = performance.now();
                await api('POST', '/login', { body: { email: address(), password: 'wrong' } });
                times.push(performance.now() - start);
            }
            return times.sort((a, b) => a - b)[2];
        };
        const [known, unknown] = [await median(() => email), await median(() => fresh_email())];
        assert.ok(known < unknown * 3 && unknown < known * 3, `${known} ms, ${unknown} ms`);
    });
    test('C9 is made to wait twice as long each time, whatever the account, and is told so', async () => {
        const waits_of = async (email) => {
            const waits = [];
            forget_attempts();
            for (let guesses = 0; waits.length < 5 && guesses < 20; ++guesses) {
                const { status, headers, body } = await api('POST', '/login', { body: { email, password: 'wrong' } });
                if (status === 401) {
                    assert.equal(body.code, 'login_failed');
                    continue;
                }
                const seconds = headers.get('retry-after');
                assert.deepEqual([status, body.code, body.detail], [429, 'too_many_attempts', `too many attempts; try again in ${seconds} s`]);
                waits.push(Number(seconds));
                await sql('UPDATE account.throttle SET blocked_until = now() WHERE bucket = $1', [`password ${email}`]);
            }
            return waits;
        };
        for (const email of [(await person()).email, fresh_email()]) {
            const waits = await waits_of(email);
            for (const [i, wait] of waits.entries()) assert.ok(wait <= 2 ** i && wait >= 2 ** i - 2, `${waits}`);
            assert.equal(waits.length, 5);
        }
    });
    test('C9 does not lock anybody out of a browser that they have signed in with', async () => {
        const { email } = await person();
        const known = new Browser();
        assert.equal((await known.submit('/login', { email, password })).status, 303);
        await known.submit('/account', {}, { action: '/logout' });
        const guesser = new Browser();
        let refused;
        for (let i = 0; i < 8; ++i) refused = await guesser.submit('/login', { email, password: `wrong ${i}` });
        assert.equal(refused.status, 429);
        assert.match(refused.headers.get('content-type'), /^text\/html/);
        assert.match(refused.text, new RegExp(`try again in ${refused.headers.get('retry-after')} s`, 'i'));
        assert.equal((await new Browser().submit('/login', { email, password })).status, 429, 'elsewhere they are');
        assert.deepEqual([(await known.submit('/login', { email, password })).status, known.cookies.has('__Host-gatehouse_session')], [303, true]);
    });
    test('C9 is counted by network as well: guesses at many accounts end', async () => {
        const answers = [];
        for (let i = 0; i < 40; ++i) answers.push((await api('POST', '/login', { body: { email: fresh_email(), password: 'wrong' } })).status);
        assert.ok(answers.indexOf(429) >= 30, `${answers}`);
    });
    test('cannot put a header into a mail', async () => {
        for (const email of ['a@b.c\r\nBcc: x@y.z', 'a@b.c\nSubject: x', 'a@b.c,x@y.z', '<a@b.c>'])
            assert.equal((await api('POST', '/register', { body: { email, password } })).body.code, 'email_invalid');
        assert.equal((await api('POST', '/register', { body: { email: fresh_email(), password, name: 'A\r\nBcc: x@y.z' } })).body.code, 'name_invalid');
    });
    test('is not helped by a common password', async () => {
        for (const weak of ['password1', 'qwertyuiop', '12345678']) assert.equal((await api('POST', '/register', { body: { email: fresh_email(), password: weak } })).body.code, 'password_too_common');
    });
});

describe('pages', () => {
    const strict = (answer) => {
        assert.equal(answer.headers.get('content-security-policy'), "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'");
        assert.deepEqual([answer.headers.get('x-frame-options'), answer.headers.get('referrer-policy'), answer.headers.get('cache-control')], ['DENY', 'no-referrer', 'no-store']);
    };
    test('C1 A21 every page carries the strict fields', async () => {
        for (const path of ['/login', '/register', '/activate', '/password/forgot', '/login/nowhere', '/login/callback?state=x']) strict(await new Browser().get(path));
    });
    test('C3 the demo user signs in, comes back to where they were, gets a new id, signs out', async () => {
        const browser = new Browser();
        const answer = await browser.submit('/login?continue=%2Foauth%2Fauthorize%3Fa%3Db', demo);
        assert.deepEqual([answer.status, answer.location], [303, '/oauth/authorize?a=b']);
        assert.match(answer.set_cookies.find((line) => line.includes('session')), /^__Host-gatehouse_session=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Lax$/);
        assert.match((await browser.get('/account')).text, /Your account/);
        const first = browser.cookies.get('__Host-gatehouse_session');
        await browser.submit('/login', demo);
        assert.notEqual(browser.cookies.get('__Host-gatehouse_session'), first);
        const out = await browser.submit('/account', {}, { action: '/logout' });
        assert.deepEqual([out.status, browser.cookies.has('__Host-gatehouse_session')], [303, false]);
        assert.match((await browser.get('/account')).location, /^\/login\?continue=/);
    });
    test('no way leads to another site', async () => {
        for (const target of ['https://evil.example', '//evil.example', '/\\evil.example', '/\t/evil.example', 'javascript:alert(1)']) {
            const answer = await new Browser().submit(`/login?continue=${encodeURIComponent(target)}`, { ...demo, continue: target });
            assert.deepEqual([answer.status, answer.location], [303, '/account'], target);
        }
    });
    test('C2 a form of another site, browser or page is refused', async () => {
        const browser = new Browser();
        const refused = async (answer) => assert.equal((await answer).status, 403);
        await refused(browser.post('/login', demo));
        await refused(browser.submit('/login', demo, { keep: false }));
        await refused(browser.submit('/login', demo, { headers: { 'sec-fetch-site': 'cross-site' } }));
        await refused(browser.submit('/login', demo, { headers: { origin: 'https://evil.example' } }));
        const other = new Browser();
        const token = (await other.get('/login')).text.match(/name="form_token" value="([^"]+)"/)[1];
        await refused(browser.post('/login', { ...demo, form_token: token }));
        await refused(other.post('/register', { email: fresh_email(), password, form_token: token }));
        const signed_in = new Browser();
        await signed_in.submit('/login', demo);
        await refused(signed_in.post('/logout', {}));
        await refused(signed_in.submit('/account', {}, { action: '/logout', headers: { 'sec-fetch-site': 'cross-site' } }));
        assert.match((await signed_in.get('/account')).text, /Your account/, 'still signed in');
    });
    test('C3 a session chosen by someone else is not taken over', async () => {
        const browser = new Browser();
        await browser.get('/login');
        browser.cookies.set('__Host-gatehouse_session', 'A'.repeat(43));
        await browser.submit('/login', demo);
        assert.notEqual(browser.cookies.get('__Host-gatehouse_session'), 'A'.repeat(43));
    });
    test('a person registers, confirms, and turns on two-factor sign-in', async () => {
        const browser = new Browser();
        const email = fresh_email();
        const next = await browser.submit('/register', { email, name: '<b>Ada</b>', password });
        assert.match(next.location, /^\/activate\?email=/);
        const mail = await mail_to(email, 'Your code for Gatehouse');
        const link = new URL(mail.match(/https:\S+activate\S+/)[0]);
        assert.equal((await browser.submit(link.pathname + link.search, { email, code: code_in(mail), password }, { action: '/activate' })).location, '/account');
        const shown = await browser.get('/account');
        assert.ok(shown.text.includes('&lt;b&gt;Ada') && !shown.text.includes('<b>Ada'));
        assert.equal((await browser.submit('/two-factor', { password })).location, '/two-factor');
        const page = await browser.get('/two-factor');
        const secret = page.text.match(/<code>([A-Z2-7]{32})<\/code>/)[1];
        const done = await browser.submit('/two-factor', { code: app_code(secret) }, { action: '/two-factor/confirm' });
        const recovery = [...done.text.matchAll(/<code>([0-9a-f-]{23})<\/code>/g)].map(([, code]) => code);
        assert.equal(recovery.length, 10);
        const again = new Browser();
        assert.equal((await again.submit('/login?continue=/two-factor', { email, password })).location, '/login/code');
        assert.equal(again.cookies.has('__Host-gatehouse_session'), false, 'half a login is none');
        assert.equal((await again.submit('/login/code', { code: '000000' })).status, 422);
        assert.equal((await again.submit('/login/code', { code: recovery[3] })).location, '/two-factor');
    });
});
