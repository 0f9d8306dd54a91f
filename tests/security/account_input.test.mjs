// Whatever is sent to an endpoint of accounts or of the authorization server, the answer is a refusal in the endpoint's
// own form: never a 5xx, and no process dies.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, beforeEach, describe, test } from 'node:test';
import { handler_processes, state_folder } from '../support/processes.mjs';
import { send } from './raw.mjs';

const state = state_folder(process.env.VAR);
const pids = () => handler_processes(state).map(({ pid, name }) => `${name} ${pid}`).sort();
const origin = process.env.GATEHOUSE_URL;
const demo = { email: process.env.GATEHOUSE_EMAIL, password: process.env.GATEHOUSE_PASSWORD };

/// Every test comes from one address: what one of them spent, the next has anew.
function forget_attempts() {
    const { GATEHOUSE_PGHOST, GATEHOUSE_PGDATABASE, GATEHOUSE_TEST_SUPERUSER = 'postgres' } = process.env;
    execFileSync('psql', ['-X', '-q', '-h', GATEHOUSE_PGHOST, '-U', GATEHOUSE_TEST_SUPERUSER, '-d', GATEHOUSE_PGDATABASE, '-c', 'DELETE FROM account.throttle; DELETE FROM oauth.registration_quota']);
}

let pids_before;
let user_token;
before(async () => {
    pids_before = pids();
    forget_attempts();
    const answer = await send({ path: '/api/v1/auth/login', fields: [['Content-Type', 'application/json']], body: JSON.stringify(demo) });
    user_token = JSON.parse(answer.text).token;
});
beforeEach(forget_attempts);
after(() => assert.deepEqual(pids(), pids_before, 'a handler process died'));

/// Bytes that a value may be made of; as JSON text those that JSON can hold.
const bytes = {
    'nothing': Buffer.from(''),
    'a NUL': Buffer.from('a\0b'),
    'invalid UTF-8': Buffer.from([0x61, 0xff, 0xc0, 0xaf]),
    'half a character': Buffer.concat([Buffer.from('a'.repeat(253)), Buffer.from([0xc3])]),
    'a character across the limit of an address': Buffer.from(`${'a'.repeat(253)}\u00e9@example.com`),
    'a surrogate in UTF-8': Buffer.from([0xed, 0xa0, 0x80]),
    'an overlong slash': Buffer.from([0xc0, 0xaf]),
    'control characters': Buffer.from('\x01\x1f\x7f\r\n\t'),
    'four-byte characters': Buffer.from('\u{1f600}'.repeat(80)),
    '300 characters': Buffer.from('a'.repeat(300)),
    '5,000 characters': Buffer.from('a'.repeat(5000)),
    '60,000 characters': Buffer.from('a'.repeat(60_000)),
    'a long address': Buffer.from(`${'a'.repeat(280)}@example.com`),
    'a huge number': Buffer.from('99999999999999999999999999'),
    'a negative number': Buffer.from('-9223372036854775809'),
    'SQL': Buffer.from("'); DROP TABLE x; --"),
    'array syntax': Buffer.from('{"a",NULL,\\'),
    'an id of another kind': Buffer.from(`usr_${'0'.repeat(26)}`),
    'an id that is no number': Buffer.from(`grt_${'u'.repeat(26)}`),
    'an id beyond 128 bits': Buffer.from(`grt_${'z'.repeat(26)}`),
    'half a JWT': Buffer.from('eyJhbGciOiJFUzI1NiJ9.'),
    'a JWT of rubbish': Buffer.from('eyJ.eyJ.eyJ'),
    'percent signs': Buffer.from('%zz%00%'),
};
const jwt = (header, claims) => `${Buffer.from(header).toString('base64url')}.${Buffer.from(claims).toString('base64url')}.${'A'.repeat(86)}`;
const values = {
    ...bytes,
    'a JWT with a NUL in its issuer': Buffer.from(jwt('{"alg":"ES256","kid":"a\\u0000"}', '{"iss":"a\\u0000b","sub":"x","aud":"y","exp":1e300}')),
    'a JWT whose members are of other types': Buffer.from(jwt('{"alg":7,"kid":[]}', '{"iss":{},"sub":[],"aud":[null,7],"exp":"soon"}')),
    'a JWT with an audience of ours': Buffer.from(jwt('{"alg":"ES256","kid":"x"}', `{"iss":"${origin}","aud":"${origin}/api/v1","grant":"grt_zz","jti":"\\u0000","exp":99999999999999999999}`)),
};
const wrong_types = ['null', 'true', '7', '1e308', '-1', '99999999999999999999', '[]', '["a"]', '{}', '{"a":{}}', '"\\u0000"', '"a\\u0000b"', '"\\u0001"'];

const forms = [
    ['/oauth/token', ['grant_type', 'client_id', 'client_secret', 'code', 'code_verifier', 'redirect_uri', 'refresh_token', 'resource', 'scope', 'client_assertion', 'client_assertion_type'],
        [{ grant_type: 'authorization_code', client_id: 'x', code: 'y', code_verifier: 'v'.repeat(43) }, { grant_type: 'refresh_token', client_id: 'x', refresh_token: 'ghr_x' }, { grant_type: 'refresh_token', refresh_token: 'ghr_x' }, { grant_type: 'client_credentials', client_id: 'x', client_secret: 'y' },
            { grant_type: 'client_credentials', client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', client_assertion: 'x' }]],
    ['/oauth/revoke', ['token', 'token_type_hint', 'client_id', 'client_secret'], [{ token: 'x', client_id: 'y' }]],
    ['/oauth/introspect', ['token', 'client_id', 'client_secret'], [{ token: 'x', client_id: 'y', client_secret: 'z' }]],
    ['/oauth/authorize', ['client_id', 'redirect_uri', 'response_type', 'state', 'scope', 'resource', 'code_challenge', 'code_challenge_method', 'prompt'], [{ client_id: 'x', response_type: 'code' }]],
    ['/oauth/consent', ['request', 'decision', 'workspace', 'form_token'], [{ decision: 'allow' }]],
];
const is_letter = (byte) => /[A-Za-z0-9]/.test(String.fromCharCode(byte)) && byte < 0x80;
const encoded = (value) => [...value].map((byte) => (is_letter(byte) ? String.fromCharCode(byte) : `%${byte.toString(16).padStart(2, '0')}`)).join('');
const form_of = (base, name, value) => [...Object.entries(base).filter(([known]) => known !== name).map(([known, text]) => `${known}=${encodeURIComponent(text)}`), `${name}=${value}`].join('&');

const operations = [
    ['POST', '/api/v1/auth/register', { email: 'a@b.example', password: 'seven purple anvils', name: 'A' }],
    ['POST', '/api/v1/auth/activate/resend', { email: 'a@b.example' }],
    ['POST', '/api/v1/auth/activate', { email: 'a@b.example', code: '0000', password: 'seven purple anvils' }],
    ['POST', '/api/v1/auth/login', { email: 'a@b.example', password: 'seven purple anvils', code: '000000' }],
    ['POST', '/api/v1/auth/password/forgot', { email: 'a@b.example' }],
    ['POST', '/api/v1/auth/password/reset', { email: 'a@b.example', code: '0000', password: 'seven purple anvils' }],
    ['POST', '/api/v1/auth/password/change', { current_password: 'x', password: 'seven purple anvils' }, true],
    ['POST', '/api/v1/auth/two-factor/begin', { password: 'x' }, true],
    ['POST', '/api/v1/auth/two-factor/confirm', { code: '000000' }, true],
    ['POST', '/api/v1/auth/two-factor/disable', { password: 'x', code: '000000' }, true],
    ['PATCH', '/api/v1/auth/user', { name: 'Demo' }, true],
    ['POST', '/oauth/register', { redirect_uris: ['http://127.0.0.1/callback'], client_name: 'x', scope: 'mcp.read', grant_types: ['authorization_code'], token_endpoint_auth_method: 'none', jwks: { keys: [] }, logo_uri: 'https://x.example/l.png', client_uri: 'https://x.example/', software_id: 'x', application_type: 'native', contacts: ['x'] }],
];

const pages = [
    ['/login', ['email', 'password', 'continue'], { email: 'a@b.example', password: 'seven purple anvils' }],
    ['/login/provider', ['provider', 'continue'], {}, '/login'],
    ['/login/code', ['code'], { code: '000000' }],
    ['/register', ['email', 'password', 'name'], { email: 'a@b.example', password: 'seven purple anvils' }],
    ['/activate', ['email', 'code', 'password'], { email: 'a@b.example', code: '0000', password: 'seven purple anvils' }],
    ['/activate/again', ['email', 'continue'], { email: 'a@b.example' }],
    ['/password/forgot', ['email'], { email: 'a@b.example' }],
    ['/password/reset', ['email', 'code', 'password'], { email: 'a@b.example', code: '0000', password: 'seven purple anvils' }],
];
/// What the form of a page needs to be taken: the browser's cookie and the form's token.
async function form_at(path) {
    const { fields, text } = await send({ method: 'GET', path });
    return { cookie: fields['set-cookie']?.match(/__Host-gatehouse_browser=[^;]+/)?.[0] ?? '', form_token: text.match(/name="form_token" value="([^"]+)"/)?.[1] ?? text.match(/name="provider_token" value="([^"]+)"/)?.[1] ?? '' };
}

function require_refusal({ status, text }, told) {
    assert.ok(status < 500, `${told}: HTTP ${status} ${text.slice(0, 200)}`);
}
/// Problem details of REST, JSON errors of OAuth, pages for people.
function require_form(path, { status, fields, text }, told) {
    if (status < 400) return;
    const type = fields['content-type'] ?? '';
    if (path.startsWith('/api/')) {
        assert.match(type, /^application\/problem\+json/, told);
        assert.match(JSON.parse(text).code, /^[a-z][a-z0-9_]*$/, told);
    } else if (/^\/oauth\/(token|revoke|introspect|register)/.test(path)) {
        assert.match(type, /^application\/json/, told);
        assert.match(JSON.parse(text).error, /^[a-z_]+$/, told);
    } else {
        assert.match(type, /^text\/html/, told);
    }
}
async function refuses(told, request) {
    const answer = await send(request);
    require_refusal(answer, told);
    require_form(request.path, answer, told);
}
/// In turns of a few, so that no limit of nginx answers instead.
async function all(asks) {
    for (let i = 0; i < asks.length; i += 8) {
        await Promise.all(asks.slice(i, i + 8).map((ask) => ask()));
        if (i % 16 === 0) forget_attempts();
    }
}

describe('forms', { timeout: 300_000 }, () => {
    for (const [path, names, bases] of forms)
        test(`${path} refuses what no parameter can be`, () => all(bases.flatMap((base) => names.flatMap((name) => Object.entries(values).map(([told, value]) => () =>
            refuses(`${path} ${base.grant_type ?? ''} ${name}: ${told}`, { path, fields: [['Content-Type', 'application/x-www-form-urlencoded']], body: form_of(base, name, encoded(value)) }))))));
    for (const [path, names, base, shown = path] of pages)
        test(`the page ${path} refuses what nobody can type`, async () => {
            const { cookie, form_token } = await form_at(shown);
            assert.ok(cookie && form_token, 'the page has a form');
            const own = [['Content-Type', 'application/x-www-form-urlencoded'], ['Cookie', cookie], ['Origin', origin], ['Sec-Fetch-Site', 'same-origin']];
            const { status } = await send({ path, fields: own, body: form_of({ ...base, form_token }, 'x', 'y') });
            assert.notEqual(status, 403, 'the form is taken');
            await all(names.flatMap((name) => Object.entries(values).map(([told, value]) => () => refuses(`${path} ${name}: ${told}`, { path, fields: own, body: form_of({ ...base, form_token }, name, encoded(value)) }))));
        });
    for (const path of ['/login', '/oauth/authorize', '/oauth/consent', '/activate', '/login/callback'])
        test(`${path} refuses what no query can hold`, () => all(['client_id', 'continue', 'email', 'code', 'state', 'request', 'issuer'].flatMap((name) => Object.entries(values).filter(([, value]) => value.length < 6000).map(([told, value]) => () =>
            refuses(`${path}?${name}: ${told}`, { method: 'GET', path: `${path}?${name}=${encoded(value)}` })))));
    test('bytes that are not encoded at all', () => all(forms.flatMap(([path, names]) => Object.entries(bytes).map(([told, value]) => () =>
        refuses(`${path} raw: ${told}`, { path, fields: [['Content-Type', 'application/x-www-form-urlencoded']], body: Buffer.concat([Buffer.from(`${names[0]}=`), value]) })))));
});

describe('JSON', { timeout: 300_000 }, () => {
    const fields_for = (signed_in) => [['Content-Type', 'application/json'], ...(signed_in ? [['Authorization', `Bearer ${user_token}`]] : [])];
    for (const [method, path, base, signed_in] of operations)
        test(`${method} ${path} refuses values of other types and texts that no text can be`, () => all(Object.keys(base).flatMap((name) => {
            const { [name]: _, ...rest } = base;
            const members = JSON.stringify(rest).slice(1, -1);
            const body_with = (value) => Buffer.concat([Buffer.from(`{${members}${members && ','}"${name}":`), value, Buffer.from('}')]);
            const texts = Object.entries(bytes).map(([told, value]) => [told, Buffer.concat([Buffer.from('"'), Buffer.from(value.toString('latin1').replace(/["\\]/g, '\\$&'), 'latin1'), Buffer.from('"')])]);
            return [...wrong_types.map((text) => [text, Buffer.from(text)]), ...texts].map(([told, value]) => () =>
                refuses(`${path} ${name}: ${told}`, { method, path, fields: fields_for(signed_in), body: body_with(value) }));
        })));
    test('members that no member can be named', () => all(operations.flatMap(([method, path, base, signed_in]) => ['\\u0000', '\\ud800', '__proto__', '', 'a'.repeat(5000)].map((name) => () =>
        refuses(`${path} member ${name.slice(0, 20)}`, { method, path, fields: fields_for(signed_in), body: `${JSON.stringify(base).slice(0, -1)},"${name}":"\\u0000"}` })))));
    test('NULs deep inside what a client says of itself', () => all([{ jwks: '{"keys":[{"kty":"EC","kid":"a\\u0000"}]}' }, { 'client_name#de': '"a\\u0000"' }, { contacts: '["a\\u0000"]' }, { software_version: '"\\u0000"' }, { extra: '{"a":["\\u0000"]}' }].map((more) => () => {
        const [[name, value]] = Object.entries(more);
        return refuses(`/oauth/register ${name}`, { path: '/oauth/register', fields: [['Content-Type', 'application/json']], body: `{"redirect_uris":["http://127.0.0.1/callback"],"${name}":${value}}` });
    })));
});

describe('fields', { timeout: 300_000 }, () => {
    const basics = [...Object.entries(bytes).flatMap(([told, value]) => [
        [`Basic with ${told} as the name`, `Basic ${Buffer.concat([value, Buffer.from(':x')]).toString('base64')}`],
        [`Basic with ${told} as the secret`, `Basic ${Buffer.concat([Buffer.from('x:'), value]).toString('base64')}`],
    ]), ['Basic of nothing', 'Basic '], ['Basic without an end', 'Basic'], ['Basic that is not base64', 'Basic !!!!'], ['Basic without a colon', `Basic ${Buffer.from('abc').toString('base64')}`], ['Basic of percent signs', `Basic ${Buffer.from('%zz:%00').toString('base64')}`]].filter(([, text]) => text.length < 6000);
    const bearers = Object.entries(values).filter(([, value]) => value.length < 6000 && ![...value].some((byte) => byte < 0x20 || byte === 0x7f)).map(([told, value]) => [`Bearer: ${told}`, `Bearer ${value.toString('latin1')}`]);
    const asks = [['POST', '/oauth/token', 'grant_type=client_credentials'], ['POST', '/oauth/token', 'grant_type=refresh_token&refresh_token=ghr_x'], ['POST', '/oauth/revoke', 'token=x'], ['POST', '/oauth/introspect', 'token=x'], ['POST', '/api/v1/auth/token'], ['GET', '/api/v1/auth/user'], ['GET', '/api/v1/services'], ['GET', '/oauth/register/cli_x']];
    for (const [method, path, body = ''] of asks)
        test(`Authorization at ${path} ${body}`, () => all([...basics, ...bearers].map(([told, value]) => async () => {
            const answer = await send({ method, path, fields: [...(body ? [['Content-Type', 'application/x-www-form-urlencoded']] : []), ['Authorization', value]], body });
            require_refusal(answer, `${path} ${told}`);
            assert.ok(answer.status >= 400, `${path} ${told}: HTTP ${answer.status}`);
            if (told.startsWith('Basic with') && path === '/oauth/token') assert.ok([400, 401].includes(answer.status), `${told}: HTTP ${answer.status}`);
        })));
    const visible = Object.entries(values).filter(([, value]) => value.length < 6000 && ![...value].some((byte) => byte < 0x20 || byte === 0x7f));
    test('cookies', () => all(['__Host-gatehouse_session', '__Host-gatehouse_pending', '__Host-gatehouse_browser'].flatMap((name) => ['/login', '/login/code', '/account', '/oauth/consent?request=x'].flatMap((path) => visible.map(([told, value]) => () =>
        refuses(`${path} ${name}: ${told}`, { method: 'GET', path, fields: [['Cookie', `${name}=${value.toString('latin1')}; ${name}=x; =; ;;`]] }))))));
    test('Workspace and User-Id', () => all(['Workspace', 'User-Id'].flatMap((name) => visible.map(([told, value]) => () =>
        refuses(`${name}: ${told}`, { method: 'GET', path: '/api/v1/services', fields: [['Authorization', `Bearer ${user_token}`], [name, value.toString('latin1')]] })))));
    test('ids in the path', () => all([['DELETE', '/api/v1/grants/'], ['DELETE', '/api/v1/clients/'], ['GET', '/oauth/register/']].flatMap(([method, path]) => Object.entries(values).filter(([, value]) => value.length && value.length < 2000).map(([told, value]) => async () => {
        const answer = await send({ method, path: path + encoded(value), fields: [['Authorization', `Bearer ${process.env.GATEHOUSE_API_KEY}`]] });
        require_refusal(answer, `${method} ${path}: ${told}`);
    }))));
});
