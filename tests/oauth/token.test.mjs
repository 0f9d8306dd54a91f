// The token endpoint: sections 1.4 and 1.9 of the checklist.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { register } from './browser.mjs';
import { assertion_key, basic, by_assertion, call_mcp, claims_of, create_client, create_code, create_grant, done, header_of, origin, pinned, post, redeem, refresh, sign_in, sql, token, unpinned, workspace } from './grants.mjs';

after(done);

function refused(answer, status, error) {
    assert.equal(answer.status, status, answer.text);
    assert.equal(answer.body.error, error);
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    assert.match(answer.headers.get('content-type'), /^application\/json/);
    assert.equal(answer.headers.get('access-control-allow-origin'), '*');
}

async function with_code(options = {}) {
    const client = options.client ?? (await create_client());
    const grant = await create_grant(client, options);
    return { client, grant, ...(await create_code(grant, options)) };
}
const is_revoked = async (grant) => (await sql('SELECT revoked_at FROM oauth.authorization WHERE id = $1', [grant.id]))[0].revoked_at !== null;

describe('T1 form-encoded POST alone', () => {
    for (const method of ['GET', 'PUT', 'DELETE', 'PATCH', 'HEAD']) {
        test(method, async () => {
            const answer = await fetch(`${origin}/oauth/token`, { method });
            assert.equal(answer.status, 405);
            assert.match(answer.headers.get('allow'), /POST/);
            if (method !== 'HEAD') assert.equal((await answer.json()).error, 'invalid_request');
        });
    }
    for (const type of ['application/json', 'text/plain', 'multipart/form-data; boundary=x', '']) {
        test(`content of type "${type}" is refused`, async () => {
            const answer = await post('/oauth/token', {}, { headers: { 'content-type': type }, body: 'grant_type=refresh_token' });
            refused(answer, 400, 'invalid_request');
        });
    }
    test('a charset beside the type is no matter', async () => {
        const answer = await token({ grant_type: 'x' }, { headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' } });
        refused(answer, 400, 'unsupported_grant_type');
    });
    test('T1 a preflight of any page is answered', async () => {
        const answer = await fetch(`${origin}/oauth/token`, { method: 'OPTIONS', headers: { origin: 'https://inspector.example', 'access-control-request-method': 'POST' } });
        assert.equal(answer.status, 204);
        assert.equal(answer.headers.get('access-control-allow-origin'), '*');
        assert.match(answer.headers.get('access-control-allow-methods'), /POST/);
    });
    test('a parameter that comes twice is refused', async () => {
        refused(await token([['grant_type', 'refresh_token'], ['grant_type', 'refresh_token']]), 400, 'invalid_request');
    });
    test('a broken encoding is refused', async () => {
        const options = { body: 'grant_type=%zz', headers: { 'content-type': 'application/x-www-form-urlencoded' } };
        refused(await post('/oauth/token', {}, options), 400, 'invalid_request');
    });
    test('the guessed address /token is served too', async () => {
        refused(await post('/token', { grant_type: 'x' }), 400, 'unsupported_grant_type');
    });
});

describe('an answer', () => {
    test('T2 T3 holds what clients need and is not kept by anyone', async () => {
        const { client, ...request } = await with_code();
        const answer = await redeem(client, request);
        assert.equal(answer.status, 200, answer.text);
        assert.match(answer.headers.get('content-type'), /^application\/json/);
        assert.equal(answer.headers.get('cache-control'), 'no-store');
        assert.equal(answer.headers.get('pragma'), 'no-cache');
        assert.equal(answer.body.token_type, 'Bearer');
        assert.equal(answer.body.scope, 'mcp.read mcp.write');
        assert.equal(typeof answer.body.refresh_token, 'string');
        assert.equal(answer.body.expires_in, 3600, 'T16: an hour');
        assert.ok(!Object.values(answer.body).includes(null));
        assert.equal((await call_mcp(answer.body.access_token)).status, 200);
    });
});

describe('client authentication', () => {
    for (const method of ['client_secret_post', 'client_secret_basic'])
        for (const used of ['post', 'basic'])
            test(`T4 a secret may come by ${used} though the client registered ${method}`, async () => {
                const { client, ...request } = await with_code({ client: await create_client({ method }) });
                const answer = used === 'post' ? await redeem(client, request, { client_secret: client.secret }) : await redeem(client, request, {}, basic(client.client_id, client.secret));
                assert.equal(answer.status, 200, answer.text);
            });
    test('T4 two ways in one request are refused', async () => {
        const { client, ...request } = await with_code({ client: await create_client({ method: 'client_secret_basic' }) });
        refused(await redeem(client, request, { client_secret: client.secret }, basic(client.client_id, client.secret)), 400, 'invalid_request');
        const { jwks, assertion } = assertion_key();
        const other = await create_client({ method: 'private_key_jwt', jwks });
        refused(await token(by_assertion(assertion(other), { client_secret: 'x' })), 400, 'invalid_request');
    });
    test('T4 never in the URI', async () => {
        const { client, code, verifier } = await with_code({ client: await create_client({ method: 'client_secret_post' }) });
        const answer = await post(`/oauth/token?client_id=${client.client_id}&client_secret=${client.secret}`, { grant_type: 'authorization_code', code, code_verifier: verifier });
        refused(answer, 400, 'invalid_request');
    });
    test('T5 a confidential client must authenticate', async () => {
        const { client, ...request } = await with_code({ client: await create_client({ method: 'client_secret_post' }) });
        refused(await redeem(client, request), 401, 'invalid_client');
        refused(await redeem(client, request, { client_secret: 'wrong' }), 401, 'invalid_client');
        assert.equal((await redeem(client, request, { client_secret: client.secret })).status, 200, 'a failed proof uses nothing up');
    });
    test('T5 credentials that are included are checked, of a public client too', async () => {
        const { client, ...request } = await with_code();
        refused(await redeem(client, request, { client_secret: 'x' }), 401, 'invalid_client');
    });
    test('T5 after Basic a 401 carries a challenge for Basic', async () => {
        const { client, ...request } = await with_code({ client: await create_client({ method: 'client_secret_basic' }) });
        const answer = await redeem(client, request, {}, basic(client.client_id, 'wrong'));
        refused(answer, 401, 'invalid_client');
        assert.match(answer.headers.get('www-authenticate'), /^Basic realm="/);
        const by_post = await redeem(client, request, { client_secret: 'wrong' });
        assert.equal(by_post.headers.get('www-authenticate'), null);
    });
    test('a malformed Basic field is refused', async () => {
        for (const field of ['Basic', 'Basic ', 'Basic !!!', 'Basic bm9jb2xvbg==']) {
            const answer = await token({ grant_type: 'client_credentials' }, { headers: { authorization: field } });
            assert.ok([400, 401].includes(answer.status), `${field}: ${answer.status}`);
        }
    });
    for (const client_id of ['cli_00000000000000000000000000', 'x', 'https://client.example/metadata.json', '\u0000'])
        test(`T6 an unknown client (${JSON.stringify(client_id)}) is told 401 invalid_client, whatever it asks`, async () => {
            for (const request of [
                { grant_type: 'authorization_code', code: 'x', code_verifier: 'x'.repeat(43) },
                { grant_type: 'refresh_token', refresh_token: 'x' },
            ]) {
                const answer = await token({ ...request, client_id });
                if (client_id === '\u0000') assert.ok(answer.status === 400 || answer.status === 401);
                else refused(answer, 401, 'invalid_client');
            }
        });
    test('T6 a deleted and a disabled client are told so at once', async () => {
        const { client, refresh_token } = await sign_in();
        await sql('UPDATE oauth.client SET disabled_at = now() WHERE id = $1', [client.key]);
        const soon = Date.now() + 1000;
        let answer;
        do answer = await refresh(client, refresh_token);
        while (answer.status === 200 && Date.now() < soon);
        refused(answer, 401, 'invalid_client');
        await sql('DELETE FROM oauth.client WHERE id = $1', [client.key]);
        refused(await refresh(client, refresh_token), 401, 'invalid_client');
    });
    test('T7 a public client must name itself to redeem a code', async () => {
        const { code, verifier } = await with_code();
        refused(await token({ grant_type: 'authorization_code', code, code_verifier: verifier }), 400, 'invalid_request');
    });
    test('T7 and need not to refresh', async () => {
        const { refresh_token } = await sign_in();
        const answer = await token({ grant_type: 'refresh_token', refresh_token });
        assert.equal(answer.status, 200, answer.text);
    });
    test('T7 a confidential one must, to refresh', async () => {
        const client = await create_client({ method: 'client_secret_post' });
        const { ...request } = await with_code({ client });
        const { body } = await redeem(client, request, { client_secret: client.secret });
        refused(await token({ grant_type: 'refresh_token', refresh_token: body.refresh_token }), 401, 'invalid_client');
        assert.equal((await refresh(client, body.refresh_token, { client_secret: client.secret })).status, 200);
    });
    test('T8 a secret is long, in letters that need no encoding, and kept as its digest alone', async () => {
        for (const method of ['client_secret_post', 'client_secret_basic']) {
            const { client_id, client_secret } = await register({ redirect_uris: ['https://web.example/cb'], token_endpoint_auth_method: method });
            assert.match(client_secret, /^[A-Za-z0-9_-]{43,}$/);
            assert.equal(encodeURIComponent(client_secret), client_secret);
            const [row] = await sql('SELECT c::text AS whole, secret_sha256 = sha256($2::bytea) AS same FROM oauth.client c WHERE client_id = $1', [client_id, Buffer.from(client_secret)]);
            assert.ok(row.same && !row.whole.includes(client_secret.slice(4)));
        }
    });
    test('T8 only the digest of a secret is compared', async () => {
        const client = await create_client({ method: 'client_secret_post' });
        const [{ secret_sha256 }] = await sql('SELECT secret_sha256 FROM oauth.client WHERE id = $1', [client.key]);
        const { ...request } = await with_code({ client });
        refused(await redeem(client, request, { client_secret: secret_sha256.toString('hex') }), 401, 'invalid_client');
    });
});

describe('T9 grant types', () => {
    test('none is invalid_request', async () => refused(await token({ client_id: 'x' }), 400, 'invalid_request'));
    for (const grant_type of ['password', 'implicit', 'urn:ietf:params:oauth:grant-type:token-exchange', 'AUTHORIZATION_CODE', ' '])
        test(`${grant_type} does not exist`, async () => refused(await token({ grant_type, username: 'a', password: 'b' }), 400, 'unsupported_grant_type'));
    test('one that the client may not use is unauthorized_client', async () => {
        const { client, ...request } = await with_code({ client: await create_client({ grant_types: ['refresh_token'] }) });
        refused(await redeem(client, request), 400, 'unauthorized_client');
    });
});

describe('a code', () => {
    test('T10 needs its verifier', async () => {
        const { client, code, verifier } = await with_code();
        refused(await token({ grant_type: 'authorization_code', client_id: client.client_id, code }), 400, 'invalid_request');
        for (const wrong of ['short', 'x'.repeat(129), `${verifier.slice(0, 42)}!`])
            refused(await redeem(client, { code, verifier: wrong }), 400, 'invalid_request');
        refused(await redeem(client, { code, verifier: 'x'.repeat(43) }), 400, 'invalid_grant');
        assert.equal((await redeem(client, { code, verifier })).status, 200);
    });
    test('T10 is for its client, and for a while', async () => {
        const { client, ...request } = await with_code();
        refused(await redeem(await create_client(), request), 400, 'invalid_grant');
        assert.equal((await redeem(client, request)).status, 200);
        const late = await with_code({ lifetime: '-1 second' });
        refused(await redeem(late.client, late), 400, 'invalid_grant');
        refused(await redeem(client, { code: 'unknown', verifier: request.verifier }), 400, 'invalid_grant');
    });
    test('T11 a redirect_uri that is sent must be the one of the request; none is accepted', async () => {
        const { client, ...request } = await with_code();
        refused(await redeem(client, request, { redirect_uri: 'http://127.0.0.1:4712/callback' }), 400, 'invalid_grant');
        assert.equal((await redeem(client, request, { redirect_uri: request.redirect_uri })).status, 200);
        const other = await with_code();
        assert.equal((await redeem(other.client, other)).status, 200);
    });
    test('T12 of ten requests at once one gets tokens at most', async () => {
        const { client, ...request } = await with_code();
        const answers = await Promise.all(Array.from({ length: 10 }, () => redeem(client, request)));
        assert.equal(answers.filter(({ status }) => status === 200).length, 1);
        for (const answer of answers.filter(({ status }) => status !== 200)) refused(answer, 400, 'invalid_grant');
    });
    test('T13 used a second time ends the grant and its tokens', async () => {
        const { client, grant, ...request } = await with_code();
        const { body } = await redeem(client, request);
        assert.equal((await call_mcp(body.access_token)).status, 200);
        refused(await redeem(client, request), 400, 'invalid_grant');
        assert.ok(await is_revoked(grant));
        refused(await refresh(client, body.refresh_token), 400, 'invalid_grant');
        const limit = Date.now() + 1000;
        let status;
        do ({ status } = await call_mcp(body.access_token));
        while (status === 200 && Date.now() < limit);
        assert.equal(status, 401);
    });
    test('T13 used a second time with a wrong verifier or client ends nothing', async () => {
        const { client, grant, ...request } = await with_code();
        const { body } = await redeem(client, request);
        refused(await redeem(client, { ...request, verifier: 'x'.repeat(43) }), 400, 'invalid_grant');
        refused(await redeem(await create_client(), request), 400, 'invalid_grant');
        refused(await redeem(client, request, { redirect_uri: 'http://127.0.0.1/other' }), 400, 'invalid_grant');
        assert.ok(!(await is_revoked(grant)));
        assert.equal((await refresh(client, body.refresh_token)).status, 200);
    });
});

describe('T14 the resource', () => {
    test('is the one of the grant, in whatever spelling', async () => {
        for (const spelled of [pinned, `${pinned}/`, pinned.replace('https://localhost', 'HTTPS://LocalHost')]) {
            const { client, ...request } = await with_code();
            const answer = await redeem(client, request, { resource: spelled });
            assert.equal(answer.status, 200, `${spelled}: ${answer.text}`);
            assert.equal(claims_of(answer.body.access_token).aud, pinned);
        }
    });
    test('another one is invalid_target and uses nothing up', async () => {
        const { client, ...request } = await with_code();
        for (const resource of [unpinned, 'https://other.example/mcp', `${pinned}#x`, 'mcp', `${pinned}?x=1`, 'urn:x:y'])
            refused(await redeem(client, request, { resource }), 400, 'invalid_target');
        assert.equal((await redeem(client, request)).status, 200);
    });
    test('may be named twice, but not two of them', async () => {
        const { client, code, verifier } = await with_code();
        const pairs = [['grant_type', 'authorization_code'], ['client_id', client.client_id], ['code', code], ['code_verifier', verifier], ['resource', pinned]];
        refused(await token([...pairs, ['resource', unpinned]]), 400, 'invalid_target');
        assert.equal((await token([...pairs, ['resource', pinned]])).status, 200);
    });
});

describe('T15 no more than consent', () => {
    test('a token has the scopes and the resource of its grant', async () => {
        const { access_token, scope } = await sign_in({ scopes: ['mcp.read'], resource: unpinned });
        assert.equal(scope, 'mcp.read');
        assert.equal(claims_of(access_token).scope, 'mcp.read');
        assert.equal(claims_of(access_token).aud, unpinned);
    });
    test('a scope parameter beside a code widens nothing', async () => {
        const { client, ...request } = await with_code({ scopes: ['mcp.read'] });
        assert.equal((await redeem(client, request, { scope: 'mcp.read mcp.write admin' })).body.scope, 'mcp.read');
    });
});

describe('T17 what nginx refuses', () => {
    test('is JSON', async () => {
        const answer = await token({ grant_type: 'x', padding: 'x'.repeat(200_000) });
        assert.equal(answer.status, 413);
        assert.equal(answer.body.error, 'invalid_request');
    });
});

describe('T18 client_credentials', () => {
    const alone = (options = {}) => create_client({ method: 'client_secret_basic', grant_types: ['client_credentials'], scopes: ['mcp.read', 'mcp.write'], acts_alone: true, ...options });
    const ask = (client, more = {}) => token({ grant_type: 'client_credentials', ...more }, basic(client.client_id, client.secret));

    test('gives a confidential client a token without a refresh token', async () => {
        const client = await alone();
        const { status, body, text } = await ask(client, { resource: pinned });
        assert.equal(status, 200, text);
        assert.equal(body.refresh_token, undefined);
        assert.equal(body.scope, 'mcp.read mcp.write');
        assert.equal(claims_of(body.access_token).sub, client.client_id);
        assert.equal((await call_mcp(body.access_token)).status, 200);
    });
    test('has one grant however many tokens', async () => {
        const client = await alone();
        const answers = await Promise.all(Array.from({ length: 12 }, () => ask(client)));
        assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
        assert.equal(new Set(answers.map(({ body }) => claims_of(body.access_token).grant)).size, 1);
        assert.equal(new Set(answers.map(({ body }) => claims_of(body.access_token).jti)).size, 12);
        assert.equal(claims_of(answers[0].body.access_token).aud, unpinned, 'the default resource');
    });
    test('is refused to a public client, and to one that acts for nobody', async () => {
        const open = await create_client({ grant_types: ['client_credentials'] });
        refused(await token({ grant_type: 'client_credentials', client_id: open.client_id }), 400, 'unauthorized_client');
        refused(await ask(await alone({ acts_alone: false })), 400, 'unauthorized_client');
    });
    test('gives fewer scopes when asked, never more', async () => {
        const client = await alone();
        assert.equal((await ask(client, { scope: 'mcp.read' })).body.scope, 'mcp.read');
        assert.equal((await ask(client, { scope: 'openid mcp.read' })).body.scope, 'mcp.read');
        refused(await ask(client, { scope: 'admin' }), 400, 'invalid_scope');
        refused(await ask(client, { scope: 'openid' }), 400, 'invalid_scope');
    });
    test('is for a resource of its own workspace', async () => {
        const client = await alone();
        refused(await ask(client, { resource: `${origin}/v1/another` }), 400, 'invalid_target');
        refused(await ask(client, { resource: 'https://other.example/' }), 400, 'invalid_target');
    });

    describe('with private_key_jwt', () => {
        const { jwks, assertion, privateKey } = assertion_key();
        const signer = () => alone({ method: 'private_key_jwt', jwks });
        test('works, for either audience', async () => {
            const client = await signer();
            for (const aud of [origin, `${origin}/oauth/token`, [origin]]) {
                const answer = await token(by_assertion(assertion(client, { aud })));
                assert.equal(answer.status, 200, answer.text);
            }
        });
        test('takes an assertion once', async () => {
            const client = await signer();
            const once = by_assertion(assertion(client));
            const answers = await Promise.all(Array.from({ length: 8 }, () => token(once)));
            assert.equal(answers.filter(({ status }) => status === 200).length, 1);
            refused(await token(once), 401, 'invalid_client');
        });
        test('refuses what is not as RFC 7523 has it', async () => {
            const client = await signer();
            const now = Math.floor(Date.now() / 1000);
            for (const claims of [
                { aud: 'https://other.example' }, { aud: [origin, 'https://other.example'] }, { aud: undefined }, { aud: `${origin}/` },
                { sub: 'cli_other' }, { sub: undefined }, { exp: now - 120 }, { exp: undefined }, { exp: now + 90_000 },
                { nbf: now + 600 }, { iat: now + 600 }, { jti: undefined }, { jti: '' }, { jti: 'x'.repeat(600) }, { jti: 7 },
            ]) {
                const answer = await token(by_assertion(assertion(client, claims)));
                assert.equal(answer.body.error, 'invalid_client', `${JSON.stringify(claims)}: ${answer.text}`);
            }
            refused(await token(by_assertion(assertion(client, { iss: 'cli_unknown' }))), 401, 'invalid_client');
            refused(await token(by_assertion('a.b.c')), 401, 'invalid_client');
            refused(await token({ ...by_assertion(assertion(client)), client_assertion_type: 'other' }), 400, 'invalid_request');
            refused(await token(by_assertion(assertion(client), { client_id: 'cli_other' })), 400, 'invalid_request');
            refused(await token(by_assertion(assertion_key().assertion(client))), 401, 'invalid_client');
            const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${assertion(client).split('.')[1]}.`;
            refused(await token(by_assertion(none)), 401, 'invalid_client');
            assert.ok(privateKey);
        });
    });
});

describe('K2 an access token', () => {
    test('is as RFC 9068 has it', async () => {
        const { client, grant, access_token } = await sign_in();
        const header = header_of(access_token);
        assert.equal(header.typ, 'at+jwt');
        assert.equal(header.alg, 'ES256');
        const claims = claims_of(access_token);
        for (const name of ['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti', 'scope', 'workspace']) assert.ok(claims[name], name);
        assert.equal(claims.iss, origin);
        assert.equal(claims.client_id, client.client_id);
        assert.equal(claims.sub, process.env.GATEHOUSE_USER_ID);
        assert.equal(claims.grant, grant.public_id);
        assert.equal(claims.exp - claims.iat, 3600);
        assert.equal(typeof claims.aud, 'string');
        assert.match(claims.workspace, /^ws_/);
        assert.ok(workspace);
    });
});

describe('K4 what is stored', () => {
    test('is digests of codes and refresh tokens', async () => {
        const { grant, client, ...request } = await with_code();
        const { body } = await redeem(client, request);
        const dump = JSON.stringify([await sql('SELECT * FROM oauth.authorization_code WHERE authorization_id = $1', [grant.id]), await sql('SELECT * FROM oauth.refresh_token WHERE authorization_id = $1', [grant.id])]);
        const [{ current_sha256 }] = await sql('SELECT current_sha256 FROM oauth.refresh_token WHERE authorization_id = $1', [grant.id]);
        assert.equal(current_sha256.length, 32);
        for (const secret of [request.code, body.refresh_token, body.refresh_token.slice(4)]) assert.ok(!dump.includes(secret));
    });
    test('and the sealed half of a signing key, which does not hold its private number in the clear', async () => {
        const rows = await sql('SELECT sealed, public_jwk FROM oauth.signing_key');
        assert.ok(rows.length >= 1);
        for (const { sealed, public_jwk } of rows) {
            assert.equal(public_jwk.d, undefined);
            assert.ok(!sealed.includes(Buffer.from(public_jwk.x, 'base64url')), 'a DER key holds its public point too');
        }
    });
});
