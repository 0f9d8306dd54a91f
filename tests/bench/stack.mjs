// The stack under the bench: its variables, ten services in its vault, the address of the REST mirror.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { state_folder } from '../support/processes.mjs';
import { ask } from './cases.mjs';

const services = 10;

function add_service(gatehouse, workspace, name, origin) {
    const added = spawnSync(
        gatehouse.program,
        ['--config', gatehouse.config, 'service', 'add', name, '--connector', 'generic', '--origin', origin, '--workspace', workspace],
        { input: `bench-secret-of-${name}-0123456789\n`, encoding: 'utf8' },
    );
    if (added.status !== 0 && !/exist|conflict/i.test(added.stderr))
        throw new Error(`gatehouse service add ${name} failed: ${added.stderr}${added.stdout}`);
}

async function rest_address(url, key, ca) {
    const { text } = await ask(`${url}/api/v1/openapi.json`, { headers: { Authorization: `Bearer ${key}` } }, ca);
    const { paths } = JSON.parse(text);
    const found = Object.entries(paths).find(([, { get }]) => get?.operationId === 'list_services');
    if (!found) throw new Error('openapi.json has no GET operation list_services');
    return url + found[0].replace(/^(\/api\/v1)?/, '/api/v1');
}

export async function open_stack(build, outside) {
    const { VAR, GATEHOUSE_URL: url, GATEHOUSE_WORKSPACE: workspace, GATEHOUSE_API_KEY: key, GATEHOUSE_CA } = process.env;
    const ca = readFileSync(GATEHOUSE_CA);
    const gatehouse = { program: join(build, 'bin/gatehouse'), config: join(VAR, 'gatehouse.toml') };
    const names = Array.from({ length: services }, (_, i) => `bench_service_${i}`);
    for (const name of names) add_service(gatehouse, workspace, name, outside);
    return {
        url,
        key,
        ca,
        state: state_folder(VAR),
        names,
        mcp: `${url}/v1/${workspace}`,
        rest: await rest_address(url, key, ca),
        host: process.env.GATEHOUSE_PGHOST,
        database: process.env.GATEHOUSE_PGDATABASE,
    };
}
