import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { run } from './command.mjs';
import { echoed, mcp_url, secret_digest, stack, value_of, wrong_key } from './stack.mjs';

const packages = join(dirname(fileURLToPath(import.meta.url)), '../node_modules');
const home = mkdtempSync(join(tmpdir(), 'inspector-'));

function inspect(era, key, ...rest) {
    const script = join(packages, '.bin/mcp-inspector');
    const server = [mcp_url.href, '--transport', 'http', '--header', `Authorization: Bearer ${key}`];
    return run(process.execPath, [script, '--cli', ...server, '--protocol-era', era, '--format', 'json', '-q', ...rest], {
        env: { HOME: home },
    });
}

async function answer(era, ...rest) {
    const { code, stdout, stderr } = await inspect(era, stack.key, ...rest);
    assert.equal(code, 0, stderr + stdout);
    const outcome = JSON.parse(stdout);
    return outcome.result ?? outcome;
}

for (const era of ['legacy', 'modern']) {
    describe(`MCP Inspector's command line, ${era} era`, { timeout: 180_000 }, () => {
        test('lists the tools', async () => {
            const { tools } = await answer(era, '--method', 'tools/list');
            assert.ok(tools.some(({ name }) => name === 'call_service'));
        });

        test('lists the services', async () => {
            const result = await answer(era, '--method', 'tools/call', '--tool-name', 'list_services');
            assert.ok(value_of(result).services.some(({ name }) => name === stack.service));
        });

        test('calls a service with the secret injected', async () => {
            const wanted = { service_name: stack.service, method: 'GET', url: `${stack.upstream}/inspected` };
            const call = ['--method', 'tools/call', '--tool-name', 'call_service'];
            const result = await answer(era, ...call, '--tool-args-json', JSON.stringify(wanted));
            const called_service = value_of(result);
            assert.equal(called_service.status, 200);
            const seen = echoed(called_service);
            assert.equal(seen.path, '/inspected');
            assert.equal(seen.authorization_sha256, secret_digest);
        });

        test('reads a resource', async () => {
            const { resources } = await answer(era, '--method', 'resources/list');
            const { contents } = await answer(era, '--method', 'resources/read', '--uri', resources[0].uri);
            assert.equal(contents[0].uri, resources[0].uri);
        });

        test('gets a prompt', async () => {
            const { prompts } = await answer(era, '--method', 'prompts/list');
            const filled = (prompts[0].arguments ?? []).flatMap(({ name }) => ['--prompt-args', `${name}=${stack.service}`]);
            const { messages } = await answer(
                era, '--method', 'prompts/get', '--prompt-name', prompts[0].name, ...filled,
            );
            assert.ok(messages.length > 0);
        });

        test('says that a wrong key is refused', async () => {
            const { code, stdout, stderr } = await inspect(era, wrong_key, '--method', 'tools/list');
            assert.notEqual(code, 0);
            assert.match(stdout + stderr, /auth_required|401|unauthorized/i);
        });
    });
}
