// Speaks MCP over HTTP to the conformance fixture of a running stack, and to a further process of the same
// executable (as CGI), for what must work whichever process takes a request.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { state_folder } from '../support/processes.mjs';

export const url = process.env.GATEHOUSE_CONFORMANCE_URL;
export const modern = '2026-07-28';
export const legacy = '2025-11-25';
const state = state_folder(process.env.VAR);

let last_id = 0;
export const next_id = () => ++last_id;

export function modern_message(method, params = {}, { capabilities = {}, meta = {}, id = next_id() } = {}) {
    const _meta = {
        'io.modelcontextprotocol/protocolVersion': modern,
        'io.modelcontextprotocol/clientCapabilities': capabilities,
        ...meta,
    };
    return { jsonrpc: '2.0', id, method, params: { ...params, _meta } };
}

export function modern_fields({ method, params }) {
    const name = { 'tools/call': params.name, 'prompts/get': params.name, 'resources/read': params.uri }[method];
    return {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': modern,
        'mcp-method': method,
        ...(name ? { 'mcp-name': name } : {}),
    };
}

export async function post(message, fields, options = {}) {
    return fetch(url, { method: 'POST', headers: fields, body: JSON.stringify(message), ...options });
}

/// One modern request, answered whole: { status, message, notifications }.
export async function ask(method, params, options = {}) {
    const message = modern_message(method, params, options);
    return whole(await post(message, { ...modern_fields(message), ...options.fields }), message.id);
}

export async function whole(response, id) {
    const messages = await messages_of(response);
    return {
        status: response.status,
        headers: response.headers,
        message: messages.find((each) => each.id === id && !each.method) ?? messages.at(-1),
        notifications: messages.filter((each) => each.method),
    };
}

export async function messages_of(response) {
    const text = await response.text();
    if (!text) return [];
    if (!response.headers.get('content-type')?.includes('event-stream')) return [JSON.parse(text)].flat();
    return text.split('\n\n').map(event_of).filter((event) => event.data).map(({ data }) => JSON.parse(data));
}

export function event_of(block) {
    const event = { id: undefined, retry: undefined, data: '' };
    for (const line of block.split('\n')) {
        const [, name, value] = line.match(/^(\w+): ?(.*)$/) ?? [];
        if (name) event[name] = value;
    }
    return event;
}

/// Reads events one by one: await next(milliseconds) gives the next that satisfies `wanted`, or fails.
export function events(body) {
    const reader = body.getReader();
    const decoder = new TextDecoder();
    const waiting = [];
    let text = '';
    let ended = false;
    const pump = (async () => {
        for (;;) {
            const { value, done } = await reader.read();
            if (done) break;
            text += decoder.decode(value, { stream: true });
            for (let end; (end = text.indexOf('\n\n')) >= 0; text = text.slice(end + 2)) waiting.push(event_of(text.slice(0, end)));
        }
    })().catch(() => {}).finally(() => (ended = true));
    return {
        async next(wanted = (event) => event.data, limit = 3000) {
            for (const start = Date.now(); Date.now() - start < limit; await new Promise((done) => setTimeout(done, 5))) {
                const index = waiting.findIndex(wanted);
                if (index >= 0) return waiting.splice(0, index + 1).at(-1);
                if (ended) break;
            }
            assert.fail(`no such event within ${limit} ms${ended ? ', the stream has ended' : ''}`);
        },
        async ended() {
            await pump;
            return waiting;
        },
        cancel: () => reader.cancel().catch(() => {}),
    };
}

export class Session {
    static async begin(capabilities = {}, version = legacy) {
        const session = new Session();
        const answer = await session.post({
            jsonrpc: '2.0',
            id: next_id(),
            method: 'initialize',
            params: { protocolVersion: version, capabilities, clientInfo: { name: 'test', version: '1' } },
        });
        assert.equal(answer.status, 200);
        session.id = answer.headers.get('mcp-session-id');
        session.version = (await answer.json()).result.protocolVersion;
        return session;
    }
    get fields() {
        return {
            'content-type': 'application/json',
            accept: 'application/json, text/event-stream',
            ...(this.id ? { 'mcp-session-id': this.id, 'mcp-protocol-version': this.version } : {}),
        };
    }
    post(message, options = {}) {
        return post(message, { ...this.fields, ...options.fields }, options);
    }
    send(method, params = {}, options = {}) {
        const id = options.id ?? next_id();
        return this.post({ jsonrpc: '2.0', id, method, params }, options);
    }
    async ask(method, params = {}, options = {}) {
        const id = options.id ?? next_id();
        return whole(await this.send(method, params, { ...options, id }), id);
    }
    get(fields = {}, options = {}) {
        return fetch(url, { headers: { ...this.fields, accept: 'text/event-stream', ...fields }, ...options });
    }
}

function start_another_process({ method = 'POST', fields = {}, message, api_key = process.env.GATEHOUSE_API_KEY }) {
    const body = message === undefined ? '' : JSON.stringify(message);
    const environment = {
        GATEHOUSE_CONFIG: join(state, 'gatehouse.toml'),
        REQUEST_METHOD: method,
        DOCUMENT_URI: '/mcp',
        SCRIPT_NAME: '/mcp',
        SERVER_PROTOCOL: 'HTTP/1.1',
        HTTP_HOST: new URL(url).host,
        HTTP_AUTHORIZATION: `Bearer ${api_key}`,
        CONTENT_TYPE: 'application/json',
        CONTENT_LENGTH: String(Buffer.byteLength(body)),
    };
    for (const [name, value] of Object.entries(fields)) {
        if (name !== 'content-type') environment[`HTTP_${name.toUpperCase().replaceAll('-', '_')}`] = value;
    }
    const child = spawn(join(state, 'bin/conformance'), { env: environment, stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdin.end(body);
    return child;
}

/// A request to a process that is killed once it has sent an event: the id of that event.
export function killed_after_its_first_event(request) {
    const child = start_another_process(request);
    return new Promise((done, fail) => {
        let output = '';
        child.stdout.on('data', (bytes) => {
            output += bytes;
            if (/^id: /m.test(output)) child.kill('SIGKILL');
        });
        child.on('error', fail);
        child.on('close', () => done(output.match(/^id: ?(.*)$/m)?.[1]));
    });
}

/// The same request answered by a process that the stack does not know: { status, text }.
export function ask_another_process(request) {
    const child = start_another_process(request);
    return new Promise((done, fail) => {
        let output = '';
        child.stdout.on('data', (bytes) => (output += bytes));
        child.on('error', fail);
        child.on('close', () => {
            const [head, ...rest] = output.replaceAll('\r\n', '\n').split('\n\n');
            done({ status: Number(head.match(/^Status: (\d+)/im)?.[1] ?? 200), head, text: rest.join('\n\n') });
        });
    });
}
