// The official SDK's clients, both generations, behind the interface of cases.mjs.

/// The methods of both Client classes are the same; prompts and completion differ in nothing but their types.
export function adapted(client) {
    return {
        client,
        list_tools: async () => (await client.listTools()).tools,
        call_tool: (name, arguments_) => client.callTool({ name, arguments: arguments_ }),
        list_resources: async () => (await client.listResources()).resources,
        read_resource: async (uri) => (await client.readResource({ uri })).contents,
        list_prompts: async () => (await client.listPrompts()).prompts,
        get_prompt: async (name, arguments_) => (await client.getPrompt({ name, arguments: arguments_ })).messages,
        complete: async (prompt, name, value) =>
            (await client.complete({ ref: { type: 'ref/prompt', name: prompt }, argument: { name, value } })).completion
                .values,
        close: () => client.close(),
    };
}

export function bearer(key) {
    return { requestInit: { headers: { Authorization: `Bearer ${key}` } } };
}

export const client_info = { name: 'gatehouse-tests', version: '1.0.0' };
