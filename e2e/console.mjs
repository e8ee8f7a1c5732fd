// The console in a real browser: sign in with the one-time link, find the attack that
// was just sent, open it, open its session, deny the source, and see the next request
// blocked. No page may break the listener's policy. Screenshots of every page in both
// themes go to shots/ for a person to look at.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const check = (ok, what) => {
  if (!ok) throw new Error(`FAILED: ${what}`);
  console.log(`ok  ${what}`);
};

/** Send a request through the node and return its status and request id. */
const send = (base, path, headers = {}) => new Promise((resolve, reject) => {
  const url = new URL(base);
  const req = request({ host: url.hostname, port: url.port, path, headers: { Host: 'shop.example.com', 'User-Agent': 'e2e', ...headers } }, (res) => {
    res.resume();
    res.on('end', () => resolve({ status: res.statusCode, id: res.headers['x-request-id'] }));
  });
  req.on('error', reject);
  req.end();
});

const data = mkdtempSync(join(tmpdir(), 'weir-e2e-'));
const weir = spawn('../bin/weir', ['demo', '--data', data, '--listen', '127.0.0.1:0', '--manage', '127.0.0.1:0', '--rate', '1000'], { stdio: ['ignore', 'pipe', 'inherit'] });
const started = new Promise((resolve, reject) => {
  let out = '';
  weir.stdout.on('data', (d) => { out += d; if (out.includes('Still serving')) resolve(out); });
  weir.on('exit', (code) => reject(new Error(`weir demo ended with ${code}\n${out}`)));
});

let browser;
try {
  const out = await started;
  const link = out.match(/console\s+(\S+)/)[1];
  const traffic = out.match(/traffic\s+(\S+)\s+the node/)[1];
  const base = new URL(link).origin;
  const evil = { 'X-Forwarded-For': '203.0.113.250', Cookie: 'sid=e2e-session-0001' };
  const payload = "/search?q=1%27%20UNION%20SELECT%20username,password%20FROM%20users--%3Cscript%3Ealert(document.domain)%3C/script%3E";
  const hit = await send(traffic, payload, evil);
  check(hit.status === 403 && /^[0-9a-f]{32}$/.test(hit.id ?? ''), 'an attack is answered with 403 and a request id');
  check((await send(traffic, '/products/1001', evil)).status === 200, 'an ordinary request of the same source passes');

  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
  const context = await browser.newContext({ viewport: { width: 1360, height: 900 } });
  const page = await context.newPage();
  const complaints = [];
  page.on('console', (m) => { if (m.type() === 'error') complaints.push(m.text()); });
  page.on('pageerror', (e) => complaints.push(String(e)));
  page.on('dialog', (d) => { complaints.push(`dialog: ${d.message()}`); d.dismiss(); });
  page.on('request', (r) => { if (!r.url().startsWith(base) && !r.url().startsWith('data:')) complaints.push(`request to ${r.url()}`); });

  await page.goto(`${base}/attacks`);
  check(page.url().includes('/login'), 'strangers are sent to the sign-in page');
  await page.goto(link);
  await page.click('button:has-text("Sign in")');
  await page.waitForSelector('h1:has-text("Dashboard")');
  check(await page.locator('.tiles b').count() === 5, 'the link signs in and the dashboard shows its sums');
  const replay = await context.newPage();
  await replay.goto(link);
  await replay.click('button:has-text("Sign in")');
  check(await replay.locator('.problem').count() === 1, 'the link works once');
  await replay.close();
  complaints.length = 0; // the browser logs the 422 of the used link

  await page.click('nav >> text=Attacks');
  await page.fill('[data-search]', `request_id:${hit.id}`);
  await page.press('[data-search]', 'Enter');
  await page.waitForSelector('tbody tr');
  check(await page.locator('tbody tr').count() >= 1, 'the attack is found by its request id');
  await page.locator('[data-open]').first().click();
  await page.waitForSelector('.payload mark');
  check((await page.locator('.payload mark').first().textContent()).length > 5, 'the payload is highlighted');
  check(await page.locator('.stamps li').count() > 0, 'the hit says why it was one');
  await page.click(`a:has-text("Request ${hit.id}")`);
  await page.waitForSelector('#raw');
  check((await page.textContent('#raw')).includes('UNION'), 'the raw request is shown');
  await page.click('text=Explore the session');
  await page.waitForSelector('text=show all requests');
  check(await page.locator('tbody tr').count() === 1, 'the session opens filtered to the request');
  await page.click('text=show all requests');
  await page.waitForSelector('tbody tr');
  check(await page.locator('tbody tr').count() === 2, 'without the filter the whole session shows');
  await page.click('button:has-text("Add to denylist")');
  await page.waitForLoadState();
  await page.goto(`${base}/lists`);
  check(await page.locator('td:has-text("203.0.113.250/32")').count() === 1, 'the source is on the denylist');
  check((await send(traffic, '/products/1001', evil)).status === 403, 'its next request is blocked');
  await page.click('button:has-text("Remove")');
  await page.waitForSelector('text=No entries yet');
  check((await send(traffic, '/products/1001', evil)).status === 200, 'removed from the list it passes again');

  mkdirSync('shots', { recursive: true });
  await page.goto(`${base}/attacks?q=request_id:${hit.id}`);
  const attack = await page.locator('[data-open]').first().getAttribute('href');
  await page.goto(`${base}/sessions`);
  const session = await page.locator('[data-open]').first().getAttribute('href');
  const pages = { dashboard: '/', attacks: '/attacks', attack, sessions: '/sessions', session, request: `/requests/${hit.id}`, lists: '/lists', password: '/password' };
  for (const theme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme: theme });
    for (const [name, path] of Object.entries(pages)) {
      await page.goto(base + path);
      await page.screenshot({ path: `shots/${name}-${theme}.png`, fullPage: true });
    }
  }
  await page.goto(`${base}/`);
  await page.click('summary:has-text("Kill switch")');
  await page.click('button:has-text("Bypass inspection")');
  await page.waitForSelector('.bypass');
  check((await send(traffic, payload, { 'X-Forwarded-For': '203.0.113.251' })).status === 200, 'with the kill switch on an attack passes, and a banner says so');
  await page.screenshot({ path: 'shots/bypass-dark.png' });
  await page.click('button:has-text("Inspect again")');
  await page.waitForSelector('h1:has-text("Dashboard")');
  check(await page.locator('.bypass').count() === 0 && (await send(traffic, payload, { 'X-Forwarded-For': '203.0.113.251' })).status === 403, 'switched back it is blocked');
  await page.goto(`${base}/sessions?q=nosuchkey:1`);
  check(await page.locator('.problem').count() === 1, 'a mistake in a search is told');
  await page.click('text=Sign out');
  await page.waitForURL(/login/);
  await page.goto(`${base}/`);
  check(page.url().includes('/login'), 'signing out ends the session');
  check(complaints.length === 0, `no policy violation, script error, dialog or foreign request ${complaints.join(' | ')}`);
  console.log('e2e: all checks passed');
} finally {
  await browser?.close();
  weir.kill('SIGTERM');
  rmSync(data, { recursive: true, force: true });
}
