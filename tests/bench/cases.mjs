// What is measured: each case is one request, the processes that answer it, and a check of the answer.
import https from 'node:https';

const version = '2026-07-28';
const modern_meta = {
    'io.modelcontextprotocol/protocolVersion': version,
    'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {},
};
const json = { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' };

export function modern_call(name, arguments_, key) {
    return {
        method: 'POST',
        headers: {
            ...json,
            Authorization: `Bearer ${key}`,
            'MCP-Protocol-Version': version,
            'Mcp-Method': 'tools/call',
            'Mcp-Name': name,
        },
        body: JSON.stringify({
            jsonrpc: '2.0',
            id: 1,
            method: 'tools/call',
            params: { name, arguments: arguments_, _meta: modern_meta },
        }),
    };
}

export function legacy_call(name, arguments_, key) {
    return {
        method: 'POST',
        headers: { ...json, Authorization: `Bearer ${key}`, 'MCP-Protocol-Version': '2025-11-25' },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: arguments_ } }),
    };
}

const lists_ten = (text) => (text.match(/bench_service_/g) ?? []).length >= 10;
const says_ok = (text) => text.includes('"text":"ok"');

export function cases({ stack, peers, outside, body }) {
    const get = { method: 'GET', headers: { Authorization: `Bearer ${stack.key}` } };
    const same_body = (text) => text === body;
    const call = { service_name: 'bench_service_0', method: 'GET', url: `${outside}/thing` };
    const guarded = { service_name: stack.guarded, method: 'GET', url: `${outside}/limited` };
    const legacy = legacy_call('list_services', {}, stack.key);
    const modern = modern_call('list_services', {}, stack.key);
    return [
        { name: 'nginx constant', url: `${peers}/constant`, request: modern, check: same_body },
        { name: 'raw libfcgi constant', url: `${peers}/raw`, request: modern, check: same_body },
        { name: 'lib/fastcgi constant', url: `${peers}/constant_handler`, request: modern, check: same_body },
        { name: 'MCP tools/call list_services', url: stack.mcp, request: modern, check: lists_ten },
        { name: 'REST list_services', url: stack.rest, request: get, check: lists_ten },
        { name: 'MCP tools/call call_service', url: stack.mcp, request: modern_call('call_service', call, stack.key), check: (text) => text.includes('outside-answer') },
        { name: 'MCP tools/call call_service, guarded', url: stack.mcp, request: modern_call('call_service', guarded, stack.key), check: (text) => text.includes('outside-answer') },
        { name: 'outside service, direct', url: `${outside}/thing`, request: get, check: (text) => text.includes('outside-answer') },
        { name: 'Node SDK 1.32, trivial', url: `${peers}/sdk_1`, request: legacy, check: says_ok },
        { name: 'Node SDK 1.32, same work', url: `${peers}/sdk_1_work`, request: legacy, check: lists_ten },
        { name: 'Node SDK 1.32, trivial, 2 workers', url: `${peers}/sdk_1_two`, request: legacy, check: says_ok },
        { name: 'Node SDK 2.4, trivial', url: `${peers}/sdk_2`, request: modern, check: says_ok },
        { name: 'Node SDK 2.4, same work', url: `${peers}/sdk_2_work`, request: modern, check: lists_ten },
    ];
}

/// Sends the request once and resolves to { status, text }.
export function ask(url, { method = 'GET', headers = {}, body }, ca) {
    return new Promise((resolve, reject) => {
        const request = https.request(url, { method, headers, ca, agent: false }, (response) => {
            let text = '';
            response.setEncoding('utf8').on('data', (part) => (text += part));
            response.on('end', () => resolve({ status: response.statusCode, text, headers: response.headers }));
        });
        request.on('error', reject);
        request.end(body);
    });
}

export async function require_right_answer({ name, url, request, check }, ca) {
    const { status, text } = await ask(url, request, ca);
    if (status !== 200 || !check(text)) throw new Error(`${name}: wrong answer (HTTP ${status}): ${text.slice(0, 600)}`);
    return text;
}
