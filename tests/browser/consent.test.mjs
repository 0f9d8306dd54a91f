// The consent page as a person sees it: sizes, colours, without scripts, and what axe-core says.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { Browser, create_workspace, origin, person, register, request_of } from '../oauth/browser.mjs';
import { close, complaints, profile } from './chromium.mjs';

const pictures = join(process.env.VAR, 'pictures');
mkdirSync(pictures, { recursive: true });
after(close);

const cookies_of = (browser) => [...browser.cookies].map(([name, value]) => ({ name, value, url: origin, secure: true, httpOnly: true, sameSite: 'Lax' }));

async function opened(metadata, changes, workspace) {
    const visitor = await person(workspace);
    const page = await visitor.browser.open(request_of(await register(metadata), changes));
    return { ...visitor, url: origin + page.path };
}
const subjects = {
    consent: async () => {
        const subject = await opened({ client_name: 'Claude Code' }, { scope: 'mcp.read mcp.write vault.reveal admin' });
        await create_workspace(subject.user);
        return subject;
    },
    consent_at_web: () => opened({ client_name: 'An agent with quite a long name that has to be wrapped somewhere', redirect_uris: ['https://claude.ai/api/mcp/auth_callback'] }),
    no_workspace: () => opened({}, {}, null),
};

for (const [name, make] of Object.entries(subjects)) {
    describe(name, () => {
        for (const [size, viewport] of [['phone', { width: 375, height: 667 }], ['desktop', { width: 1280, height: 900 }]]) {
            for (const colorScheme of ['light', 'dark']) {
                test(`${size}, ${colorScheme}: fits the width, axe-core has nothing to say`, async () => {
                    const { browser, url } = await make();
                    const context = await profile({ viewport, colorScheme });
                    await context.addCookies(cookies_of(browser));
                    const page = await context.newPage();
                    const errors = [];
                    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
                    await page.goto(url);
                    await page.screenshot({ path: join(pictures, `${name}-${size}-${colorScheme}.png`), fullPage: true });
                    const bounds = await page.locator('main').boundingBox();
                    assert.ok(bounds.x >= 0 && bounds.x + bounds.width <= viewport.width);
                    assert.deepEqual(errors.filter((text) => !/40[0-9]/.test(text)), []);
                    assert.deepEqual(await complaints(url, cookies_of(browser), { viewport, colorScheme }), []);
                    await context.close();
                });
            }
        }
    });
}

test('the keyboard alone is enough, and nothing needs scripts', async () => {
    const { browser, url } = await subjects.consent();
    const context = await profile();
    await context.addCookies(cookies_of(browser));
    const page = await context.newPage();
    await page.goto(url);
    await page.getByRole('button', { name: 'Deny' }).focus();
    const answered = page.waitForRequest((request) => request.url().startsWith('http://127.0.0.1:7777/callback'));
    await page.keyboard.press('Enter');
    assert.match((await answered).url(), /error=access_denied/);
    await context.close();
});

test('error pages are pages like any', async () => {
    const context = await profile();
    const page = await context.newPage();
    await page.goto(`${origin}/oauth/authorize?client_id=cli_unknown`);
    await page.screenshot({ path: join(pictures, 'error.png') });
    assert.match(await page.textContent('main'), /Remove the connection/);
    assert.deepEqual(await complaints(page.url(), []), []);
    await context.close();
});
