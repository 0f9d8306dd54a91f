// Revocation and introspection: section 1.6 of the checklist.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { assertion_key, basic, by_assertion, call_mcp, claims_of, create_client, create_code, create_grant, done, origin, pinned, post, redeem, refresh, sign_in, sql, token, until } from './grants.mjs';

after(done);

const revoke = (client, value, more = {}, options) => post('/oauth/revoke', { client_id: client.client_id, token: value, ...more }, options);
const dies = (access_token) => until(async () => (await call_mcp(access_token)).status === 401, 1000, 'the access token lives on');

function refused(answer, status, error) {
    assert.equal(answer.status, status, answer.text);
    assert.equal(answer.body.error, error);
    assert.equal(answer.headers.get('cache-control'), 'no-store');
}
function accepted(answer) {
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.text, '');
}

describe('V1 revocation', () => {
    test('of a token and of an unknown one is the same empty 200', async () => {
        const { client, refresh_token, access_token } = await sign_in();
        for (const value of ['unknown', 'ghr_AAAA', `${refresh_token}x`, 'eyJhbGciOiJFUzI1NiJ9.e30.AAAA', `${access_token}A`]) accepted(await revoke(client, value));
        assert.equal((await call_mcp(access_token)).status, 200);
        accepted(await revoke(client, refresh_token, { token_type_hint: 'refresh_token' }));
        accepted(await revoke(client, refresh_token));
    });
    test('a hint may be wrong or unheard of', async () => {
        for (const token_type_hint of ['access_token', 'unheard']) {
            const { client, refresh_token } = await sign_in();
            accepted(await revoke(client, refresh_token, { token_type_hint }));
            refused(await refresh(client, refresh_token), 400, 'invalid_grant');
        }
    });
    test('takes POST and a form', async () => {
        const answer = await fetch(`${origin}/oauth/revoke`);
        assert.equal(answer.status, 405);
        assert.match(answer.headers.get('allow'), /POST/);
        refused(await post('/oauth/revoke', {}, { headers: { 'content-type': 'application/json' }, body: '{}' }), 400, 'invalid_request');
    });
});

describe('V2 who revokes', () => {
    test('is authenticated as at the token endpoint', async () => {
        const client = await create_client({ method: 'client_secret_basic' });
        const { body } = await redeem(client, await create_code(await create_grant(client)), {}, basic(client.client_id, client.secret));
        refused(await revoke(client, body.refresh_token), 401, 'invalid_client');
        const wrong = await revoke(client, body.refresh_token, {}, basic(client.client_id, 'wrong'));
        refused(wrong, 401, 'invalid_client');
        assert.match(wrong.headers.get('www-authenticate'), /^Basic /);
        refused(await revoke({ client_id: 'cli_unknown_client' }, body.refresh_token), 401, 'invalid_client');
        refused(await post('/oauth/revoke', { token: body.refresh_token }), 400, 'invalid_request');
        assert.equal((await call_mcp(body.access_token)).status, 200);
        accepted(await revoke(client, body.refresh_token, {}, basic(client.client_id, client.secret)));
        await dies(body.access_token);
    });
    test('by private_key_jwt, whose audience may be this endpoint', async () => {
        const { jwks, assertion } = assertion_key();
        const client = await create_client({ method: 'private_key_jwt', jwks, grant_types: ['client_credentials'], scopes: ['mcp.read'], acts_alone: true });
        const { body } = await token(by_assertion(assertion(client)));
        const { grant_type, ...proof } = by_assertion(assertion(client, { aud: `${origin}/oauth/revoke` }));
        accepted(await post('/oauth/revoke', { token: body.access_token, ...proof }));
    });
    test('revokes no token of another client', async () => {
        const { client, refresh_token, access_token } = await sign_in();
        const other = await create_client();
        refused(await revoke(other, refresh_token), 400, 'invalid_grant');
        refused(await revoke(other, access_token), 400, 'invalid_grant');
        assert.equal((await call_mcp(access_token)).status, 200);
        assert.equal((await refresh(client, refresh_token)).status, 200);
    });
});

describe('V3 what goes along', () => {
    test('with a refresh token: the grant and its access tokens, within a second', async () => {
        const { client, refresh_token, access_token } = await sign_in();
        const { body } = await refresh(client, refresh_token);
        assert.equal((await call_mcp(body.access_token)).status, 200);
        accepted(await revoke(client, body.refresh_token));
        await Promise.all([dies(access_token), dies(body.access_token)]);
        refused(await refresh(client, body.refresh_token), 400, 'invalid_grant');
    });
    test('the token before the newest ends the grant as well', async () => {
        const { client, refresh_token } = await sign_in();
        const { body } = await refresh(client, refresh_token);
        accepted(await revoke(client, refresh_token));
        refused(await refresh(client, body.refresh_token), 400, 'invalid_grant');
    });
    test('with an access token: that one alone', async () => {
        const { client, refresh_token, access_token } = await sign_in();
        const { body } = await refresh(client, refresh_token);
        accepted(await revoke(client, access_token));
        await dies(access_token);
        assert.equal((await call_mcp(body.access_token)).status, 200);
        assert.equal((await refresh(client, body.refresh_token)).status, 200);
    });
});

describe('V4 bad requests', () => {
    test('a missing token', async () => refused(await revoke(await create_client(), ''), 400, 'invalid_request'));
    test('a token of a kind that is revoked elsewhere', async () => refused(await revoke(await create_client(), process.env.GATEHOUSE_API_KEY), 400, 'unsupported_token_type'));
});

describe('V5 introspection', () => {
    const introspect = (value, client) => post('/oauth/introspect', { token: value }, client ? basic(client.client_id, client.secret) : {});
    const server = () => create_client({ method: 'client_secret_basic', acts_alone: true });
    const inactive = (answer) => {
        assert.equal(answer.status, 200, answer.text);
        assert.deepEqual(answer.body, { active: false });
    };

    test('needs a client that authenticates', async () => {
        const { client, access_token } = await sign_in();
        refused(await introspect(access_token), 401, 'invalid_client');
        refused(await post('/oauth/introspect', { token: access_token, client_id: client.client_id }), 401, 'invalid_client');
        refused(await introspect(access_token, { client_id: (await server()).client_id, secret: 'wrong' }), 401, 'invalid_client');
    });
    test('tells a resource server of the workspace about its tokens', async () => {
        const { client, access_token, refresh_token } = await sign_in();
        const claims = claims_of(access_token);
        const asking = await server();
        const { status, body, headers } = await introspect(access_token, asking);
        assert.equal(status, 200);
        assert.equal(headers.get('cache-control'), 'no-store');
        assert.deepEqual(body, { active: true, scope: 'mcp.read mcp.write', client_id: client.client_id, sub: claims.sub, aud: pinned, iss: origin, exp: claims.exp, iat: claims.iat, jti: claims.jti, token_type: 'Bearer' });
        const of_refresh = await introspect(refresh_token, asking);
        assert.equal(of_refresh.body.active, true);
        assert.equal(of_refresh.body.client_id, client.client_id);
    });
    test('tells nothing but inactive of what is not live', async () => {
        const { client, grant, access_token, refresh_token } = await sign_in();
        const asking = await server();
        for (const value of ['x', 'eyJhbGciOiJub25lIn0.e30.', `${access_token}A`, 'ghr_AAAA', process.env.GATEHOUSE_API_KEY]) inactive(await introspect(value, asking));
        await refresh(client, refresh_token);
        inactive(await introspect(refresh_token, asking));
        await sql('UPDATE oauth.authorization SET revoked_at = now() WHERE id = $1', [grant.id]);
        inactive(await introspect(access_token, asking));
    });
    test('tells a client that is not the audience nothing, and any client of its own tokens', async () => {
        const { access_token } = await sign_in();
        const stranger = await create_client({ method: 'client_secret_basic' });
        inactive(await introspect(access_token, stranger));
        const { body } = await redeem(stranger, await create_code(await create_grant(stranger)), {}, basic(stranger.client_id, stranger.secret));
        assert.equal((await introspect(body.access_token, stranger)).body.active, true);
    });
    test('a missing token is invalid_request', async () => refused(await introspect('', await server()), 400, 'invalid_request'));
});
