import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe_client } from './cases.mjs';
import { adapted, client_info } from './sdk.mjs';
import { mcp_url, stack } from './stack.mjs';

const packages = join(dirname(fileURLToPath(import.meta.url)), '../node_modules');
const bridge = join(process.env.BUILD ?? join(stack.root, 'build'), 'bin/gatehouse-mcp');

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

function open_gatehouse_mcp(key) {
    return open_stdio(bridge, [], { GATEHOUSE_URL: stack.url, GATEHOUSE_API_KEY: key, GATEHOUSE_CA: stack.ca });
}

describe_client('mcp-remote over stdio', open_mcp_remote, { refusal: /401|unauthorized|invalid|registration|closed/i });

if (existsSync(bridge))
    describe_client('gatehouse-mcp over stdio', open_gatehouse_mcp, { refusal: /401|unauthorized|invalid|API key/i });
