// oidc-provider with its store in memory: refresh with rotation, client credentials, ES256 access tokens (RFC 9068).
import { generateKeyPairSync } from 'node:crypto';
import { Provider } from 'oidc-provider';
import { serve } from './serve.mjs';

const resource = 'https://bench.example/mcp';
const scope = 'mcp.read mcp.write';
const key = { ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig' };

const rows = new Map();
class Memory {
    constructor(model) {
        this.model = model;
    }
    key(id) {
        return `${this.model}:${id}`;
    }
    async upsert(id, payload) {
        rows.set(this.key(id), payload);
    }
    async find(id) {
        return rows.get(this.key(id));
    }
    async consume(id) {
        rows.get(this.key(id)).consumed = Math.floor(Date.now() / 1000);
    }
    async destroy(id) {
        rows.delete(this.key(id));
    }
    async findByUid() {}
    async findByUserCode() {}
    async revokeByGrantId() {}
}

const provider = new Provider('https://bench.example', {
    adapter: Memory,
    jwks: { keys: [key] },
    clients: [
        { client_id: 'public', token_endpoint_auth_method: 'none', grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'], redirect_uris: ['https://client.example/callback'], id_token_signed_response_alg: 'ES256' },
        { client_id: 'alone', client_secret: 'bench-secret-0123456789-0123456789-0123456789', token_endpoint_auth_method: 'client_secret_basic', grant_types: ['client_credentials'], response_types: [], redirect_uris: [], id_token_signed_response_alg: 'ES256' },
    ],
    clientAuthMethods: ['none', 'client_secret_basic'],
    scopes: ['openid', 'offline_access', ...scope.split(' ')],
    rotateRefreshToken: true,
    findAccount: async (_, id) => ({ accountId: id, claims: async () => ({ sub: id }) }),
    features: {
        devInteractions: { enabled: false },
        clientCredentials: { enabled: true },
        resourceIndicators: {
            enabled: true,
            defaultResource: () => resource,
            useGrantedResource: () => true,
            getResourceServerInfo: () => ({ scope, audience: resource, accessTokenFormat: 'jwt', accessTokenTTL: 3600, jwt: { sign: { alg: 'ES256' } } }),
        },
    },
    ttl: { RefreshToken: 30 * 86400, Grant: 365 * 86400, ClientCredentials: 3600 },
});
provider.proxy = true;
const callback = provider.callback();

async function create_refresh_token() {
    const grant = new provider.Grant({ accountId: 'someone', clientId: 'public' });
    grant.addResourceScope(resource, scope);
    const grantId = await grant.save();
    const client = await provider.Client.find('public');
    return new provider.RefreshToken({ accountId: 'someone', client, grantId, scope, gty: 'authorization_code', resource, rotations: 0, iiat: Math.floor(Date.now() / 1000) }).save();
}

serve(async (request, response) => {
    const seeded = request.url.match(/^\/seed\/(\d+)$/);
    if (!seeded) {
        request.url = '/token';
        return callback(request, response);
    }
    const tokens = await Promise.all(Array.from({ length: Number(seeded[1]) }, create_refresh_token));
    response.setHeader('content-type', 'application/json').end(JSON.stringify(tokens));
});
