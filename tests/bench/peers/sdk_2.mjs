// SDK 2.4 in its modern era: createMcpHandler with JSON answers. WORK=1 and the shared validator as in sdk_1.mjs.
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/server/validators/ajv';
import * as z from 'zod/v4';
import { serve } from './serve.mjs';
import { connect, services_of } from './work.mjs';

const pool = process.env.WORK && connect(process.env.GATEHOUSE_PGHOST, process.env.GATEHOUSE_PGDATABASE);
const jsonSchemaValidator = new AjvJsonSchemaValidator();
const no_arguments = z.object({});

function text(value) {
    return { content: [{ type: 'text', text: value }] };
}

const handler = createMcpHandler(
    ({ authInfo }) => {
        const server = new McpServer({ name: 'peer', version: '1.0.0' }, { jsonSchemaValidator });
        const definition = { description: 'Lists the services of the vault.', inputSchema: no_arguments };
        server.registerTool('list_services', definition, async () => {
            const services = authInfo?.extra?.services;
            return services ? { ...text(JSON.stringify({ services })), structuredContent: { services } } : text('ok');
        });
        return server;
    },
    { responseMode: 'json' },
);
const answer = toNodeHandler(handler);

serve(async (request, response) => {
    if (pool) {
        const services = await services_of(pool, request.headers.authorization);
        if (!services) return response.writeHead(401).end();
        request.auth = { token: 'peer', clientId: 'peer', scopes: [], extra: { services } };
    }
    await answer(request, response);
});
