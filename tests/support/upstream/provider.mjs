// A real OpenID provider for tests, on loopback: npm's oidc-provider with rotating refresh tokens. Whoever comes
// is signed in as "somebody" and has allowed everything. One client: gatehouse, with any callback of a stack here.
//
// /control/counts          grants given and refused so far, by type, as JSON
// /control/hold?ms=N       from now on a token request is answered N milliseconds after it was carried out
import { writeFileSync, renameSync } from 'node:fs';
import https from 'node:https';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Provider } from 'oidc-provider';

export const client = { id: 'gatehouse', secret: 'provider-client-secret-of-gatehouse' };

function configuration() {
    return {
        clients: [{
            client_id: client.id,
            client_secret: client.secret,
            grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
            response_types: ['code'],
            redirect_uris: ['https://localhost/connect/callback'],
            token_endpoint_auth_method: 'client_secret_basic',
        }],
        cookies: { keys: ['only for tests'] },
        features: {
            clientCredentials: { enabled: true },
            devInteractions: { enabled: false },
            revocation: { enabled: true },
        },
        findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
        interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
        pkce: { required: () => true },
        rotateRefreshToken: () => true,
        ttl: { AccessToken: 3600, ClientCredentials: 3600, Grant: 86400, RefreshToken: 86400, Session: 600, Interaction: 600 },
    };
}

/// Signs in and consents without asking.
async function interact(provider, request, response) {
    const { prompt, params, session } = await provider.interactionDetails(request, response);
    if (prompt.name === 'login')
        return provider.interactionFinished(request, response, { login: { accountId: 'somebody' } });
    const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
    grant.addOIDCScope(params.scope);
    const consent = { grantId: await grant.save() };
    return provider.interactionFinished(request, response, { consent }, { mergeWithLastSubmission: true });
}

function control(state, url, response) {
    if (url.pathname === '/control/hold') state.hold = Number(url.searchParams.get('ms'));
    const text = JSON.stringify(state.counts);
    response.writeHead(200, { 'content-type': 'application/json' }).end(text);
}

/// Writes its port to FOLDER/provider_port.
export function start_provider(credentials, folder, port) {
    const state = { hold: 0, counts: { success: {}, error: {} } };
    let handle;
    let provider;
    const server = https.createServer(credentials, (request, response) => {
        const url = new URL(request.url, 'https://localhost');
        if (url.pathname.startsWith('/control/')) return control(state, url, response);
        if (url.pathname.startsWith('/interaction/')) {
            return interact(provider, request, response).catch((error) => response.writeHead(500).end(String(error)));
        }
        return handle(request, response);
    });
    server.keepAliveTimeout = 60_000;
    server.listen(port, '127.0.0.1', () => {
        provider = new Provider(`https://localhost:${server.address().port}`, configuration());
        provider.Client.prototype.redirectUriAllowed = (uri) => /^https:\/\/localhost:\d+\/connect\/callback$/.test(uri);
        for (const outcome of ['success', 'error']) {
            provider.on(`grant.${outcome}`, (context) => {
                const type = context.oidc.params?.grant_type;
                state.counts[outcome][type] = (state.counts[outcome][type] ?? 0) + 1;
            });
        }
        provider.use(async (context, next) => {
            await next();
            if (context.path === '/token' && state.hold) await sleep(state.hold);
        });
        handle = provider.callback();
        writeFileSync(join(folder, 'provider_port.new'), String(server.address().port));
        renameSync(join(folder, 'provider_port.new'), join(folder, 'provider_port'));
    });
}
