// `gatehouse doctor`: says that all is well, and when something is broken, what and how to mend it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { arrange, origin } from './browser.mjs';
import { done, sign_in, until } from './grants.mjs';

const { VAR: folder, GATEHOUSE_CA: ca } = process.env;
const program = join(process.env.GATEHOUSE_BIN ?? join(process.env.GATEHOUSE_ROOT, 'build/bin'), 'gatehouse');
const configuration = readFileSync(join(folder, 'gatehouse.toml'), 'utf8');

after(done);

function doctor(change = (text) => text, options = ['--ca', ca]) {
    const file = join(folder, 'doctor.toml');
    writeFileSync(file, change(configuration));
    const { status, stdout, stderr } = spawnSync(program, ['--config', file, 'doctor', ...options], { encoding: 'utf8', env: { PATH: process.env.PATH } });
    const lines = stdout.trim().split('\n');
    return { status, stdout, stderr, failed: lines.filter((line) => line.startsWith('FAIL')), well: lines.filter((line) => line.startsWith('ok')) };
}
function reports(examined, subject, fix) {
    assert.equal(examined.status, 1, examined.stdout);
    const line = examined.failed.find((each) => subject.test(each));
    assert.ok(line, examined.stdout + examined.stderr);
    assert.match(line, fix);
    assert.match(line, /; fix: .+/);
}

test('an installation that works is well', () => {
    const examined = doctor();
    assert.deepEqual(examined.failed, []);
    assert.equal(examined.status, 0);
    for (const subject of ['TLS', 'clock', 'discovery /.well-known/oauth-authorization-server', 'CORS /oauth/register', 'challenge of /mcp', 'POST /mcp', 'database role gatehouse_mcp', 'key file keys.vault']) assert.ok(examined.well.some((line) => line.includes(subject)), subject);
});
test('a certificate that no client trusts', () => reports(doctor(undefined, []), /TLS/, /renew|chain|--ca/));
test('nobody at the port', () => reports(doctor((text) => text.replace(/public_url = .*/, 'public_url = "https://localhost:1"')), /TLS/, /start nginx/));
test('another issuer than the URL', () => reports(doctor((text) => text.replace(/public_url = .*/, `public_url = "${origin.replace('localhost', '127.0.0.1')}"`)), /discovery.*issuer/, /public_url/));
test('a key file that others can read, and one that is missing', () => {
    const open = join(folder, 'open.key');
    writeFileSync(open, 'x');
    chmodSync(open, 0o644);
    reports(doctor((text) => text.replace(/^vault = .*/m, `vault = "${open}"`)), /keys\.vault.*read by others/, /chmod 0600/);
    reports(doctor((text) => text.replace(/^vault = .*/m, 'vault = "/nowhere/vault"')), /keys\.vault.*not there/, /key-file create/);
});
test('keys.signing that others can read, and that is too old', () => {
    const file = join(folder, 'signing.key');
    writeFileSync(file, 'x');
    chmodSync(file, 0o640);
    const examined = (age) => {
        utimesSync(file, new Date(), new Date(Date.now() - age * 86400e3));
        return doctor((text) => text.replace(/^signing = .*/m, `signing = "${file}"`));
    };
    reports(examined(0), /keys\.signing.*read by others/, /chmod 0600/);
    chmodSync(file, 0o600);
    reports(examined(800), /keys\.signing.*800 days old/, /new key.*before/);
    assert.ok(examined(100).well.some((line) => /keys\.signing.*100 days old/.test(line)));
});
test('signing keys that are no longer replaced', async () => {
    await sign_in();
    const impatient = (text) => `${text.replace(/^\[oauth\]\n([^[\n]*\n)*/m, '')}\n[oauth]\nsigning_period = 2\nsigning_lead = 1\n`;
    let examined;
    await until(() => (examined = doctor(impatient)).failed.length > 0, 10000, 'an old key is not reported');
    reports(examined, /signing key: is \d+ days old/, /log of oauth_token/);
});
test('mail that goes nowhere', async () => {
    reports(doctor((text) => text.replace(/\[mail\][^[]*/, '[mail]\nfrom = "a@example.com"\nsmtp = "smtp://127.0.0.1:1"\n\n')), /mail: nothing answers/, /mail\.smtp/);
    reports(doctor((text) => text.replace(/\[mail\][^[]*/, '[mail]\nfolder = "/nowhere"\n\n')), /mail.*not there/, /make the folder/);
});
describe('database roles', () => {
    const with_role = async (attribute, check) => {
        await arrange(`ALTER ROLE gatehouse_metadata ${attribute}`);
        try {
            check();
        } finally {
            await arrange(`ALTER ROLE gatehouse_metadata ${attribute.startsWith('NO') ? attribute.slice(2) : `NO${attribute}`}`);
        }
    };
    test('that bypass row security', () => with_role('BYPASSRLS', () => reports(doctor(), /gatehouse_metadata.*more than it needs/, /NOBYPASSRLS/)));
    test('that cannot log in', () => with_role('NOLOGIN', () => reports(doctor(), /gatehouse_metadata.*cannot log in/, /ALTER ROLE gatehouse_metadata LOGIN/)));
    test('that may act as the owner', async () => {
        await arrange('GRANT gatehouse_owner TO gatehouse_metadata');
        try {
            reports(doctor(), /ownership/, /REVOKE gatehouse_owner FROM gatehouse_metadata/);
        } finally {
            await arrange('REVOKE gatehouse_owner FROM gatehouse_metadata');
        }
    });
    test('a database that is not there', () => reports(doctor((text) => text.replace(/^host = .*/m, 'host = "/nowhere"')), /database/, /start PostgreSQL/));
});
describe('a site that answers otherwise', () => {
    // In front of nothing: whatever a careless proxy may do.
    
    let server;
    const ours = async () => {
        server ??= await new Promise((done) => {
            const made = createServer({ key: readFileSync(join(process.env.UPSTREAM_CA, '../key.pem')), cert: readFileSync(join(process.env.UPSTREAM_CA, '../cert.pem')) }, (request, response) => {
                response.setHeader('Date', new Date(Date.now() + 3600e3).toUTCString());
                if (request.method === 'POST') return response.writeHead(301, { Location: `${request.url}/` }).end();
                if (request.url === '/healthz') return response.end('{}');
                response.writeHead(200, { 'Content-Type': 'text/html', 'Access-Control-Allow-Origin': '*' }).end('<html>');
            }).listen(0, '127.0.0.1', () => done(made));
        });
        return server;
    };
    after(() => server?.close());
    test('its clock, its pages in place of documents, its redirects and its sharing are all reported', async () => {
        const { port } = (await ours()).address();
        const { spawn } = await import('node:child_process');
        const file = join(folder, 'doctor.toml');
        writeFileSync(file, configuration.replace(/public_url = .*/, `public_url = "https://localhost:${port}"`));
        const child = spawn(program, ['--config', file, 'doctor', '--ca', process.env.UPSTREAM_CA], { env: { PATH: process.env.PATH } });
        let stdout = '';
        child.stdout.on('data', (bytes) => (stdout += bytes));
        const status = await new Promise((done) => child.on('exit', done));
        const examined = { status, stdout, stderr: '', failed: stdout.split('\n').filter((line) => line.startsWith('FAIL')) };
        reports(examined, /clock.*3600/, /time service/);
        reports(examined, /discovery \/\.well-known\/oauth-authorization-server:.*not application\/json/, /no other location/);
        reports(examined, /unknown discovery path/, /nothing but Gatehouse/);
        reports(examined, /CORS \/oauth\/authorize/, /no CORS fields/);
        reports(examined, /challenge of \/mcp/, /WWW-Authenticate/);
        reports(examined, /POST \/oauth\/token: is redirected/, /location = \/oauth\/token/);
    });
});
