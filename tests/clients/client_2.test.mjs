import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describe_client } from './cases.mjs';
import { adapted, bearer, client_info } from './sdk.mjs';
import { mcp_url } from './stack.mjs';

function opener(mode) {
    return async (key) => {
        const client = new Client(client_info, mode && { versionNegotiation: { mode } });
        await client.connect(new StreamableHTTPClientTransport(mcp_url, bearer(key)));
        return adapted(client);
    };
}

function speaks(era, version) {
    return (opened) =>
        test(`lands on the ${era} era, revision ${version}`, () => {
            assert.equal(opened().client.getProtocolEra(), era);
            assert.equal(opened().client.getNegotiatedProtocolVersion(), version);
        });
}

describe_client('client 2.4, modern era', opener({ pin: '2026-07-28' }), { extra: speaks('modern', '2026-07-28') });
describe_client('client 2.4, probing', opener('auto'), { extra: speaks('modern', '2026-07-28') });
describe_client('client 2.4, legacy era', opener(undefined), { extra: speaks('legacy', '2025-11-25') });
