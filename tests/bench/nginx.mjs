// The nginx beside Gatehouse's: the same binary and TLS settings in front of the constants and the Node peers,
// and another one as the outside service that call_service calls.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const kept_connections = 128;

function upstream(name, socket) {
    return `upstream ${name} {
        server unix:${socket};
        keepalive ${kept_connections};
        keepalive_requests 10000000;
        keepalive_timeout 300s;
    }`;
}

function constant_location(path, body) {
    return `location = ${path} { default_type application/json; return 200 '${body.replace(/[\\']/g, '\\$&')}'; }`;
}

function fastcgi_location(name) {
    return `location = /${name} {
        fastcgi_pass ${name};
        fastcgi_keep_conn on;
        fastcgi_param REQUEST_METHOD $request_method;
        fastcgi_param REQUEST_URI $request_uri;
        fastcgi_param CONTENT_TYPE $content_type;
        fastcgi_param CONTENT_LENGTH $content_length;
        fastcgi_param SERVER_PROTOCOL $server_protocol;
    }`;
}

function node_location(name) {
    return `location = /${name} { proxy_pass http://${name}; proxy_http_version 1.1; proxy_set_header Connection ""; }`;
}

function configuration({ folder, port, certificate, key, tls, locations, upstreams }) {
    return `daemon off;
worker_processes auto;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log warn;
events { worker_connections 1024; }
http {
    access_log off;
    client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
    uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
    client_body_buffer_size 64k;
    keepalive_requests 10000000;
    keepalive_timeout 300s;
    ${upstreams.join('\n    ')}
    server {
        listen 127.0.0.1:${port} ssl backlog=1024;
        ssl_certificate ${certificate};
        ssl_certificate_key ${key};
        ${tls && existsSync(tls) ? `include ${tls};` : 'ssl_protocols TLSv1.2 TLSv1.3;'}
        ${locations.join('\n        ')}
        location / { return 404; }
    }
}
`;
}

function start(options) {
    const { folder } = options;
    mkdirSync(folder, { recursive: true });
    const file = join(folder, 'nginx.conf');
    writeFileSync(file, configuration(options));
    const command = ['-p', folder, '-e', join(folder, 'error.log'), '-c', file];
    const checked = spawnSync('nginx', [...command, '-t', '-q'], { encoding: 'utf8' });
    if (checked.status !== 0) throw new Error(`nginx refuses the configuration of the bench: ${checked.stderr}`);
    return spawn('nginx', command, { stdio: 'inherit' });
}

/// One server in front of: /constant, /NAME for each FastCGI and each Node peer ({ name: socket }).
export function start_peers_nginx({ fastcgi, node, body, ...options }) {
    const upstreams = Object.entries({ ...fastcgi, ...node }).map(([name, socket]) => upstream(name, socket));
    const locations = [
        constant_location('/constant', body),
        ...Object.keys(fastcgi).map(fastcgi_location),
        ...Object.keys(node).map(node_location),
    ];
    return start({ ...options, locations, upstreams });
}

// Limits that no run reaches, told with every answer.
const limited = (location) => location.replace('return 200', `add_header X-RateLimit-Limit 1000000000;
        add_header X-RateLimit-Remaining 999999999; add_header X-RateLimit-Reset 3600; return 200`);

/// The outside service: /thing answers the body, /limited tells limits too, /large/NAME a file of that folder.
export function start_outside_nginx({ body, large, ...options }) {
    const locations = [constant_location('/thing', body), limited(constant_location('/limited', body))];
    if (large) locations.push(`location /large/ { alias ${large}/; types { application/json json; text/html html; application/octet-stream bin; } default_type text/plain; }`);
    return start({ ...options, locations, upstreams: [] });
}
