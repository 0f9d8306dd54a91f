// Documents that a test publishes: PUT /documents/NAME with {status, headers, body} in JSON, then GET the same path;
// /documents/NAME?count says how often that was done, ?asked_with with which fields the last time.
const published = new Map();

export function documents({ request, response, url, body }) {
    if (request.method === 'PUT') {
        published.set(url.pathname, { count: published.get(url.pathname)?.count ?? 0, ...JSON.parse(body) });
        return response.writeHead(204).end();
    }
    const document = published.get(url.pathname);
    if (url.search === '?count') return response.end(String(document?.count ?? 0));
    if (url.search === '?asked_with') return response.end(JSON.stringify(document?.asked_with ?? {}));
    if (!document) return response.writeHead(404).end();
    document.count += 1;
    document.asked_with = request.headers;
    response.writeHead(document.status ?? 200, { 'content-type': 'application/json', ...document.headers });
    setTimeout(() => response.end(document.body), document.delay ?? 0);
}
