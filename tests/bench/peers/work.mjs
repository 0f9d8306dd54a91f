// The work of list_services as a Node service would do it: look the key up by the digest of its secret, then
// read the workspace's services, both prepared, from the same PostgreSQL through a pool of kept connections.
import { createHash } from 'node:crypto';
import pg from 'pg';

const key_query = {
    name: 'key',
    text: `SELECT workspace_id FROM bench.api_key
            WHERE id = $1 AND secret_sha256 = $2 AND disabled_at IS NULL AND (expires_at IS NULL OR expires_at > now())`,
};
const services_query = {
    name: 'services',
    text: `SELECT name, connector, auth_method, origins, revealable, created_at FROM bench.service
            WHERE workspace_id = $1 ORDER BY name LIMIT 100`,
};

export function connect(host, database) {
    return new pg.Pool({ host, database, user: 'postgres', max: 4, idleTimeoutMillis: 0 });
}

/// Resolves to the services of the caller's workspace, or undefined when the key is not one of ours.
export async function services_of(pool, authorization) {
    const [, id, secret] = (authorization ?? '').match(/^Bearer ghk_([^_]+)_(.+)$/) ?? [];
    if (!id) return undefined;
    const digest = createHash('sha256').update(secret).digest();
    const key = await pool.query({ ...key_query, values: [id, digest] });
    if (!key.rowCount) return undefined;
    const services = await pool.query({ ...services_query, values: [key.rows[0].workspace_id] });
    return services.rows;
}

/// Fills the tables the queries above read, beside Gatehouse's own, for this key and these services.
export async function prepare(host, database, key, services) {
    const client = new pg.Client({ host, database, user: 'postgres' });
    await client.connect();
    const [, id, secret] = key.match(/^ghk_([^_]+)_(.+)$/);
    await client.query(`
        DROP SCHEMA IF EXISTS bench CASCADE;
        CREATE SCHEMA bench;
        CREATE TABLE bench.api_key (id text PRIMARY KEY, secret_sha256 bytea NOT NULL, workspace_id uuid NOT NULL,
            disabled_at timestamptz, expires_at timestamptz);
        CREATE TABLE bench.service (workspace_id uuid, name text, connector text NOT NULL, auth_method text NOT NULL,
            origins text[] NOT NULL, revealable boolean NOT NULL, created_at timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (workspace_id, name));`);
    const workspace = '01900000-0000-7000-8000-000000000001';
    const digest = createHash('sha256').update(secret).digest();
    await client.query('INSERT INTO bench.api_key VALUES ($1, $2, $3)', [id, digest, workspace]);
    for (const { name, connector = 'generic', origins = ['https://localhost'] } of services)
        await client.query('INSERT INTO bench.service VALUES ($1, $2, $3, $4, $5, false)', [
            workspace, name, connector, 'bearer', origins,
        ]);
    await client.query('ANALYZE bench.service');
    await client.end();
}
