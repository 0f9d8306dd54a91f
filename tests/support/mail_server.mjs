// A mail server on loopback: mail_server.mjs FOLDER CERTIFICATE KEY USER PASSWORD. It speaks TLS (STARTTLS), lets nobody
// send who has not authenticated, puts the first mail off with 451, and keeps each further one in FOLDER/N.json. Its
// port stands in FOLDER/port; FOLDER/refused counts what it put off.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';

const [folder, certificate, key, user, password] = process.argv.slice(2);
let refused = 0;
let kept = 0;

const server = new SMTPServer({
    cert: readFileSync(certificate),
    key: readFileSync(key),
    onAuth: (auth, session, answer) => (auth.username === user && auth.password === password ? answer(null, { user }) : answer(new Error('wrong password'))),
    onMailFrom(address, session, answer) {
        if (refused > 0) return answer();
        writeFileSync(join(folder, 'refused'), String(++refused));
        answer(Object.assign(new Error('try again later'), { responseCode: 451 }));
    },
    onData(stream, session, answer) {
        let text = '';
        stream.on('data', (bytes) => (text += bytes)).on('end', () => {
            const { secure, user: sender, envelope } = session;
            writeFileSync(join(folder, `${++kept}.json`), JSON.stringify({ secure, sender, from: envelope.mailFrom.address, to: envelope.rcptTo.map(({ address }) => address), text }));
            answer();
        });
    },
});
server.on('error', (error) => console.error(`mail server: ${error.message}`));
server.listen(0, '127.0.0.1', () => writeFileSync(join(folder, 'port'), String(server.server.address().port)));
