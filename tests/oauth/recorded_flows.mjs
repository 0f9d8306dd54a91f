// How known clients go on after they have registered (section 2.2 of the checklist), by the names of their recorded
// registrations. What is not said here, they do as the TypeScript SDK does: the first redirect URI, the resource named
// everywhere, `client_id` in the body.
//
// redirect_uri  what they ask with, where it differs from what they registered
// scope         none is sent when it is left out; granted: what they are let do
// resource      false: not named in the authorization and token request
// by            how they authenticate, whatever they registered
// refresh       names: what the refresh request leaves out of `client_id` and `resource`; repeats: comes twice at once

const everything = 'mcp.read mcp.write vault.reveal admin';

export const recorded_flows = {
    Claude: { scope: 'mcp.read mcp.write', by: 'client_secret_post', registers: 2 },
    'Claude at its new host': { scope: 'mcp.read mcp.write offline_access', prompt: 'consent' },
    'Claude Code': { redirect_uri: 'http://localhost:61234/callback' },
    ChatGPT: { redirect_uri: 'https://chatgpt.com/connector/oauth/q1w2e3r4t5', scope: 'mcp.read', by: 'client_secret_post' },
    Cursor: { redirect_uri: 'cursor://anysphere.cursor-mcp/oauth/callback' },
    'VS Code': { redirect_uri: 'http://127.0.0.1:51987/', scope: everything },
    Codex: { redirect_uri: 'http://127.0.0.1:50123/callback/3f2a9c', scope: 'openid profile email', refresh: { without: ['resource'], repeats: 4 } },
    'Copilot CLI': { redirect_uri: 'http://127.0.0.1:60111/', scope: 'mcp.read mcp.write' },
    'mcp-remote': { redirect_uri: 'http://localhost:9876/oauth/callback', scope: 'openid email profile' },
    Inspector: { refresh: { repeats: 2 } },
    'Inspector on the command line': { resource: false },
    opencode: { resource: false, refresh: { without: ['client_id', 'resource'] } },
    'LM Studio': {},
};
