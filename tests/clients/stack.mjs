// The running stack as the tests of this folder see it (variables of gatehouse.env, upstream.env, seed.env).
import { createHash } from 'node:crypto';
import { with_another_secret } from '../support/api_key.mjs';

function required(name) {
    const value = process.env[name];
    if (!value) throw new Error(`${name} is not set: run these tests with tests/clients/run, against a running stack`);
    return value;
}

export const stack = {
    url: required('GATEHOUSE_URL'),
    ca: required('GATEHOUSE_CA'),
    workspace: required('GATEHOUSE_WORKSPACE'),
    key: required('GATEHOUSE_API_KEY'),
    plain_key: required('SEED_PLAIN_KEY'),
    user_id: required('GATEHOUSE_USER_ID'),
    root: required('GATEHOUSE_ROOT'),
    upstream: required('UPSTREAM_URL'),
    service: required('SEED_SERVICE'),
    sealed_service: required('SEED_SEALED_SERVICE'),
    secret: required('SEED_SECRET'),
};

export const mcp_url = new URL(`/v1/${stack.workspace}`, stack.url);

export const secret_digest = createHash('sha256').update(`Bearer ${stack.secret}`).digest('hex');

/// A key of the right form, checksum included, that was never issued: only the look-up can tell.
export const wrong_key = with_another_secret(stack.key);

/// The outcome of a tool call as a value, whichever of the two forms the client hands out.
export function value_of(result) {
    if (result.structuredContent !== undefined) return result.structuredContent;
    return JSON.parse(result.content.find((item) => item.type === 'text').text);
}

export function text_of(result) {
    return result.content.map((item) => item.text ?? '').join('\n');
}

/// What the outside service saw, as it answered through call_service.
export function echoed(answer) {
    return answer.json ?? JSON.parse(answer.body);
}
