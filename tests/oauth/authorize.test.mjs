// The authorization endpoint and the consent page: sections 1.2 and 1.3 of the checklist.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, test } from 'node:test';
import { Browser, answer_of, arrange, challenge_of, create_user, create_workspace, origin, person, register, request_of, verifier } from './browser.mjs';

const client = await register();
const web = await register({ redirect_uris: ['https://web.example/cb'], token_endpoint_auth_method: 'client_secret_post' });
const stranger = new Browser();

function is_page(answer, status, code) {
    assert.equal(answer.status, status, answer.text.slice(0, 200));
    assert.match(answer.fields.get('content-type'), /^text\/html/);
    assert.equal(answer.location, null);
    if (code) assert.match(answer.text, new RegExp(code));
}
function is_redirect_error(answer, error, uri = client.redirect_uris[0], state = 'st4te &=%') {
    assert.equal(answer.status, 303, answer.text.slice(0, 300));
    assert.ok(answer.location.startsWith(uri + '?'), answer.location);
    const sent = answer_of(answer.location);
    assert.deepEqual([sent.error, sent.state ?? null, sent.iss, sent.code], [error, state, origin, undefined]);
    assert.match(sent.error_description, /^[\x20-\x21\x23-\x5b\x5d-\x7e]*$/);
}
const refused = async (changes, error) => is_redirect_error(await stranger.get(request_of(client, changes)), error);

test('A1 GET and POST are served, nothing else', async () => {
    const { browser } = await person();
    const query = request_of(client).split('?')[1];
    const posted = await browser.ask('POST', '/oauth/authorize', { form: query });
    assert.equal(posted.status, 303);
    assert.match(posted.location, /^\/oauth\/consent\?request=areq_/);
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
        const answer = await stranger.ask(method, '/oauth/authorize');
        assert.equal(answer.status, 405);
        assert.equal(answer.fields.get('allow'), 'GET, POST');
    }
});
describe('A2 parameters', () => {
    test('unknown ones are ignored', async () => assert.equal((await stranger.get(request_of(client, { colour: 'red' }))).location.split('?')[0], '/login'));
    test('an empty one is absent', () => refused({ response_type: '' }, 'invalid_request'));
    for (const name of ['response_type', 'code_challenge', 'scope', 'code_challenge_method', 'prompt'])
        test(`${name} twice is an error`, () => refused({ [name]: ['code', 'code'] }, 'invalid_request'));
    test('a state that comes twice is an error, and neither is echoed', async () => is_redirect_error(await stranger.get(request_of(client, { state: ['one', 'two'] })), 'invalid_request', undefined, null));
    test('a repeated client_id or redirect_uri ends on a page', async () => {
        is_page(await stranger.get(request_of(client, { client_id: [client.client_id, client.client_id] })), 400);
        is_page(await stranger.get(request_of(client, { redirect_uri: [client.redirect_uris[0], client.redirect_uris[0]] })), 400);
    });
    test('a broken encoding ends on a page', async () => is_page(await stranger.get('/oauth/authorize?client_id=%zz'), 400));
});
describe('A3 an unknown client or redirect URI is never redirected to', () => {
    for (const [what, changes] of [['no client_id', { client_id: undefined }], ['an unknown client_id', { client_id: 'cli_01m8a0t6txf008azeasq29xvwb' }], ['nonsense', { client_id: '\'"><script>' }], ['another redirect URI', { redirect_uri: 'https://evil.example/cb' }], ['a longer one', { redirect_uri: client.redirect_uris[0] + '/x' }]])
        test(what, async () => {
            const answer = await stranger.get(request_of(client, changes));
            is_page(answer, 400);
            assert.match(answer.text, /Remove the connection/);
            assert.ok(!answer.text.includes('<script>'));
        });
});
describe('A4 A5 redirect URIs', () => {
    // The same every time: xorshift, seeded.
    let random = 20261125;
    const pick = (below) => {
        random ^= random << 13;
        random ^= random >>> 17;
        random ^= random << 5;
        return (random >>> 0) % below;
    };
    const pieces = ['@', '#', '/', '\\', '..', '%2e', '%2F', ':80', ':0', ':99999', '?', '&x', ' ', '%00', '//', 'evil.example', '.evil.example', '@evil.example', '%', ';', '\t', '\n', 'localhost', '127.1', '[::1]', 'https://evil.example/', 'javascript:', '\u3002', '\u00e9'];
    const changed = (uri) => {
        const at = pick(uri.length + 1);
        const piece = pieces[pick(pieces.length)];
        return [
            () => uri.slice(0, at) + piece + uri.slice(at),
            () => uri.slice(0, at) + piece + uri.slice(at + 1 + pick(6)),
            () => uri.slice(0, at) + uri.slice(at + 1 + pick(4)),
            () => uri.slice(0, at) + uri.slice(at, at + 1).toUpperCase() + uri.slice(at + 1),
            () => uri + piece,
            () => piece + uri,
        ][pick(6)]();
    };
    const mangled = (uri) => {
        for (let changes = 1 + pick(3); changes > 0; --changes) uri = changed(uri);
        return uri;
    };
    test('never a redirect to an unregistered URI: 1000 mangled ones', async () => {
        const several = await register({ redirect_uris: ['http://127.0.0.1:7777/callback', 'https://web.example/cb?x=1', 'http://localhost/cb', 'cursor://anysphere.cursor-mcp/oauth/callback'] });
        const port = /^(http:\/\/(?:127\.0\.0\.1|localhost|\[::1\]))(?::[1-9][0-9]{0,4})?(?=[/?]|$)/;
        const bare = (uri) => uri.replace(port, '$1');
        let pages = 0;
        for (let i = 0; i < 1000; ++i) {
            const uri = mangled(several.redirect_uris[i % 4]);
            const answer = await stranger.get(request_of(several, { redirect_uri: uri, response_type: 'token' }));
            const is_registered = several.redirect_uris.some((known) => known === uri || (port.test(known) && bare(known) === bare(uri)));
            if (answer.location && !answer.location.startsWith('/login?')) assert.ok(is_registered && answer.location.startsWith(uri), `${uri} -> ${answer.location}`);
            else if (answer.status === 400) ++pages;
        }
        assert.ok(pages > 700, `${pages} pages`);
    });
    test('A5 the port of a loopback URI may differ, and the answer goes to that port', async () => {
        const uri = 'http://127.0.0.1:51234/callback';
        is_redirect_error(await stranger.get(request_of(client, { redirect_uri: uri, response_type: 'token' })), 'unsupported_response_type', uri);
    });
    for (const [what, uri] of [['another name of it', 'http://localhost:7777/callback'], ['its other family', 'http://[::1]:7777/callback'], ['https', 'https://127.0.0.1:7777/callback'], ['another path', 'http://127.0.0.1:7777/callback/'], ['a query', 'http://127.0.0.1:7777/callback?x=1'], ['user information', 'http://x@127.0.0.1:7777/callback'], ['a fragment', 'http://127.0.0.1:7777/callback#x'], ['another address', 'http://127.0.0.2:7777/callback'], ['a short form', 'http://127.1:7777/callback']])
        test(`A5 ${what} is another URI than the loopback one that is registered`, async () => is_page(await stranger.get(request_of(client, { redirect_uri: uri })), 400, 'redirect_uri_mismatch'));
    test('A5 nor does the port of a web server differ', async () => is_page(await stranger.get(request_of(web, { redirect_uri: 'https://web.example:8443/cb' })), 400, 'redirect_uri_mismatch'));
    test('A5 A16 a code is bound to the URI with its port', async () => {
        const { browser } = await person();
        const uri = 'http://127.0.0.1:51234/callback';
        const secret = verifier();
        const { location } = await browser.decide(await browser.open(request_of(client, { redirect_uri: uri, code_challenge: challenge_of(secret) })), 'allow');
        assert.ok(location.startsWith(`${uri}?`));
        const redeem = async (redirect_uri) => (await fetch(`${origin}/oauth/token`, { method: 'POST', body: new URLSearchParams({ grant_type: 'authorization_code', client_id: client.client_id, code: answer_of(location).code, code_verifier: secret, redirect_uri }) })).json();
        assert.equal((await redeem(client.redirect_uris[0])).error, 'invalid_grant');
        assert.ok((await redeem(uri)).access_token);
    });
    test('A6 it may be left out where one is registered', async () => {
        is_redirect_error(await stranger.get(request_of(client, { redirect_uri: undefined, response_type: 'token' })), 'unsupported_response_type');
        const two = await register({ redirect_uris: ['http://127.0.0.1:1/a', 'http://127.0.0.1:1/b'] });
        is_page(await stranger.get(request_of(two, { redirect_uri: undefined })), 400);
    });
});
describe('A8 response_type', () => {
    test('missing', () => refused({ response_type: undefined }, 'invalid_request'));
    for (const type of ['token', 'id_token', 'code token']) test(type, () => refused({ response_type: type }, 'unsupported_response_type'));
});
describe('A9 PKCE is needed, S256 alone', () => {
    for (const [what, changes] of [['no challenge', { code_challenge: undefined }], ['plain', { code_challenge_method: 'plain' }], ['no method', { code_challenge_method: undefined }], ['42 characters', { code_challenge: 'a'.repeat(42) }], ['44 characters', { code_challenge: 'a'.repeat(44) }], ['other characters', { code_challenge: '+'.repeat(43) }]])
        test(what, () => refused(changes, 'invalid_request'));
    test('from clients with a secret too', async () => {
        const { browser } = await person();
        is_redirect_error(await browser.get(request_of(web, { code_challenge: undefined, code_challenge_method: undefined })), 'invalid_request', 'https://web.example/cb');
    });
});
describe('A10 scopes', () => {
    const shown = async (scope) => {
        const { browser } = await person();
        const { page } = await browser.open(request_of(client, { scope }));
        return [...page.text.matchAll(/name="allow_([a-z.]+)"/g)].map((match) => match[1]);
    };
    test('none asked: the default', async () => assert.deepEqual(await shown(undefined), ['mcp.read', 'mcp.write']));
    test('unknown ones are ignored', async () => assert.deepEqual(await shown('openid mcp.read offline_access email'), ['mcp.read']));
    test('only unknown ones: the default', async () => assert.deepEqual(await shown('openid profile'), ['mcp.read', 'mcp.write']));
});
describe('A11 A12 A13 resource', () => {
    for (const resource of ['https://other.example/mcp', `${origin}/other`, 'mcp', `${origin}/mcp#f`, `${origin}/v1/`, origin]) test(`${resource.replace(origin, '')} is no target`, () => refused({ resource }, 'invalid_target'));
    test('two different ones are no target', () => refused({ resource: [`${origin}/mcp`, `${origin}/v1/demo`] }, 'invalid_target'));
    const upper = origin.replace('https://localhost', 'HTTPS://LocalHost');
    for (const [what, resource, kept] of [['none', undefined, '/mcp'], ['a slash at the end', `${origin}/mcp/`, '/mcp'], ['upper case', `${upper}/mcp`, '/mcp'], ['twice the same', [`${origin}/mcp`, `${origin}/mcp`], '/mcp']])
        test(`${what} becomes ${kept}`, async () => {
            const { browser } = await person();
            const { page } = await browser.open(request_of(client, { resource }));
            assert.ok(page.text.includes(`<code>${origin}${kept}</code>`));
        });
});
test('A14 state is echoed exactly, also in errors and when absent', async () => {
    const state = 'a b+c%20&d=e/?#"\u00e9';
    is_redirect_error(await stranger.get(request_of(client, { state, response_type: 'token' })), 'unsupported_response_type', undefined, state);
    is_redirect_error(await stranger.get(request_of(client, { state: undefined, response_type: 'token' })), 'unsupported_response_type', undefined, null);
});
describe('a decision', () => {
    test('A15 A16 A17 P1 allow: 303 to the URI with code, state and iss; the code is stored hashed and short-lived', async () => {
        const { browser, user, workspace } = await person();
        const answer = await browser.decide(await browser.open(request_of(client)), 'allow');
        assert.equal(answer.status, 303);
        const sent = answer_of(answer.location);
        assert.deepEqual(Object.keys(sent).sort(), ['code', 'iss', 'state']);
        assert.deepEqual([sent.state, sent.iss], ['st4te &=%', origin]);
        assert.ok(sent.code.length >= 43);
        const [row] = await arrange('SELECT a.user_id, a.workspace_id, a.scopes, a.resource, k.redirect_uri, k.expires_at - now() <= interval \'10 minutes\' AS short FROM oauth.authorization_code k JOIN oauth.authorization a ON a.id = k.authorization_id WHERE k.sha256 = sha256($1::bytea)', [Buffer.from(sent.code)]);
        assert.deepEqual(row, { user_id: user.id, workspace_id: workspace.id, scopes: ['mcp.read', 'mcp.write'], resource: `${origin}/mcp`, redirect_uri: client.redirect_uris[0], short: true });
        assert.equal(answer.fields.get('cache-control'), 'no-store');
        assert.equal(answer.fields.get('referrer-policy'), 'no-referrer');
    });
    test('A16 the code is good while the login lasts in which it was given', async () => {
        const redeem = async (signs_out) => {
            const { browser } = await person();
            const secret = verifier();
            const answer = await browser.decide(await browser.open(request_of(client, { code_challenge: challenge_of(secret) })), 'allow');
            if (signs_out) await arrange('DELETE FROM account.login_session WHERE sha256 = sha256($1::bytea)', [Buffer.from(browser.cookies.get('__Host-gatehouse_session'), 'base64url')]);
            const form = new URLSearchParams({ grant_type: 'authorization_code', client_id: client.client_id, code: answer_of(answer.location).code, code_verifier: secret });
            return (await fetch(`${origin}/oauth/token`, { method: 'POST', body: form })).json();
        };
        assert.ok((await redeem(false)).access_token);
        const refusal = await redeem(true);
        assert.deepEqual([refusal.error, /signed out/.test(refusal.error_description)], ['invalid_grant', true]);
    });
    test('A18 deny: access_denied', async () => {
        const { browser } = await person();
        is_redirect_error(await browser.decide(await browser.open(request_of(client)), 'deny'), 'access_denied');
    });
    test('of some scopes grants those alone; of none asks again', async () => {
        const { browser, user } = await person();
        const opened = await browser.open(request_of(client, { scope: 'mcp.read mcp.write vault.reveal admin' }));
        const form = browser.form_of(opened.page, 'allow');
        assert.deepEqual([form['allow_mcp.read'], form['allow_mcp.write'], form['allow_vault.reveal'], form.allow_admin], ['yes', 'yes', undefined, undefined], 'what is dangerous is not ticked');
        const none = await browser.decide(opened, 'allow', { 'allow_mcp.read': '', 'allow_mcp.write': '' });
        is_page(none, 400, 'at least one');
        assert.equal((await browser.decide(opened, 'allow', { 'allow_mcp.write': '' })).status, 303);
        const [row] = await arrange('SELECT scopes FROM oauth.authorization WHERE user_id = $1', [user.id]);
        assert.deepEqual(row.scopes, ['mcp.read']);
    });
    test('does not grant what was not asked, nor admin to a plain member', async () => {
        const { browser, user } = await person({ role: 'member' });
        const opened = await browser.open(request_of(client, { scope: 'mcp.read admin' }));
        assert.ok(!opened.page.text.includes('allow_admin'));
        assert.equal((await browser.decide(opened, 'allow', { allow_admin: 'yes', 'allow_vault.reveal': 'yes' })).status, 303);
        assert.deepEqual((await arrange('SELECT scopes FROM oauth.authorization WHERE user_id = $1', [user.id]))[0].scopes, ['mcp.read']);
    });
    test('A22 is made once, in the browser that was asked', async () => {
        const { browser, user } = await person();
        const opened = await browser.open(request_of(client));
        const other = await new Browser().sign_in(user);
        is_page(await other.get(opened.path), 400, 'authorization_request_expired');
        assert.equal((await browser.decide(opened, 'allow')).status, 303);
        is_page(await browser.decide(opened, 'allow'), 400, 'authorization_request_expired');
        is_page(await browser.get('/oauth/consent?request=areq_nonsense'), 400);
        is_page(await browser.get('/oauth/consent'), 400);
    });
    test('A22 of twenty at the same time one is made', async () => {
        const { browser, user } = await person();
        const opened = await browser.open(request_of(client));
        const answers = await Promise.all(Array.from({ length: 20 }, () => browser.decide(opened, 'allow')));
        assert.equal(answers.filter((answer) => answer.status === 303).length, 1);
        assert.equal((await arrange('SELECT count(*)::int AS n FROM oauth.authorization WHERE user_id = $1', [user.id]))[0].n, 1);
    });
    test('A22 is not made after ten minutes', async () => {
        const { browser } = await person();
        const opened = await browser.open(request_of(client));
        await arrange("UPDATE oauth.authorization_request SET expires_at = now() - interval '1 second' WHERE client = (SELECT id FROM oauth.client WHERE client_id = $1)", [client.client_id]);
        is_page(await browser.decide(opened, 'allow'), 400, 'authorization_request_expired');
    });
});
test('P1 every answer names the issuer as the metadata does, once', async () => {
    const { issuer, authorization_response_iss_parameter_supported } = await (await fetch(`${origin}/.well-known/oauth-authorization-server`)).json();
    assert.ok(authorization_response_iss_parameter_supported);
    const { browser } = await person();
    const locations = [
        (await browser.decide(await browser.open(request_of(web)), 'allow')).location,
        (await browser.get(request_of(web))).location,
        (await browser.decide(await browser.open(request_of(client)), 'deny')).location,
        (await browser.get(request_of(client, { response_type: 'token' }))).location,
        (await browser.get(request_of(client, { prompt: 'none' }))).location,
        (await stranger.get(request_of(client, { resource: 'https://other.example/mcp' }))).location,
    ];
    for (const location of locations) assert.deepEqual(new URL(location).searchParams.getAll('iss'), [issuer], location);
});
describe('A19 no open redirector', () => {
    const anyone = register({ redirect_uris: ['https://anyone.example/cb'] });
    test('who is not signed in is not sent to where anybody registered, even with an error', async () => {
        const answer = await stranger.get(request_of(await anyone, { response_type: 'token' }));
        assert.match(answer.location, /^\/login\?continue=%2Foauth%2Fauthorize/);
    });
    test('who is signed in is', async () => {
        const { browser } = await person();
        is_redirect_error(await browser.get(request_of(await anyone, { response_type: 'token' })), 'unsupported_response_type', 'https://anyone.example/cb');
    });
    test('a sound request of nobody goes to the login page and comes back', async () => {
        const answer = await new Browser().get(request_of(client));
        assert.equal(answer.status, 303);
        assert.match(answer.location, /^\/login\?continue=%2Foauth%2Fconsent%3Frequest%3Dareq_[0-9a-z]{26}$/);
    });
});
describe('A20 prompt', () => {
    test('none: login_required, then consent_required', async () => {
        await refused({ prompt: 'none' }, 'login_required');
        const { browser } = await person();
        is_redirect_error(await browser.get(request_of(client, { prompt: 'none' })), 'consent_required');
    });
    test('none with another value is invalid', () => refused({ prompt: 'none login' }, 'invalid_request'));
    test('none: answered at once where a proven client has consent', async () => {
        const { browser } = await person();
        await browser.decide(await browser.open(request_of(web)), 'allow');
        assert.ok(answer_of((await browser.get(request_of(web, { prompt: 'none' }))).location).code);
    });
    test('consent: asked although there is consent', async () => {
        const { browser } = await person();
        await browser.decide(await browser.open(request_of(web)), 'allow');
        assert.match((await browser.get(request_of(web, { prompt: 'consent' }))).location, /^\/oauth\/consent/);
    });
    test('login and select_account: sign in anew', async () => {
        for (const prompt of ['login', 'select_account']) {
            const { browser } = await person();
            assert.match((await browser.get(request_of(client, { prompt }))).location, /^\/login/);
            assert.ok(!browser.cookies.has('__Host-gatehouse_session'));
        }
    });
});
describe('A21 C1 every page', () => {
    test('is not cached, not framed, and loads nothing from elsewhere', async () => {
        const { browser } = await person();
        const pages = [(await browser.open(request_of(client))).page, await stranger.get('/oauth/authorize'), (await (await person(null)).browser.open(request_of(client))).page];
        for (const page of pages) {
            assert.equal(page.fields.get('cache-control'), 'no-store');
            assert.equal(page.fields.get('referrer-policy'), 'no-referrer');
            assert.equal(page.fields.get('x-frame-options'), 'DENY');
            const policy = page.fields.get('content-security-policy');
            for (const part of ["default-src 'none'", "style-src 'self'", "base-uri 'none'", "frame-ancestors 'none'"]) assert.ok(policy.includes(part), policy);
            assert.ok(!policy.includes('form-action'));
            assert.ok(!/<script|\son[a-z]+=|style="/i.test(page.text));
            assert.ok(![...page.text.matchAll(/(?:src|href)="([^"]*)"/g)].some(([, url]) => /^(https?:)?\/\//.test(url)));
        }
    });
    test('D17 is shared with no other origin', async () => {
        for (const path of [request_of(client), '/oauth/authorize', '/authorize', '/oauth/consent']) {
            for (const method of ['GET', 'POST', 'OPTIONS']) {
                const { fields } = await stranger.ask(method, path, { fields: { Origin: 'https://page.example', 'Access-Control-Request-Method': 'GET' } });
                for (const [name] of fields) assert.doesNotMatch(name, /^access-control-/, `${method} ${path}`);
            }
        }
    });
});
describe('C2 forged forms', () => {
    for (const [what, changes, options] of [['without a token', { form_token: '' }, {}], ['with another token', { form_token: randomBytes(32).toString('base64url') }, {}], ['from another site', {}, { fields: { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' } }]])
        test(`${what}: 403, and the request can still be decided`, async () => {
            const { browser } = await person();
            const opened = await browser.open(request_of(client));
            is_page(await browser.decide(opened, 'allow', changes, options), 403);
            assert.equal((await browser.decide(opened, 'allow')).status, 303);
        });
    test('with the token of another request: 403', async () => {
        const { browser } = await person();
        const [one, two] = [await browser.open(request_of(client)), await browser.open(request_of(client))];
        is_page(await browser.decide(one, 'allow', { form_token: browser.form_of(two.page).form_token }), 403);
    });
});
describe('C3 the pre-login cookie', () => {
    test('is of this host alone, out of reach of scripts', async () => {
        const answer = await new Browser().get(request_of(client));
        const cookie = answer.fields.getSetCookie()[0];
        for (const part of [/^__Host-/, /Secure/, /HttpOnly/, /SameSite=Lax/, /Path=\//]) assert.match(cookie, part);
    });
});
describe('C4 the consent page', () => {
    test('shows client, redirect, resource, scopes in words, account, deny and another account', async () => {
        const { browser, user } = await person();
        const { page } = await browser.open(request_of(client));
        for (const part of [client.client_name, client.redirect_uris[0], `${origin}/mcp`, 'List the workspace', user.email, 'value="deny"', 'value="switch"', 'nobody has checked it', 'program on this computer']) assert.ok(page.text.includes(part), part);
    });
    test('escapes what the client says', async () => {
        const evil = await register({ client_name: '<b>"x\' & y</b>' });
        const { browser } = await person();
        const { page } = await browser.open(request_of(evil));
        assert.ok(page.text.includes('&lt;b&gt;') && !page.text.includes('<b>'));
    });
    test('another account: signs out and comes back after the login', async () => {
        const { browser } = await person();
        const opened = await browser.open(request_of(client));
        const answer = await browser.decide(opened, 'switch');
        assert.match(answer.location, /^\/login\?continue=%2Foauth%2Fconsent/);
        assert.match((await browser.get(opened.path)).location, /^\/login/);
        const other = await person();
        browser.cookies.set('__Host-gatehouse_session', other.browser.cookies.get('__Host-gatehouse_session'));
        assert.ok((await browser.get(opened.path)).text.includes(other.user.email));
    });
});
describe('C5 C6 C7 earlier consent', () => {
    test('C5 stands in for a new one for a confidential client at a web server', async () => {
        const { browser } = await person();
        await browser.decide(await browser.open(request_of(web)), 'allow');
        const again = await browser.get(request_of(web));
        assert.ok(answer_of(again.location).code, again.location);
    });
    test('C5 not for more scopes (step-up), another resource or another client', async () => {
        const { browser, workspace } = await person();
        await browser.decide(await browser.open(request_of(web, { scope: 'mcp.read' })), 'allow');
        const opened = await browser.open(request_of(web, { scope: 'mcp.read mcp.write' }));
        assert.match(opened.page.text, /\(new\)/);
        for (const path of [request_of(web, { scope: 'mcp.read', resource: `${origin}/v1/${workspace.slug}` }), request_of(await register({ redirect_uris: ['https://web.example/cb'], token_endpoint_auth_method: 'client_secret_post' }), { scope: 'mcp.read' })]) assert.match((await browser.get(path)).location, /^\/oauth\/consent/);
        assert.equal((await browser.decide(opened, 'allow')).status, 303);
        assert.ok(answer_of((await browser.get(request_of(web, { scope: 'mcp.read mcp.write' }))).location).code, 'the union is remembered');
    });
    test('C6 never for a program on a computer or one with a scheme of its own', async () => {
        const scheme = await register({ redirect_uris: ['cursor://anysphere.cursor-mcp/oauth/callback'] });
        for (const unproven of [client, scheme]) {
            const { browser } = await person();
            await browser.decide(await browser.open(request_of(unproven)), 'allow');
            assert.match((await browser.get(request_of(unproven))).location, /^\/oauth\/consent/);
        }
    });
    for (const [what, change] of [['its name', "name = 'Another'"], ['where answers go', "redirect_uris = redirect_uris || ARRAY['https://web.example/other']"], ['its keys', `jwks = '{"keys":[]}'`], ['its logo', `metadata = metadata || '{"logo_uri":"https://web.example/logo"}'`]])
        test(`C7 not when the client changed ${what}`, async () => {
            const changing = await register({ redirect_uris: ['https://web.example/cb'], token_endpoint_auth_method: 'client_secret_post' });
            const { browser } = await person();
            await browser.decide(await browser.open(request_of(changing)), 'allow');
            assert.ok(answer_of((await browser.get(request_of(changing))).location).code, 'consent stands');
            await arrange(`UPDATE oauth.client SET ${change} WHERE client_id = $1`, [changing.client_id]);
            assert.match((await browser.get(request_of(changing))).location, /^\/oauth\/consent/);
        });
});
describe('workspaces', () => {
    test('a person of none is told so, and can go back', async () => {
        const { browser } = await person(null);
        const opened = await browser.open(request_of(client));
        is_page(opened.page, 403, 'not_a_member');
        is_redirect_error(await browser.decide(opened, 'deny'), 'access_denied');
    });
    for (const [what, state, code] of [['without MCP', { mcp_enabled: false }, 'mcp_disabled'], ['that is suspended', { suspended: true }, 'workspace_suspended']])
        test(`one ${what} cannot be chosen`, async () => {
            const { browser, workspace, user } = await person(state);
            is_page((await browser.open(request_of(client))).page, 403, code);
            await create_workspace(user);
            const opened = await browser.open(request_of(client));
            assert.ok(!opened.page.text.includes(workspace.slug));
            is_page(await browser.decide(opened, 'allow', { workspace: `ws_${'0'.repeat(26)}` }), 400, 'Choose a workspace');
        });
    test('the one in the resource is the only choice; of another one one must be a member', async () => {
        const { browser, workspace, user } = await person();
        const second = await create_workspace(user);
        const both = await browser.open(request_of(client));
        assert.ok(both.page.text.includes(workspace.slug) && both.page.text.includes(second.slug));
        const one = await browser.open(request_of(client, { resource: `${origin}/v1/${second.slug}` }));
        assert.ok(!one.page.text.includes(`(${workspace.slug})`));
        const foreign = await create_workspace(await create_user());
        is_page((await browser.open(request_of(client, { resource: `${origin}/v1/${foreign.slug}` }))).page, 403, 'not_a_member');
    });
});
test('clients that found no metadata ask at the root', async () => {
    assert.match((await stranger.get(request_of(client).replace('/oauth/authorize', '/authorize'))).location, /^\/login/);
});
describe('bad input', () => {
    for (const [what, path] of [['a NUL', '/oauth/authorize?client_id=%00'], ['text that is not UTF-8', '/oauth/authorize?client_id=%ff%fe'], ['a hundred and one parameters', `/oauth/authorize?${'a=b&'.repeat(101)}`], ['an endless state', request_of(client, { state: 's'.repeat(5000) })], ['nothing', '/oauth/authorize'], ['a request of another kind', '/oauth/consent?request=cli_01m8a0t6txf008azeasq29xvwb']])
        test(`${what}: a page`, async () => is_page(await stranger.get(path), 400));
    test('a line that is too long: refused by nginx, no redirect', async () => {
        const answer = await stranger.get(`/oauth/authorize?state=${'s'.repeat(20000)}`);
        assert.ok([414, 431].includes(answer.status) && answer.location === null, `${answer.status}`);
    });
    for (const [what, options, status] of [['another media type', { fields: { 'Content-Type': 'application/json' }, body: '{}' }, 400], ['a broken form', { fields: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: 'decision=%zz' }, 400], ['nothing in it', { fields: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: 'x=y' }, 403]])
        test(`a decision with ${what}: a page, and the request can still be decided`, async () => {
            const { browser } = await person();
            const opened = await browser.open(request_of(client));
            is_page(await browser.ask('POST', opened.path, options), status);
            assert.equal((await browser.decide(opened, 'allow')).status, 303);
        });
    test('another decision than the buttons offer', async () => {
        const { browser } = await person();
        is_page(await browser.decide(await browser.open(request_of(client)), 'maybe'), 400, 'decision_missing');
    });
    test('a decision of who is not signed in any more leads to the login page', async () => {
        const { browser } = await person();
        const opened = await browser.open(request_of(client));
        browser.cookies.delete('__Host-gatehouse_session');
        const answer = await browser.decide(opened, 'allow');
        assert.ok(answer.status === 403 || answer.location?.startsWith('/login'), `${answer.status}`);
    });
});
