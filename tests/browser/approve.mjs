// What a person does in the browser: sign in and let a client in.
import { profile } from './chromium.mjs';

const { GATEHOUSE_EMAIL: email, GATEHOUSE_PASSWORD: password } = process.env;

/// Signs in, lets the client in, and returns where the browser was sent.
export async function approve(url) {
    const context = await profile();
    const page = await context.newPage();
    await page.goto(String(url));
    await page.getByLabel('Mail address').fill(email);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('heading', { name: /^Let .* in\?$/ }).waitFor();
    const sent = page.waitForRequest((each) => new URL(each.url()).pathname.endsWith('callback') && each.url().includes('code='));
    await page.getByRole('button', { name: 'Allow' }).click();
    const callback = new URL((await sent).url());
    await page.waitForLoadState().catch(() => {});
    await context.close();
    return callback;
}
