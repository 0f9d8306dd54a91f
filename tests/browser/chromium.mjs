// A headless Chromium at the running stack, whose authority it does not know.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

const require = createRequire(import.meta.url);
const axe_source = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

let started;

export async function browser() {
    started ??= chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] });
    return started;
}
export async function close() {
    await (await started)?.close();
}

/// A fresh profile; scripts of pages do not run unless asked for.
export async function profile(options = {}) {
    return (await browser()).newContext({ ignoreHTTPSErrors: true, javaScriptEnabled: false, viewport: { width: 1280, height: 900 }, ...options });
}

/// What axe-core complains about on a page, in a profile in which scripts may run and the policy is set aside.
export async function complaints(url, cookies, options = {}) {
    const context = await profile({ javaScriptEnabled: true, bypassCSP: true, ...options });
    await context.addCookies(cookies);
    const page = await context.newPage();
    await page.goto(url);
    await page.evaluate(axe_source);
    const { violations } = await page.evaluate(() => globalThis.axe.run());
    await context.close();
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}
