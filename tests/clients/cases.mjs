// What every MCP client must be able to do with Gatehouse. A client under test is an object with the methods
// list_tools, call_tool, list_resources, read_resource, list_prompts, get_prompt, complete and close.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { echoed, secret_digest, stack, text_of, value_of, wrong_key } from './stack.mjs';

const vault_tools = ['call_service', 'check_credential_status', 'explain_call', 'get_credentials', 'list_services'];

/// open(key) connects and resolves to a client, or rejects when the server refuses the key.
export function describe_client(name, open, { asks_a_person = false, refusal = /401|unauthorized|invalid_token/i, extra } = {}) {
    describe(name, { timeout: 120_000 }, () => {
        let client;
        before(async () => {
            client = await open(stack.key);
        });
        after(() => client?.close());
        const call = (tool, arguments_ = {}) => client.call_tool(tool, arguments_);

        test('lists the four vault tools, each with a schema', async () => {
            const tools = await client.list_tools();
            const names = tools.map((tool) => tool.name);
            for (const tool of vault_tools) assert.ok(names.includes(tool), `${tool} is missing from ${names}`);
            for (const tool of tools) {
                assert.equal(tool.inputSchema.type, 'object', tool.name);
                assert.ok(tool.description?.length > 10, tool.name);
            }
        });

        test('list_services names the services of the vault and no secret', async () => {
            const result = await call('list_services');
            const names = value_of(result).services.map((service) => service.name);
            assert.ok(names.includes(stack.service), names.join());
            assert.ok(names.includes(stack.sealed_service), names.join());
            assert.ok(!JSON.stringify(result).includes(stack.secret));
        });

        test('call_service reaches the service with the secret injected', async () => {
            const result = await call('call_service', {
                service_name: stack.service,
                method: 'POST',
                url: `${stack.upstream}/things/7`,
                params: { colour: 'blue & green' },
                headers: { 'X-Trace': 'abc' },
                json: { amount: 3 },
            });
            assert.ok(!result.isError, text_of(result));
            const answer = value_of(result);
            assert.equal(answer.status, 200);
            const seen = echoed(answer);
            assert.equal(seen.method, 'POST');
            assert.equal(seen.path, '/things/7');
            assert.deepEqual(seen.query, { colour: 'blue & green' });
            assert.equal(seen.headers['x-trace'], 'abc');
            assert.deepEqual(JSON.parse(seen.body), { amount: 3 });
            assert.equal(seen.authorization_sha256, secret_digest);
            assert.ok(!JSON.stringify(result).includes(stack.secret));
        });

        test('call_service refuses an origin that is not the service\'s', async () => {
            const result = await call('call_service', {
                service_name: stack.service,
                method: 'GET',
                url: 'https://example.com/steal',
            });
            assert.equal(result.isError, true);
            assert.match(text_of(result), /origin/i);
        });

        test('call_service names the service it does not know', async () => {
            const result = await call('call_service', {
                service_name: 'no_such_service',
                method: 'GET',
                url: stack.upstream,
            });
            assert.equal(result.isError, true);
            assert.match(text_of(result), /not.?found|unknown|no_such_service/i);
        });

        test('an argument of the wrong type is named in a tool error', async () => {
            const result = await call('call_service', { service_name: 7, method: 'GET', url: stack.upstream });
            assert.equal(result.isError, true);
            assert.match(text_of(result), /service_name/);
        });

        test('get_credentials reveals a revealable service to a key that may', async () => {
            const result = await call('get_credentials', { service_name: stack.service });
            assert.ok(!result.isError, text_of(result));
            assert.ok(JSON.stringify(value_of(result)).includes(stack.secret));
        });

        test('get_credentials keeps the secret of a service that is not revealable', async () => {
            const result = await call('get_credentials', { service_name: stack.sealed_service });
            assert.equal(result.isError, true);
            assert.ok(!JSON.stringify(result).includes(stack.secret));
        });

        test('get_credentials is refused to a key without vault.reveal', { skip: asks_a_person }, async () => {
            const plain = await open(stack.plain_key);
            try {
                const outcome = await plain
                    .call_tool('get_credentials', { service_name: stack.service })
                    .catch((error) => ({ isError: true, content: [{ type: 'text', text: String(error) }] }));
                assert.equal(outcome.isError, true);
                assert.match(text_of(outcome), /scope|vault\.reveal|unknown tool|not found/i);
                assert.ok(!JSON.stringify(outcome).includes(stack.secret));
            } finally {
                await plain.close();
            }
        });

        test('check_credential_status tells whether the credential works', async () => {
            const result = await call('check_credential_status', { service_name: stack.service });
            assert.ok(!result.isError, text_of(result));
            const { valid, state } = value_of(result);
            assert.ok(['true', 'unknown'].includes(valid) && state === 'active', text_of(result));
        });

        test('an unknown tool is an error that names it', async () => {
            const told = await call('no_such_tool').then(text_of, String);
            assert.match(told, /no_such_tool|unknown tool/i);
        });

        test('lists and reads resources', async () => {
            const resources = await client.list_resources();
            assert.ok(resources.length > 0);
            for (const { uri } of resources.slice(0, 3)) {
                const contents = await client.read_resource(uri);
                assert.equal(contents[0].uri, uri);
                assert.ok(contents[0].text?.length > 0);
                assert.ok(!contents[0].text.includes(stack.secret));
            }
        });

        test('lists prompts and gets one with its arguments', async () => {
            const [prompt] = await client.list_prompts();
            assert.ok(prompt?.name);
            const filled = Object.fromEntries((prompt.arguments ?? []).map(({ name }) => [name, stack.service]));
            const messages = await client.get_prompt(prompt.name, filled);
            assert.ok(messages.length > 0);
            assert.ok(messages[0].content.text.length > 0);
        });

        test('completes a prompt argument with the names of services', async (context) => {
            const prompts = await client.list_prompts();
            const prompt = prompts.find(({ arguments: list }) => list?.some(({ name }) => name.startsWith('service')));
            assert.ok(prompt, 'no prompt takes a service');
            const { name } = prompt.arguments.find((argument) => argument.name.startsWith('service'));
            if (!client.complete) return context.skip('this client has no completion');
            const values = await client.complete(prompt.name, name, stack.service.slice(0, 3));
            assert.ok(values.includes(stack.service), values.join());
        });

        test('a wrong key is refused with an error that says so', async () => {
            await assert.rejects(
                async () => {
                    const refused = await open(wrong_key);
                    await refused.list_tools();
                },
                (error) => {
                    assert.match(`${error.code ?? ''} ${error.message} ${error.cause ?? ''}`, refusal);
                    return true;
                },
            );
        });

        extra?.(() => client);
    });
}
