// Grants in any number, put into the database at once, and refresh tokens for some of them.
import { createHash, createHmac, hkdfSync, randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';

const sha256 = (text) => createHash('sha256').update(text).digest();

/// Makes refresh tokens as the token endpoint does, with the stack's own key.
function token_maker(state) {
    const key = Buffer.from(readFileSync(join(state, 'keys/signing'), 'utf8').split('\n')[0], 'base64');
    const tagging = Buffer.from(hkdfSync('sha256', key, 'gatehouse oauth', 'refresh token tag', 32));
    return (grant) => {
        const bytes = Buffer.concat([Buffer.from(grant.replaceAll('-', ''), 'hex'), randomBytes(32)]);
        const tag = createHmac('sha256', tagging).update(bytes).digest().subarray(0, 16);
        return `ghr_${Buffer.concat([bytes, tag]).toString('base64url')}`;
    };
}

export async function open_grants({ host, database, state, workspace, email }) {
    const connection = new pg.Client({ host, database, user: 'gatehouse_operator' });
    await connection.connect();
    await connection.query('SET ROLE gatehouse_owner');
    const sql = async (text, values) => (await connection.query(text, values)).rows;
    const [{ workspace_id, user_id }] = await sql(
        `SELECT w.id AS workspace_id, u.id AS user_id FROM workspace.workspace w, account."user" u WHERE w.slug = $1 AND u.email = $2`,
        [workspace, email],
    );
    const make_token = token_maker(state);

    async function create_client(client_id, method, grant_type, secret) {
        const id = randomUUID();
        await sql('DELETE FROM oauth.client WHERE client_id = $1', [client_id]);
        await sql(
            `INSERT INTO oauth.client (id, client_id, origin, name, redirect_uris, grant_types, token_endpoint_auth_method, secret_sha256, scopes, workspace_id, user_id)
             VALUES ($1, $2, 'manual', 'bench', '{}', $3, $4, $5, '{mcp.read,mcp.write}', $6, $7)`,
            [id, client_id, [grant_type], method, secret ? sha256(secret) : null, workspace_id, user_id],
        );
        return id;
    }

    /// Until there are `wanted` grants of the client.
    async function fill(client, resource, wanted) {
        const [{ count }] = await sql('SELECT count(*)::int FROM oauth.authorization WHERE client = $1', [client]);
        await sql(
            `WITH made AS (
                INSERT INTO oauth.authorization (id, workspace_id, user_id, client, scopes, resource, expires_at)
                SELECT gen_random_uuid(), $1, $2, $3, '{mcp.read,mcp.write}', $4, now() + interval '1 year' FROM generate_series(1, $5::int)
                RETURNING id)
             INSERT INTO oauth.refresh_token (authorization_id, current_sha256, expires_at)
             SELECT id, sha256(id::text::bytea), now() + interval '30 days' FROM made`,
            [workspace_id, user_id, client, resource, wanted - count],
        );
        await connection.query('RESET ROLE; SET ROLE gatehouse_owner');
        await connection.query('VACUUM ANALYZE oauth.authorization, oauth.refresh_token');
    }

    /// Refresh tokens of that many of the client's grants, picked at random.
    async function tokens_of(client, count) {
        const rows = await sql('SELECT id FROM oauth.authorization WHERE client = $1 ORDER BY random() LIMIT $2', [client, count]);
        const tokens = rows.map(({ id }) => make_token(id));
        await sql(
            `UPDATE oauth.refresh_token t SET current_sha256 = n.digest, previous_sha256 = NULL
               FROM unnest($1::uuid[], $2::bytea[]) AS n (id, digest) WHERE t.authorization_id = n.id`,
            [rows.map(({ id }) => id), tokens.map(sha256)],
        );
        return tokens;
    }

    return { create_client, fill, tokens_of, end: () => connection.end() };
}
