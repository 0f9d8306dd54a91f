// Bodies of 5 MiB as services answer them: { file name: text or Buffer }.
import { randomBytes } from 'node:crypto';

const least = 5 * 1024 * 1024 - 64 * 1024;

// The same each time: a generator of Lehmer's.
let seed = 42;
const below = (bound) => (seed = (seed * 48271) % 2147483647) % bound;
const letters = 'etaoinshrdlucmfwypvbgkjqxz';
const word = () => Array.from({ length: 1 + below(9) }, () => letters[below(26)]).join('');
const words = (count) => Array.from({ length: count }, word).join(' ');

function repeated(make, between = '') {
    const parts = [];
    for (let size = 0; size < least; size += parts.at(-1).length + between.length) parts.push(make());
    return parts.join(between);
}

const item = () => ({
    id: below(1e9),
    url: `https://api.example.com/repos/${word()}/${word()}`,
    title: `${words(8)} "${word()}"\n${words(4)}`,
    node_id: randomBytes(12).toString('base64'),
    created_at: '2026-01-02T03:04:05Z',
    open: true,
});
const paragraph = () => `<p class="${word()}">${words(12)} &amp; a&nbsp;b <a href="/x?q=%20${word()}&amp;y=1">${word()}</a></p>`;
const in_lines = (text, columns) => text.match(new RegExp(`.{1,${columns}}`, 'g')).join('\n');
const encoded = () => in_lines(randomBytes(Math.floor(least * 0.73)).toString('base64'), 76);

export function large_bodies() {
    return {
        'compact.json': `[${repeated(() => JSON.stringify(item()), ',')}]`,
        'pretty.json': `[\n${repeated(() => JSON.stringify(item(), null, 2), ',\n')}\n]`,
        'prose.txt': repeated(() => words(12), '\n'),
        'page.html': repeated(paragraph, '\n'),
        'numbers.txt': repeated(() => Array.from({ length: 6 }, () => below(1e9)).join(','), '\n'),
        'form.txt': repeated(() => `${word()}=${word()}%20${word()}%2F${word()}`, '&'),
        'encoded.txt': encoded(),
        'random.bin': randomBytes(least),
    };
}
