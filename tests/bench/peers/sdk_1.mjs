// SDK 1.32, stateless with JSON answers: a server and a transport per request, as its documentation says. Its schema
// validator, by default built anew with each server at half the cost of a request, is shared: the SDK at its best.
// WORK=1 makes the tool do the same work as Gatehouse's.
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/ajv';
import { serve } from './serve.mjs';
import { connect, services_of } from './work.mjs';

const pool = process.env.WORK && connect(process.env.GATEHOUSE_PGHOST, process.env.GATEHOUSE_PGDATABASE);
const jsonSchemaValidator = new AjvJsonSchemaValidator();

function text(value) {
    return { content: [{ type: 'text', text: value }] };
}

function server_for(services) {
    const server = new McpServer({ name: 'peer', version: '1.0.0' }, { jsonSchemaValidator });
    server.registerTool('list_services', { description: 'Lists the services of the vault.', inputSchema: {} }, async () =>
        services ? { ...text(JSON.stringify({ services })), structuredContent: { services } } : text('ok'),
    );
    return server;
}

serve(async (request, response) => {
    const services = pool && (await services_of(pool, request.headers.authorization));
    if (pool && !services) return response.writeHead(401).end();
    const server = server_for(services);
    const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined, enableJsonResponse: true });
    response.on('close', () => {
        transport.close();
        server.close();
    });
    await server.connect(transport);
    await transport.handleRequest(request, response);
});
