// What outlives its use is deleted by the worker's role, which can see none of it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';

const { GATEHOUSE_PGHOST: host, GATEHOUSE_PGDATABASE: database, GATEHOUSE_WORKSPACE: slug } = process.env;

function sql(role, ...commands) {
    const asked = commands.flatMap((command) => ['-c', command]);
    return execFileSync('psql', ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-h', host, '-U', role, ...asked, database], { encoding: 'utf8' }).trim();
}
const as_owner = (...commands) => sql('gatehouse_operator', 'SET ROLE gatehouse_owner', ...commands);

const uuid = 'gen_random_uuid()';
const old = "now() - interval '1000 days'";
const workspace = `(SELECT id FROM workspace.workspace WHERE slug = '${slug}')`;
const rows = {
    'mcp.event': `(workspace_id, session_id, stream_id, sequence, message, is_last, created_at) VALUES (${workspace}, ${uuid}, ${uuid}, 0, '', true, %)`,
    'mcp.client_request': `(workspace_id, id, credential_id, created_at) VALUES (${workspace}, ${uuid}, ${uuid}, %)`,
    'mcp.change': `(workspace_id, kind, created_at) VALUES (${workspace}, 'tools', %)`,
    'mcp.subscription': `(workspace_id, session_id, uri, created_at) VALUES (${workspace}, ${uuid}, 'test://x', %)`,
    'mcp.session': `(workspace_id, id, created_at) VALUES (${workspace}, ${uuid}, %)`,
    'vault.alert': `(workspace_id, kind, service_id, service_name, credential_id, at) VALUES (${workspace}, 'decoy_used', ${uuid}, 'gone', ${uuid}, %)`,
    'tool.idempotency': `(workspace_id, credential_id, tool, key, arguments_sha256, runner, started_at) VALUES (${workspace}, ${uuid}, 't', ${uuid}, sha256(''), '', %)`,
};

for (const [table, row] of Object.entries(rows)) {
    test(`${table} loses what is old and keeps what is new`, () => {
        const time = { mcp: 'created_at', tool: 'started_at', vault: 'at' }[table.split('.')[0]];
        const count = (which) => Number(as_owner(`SELECT count(*) FROM ${table} WHERE ${time} ${which} now() - interval '900 days'`));
        as_owner(`INSERT INTO ${table} ${row.replace('%', old)}`, `INSERT INTO ${table} ${row.replace('%', 'now()')}`);
        const kept = count('>');
        assert.ok(count('<') > 0);
        sql('gatehouse_worker', `SELECT ${table.split('.')[0]}.delete_expired(5000)`);
        assert.equal(count('<'), 0);
        assert.ok(count('>') >= kept);
        assert.throws(() => sql('gatehouse_worker', `SELECT 1 FROM ${table}`), /permission denied/);
    });
}
