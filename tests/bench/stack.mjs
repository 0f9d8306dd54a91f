// The stack under the bench: its variables, ten services in its vault, the address of the REST mirror.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { state_folder } from '../support/processes.mjs';
import { ask } from './cases.mjs';

const services = 10;
const guarded = 'bench_service_9';

function run_gatehouse({ program, config, workspace }, arguments_, input = '') {
    const options = { input, encoding: 'utf8' };
    return spawnSync(program, ['--config', config, '--workspace', workspace, 'service', ...arguments_], options);
}

// A former run may have left the service, with the outside service's former port.
function add_service(gatehouse, name, origin, secret = `bench-secret-of-${name}-0123456789`) {
    run_gatehouse(gatehouse, ['delete', name]);
    const options = ['--connector', 'generic', '--origin', origin];
    const added = run_gatehouse(gatehouse, ['add', name, ...options], `${secret}\n`);
    if (added.status !== 0) throw new Error(`gatehouse service add ${name} failed: ${added.stderr}${added.stdout}`);
}

// Named agents, methods, paths, a bound on bodies and a projection: all that is asked of a call.
function guard(gatehouse, name) {
    const policy = {
        allow: ['GET /limited', 'GET /thing', 'POST /orders/**'],
        deny: ['* /admin/**', 'DELETE /**'],
        approve: ['POST /orders/**'],
        body_bytes: 65536,
        response: ['/told'],
    };
    const set = run_gatehouse(gatehouse, ['policy', name, '--set'], JSON.stringify(policy));
    if (set.status !== 0) throw new Error(`gatehouse service policy ${name} failed: ${set.stderr}${set.stdout}`);
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
    const gatehouse = { program: join(build, 'bin/gatehouse'), config: join(VAR, 'gatehouse.toml'), workspace };
    const names = Array.from({ length: services }, (_, i) => `bench_service_${i}`);
    for (const name of names) add_service(gatehouse, name, outside);
    guard(gatehouse, guarded);
    return {
        url,
        key,
        ca,
        state: state_folder(VAR),
        names,
        guarded,
        add_service: (name, secret) => add_service(gatehouse, name, outside, secret),
        delete_service: (name) => run_gatehouse(gatehouse, ['delete', name]),
        mcp: `${url}/v1/${workspace}`,
        rest: await rest_address(url, key, ca),
        host: process.env.GATEHOUSE_PGHOST,
        database: process.env.GATEHOUSE_PGDATABASE,
    };
}
