// A bounded load of one request, and what became of every single one.
import { readFileSync } from 'node:fs';
import https from 'node:https';

const ca = readFileSync(process.env.GATEHOUSE_CA);

function ask(url, { method, headers, body }, agent) {
    return new Promise((resolve) => {
        const at = performance.now();
        const done = (outcome) => resolve({ at, until: performance.now(), ...outcome });
        const request = https.request(url, { method, headers, ca, agent, timeout: 20_000 }, (response) => {
            let text = '';
            response.setEncoding('utf8').on('data', (part) => (text += part));
            response.on('end', () => done({ status: response.statusCode, type: response.headers['content-type'] ?? '', text }));
            response.on('error', (error) => done({ status: 0, text: error.message }));
        });
        request.on('timeout', () => request.destroy(new Error('no answer within 20 s')));
        request.on('error', (error) => done({ status: 0, text: error.message }));
        request.end(body);
    });
}

export function is_served({ status, text }) {
    return status === 200 && !text.includes('"isError":true') && !text.includes('"error":{');
}

/// Starts `workers` loops that send the request until stop() is called, which resolves to all outcomes:
/// [{ at, until, status, text }]. Fresh connections unless kept is true; one that found its connection closed
/// before anything was answered on it counts as status 0.
export function start_load(url, request, { workers = 8, kept = true } = {}) {
    const agent = kept ? new https.Agent({ keepAlive: true, maxSockets: workers, ca }) : false;
    const outcomes = [];
    let stopped = false;
    const loop = async () => {
        while (!stopped) {
            outcomes.push(await ask(url, request, agent));
            await new Promise((resolve) => setTimeout(resolve, 2));
        }
    };
    const loops = Array.from({ length: workers }, loop);
    return {
        outcomes,
        stop: async () => {
            stopped = true;
            await Promise.all(loops);
            if (agent) agent.destroy();
            return outcomes;
        },
    };
}

export const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/// Polls until the condition holds; throws what `told` says when it does not within the time.
export async function until(condition, milliseconds, told) {
    const deadline = performance.now() + milliseconds;
    while (!condition()) {
        if (performance.now() > deadline) throw new Error(told());
        await pause(10);
    }
}
