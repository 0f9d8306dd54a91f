import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { Client as SecondClient } from '@modelcontextprotocol/client';
import { StdioClientTransport as SecondStdioClientTransport } from '@modelcontextprotocol/client/stdio';
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe_client } from './cases.mjs';
import { adapted, client_info } from './sdk.mjs';
import { mcp_url, stack } from './stack.mjs';

const packages = join(dirname(fileURLToPath(import.meta.url)), '../node_modules');
const bridge = process.env.GATEHOUSE_MCP ?? join(process.env.BUILD ?? join(stack.root, 'build'), 'bin/gatehouse-mcp');
assert.ok(existsSync(bridge), `${bridge} is missing: build gatehouse-mcp first`);

async function open_stdio(command, arguments_, environment) {
    const transport = new StdioClientTransport({
        command,
        args: arguments_,
        env: { PATH: process.env.PATH, ...environment },
        stderr: 'pipe',
    });
    let told = '';
    transport.stderr.on('data', (part) => (told += part));
    const client = new Client(client_info);
    try {
        await client.connect(transport, { timeout: 15_000 });
    } catch (error) {
        await transport.close();
        throw new Error(`${error.message}\n${told}`);
    }
    return { ...adapted(client), told: () => told };
}

function open_mcp_remote(key) {
    const home = mkdtempSync(join(tmpdir(), 'mcp-remote-'));
    const script = join(packages, 'mcp-remote/dist/proxy.js');
    const header = 'Authorization: Bearer ${GATEHOUSE_API_KEY}';
    return open_stdio(process.execPath, [script, mcp_url.href, '--header', header, '--transport', 'http-only'], {
        GATEHOUSE_API_KEY: key,
        HOME: home,
        MCP_REMOTE_CONFIG_DIR: home,
        NODE_EXTRA_CA_CERTS: stack.ca,
        BROWSER: 'true',
    });
}

function bridge_environment(key) {
    return { GATEHOUSE_URL: stack.url, GATEHOUSE_API_KEY: key, GATEHOUSE_CA: stack.ca };
}

function open_gatehouse_mcp(key) {
    return open_stdio(bridge, [], bridge_environment(key));
}

/// The second generation's client, in the era that `mode` says.
function second_generation(mode) {
    return async (key) => {
        const transport = new SecondStdioClientTransport({ command: bridge, env: bridge_environment(key), stderr: 'pipe' });
        const client = new SecondClient(client_info, mode && { versionNegotiation: { mode } });
        try {
            await client.connect(transport);
        } catch (error) {
            await transport.close();
            throw error;
        }
        return adapted(client);
    };
}

/// A server that could not even start must not pass for one that refuses a key.
/// mcp-remote answers a refused credential by signing a person in, and waits for that.
describe_client('mcp-remote over stdio', open_mcp_remote, {
    asks_a_person: 'it waits for a person to let it in',
    refusal: /authorize this client by visiting|opening.*oauth\/authorize|oauth\/authorize/i,
});
describe_client('gatehouse-mcp over stdio', open_gatehouse_mcp, { refusal: /refuses the API key/i });
// A client pinned to one revision keeps the server's words to itself.
describe_client('gatehouse-mcp with client 2.4, modern era', second_generation({ pin: '2026-07-28' }), { refusal: /refuses the API key|did not offer pinned/i });
describe_client('gatehouse-mcp with client 2.4, legacy era', second_generation(undefined), { refusal: /refuses the API key/i });
