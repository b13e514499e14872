import { expect, it } from 'vitest';
import { useSandbox } from '../harness/use-sandbox.ts';
import { newestSaid, says } from './answer-driver.ts';
import { givesAccess } from './end-dates-driver.ts';
import { BEN, letIn } from './leaving-driver.ts';
import { auditAll, asksForAna } from './onboarding-driver.ts';
import { formOf } from './sign-in-driver.ts';

const start = useSandbox();

it('Ben reads what he has, and reports his laptop lost from there', async () => {
  const sandbox = await start();
  letIn(sandbox, BEN);
  expect(await says(sandbox, 'ben', '/ocs-access whoami')).toMatchInlineSnapshot(`
    "# ✅ You have access
    You are ben.okafor@lanternhealth.example. The policy “Team access” of Open Chat Studio lets you in.
    • Your access has no end date.
    • You last signed in 2026-11-21 12:04 UTC.
    • You are asked for a new code every 8 h.
    • WARP itself asks you to sign in every 24 h.
    • You need a known computer, with WARP switched on.
    Your computers
    • ben.okafor-laptop · macOS · …7BEN, last seen 2026-11-21 12:04 UTC
    [Report a lost device]
    (No sign-in code? Type /ocs-access otp.)"
  `);
  expect(await auditAll(sandbox)).toEqual([]);
  await sandbox.slack.as('ben').clicks(newestSaid(sandbox, 'ben'), 'Report a lost device');
  expect(await formOf(sandbox, 'ben')).toContain('== Report a lost device ==');
});

it('Ben has no access, and asks for it from there', async () => {
  const sandbox = await start();
  expect(await says(sandbox, 'ben', '/ocs-access whoami')).toMatchInlineSnapshot(`
    "# ❌ You have no access
    You are ben.okafor@lanternhealth.example. No policy of Open Chat Studio lets you in.
    [Ask for access]
    (No sign-in code? Type /ocs-access otp.)"
  `);
  await sandbox.slack.as('ben').clicks(newestSaid(sandbox, 'ben'), 'Ask for access');
  expect(await formOf(sandbox, 'ben')).toContain('Pick them in Slack (optional): @ben');
});

it('Ana has asked, and reads that it waits', async () => {
  const sandbox = await start();
  await asksForAna(sandbox);
  expect(await says(sandbox, 'ana', '/ocs-access whoami')).toMatchInlineSnapshot(`
    "# ❌ You have no access
    You are ana.souza@lanternhealth.example. No policy of Open Chat Studio lets you in.
    Open requests
    🔔 REQ-0001 is waiting for approval: Give Ana Souza access with their device (serial number C02XK0AZJG5J).  [Details]
    [Ask for access]
    (No sign-in code? Type /ocs-access otp.)"
  `);
});

it('Ana reads until when, and asks for longer from there', async () => {
  const sandbox = await start();
  await givesAccess(sandbox, { duration: '30d' });
  expect(await says(sandbox, 'ana', '/ocs-access whoami')).toMatchInlineSnapshot(`
    "# ✅ You have access
    You are ana.souza@lanternhealth.example. The policy “Team access” of Open Chat Studio lets you in.
    • Your access ends 2026-11-21 12:04 UTC.
    • You have not signed in yet, as far as Cloudflare knows.
    • You are asked for a new code every 8 h.
    • WARP itself asks you to sign in every 24 h.
    • You need a known computer, with WARP switched on.
    Your computers
    • C02XK0AZJG5J: registered, not connected yet
    [Extend] [Report a lost device]
    (No sign-in code? Type /ocs-access otp.)"
  `);
  await sandbox.slack.as('ana').clicks(newestSaid(sandbox, 'ana'), 'Extend');
  expect(await formOf(sandbox, 'ana')).toContain('those who have access (optional): ana.souza@lanternhealth.example');
});

it.each([
  ['by the application', {}, ['every 8 h', 'every 24 h']],
  ['by the policy, which wins', { policySession: '4h' }, ['every 4 h', 'every 24 h']],
  ['by WARP, which replaces both', { authenticateViaWarp: true, policySession: '4h' }, ['for 24 h', 'every 24 h']],
  ['where no network session ends', { networkSession: 'none' }, ['every 8 h']],
])('Ben reads how long a sign-in lasts: %s', async (_how, cloudflare, lengths) => {
  const sandbox = await start({ cloudflare });
  letIn(sandbox, BEN);
  const text = await says(sandbox, 'ben', '/ocs-access whoami');
  expect(text.match(/(every|for) \d+ h/g)).toEqual(lengths);
  expect(text.includes('WARP signs you in, without a code')).toBe('authenticateViaWarp' in cloudflare);
});

it('Cloudflare is down or slow: the answer comes, and says what is missing', async () => {
  const sandbox = await start();
  const { faults } = sandbox.cloudflare;
  letIn(sandbox, BEN);
  faults.add({ status: 503, times: Infinity });
  expect(await says(sandbox, 'ben', '/ocs-access whoami')).toMatchInlineSnapshot(`
    "# ⚠️ Your access could not be read
    You are ben.okafor@lanternhealth.example.
    ⚠️ Missing: Your access and your devices. Cloudflare could not read the applications just now (GET access/apps, HTTP 503, error 10500, cf-ray 0a1b2c3d-FRA). Try again in a minute.
    ⚠️ Missing: When you last signed in. Cloudflare could not read the Access log just now (GET access/logs/access_requests, HTTP 503, error 10500, cf-ray 0a1b2c3d-FRA). Try again in a minute.
    (No sign-in code? Type /ocs-access otp.)"
  `);

  faults.clear();
  faults.add({ latencyMs: 10_000, times: Infinity });
  const began = performance.now();
  expect(await says(sandbox, 'ben', '/ocs-access whoami')).toMatchInlineSnapshot(`
    "# ⚠️ Your access could not be read
    You are ben.okafor@lanternhealth.example.
    ⚠️ Missing: Your access and your devices. Cloudflare does not answer. Try again in a minute.
    ⚠️ Missing: When you last signed in. Cloudflare does not answer. Try again in a minute.
    (No sign-in code? Type /ocs-access otp.)"
  `);
  expect(performance.now() - began).toBeLessThan(8_000);
}, 40_000);

it('is about oneself only, and not for guests', async () => {
  const sandbox = await start();
  expect([await says(sandbox, 'cara', '/ocs-access whoami @ben'), await says(sandbox, 'gus', '/ocs-access whoami')])
    .toMatchInlineSnapshot(`
    [
      "This shows your own access only: type /ocs-access whoami alone. Approvers check the sign-in of others with /ocs-access otp @ana.",
      "Guests of this workspace can’t use ocs-access. Ask a full member to do it.",
    ]
  `);
  expect(await says(sandbox, 'cara', '/ocs-access whoami @cara')).toContain('✅ You have access');
});
