// The conformance suite's authorization role: both scenarios against the running stack, consent clicked in Chromium.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { origin, register } from '../oauth/browser.mjs';
import { approve } from './approve.mjs';
import { close } from './chromium.mjs';

after(close);

async function free_port() {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((done) => server.once('listening', done));
    const { port } = server.address();
    await new Promise((done) => server.close(done));
    return port;
}

test('conformance authorization: metadata and the authorization code grant', { timeout: 280000 }, async () => {
    const port = await free_port();
    const client = await register({ client_name: 'Conformance', redirect_uris: [`http://127.0.0.1:${port}/callback`] });
    const program = join(process.env.GATEHOUSE_ROOT, 'tests/node/node_modules/@modelcontextprotocol/conformance/dist/index.js');
    const suite = spawn(process.execPath, [program, 'authorization', '--url', origin, '--client-id', client.client_id, '-p', String(port), '--verbose'], { env: { ...process.env, BROWSER: 'true', DISPLAY: '' } });
    let said = '';
    let asked;
    const listen = (bytes) => {
        said += bytes;
        const url = said.match(/https:\/\/localhost:\d+\/oauth\/authorize\?\S+/)?.[0];
        if (url && !asked) asked = approve(url);
    };
    suite.stdout.on('data', listen);
    suite.stderr.on('data', listen);
    const code = await new Promise((done) => suite.on('exit', done));
    await asked;
    assert.equal(code, 0, said);
    assert.ok(asked, `the grant was not tried: ${said}`);
    assert.doesNotMatch(said, /FAILURE|WARNING/);
});
