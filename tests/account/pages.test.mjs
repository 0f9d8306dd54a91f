// The account pages in headless Chromium: without scripts, at phone and desktop width, light and dark; axe finds nothing.
// SCREENSHOTS=folder keeps what was seen.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { chromium } from 'playwright-core';
import { done, sign_in, sql } from '../oauth/grants.mjs';
import { gatehouse } from '../support/api_key.mjs';
import { code_in, forget_attempts, fresh_email, mail_to, password, url } from './site.mjs';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const looks = [
    { name: 'phone_light', viewport: { width: 360, height: 740 }, colorScheme: 'light' },
    { name: 'phone_dark', viewport: { width: 360, height: 740 }, colorScheme: 'dark' },
    { name: 'desktop_light', viewport: { width: 1280, height: 900 }, colorScheme: 'light' },
    { name: 'desktop_dark', viewport: { width: 1280, height: 900 }, colorScheme: 'dark' },
];
const open_pages = ['/login', '/register', '/activate', '/activate/again', '/password/forgot', '/password/reset', '/logout', '/login/code', '/login/nowhere'];
const own_pages = ['/account', '/password/change', '/two-factor', '/account/email', '/account/email-code', '/account/unlink?issuer=https://accounts.provider.example', '/account/grants'];
// Colours and widths differ between the looks, texts and fields do not: all of them once, a few in each.
const few_pages = ['/login', '/login/nowhere', '/password/reset'];
const folder = process.env.SCREENSHOTS;

let browser;
before(async () => {
    forget_attempts();
    if (folder) mkdirSync(folder, { recursive: true });
    browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
});
after(async () => { await browser?.close(); forget_attempts(); await done(); });

const context_with = (options) => browser.newContext({ ignoreHTTPSErrors: true, ...options });

async function inspect(page, name) {
    const { scrollWidth, innerWidth } = await page.evaluate(() => ({ scrollWidth: document.documentElement.scrollWidth, innerWidth }));
    assert.ok(scrollWidth <= innerWidth, `${name} is wider than its window`);
    await page.addScriptTag({ path: axe });
    const { violations } = await page.evaluate(() => axe.run());
    assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), [], name);
    if (folder) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

/// Registers and confirms with the keyboard and mouse alone, scripts off. Returns what the browser keeps.
async function signed_in() {
    const context = await context_with({ javaScriptEnabled: false });
    const page = await context.newPage();
    const email = fresh_email();
    await page.goto(`${url}/register?continue=/two-factor`);
    await page.getByLabel('Name').fill('Ada Lovelace');
    await page.getByLabel('Mail address').fill(email);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.getByLabel('Code from the mail').fill(code_in(await mail_to(email, 'Your code for Gatehouse')));
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Confirm' }).click();
    assert.equal(new URL(page.url()).pathname, '/two-factor');
    await page.getByLabel('Your password').fill(password);
    await page.getByRole('button', { name: 'Begin' }).click();
    assert.ok(await page.getByRole('img', { name: /QR code/ }).isVisible());
    gatehouse('user', 'join', email);
    const user = `(SELECT id FROM account."user" WHERE email = '${email}')`;
    await sign_in({ user });
    await sign_in({ user, scopes: ['mcp.read', 'mcp.write', 'vault.reveal'] });
    await sql(`INSERT INTO account.identity (issuer, subject, user_id, email) VALUES ('https://accounts.provider.example', $1, ${user}, $1)`, [email]);
    const state = await context.storageState();
    await context.close();
    return { state, email };
}

describe('pages', () => {
    let person;
    before(async () => { person = await signed_in(); });
    for (const { name, ...look } of looks) {
        test(`are accessible: ${name}`, async () => {
            const context = await context_with({ ...look, bypassCSP: true });
            const page = await context.newPage();
            for (const path of name === looks[0].name ? open_pages : few_pages) {
                await page.goto(url + path);
                await inspect(page, `${name}${path.split('?')[0].replaceAll('/', '_')}`);
            }
            await page.goto(`${url}/login`);
            await page.getByLabel('Mail address').fill(`no${person.email}`);
            await page.getByLabel('Password').fill('wrong');
            await page.getByRole('button', { name: 'Sign in' }).click();
            assert.match(await page.getByRole('alert').textContent(), /wrong/);
            await inspect(page, `${name}_login_refused`);
            await context.close();
            const own = await context_with({ ...look, bypassCSP: true, storageState: person.state });
            const own_page = await own.newPage();
            for (const path of own_pages) {
                await own_page.goto(url + path);
                await inspect(own_page, `${name}${path.split('?')[0].replaceAll('/', '_')}`);
            }
            await own.close();
        });
    }
    test('load nothing that the policy forbids, and nothing of others', async () => {
        const context = await context_with({ storageState: person.state });
        const page = await context.newPage();
        const complaints = [];
        page.on('console', (message) => { if (message.type() === 'error') complaints.push(message.text()); });
        page.on('request', (request) => { if (!request.url().startsWith(url)) complaints.push(request.url()); });
        for (const path of [...own_pages, '/login']) await page.goto(url + path);
        assert.deepEqual(complaints, []);
        await context.close();
    });
    test('can be used with the keyboard alone', async () => {
        const context = await context_with({ javaScriptEnabled: false });
        const page = await context.newPage();
        await page.goto(`${url}/login`);
        await page.getByLabel('Mail address').focus();
        await page.keyboard.type(person.email);
        await page.keyboard.press('Tab');
        await page.keyboard.type(password);
        await page.keyboard.press('Enter');
        await page.waitForURL(`${url}/account`);
        await context.close();
    });
});
