// API keys as text: ghk_<26 characters of its id>_<43 of its secret><6 of a checksum, CRC-32 in base 62>.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const checksum_length = 6;

export function with_checksum(text) {
    let checksum = '';
    for (let rest = crc32(text), i = 0; i < checksum_length; ++i, rest = Math.floor(rest / 62)) checksum = digits[rest % 62] + checksum;
    return text + checksum;
}

/// A key like the given one that was never issued: its form and its checksum are right, its secret is not.
export function with_another_secret(key) {
    const text = key.slice(0, -checksum_length);
    return with_checksum(text.slice(0, -1) + (text.endsWith('0') ? '1' : '0'));
}

/// The gatehouse command of the running stack; its standard output.
export function gatehouse(...arguments_) {
    const { VAR, GATEHOUSE_ROOT: root, GATEHOUSE_WORKSPACE: workspace, GATEHOUSE_BIN, BUILD } = process.env;
    const program = join(GATEHOUSE_BIN ?? join(BUILD ?? join(root, 'build'), 'bin'), 'gatehouse');
    const settings = ['--config', join(VAR, 'gatehouse.toml'), '--workspace', workspace];
    return execFileSync(program, [...settings, ...arguments_], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}

/// A new key of the stack's user, and its id for the command line.
export function create_key(name, ...scopes) {
    const key = gatehouse('key', 'create', name, '--user', process.env.GATEHOUSE_EMAIL, ...scopes.flatMap((scope) => ['--scope', scope]));
    return { key, id: `key_${key.slice(4, 30)}` };
}
