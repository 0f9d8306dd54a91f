// What known clients send to a registration endpoint, after their own published requests and reports about them.
const code = { grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'] };

export const recorded_registrations = {
    Claude: { client_name: 'Claude', ...code, token_endpoint_auth_method: 'client_secret_post', scope: 'mcp.read mcp.write', redirect_uris: ['https://claude.ai/api/mcp/auth_callback'] },
    'Claude at its new host': { client_name: 'Claude', ...code, token_endpoint_auth_method: 'none', redirect_uris: ['https://claude.com/api/mcp/auth_callback'] },
    'Claude Code': { client_name: 'Claude Code (gatehouse)', redirect_uris: ['http://localhost:54545/callback'], ...code, token_endpoint_auth_method: 'none', scope: 'mcp.read offline_access' },
    ChatGPT: { client_name: 'ChatGPT', redirect_uris: ['https://chatgpt.com/connector/oauth/q1w2e3r4t5', 'https://chatgpt.com/connector_platform_oauth_redirect'], ...code, token_endpoint_auth_method: 'client_secret_post' },
    Cursor: { client_name: 'Cursor', redirect_uris: ['cursor://anysphere.cursor-mcp/oauth/callback', 'https://www.cursor.com/agents/mcp/oauth/callback', 'http://localhost:8787/callback'], ...code, token_endpoint_auth_method: 'none', application_type: 'web' },
    'VS Code': { client_name: 'Visual Studio Code', client_uri: 'https://code.visualstudio.com', grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'], response_types: ['code'], redirect_uris: ['https://insiders.vscode.dev/redirect', 'https://vscode.dev/redirect', 'http://127.0.0.1/', 'http://127.0.0.1:33418/'], token_endpoint_auth_method: 'none', application_type: 'native' },
    Codex: { client_name: 'Codex', redirect_uris: ['http://127.0.0.1:1455/callback/3f2a9c'], ...code, token_endpoint_auth_method: 'none' },
    'Copilot CLI': { client_name: 'GitHub Copilot CLI', redirect_uris: ['http://127.0.0.1:33418/'], ...code, token_endpoint_auth_method: 'none', application_type: 'native' },
    'mcp-remote': { client_name: 'MCP CLI Proxy', client_uri: 'https://github.com/modelcontextprotocol/mcp-cli', redirect_uris: ['http://localhost:3334/oauth/callback'], ...code, token_endpoint_auth_method: 'none', software_id: '2e6dc280-f3c3-4e01-99a7-8181dbd1d23d', software_version: '0.15.1' },
    Inspector: { client_name: 'MCP Inspector', client_uri: 'https://github.com/modelcontextprotocol/inspector', redirect_uris: ['http://localhost:6274/oauth/callback'], ...code, token_endpoint_auth_method: 'none', scope: '' },
    'Inspector on the command line': { client_name: 'MCP Inspector', redirect_uris: ['http://127.0.0.1:6276/oauth/callback'], ...code, token_endpoint_auth_method: 'none' },
    opencode: { client_name: 'OpenCode', client_uri: 'https://opencode.ai', redirect_uris: ['http://127.0.0.1:19876/mcp/oauth/callback'], ...code, token_endpoint_auth_method: 'none' },
    'LM Studio': { client_name: 'LM Studio', redirect_uris: ['http://127.0.0.1:33389/callback'], token_endpoint_auth_method: 'none', grant_types: null },
};
