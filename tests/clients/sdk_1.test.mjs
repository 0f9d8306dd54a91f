import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describe_client } from './cases.mjs';
import { adapted, bearer, client_info } from './sdk.mjs';
import { mcp_url } from './stack.mjs';

async function open(key) {
    const client = new Client(client_info);
    const transport = new StreamableHTTPClientTransport(mcp_url, bearer(key));
    await client.connect(transport);
    return { ...adapted(client), transport };
}

describe_client('SDK 1.32 client over Streamable HTTP', open, {
    extra: (opened) => {
        test('speaks 2025-11-25 and hears who serves', () => {
            assert.equal(opened().transport.protocolVersion, '2025-11-25');
            assert.match(opened().client.getServerVersion().name, /gatehouse/i);
        });
        test('answers a ping', async () => assert.ok(await opened().client.ping()));
        test('sets the logging level', async () => assert.ok(await opened().client.setLoggingLevel('warning')));
    },
});
