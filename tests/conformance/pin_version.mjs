// Loaded into the suite before it starts. Asked for 2025-06-18, the suite still offers its client's latest
// revision in `initialize`; this rewrites the offer to CONFORMANCE_PIN_VERSION, so that the handshake and
// everything after it is spoken in that revision. What was negotiated is appended to CONFORMANCE_PIN_LOG.
import { appendFileSync } from 'node:fs';

const pinned = process.env.CONFORMANCE_PIN_VERSION;
const log = process.env.CONFORMANCE_PIN_LOG;
const unpinned_fetch = globalThis.fetch;

function pinned_body(body) {
    if (typeof body !== 'string' || !body.includes('"initialize"')) return undefined;
    let message;
    try {
        message = JSON.parse(body);
    } catch {
        return undefined;
    }
    if (message?.method !== 'initialize' || !message.params?.protocolVersion) return undefined;
    message.params.protocolVersion = pinned;
    return JSON.stringify(message);
}

function negotiated_version(text) {
    return text.match(/"protocolVersion"\s*:\s*"([^"]*)"/)?.[1] ?? 'none';
}

globalThis.fetch = async (input, init) => {
    const body = pinned_body(init?.body);
    if (body === undefined) return unpinned_fetch(input, init);
    const response = await unpinned_fetch(input, { ...init, body });
    const copy = response.clone();
    const type = copy.headers.get('content-type') ?? '';
    if (type.startsWith('application/json')) {
        copy.text().then((text) => appendFileSync(log, `${negotiated_version(text)}\n`));
    } else {
        first_event(copy).then((text) => appendFileSync(log, `${negotiated_version(text)}\n`));
    }
    return response;
};

async function first_event(response) {
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of response.body) {
        text += decoder.decode(chunk, { stream: true });
        if (/^data: *\{/m.test(text)) break;
    }
    return text;
}
