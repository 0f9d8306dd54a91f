// Refresh tokens: section 1.5 of the checklist.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { basic, call_mcp, claims_of, create_client, create_code, create_grant, done, pinned, post, redeem, refresh, sign_in, sql, token, token_process, unpinned, until } from './grants.mjs';

after(done);

function refused(answer, error, status = 400) {
    assert.equal(answer.status, status, JSON.stringify(answer.body));
    assert.equal(answer.body.error, error);
}
const is_revoked = async (grant) => (await sql('SELECT revoked_at FROM oauth.authorization WHERE id = $1', [grant.id]))[0].revoked_at !== null;
const generation_of = async (grant) => Number((await sql('SELECT generation FROM oauth.refresh_token WHERE authorization_id = $1', [grant.id]))[0].generation);
async function sign_in_by_basic(client) {
    const grant = await create_grant(client);
    const { code, verifier } = await create_code(grant);
    const { body } = await token({ grant_type: 'authorization_code', code, code_verifier: verifier }, basic(client.client_id, client.secret));
    return { grant, ...body };
}
/// Lets the last rotation lie that many seconds back.
const age = (grant, seconds) => sql('UPDATE oauth.refresh_token SET rotated_at = rotated_at - make_interval(secs => $2) WHERE authorization_id = $1', [grant.id, seconds]);
const dies = (access_token) => until(async () => (await call_mcp(access_token)).status === 401, 1000, 'the access token lives on');

describe('F1 a refresh token', () => {
    test('is rotated: a new one and a new access token each time', async () => {
        let { client, grant, refresh_token, access_token } = await sign_in();
        const seen = new Set([refresh_token, access_token]);
        for (let i = 1; i <= 5; ++i) {
            const { status, body } = await refresh(client, refresh_token);
            assert.equal(status, 200);
            seen.add(body.refresh_token).add(body.access_token);
            refresh_token = body.refresh_token;
            assert.equal(await generation_of(grant), i);
        }
        assert.equal(seen.size, 12);
    });
});

describe('refresh tokens that come at the same time', () => {
    test('are each answered for themselves, whatever is wrong with the others', async () => {
        const confidential = await create_client({ method: 'client_secret_basic' });
        const [good, replayed, elsewhere, narrow] = await Promise.all(Array.from({ length: 4 }, () => Promise.all(Array.from({ length: 6 }, () => sign_in()))));
        for (const { client, grant, refresh_token } of replayed) {
            await refresh(client, refresh_token);
            await age(grant, 121);
        }
        const ask = (kind, list, ...more) => list.map(async ({ client, refresh_token }) => ({ kind, ...(await refresh(client, refresh_token, ...more)) }));
        const answers = await Promise.all([
            ...ask('good', good),
            ...ask('replayed', replayed),
            ...ask('elsewhere', elsewhere, { resource: unpinned }),
            ...ask('narrow', narrow, { scope: 'mcp.read' }),
            ...Array.from({ length: 6 }, async () => ({ kind: 'unproven', ...(await refresh(confidential, good[0].refresh_token)) })),
        ]);
        const expected = { good: [200, undefined], replayed: [400, 'invalid_grant'], elsewhere: [400, 'invalid_target'], narrow: [200, undefined], unproven: [401, 'invalid_client'] };
        for (const { kind, status, body } of answers) assert.deepEqual([status, body.error], expected[kind], `${kind}: ${JSON.stringify(body)}`);
        assert.equal(new Set(answers.filter(({ status }) => status === 200).map(({ body }) => body.refresh_token)).size, 12);
        for (const { kind, body } of answers) if (kind === 'narrow') assert.equal(claims_of(body.access_token).scope, 'mcp.read');
        assert.deepEqual(await Promise.all(replayed.map(({ grant }) => is_revoked(grant))), Array(6).fill(true));
        assert.deepEqual(await Promise.all(good.map(({ grant }) => generation_of(grant))), Array(6).fill(1));
    });
});

describe('one refresh token of a confidential client that comes from many at the same time', () => {
    test('rotates for those alone that prove the client', async () => {
        const client = await create_client({ method: 'client_secret_basic' });
        const grant = await create_grant(client);
        const proof = basic(client.client_id, client.secret);
        const first = (await redeem(client, await create_code(grant), {}, proof)).body.refresh_token;
        const thief = await create_client();
        const wrong = basic(client.client_id, 'guessed');
        const parameters = { grant_type: 'refresh_token', refresh_token: first };
        const answers = await Promise.all(
            Array.from({ length: 8 }, () => [
                ['nobody', token(parameters)],
                ['named', token({ ...parameters, client_id: client.client_id })],
                ['proven', token(parameters, proof)],
                ['thief', refresh(thief, first)],
                ['guessed', token(parameters, wrong)],
            ]).flat().map(async ([who, answer]) => ({ who, ...(await answer) })),
        );
        for (const { who, status, body } of answers) assert.equal(status === 200, who === 'proven', `${who}: ${status} ${JSON.stringify(body)}`);
        const successors = new Set(answers.filter(({ who }) => who === 'proven').map(({ body }) => body.refresh_token));
        assert.equal(successors.size, 1);
        assert.equal(await generation_of(grant), 1);
    });
});

describe('a refresh token of a client that must prove itself', () => {
    const other_ways = async (client, refresh_token) => {
        const stranger = await create_client({ method: 'client_secret_basic' });
        const named = { grant_type: 'refresh_token', refresh_token };
        return {
            'names nobody': () => token(named),
            'proves nothing': () => refresh(client, refresh_token),
            'has a wrong secret': () => token(named, basic(client.client_id, 'x'.repeat(43))),
            'has no secret': () => token(named, basic(client.client_id, '')),
            'is another client': () => token(named, basic(stranger.client_id, stranger.secret)),
            'is another public client': async () => refresh(await create_client(), refresh_token),
        };
    };
    test('is for it alone, also among requests that come at the same time', async () => {
        for (let round = 0; round < 20; ++round) {
            const client = await create_client({ method: 'client_secret_basic' });
            const { refresh_token, grant } = await sign_in_by_basic(client);
            const proven = () => token({ grant_type: 'refresh_token', refresh_token }, basic(client.client_id, client.secret));
            const anonymous = () => token({ grant_type: 'refresh_token', refresh_token });
            const answers = await Promise.all(Array.from({ length: 24 }, async (_, i) => [i % 8 === 7, await (i % 8 === 7 ? proven() : anonymous())]));
            for (const [is_proven, { status, body }] of answers) assert.equal(status === 200, is_proven, JSON.stringify(body));
            assert.equal(await generation_of(grant), 1);
        }
    });
    test('is given to nobody else within the grace, nor does that end the grant', async () => {
        const client = await create_client({ method: 'client_secret_basic' });
        const { refresh_token, grant } = await sign_in_by_basic(client);
        const ways = await other_ways(client, refresh_token);
        for (const [who, ask] of Object.entries(ways)) assert.notEqual((await ask()).status, 200, who);
        const proven = () => token({ grant_type: 'refresh_token', refresh_token }, basic(client.client_id, client.secret));
        const { body } = await proven();
        for (const [who, ask] of Object.entries(ways)) assert.notEqual((await ask()).status, 200, who);
        assert.equal((await proven()).body.refresh_token, body.refresh_token);
        await age(grant, 121);
        for (const [who, ask] of Object.entries(ways)) assert.notEqual((await ask()).status, 200, who);
        assert.ok(!(await is_revoked(grant)));
    });
    test('and of a public client that names itself by Basic: not that of another', async () => {
        const { refresh_token } = await sign_in();
        const other = await create_client();
        refused(await token({ grant_type: 'refresh_token', refresh_token }, basic(other.client_id, '')), 'invalid_grant');
    });
});

describe('F2 a token from before', () => {
    test('after the grace ends the grant, the newest token and every access token', async () => {
        const { client, grant, refresh_token, access_token } = await sign_in();
        const { body } = await refresh(client, refresh_token);
        assert.equal((await call_mcp(body.access_token)).status, 200);
        await age(grant, 121);
        refused(await refresh(client, refresh_token), 'invalid_grant');
        assert.ok(await is_revoked(grant));
        refused(await refresh(client, body.refresh_token), 'invalid_grant');
        await Promise.all([dies(access_token), dies(body.access_token)]);
    });
    test('from further back ends the grant within the grace too', async () => {
        const { client, grant, refresh_token } = await sign_in();
        const second = (await refresh(client, refresh_token)).body;
        const third = (await refresh(client, second.refresh_token)).body;
        refused(await refresh(client, refresh_token), 'invalid_grant');
        assert.ok(await is_revoked(grant));
        refused(await refresh(client, third.refresh_token), 'invalid_grant');
    });
    test('presented by another client ends nothing', async () => {
        const { client, grant, refresh_token } = await sign_in();
        const { body } = await refresh(client, refresh_token);
        await age(grant, 121);
        refused(await refresh(await create_client(), refresh_token), 'invalid_grant');
        assert.ok(!(await is_revoked(grant)));
        assert.equal((await refresh(client, body.refresh_token)).status, 200);
    });
    test('made up for somebody\'s grant ends nothing', async () => {
        const { client, grant, refresh_token } = await sign_in();
        for (let i = 4; i < refresh_token.length; i += 7) {
            const changed = refresh_token.slice(0, i) + (refresh_token[i] === 'A' ? 'B' : 'A') + refresh_token.slice(i + 1);
            refused(await refresh(client, changed), 'invalid_grant');
        }
        for (const text of ['ghr_', 'ghr_AAAA', `${refresh_token}A`, refresh_token.slice(4), `${refresh_token}=`, 'x'.repeat(5000)])
            refused(await refresh(client, text), 'invalid_grant');
        assert.ok(!(await is_revoked(grant)));
        assert.equal((await refresh(client, refresh_token)).status, 200);
    });
    test('is always told invalid_grant, F4 as is whatever else is wrong with the grant', async () => {
        const ways = {
            'the grant is revoked': (grant) => sql('UPDATE oauth.authorization SET revoked_at = now() WHERE id = $1', [grant.id]),
            'the grant has expired': (grant) => sql("UPDATE oauth.authorization SET expires_at = now() - interval '1 second' WHERE id = $1", [grant.id]),
            'the refresh token has expired': (grant) => sql("UPDATE oauth.refresh_token SET expires_at = now() - interval '1 second' WHERE authorization_id = $1", [grant.id]),
            'the grant is gone': (grant) => sql('DELETE FROM oauth.authorization WHERE id = $1', [grant.id]),
        };
        for (const [what, happens] of Object.entries(ways)) {
            const { client, grant, refresh_token } = await sign_in();
            await happens(grant);
            const answer = await refresh(client, refresh_token);
            assert.equal(answer.body.error, 'invalid_grant', what);
        }
    });
});

describe('F3 the grace', () => {
    test('32 uses at once: one rotation, the same successor for all', async () => {
        const { client, grant, refresh_token } = await sign_in();
        const answers = await Promise.all(Array.from({ length: 32 }, () => refresh(client, refresh_token)));
        assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
        assert.equal(new Set(answers.map(({ body }) => body.refresh_token)).size, 1);
        assert.equal(await generation_of(grant), 1);
        assert.equal((await refresh(client, answers[0].body.refresh_token)).status, 200);
    });
    test('a repeat just before its end gives the same successor, from another process too', async () => {
        const { client, grant, refresh_token } = await sign_in();
        const first = await refresh(client, refresh_token);
        await age(grant, 115);
        const again = await refresh(client, refresh_token);
        assert.equal(again.body.refresh_token, first.body.refresh_token);
        const elsewhere = await token_process({}, { grant_type: 'refresh_token', client_id: client.client_id, refresh_token });
        assert.equal(elsewhere.body.refresh_token, first.body.refresh_token);
        assert.equal(await generation_of(grant), 1);
    });
    test('its length is a setting', async () => {
        const { client, grant, refresh_token } = await sign_in();
        const again = () => token_process({ refresh_grace: 10 }, { grant_type: 'refresh_token', client_id: client.client_id, refresh_token });
        const first = await again();
        await age(grant, 5);
        assert.equal((await again()).body.refresh_token, first.body.refresh_token);
        await age(grant, 10);
        refused(await again(), 'invalid_grant');
        assert.ok(await is_revoked(grant));
    });
    test('repeats are counted, and not without end', async () => {
        const { client, grant, refresh_token } = await sign_in();
        await refresh(client, refresh_token);
        await sql('UPDATE oauth.refresh_token SET repeats = 199 WHERE authorization_id = $1', [grant.id]);
        assert.equal((await refresh(client, refresh_token)).status, 200);
        refused(await refresh(client, refresh_token), 'invalid_grant');
        assert.ok(await is_revoked(grant));
    });
});

describe('F4 every use is checked', () => {
    test('the client', async () => {
        const { refresh_token, client } = await sign_in();
        refused(await refresh(await create_client(), refresh_token), 'invalid_grant');
        const confidential = await create_client({ method: 'client_secret_post' });
        refused(await refresh(confidential, refresh_token, { client_secret: confidential.secret }), 'invalid_grant');
        assert.equal((await refresh(client, refresh_token)).status, 200);
    });
    test('the user, who must still be a member', async () => {
        const email = `leaver-${Date.now()}@example.com`;
        const [{ id }] = await sql(`INSERT INTO account."user" (id, email) VALUES (gen_random_uuid(), $1) RETURNING id`, [email]);
        const demo = `(SELECT id FROM workspace.workspace WHERE slug = '${process.env.GATEHOUSE_WORKSPACE}')`;
        await sql(`INSERT INTO workspace.member (workspace_id, user_id) VALUES (${demo}, $1)`, [id]);
        const { client, refresh_token, access_token } = await sign_in({ user: `'${id}'::uuid` });
        assert.equal((await call_mcp(access_token)).status, 200);
        await sql('DELETE FROM workspace.member WHERE user_id = $1', [id]);
        const answer = await refresh(client, refresh_token);
        refused(answer, 'invalid_grant');
        assert.match(answer.body.error_description, /no longer a member/);
        await dies(access_token);
    });
});

describe('T15 a person who no longer administers the workspace', () => {
    const administrator = async () => {
        const [{ id }] = await sql(`INSERT INTO account."user" (id, email) VALUES (gen_random_uuid(), $1) RETURNING id`, [`admin-${Date.now()}@example.com`]);
        const demo = `(SELECT id FROM workspace.workspace WHERE slug = '${process.env.GATEHOUSE_WORKSPACE}')`;
        await sql(`INSERT INTO workspace.member (workspace_id, user_id, role) VALUES (${demo}, $1, 'admin')`, [id]);
        return id;
    };
    const becomes = (id, role) => sql('UPDATE workspace.member SET role = $2 WHERE user_id = $1', [id, role]);
    const administers = async (access_token) => (await fetch(`${process.env.GATEHOUSE_URL}/api/v1/clients`, { headers: { authorization: `Bearer ${access_token}` } })).status;
    test('lets nobody administer it either: live tokens, introspection, the next refresh', async () => {
        const id = await administrator();
        const client = await create_client({ method: 'client_secret_basic' });
        const grant = await create_grant(client, { scopes: ['mcp.read', 'admin'], user: `'${id}'::uuid` });
        const { code, verifier } = await create_code(grant);
        const mine = basic(client.client_id, client.secret);
        const { body: first } = await token({ grant_type: 'authorization_code', code, code_verifier: verifier }, mine);
        const scope_of = async (text) => (await post('/oauth/introspect', { token: text }, mine)).body.scope;
        assert.equal(await administers(first.access_token), 200);
        assert.equal(await scope_of(first.access_token), 'mcp.read admin');
        await becomes(id, 'member');
        await until(async () => (await administers(first.access_token)) === 403, 1000, 'it still administers');
        assert.equal(await scope_of(first.access_token), 'mcp.read');
        refused(await token({ grant_type: 'refresh_token', refresh_token: first.refresh_token, scope: 'admin' }, mine), 'invalid_scope');
        const { body: second } = await token({ grant_type: 'refresh_token', refresh_token: first.refresh_token }, mine);
        assert.equal(second.scope, 'mcp.read');
        assert.equal(claims_of(second.access_token).scope, 'mcp.read');
        assert.equal(await scope_of(second.refresh_token), 'mcp.read');
        await becomes(id, 'admin');
        assert.equal(await administers(second.access_token), 403, 'a token allows no more than it says');
    });
    test('and of a grant that was for that alone nothing is left: invalid_grant, until the role is back', async () => {
        const id = await administrator();
        const given = { scopes: ['admin'], user: `'${id}'::uuid` };
        const { client, grant, refresh_token, access_token } = await sign_in(given);
        const waiting = await create_client();
        const code = await create_code(await create_grant(waiting, given));
        await becomes(id, 'member');
        refused(await refresh(client, refresh_token), 'invalid_grant');
        refused(await refresh(client, refresh_token, { scope: 'admin' }), 'invalid_grant');
        refused(await redeem(waiting, code), 'invalid_grant');
        await until(async () => (await administers(access_token)) === 401, 1000, 'it is still let in');
        assert.equal(await generation_of(grant), 0);
        await becomes(id, 'admin');
        assert.equal((await refresh(client, refresh_token)).body.scope, 'admin');
        assert.equal((await redeem(waiting, code)).body.scope, 'admin');
    });
});

describe('F5 scopes', () => {
    test('may be fewer for one access token; the refresh token keeps them all', async () => {
        const { client, refresh_token } = await sign_in();
        const fewer = await refresh(client, refresh_token, { scope: 'mcp.read' });
        assert.equal(fewer.body.scope, 'mcp.read');
        assert.equal(claims_of(fewer.body.access_token).scope, 'mcp.read');
        const all = await refresh(client, fewer.body.refresh_token);
        assert.equal(all.body.scope, 'mcp.read mcp.write');
    });
    test('may be a part of a wider one that was granted', async () => {
        const { client, refresh_token } = await sign_in({ scopes: ['mcp.write'] });
        assert.equal((await refresh(client, refresh_token, { scope: 'mcp.read' })).body.scope, 'mcp.read');
    });
    test('beyond the grant are invalid_scope, and nothing is used up', async () => {
        const { client, grant, refresh_token } = await sign_in({ scopes: ['mcp.read'] });
        for (const scope of ['mcp.write', 'mcp.read admin', 'vault.reveal']) refused(await refresh(client, refresh_token, { scope }), 'invalid_scope');
        assert.equal(await generation_of(grant), 0);
        assert.equal((await refresh(client, refresh_token, { scope: 'openid offline_access mcp.read' })).status, 200);
    });
});

describe('F6 resource', () => {
    test('may be left out, or named; a foreign one is invalid_target and uses nothing up', async () => {
        const { client, grant, refresh_token } = await sign_in();
        refused(await refresh(client, refresh_token, { resource: unpinned }), 'invalid_target');
        refused(await refresh(client, refresh_token, { resource: 'https://other.example' }), 'invalid_target');
        assert.equal(await generation_of(grant), 0);
        const named = await refresh(client, refresh_token, { resource: pinned });
        assert.equal(named.status, 200);
        const again = await refresh(client, refresh_token, { resource: unpinned });
        refused(again, 'invalid_target');
        assert.equal(claims_of((await refresh(client, named.body.refresh_token)).body.access_token).aud, pinned);
    });
});

describe('F7 expiry', () => {
    test('slides with use, up to the end of the grant', async () => {
        const { client, grant, refresh_token } = await sign_in({ lifetime: '400 days' });
        const left = async () => (await sql('SELECT extract(epoch FROM expires_at - now())::int AS left FROM oauth.refresh_token WHERE authorization_id = $1', [grant.id]))[0].left;
        const month = 30 * 86400;
        assert.ok(Math.abs((await left()) - month) < 60);
        await sql("UPDATE oauth.refresh_token SET expires_at = now() + interval '1 hour' WHERE authorization_id = $1", [grant.id]);
        const { body } = await refresh(client, refresh_token);
        assert.ok(Math.abs((await left()) - month) < 60);
        await sql("UPDATE oauth.authorization SET expires_at = now() + interval '1 day' WHERE id = $1", [grant.id]);
        await refresh(client, body.refresh_token);
        assert.ok((await left()) <= 86400);
    });
});

describe('F8 entropy', () => {
    test('256 bits of it, with a tag over what the token says', async () => {
        const { refresh_token } = await sign_in();
        assert.match(refresh_token, /^ghr_[A-Za-z0-9_-]{86}$/);
        assert.equal(Buffer.from(refresh_token.slice(4), 'base64url').length, 64);
    });
});

describe('F9 who gets one', () => {
    test('every client with the grant type, without offline_access', async () => {
        assert.ok((await sign_in()).refresh_token);
        const without = await create_client({ grant_types: ['authorization_code'] });
        const { status, body } = await redeem(without, await create_code(await create_grant(without)));
        assert.equal(status, 200);
        assert.equal(body.refresh_token, undefined);
    });
});

describe('F10 rotation is one step', () => {
    test('a chain refreshed by racing pairs never forks', async () => {
        const { client, grant, refresh_token } = await sign_in();
        let current = refresh_token;
        for (let i = 1; i <= 20; ++i) {
            const [one, two] = await Promise.all([refresh(client, current), refresh(client, current)]);
            assert.equal(one.status, 200);
            assert.equal(two.body.refresh_token, one.body.refresh_token);
            current = one.body.refresh_token;
            assert.equal(await generation_of(grant), i);
        }
    });
    test('T7 without a client_id as well', async () => {
        const { refresh_token } = await sign_in();
        const [one, two] = await Promise.all([token({ grant_type: 'refresh_token', refresh_token }), token({ grant_type: 'refresh_token', refresh_token })]);
        assert.equal(one.body.refresh_token, two.body.refresh_token);
    });
});
