// Complete flows of real clients: challenge, discovery, registration or metadata document, sign-in and consent clicked
// in a headless Chromium, code, token, MCP call, refresh.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { request } from 'node:https';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import * as client_2 from '@modelcontextprotocol/client';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import { origin } from '../oauth/browser.mjs';
import { approve } from './approve.mjs';
import { close } from './chromium.mjs';

const { GATEHOUSE_WORKSPACE: workspace, GATEHOUSE_ROOT: root } = process.env;
after(close);

/// A program on this computer that waits for its answer.
async function listening() {
    const server = createServer((_, response) => response.end('You can close this window.')).listen(0, '127.0.0.1');
    await new Promise((done) => server.once('listening', done));
    after(() => server.close());
    return `http://127.0.0.1:${server.address().port}/callback`;
}

class Memory {
    constructor(redirect_uri, document) {
        this.redirectUrl = redirect_uri;
        this.clientMetadataUrl = document;
    }
    get clientMetadata() {
        return { client_name: 'Flow', redirect_uris: [this.redirectUrl], grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'], token_endpoint_auth_method: 'none' };
    }
    state = () => 'a state';
    clientInformation = () => this.information;
    saveClientInformation = (information) => void (this.information = information);
    tokens = () => this.saved;
    saveTokens = (tokens) => void (this.saved = tokens);
    redirectToAuthorization = (url) => void (this.url = url);
    saveCodeVerifier = (verifier) => void (this.verifier = verifier);
    codeVerifier = () => this.verifier;
    invalidateCredentials = () => void (this.saved = undefined);
}

async function publish(redirect_uri) {
    const url = `${process.env.UPSTREAM_URL}/documents/flow-${Date.now()}-${Math.random()}/client.json`;
    const document = { client_id: url, client_name: 'Document flow', redirect_uris: [redirect_uri], grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'], token_endpoint_auth_method: 'none' };
    await new Promise((done, fail) => {
        const sent = request(url, { method: 'PUT', ca: readFileSync(process.env.UPSTREAM_CA) }, (answer) => answer.resume().on('end', done));
        sent.on('error', fail).end(JSON.stringify({ body: JSON.stringify(document) }));
    });
    return url;
}

/// The official SDK's flow, the same in both generations.
async function sdk_flow(path, provider, make_client, make_transport) {
    const url = new URL(origin + path);
    const first = make_transport(url, provider);
    await assert.rejects(make_client().connect(first));
    assert.ok(provider.url, 'the client wants the browser to open a page');
    const callback = await approve(provider.url);
    assert.equal(callback.searchParams.get('state'), 'a state');
    await first.finishAuth(callback.searchParams.get('code'), callback.searchParams.get('iss') ?? undefined);
    const client = make_client();
    await client.connect(make_transport(url, provider));
    const { tools } = await client.listTools();
    assert.ok(tools.some(({ name }) => name === 'list_services'));
    const former = provider.saved;
    assert.ok(former.refresh_token && former.scope);
    await client.close();
    provider.saved = { ...former, access_token: 'expired' };
    const again = make_client();
    await again.connect(make_transport(url, provider));
    assert.notEqual(provider.saved.access_token, 'expired', 'it refreshed by itself');
    await again.close();
}

describe('@modelcontextprotocol/sdk 1', () => {
    const make_client = () => new Client({ name: 'flow', version: '1' });
    const make_transport = (url, authProvider) => new StreamableHTTPClientTransport(url, { authProvider });
    test('registers itself', async () => {
        const provider = new Memory(await listening());
        await sdk_flow('/mcp', provider, make_client, make_transport);
        assert.match(provider.information.client_id, /^cli_/);
    });
    test('comes with a metadata document', async () => {
        const redirect_uri = await listening();
        const provider = new Memory(redirect_uri, await publish(redirect_uri));
        await sdk_flow(`/v1/${workspace}`, provider, make_client, make_transport);
        assert.equal(provider.information.client_id, provider.clientMetadataUrl);
    });
});
describe('@modelcontextprotocol/client 2', () => {
    const make_client = () => new client_2.Client({ name: 'flow', version: '2' });
    const make_transport = (url, authProvider) => new client_2.StreamableHTTPClientTransport(url, { authProvider });
    test('registers itself', async () => {
        const provider = new Memory(await listening());
        await sdk_flow(`/v1/${workspace}`, provider, make_client, make_transport);
        assert.match(provider.information.client_id, /^cli_/);
    });
    test('comes with a metadata document', async () => {
        const redirect_uri = await listening();
        const provider = new Memory(redirect_uri, await publish(redirect_uri));
        await sdk_flow('/mcp', provider, make_client, make_transport);
        assert.equal(provider.information.client_id, provider.clientMetadataUrl);
    });
});

test('mcp-remote', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mcp-remote-'));
    const program = spawn(process.execPath, [join(root, 'tests/node/node_modules/mcp-remote/dist/proxy.js'), `${origin}/mcp`], { env: { ...process.env, MCP_REMOTE_CONFIG_DIR: folder, BROWSER: 'true', DISPLAY: '' }, stdio: ['pipe', 'pipe', 'pipe'] });
    after(() => program.kill());
    let said = '';
    let answers = '';
    const until = (find) => new Promise((done, fail) => {
        const timer = setTimeout(() => fail(new Error(`mcp-remote said: ${said.slice(-2000)} ${answers}`)), 90000);
        const look = () => {
            const found = find();
            if (found) (clearTimeout(timer), clearInterval(polling), done(found));
        };
        const polling = setInterval(look, 100);
    });
    program.stderr.on('data', (bytes) => (said += bytes));
    program.stdout.on('data', (bytes) => (answers += bytes));
    const url = await until(() => said.match(/https:\/\/localhost:\d+\/oauth\/authorize\?\S+/)?.[0]);
    await approve(url);
    program.stdin.write(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'flow', version: '1' } } }) + '\n');
    await until(() => answers.includes('"id":1'));
    program.stdin.write(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }) + '\n' + JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'tools/list' }) + '\n');
    await until(() => answers.includes('list_services'));
});

test('oauth4webapi', async () => {
    const issuer = new URL(origin);
    const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { algorithm: 'oauth2' }));
    const redirect_uri = await listening();
    const client = await oauth.processDynamicClientRegistrationResponse(await oauth.dynamicClientRegistrationRequest(server, { client_name: 'oauth4webapi', redirect_uris: [redirect_uri], grant_types: ['authorization_code', 'refresh_token'], token_endpoint_auth_method: 'client_secret_basic' }));
    const verifier = oauth.generateRandomCodeVerifier();
    const state = oauth.generateRandomState();
    const url = new URL(server.authorization_endpoint);
    url.search = new URLSearchParams({ client_id: client.client_id, redirect_uri, response_type: 'code', scope: 'mcp.read', code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256', state, resource: `${origin}/mcp` });
    const parameters = oauth.validateAuthResponse(server, client, await approve(url), state);
    const authentication = oauth.ClientSecretBasic(client.client_secret);
    const tokens = await oauth.processAuthorizationCodeResponse(server, client, await oauth.authorizationCodeGrantRequest(server, client, authentication, parameters, redirect_uri, verifier));
    assert.equal(tokens.scope, 'mcp.read');
    const renewed = await oauth.processRefreshTokenResponse(server, client, await oauth.refreshTokenGrantRequest(server, client, authentication, tokens.refresh_token));
    assert.notEqual(renewed.refresh_token, tokens.refresh_token);
});

test('openid-client', async () => {
    const redirect_uri = await listening();
    const config = await openid.dynamicClientRegistration(new URL(origin), { client_name: 'openid-client', redirect_uris: [redirect_uri], grant_types: ['authorization_code', 'refresh_token'], token_endpoint_auth_method: 'client_secret_post' });
    const verifier = openid.randomPKCECodeVerifier();
    const state = openid.randomState();
    const url = openid.buildAuthorizationUrl(config, { redirect_uri, scope: 'mcp.read mcp.write', code_challenge: await openid.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256', state });
    const tokens = await openid.authorizationCodeGrant(config, await approve(url), { pkceCodeVerifier: verifier, expectedState: state });
    assert.equal(tokens.token_type, 'bearer');
    assert.ok((await openid.refreshTokenGrant(config, tokens.refresh_token)).access_token);
});
