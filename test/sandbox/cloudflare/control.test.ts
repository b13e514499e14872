import { afterEach, beforeEach, expect, it } from 'vitest';
import type { CloudflareSandbox } from '../../../sandbox/cloudflare/server.ts';
import { startCloudflare } from '../../../sandbox/cloudflare/server.ts';
import { clientFor, refusal } from './client.ts';

let cf: CloudflareSandbox;
beforeEach(async () => {
  cf = await startCloudflare();
});
afterEach(() => cf.stop());

async function control(method: string, path: string, body?: object): Promise<{ status: number; body: unknown }> {
  const url = cf.url.replace('/client/v4', `/_sandbox/${path}`);
  const answer = await fetch(url, body === undefined ? { method } : { method, body: JSON.stringify(body) });
  return { status: answer.status, body: await answer.json() };
}

const groups = () => clientFor(cf).zeroTrust.access.groups.list({ account_id: cf.accountId });

it('shows the account in words', async () => {
  const { body } = await control('GET', 'state');

  const { apps } = body as {
    apps: { name: string; policies: { name: string; include: string[]; require: string[] }[] }[];
  };
  const [policy] = apps.find((app) => app.name === 'Open Chat Studio')?.policies ?? [];
  expect(policy).toMatchObject({ name: 'Team access', require: ['device check "Lantern laptop"'] });
  expect(policy?.include).toContain('amina.diallo@lanternhealth.example');
});

it('plants faults, lists them and clears them', async () => {
  await control('POST', 'faults', { method: 'GET', path: '/access\\/gr.ups/', times: 'always', status: 503 });

  expect(await refusal(groups())).toMatchObject({ status: 503 });
  expect((await control('GET', 'faults')).body).toMatchObject([{ path: '/access\\/gr.ups/', hits: 1, status: 503 }]);
  await control('DELETE', 'faults');
  await expect(groups()).resolves.toBeDefined();
});

it('shows the calls, but not its own', async () => {
  await groups();

  expect((await control('GET', 'calls')).body).toMatchObject([{ method: 'GET', status: 200 }]);
  await control('DELETE', 'calls');
  expect((await control('GET', 'calls')).body).toEqual([]);
});

it('makes edits and lets people in', async () => {
  const email = 'ines.silva@lanternhealth.example';
  await control('POST', 'edit/addPerson', { email });
  await control('POST', 'edit/editPolicy', { require: [] });

  const { body } = await control('GET', `admission?email=${email}`);

  expect(body).toEqual({
    admitted: true,
    because: 'policy "Team access" (allow)',
    couldEnrol: false,
    hasSession: false,
  });
  expect((await control('POST', 'edit/login', { email })).body).toEqual({ ok: true, result: true });
});

it('turns quirks and latency, and resets', async () => {
  expect((await control('PATCH', 'quirks', { listLimit: 5000 })).body).toMatchObject({ listLimit: 5000 });
  expect((await control('PATCH', 'quirks', { nonsense: 1 })).status).toBe(400);
  expect((await control('POST', 'latency', { ms: 'long' })).status).toBe(400);
  await control('POST', 'latency', { ms: 30 });
  await groups();
  expect(cf.calls[0]?.ms).toBeGreaterThanOrEqual(29);

  await control('POST', 'reset', { people: 3 });

  expect([cf.account.emails().length, cf.quirks.listLimit]).toEqual([3, 1000]);
});

it('says what is wrong with a request it does not understand', async () => {
  expect(await control('POST', 'edit/nonsense', {})).toMatchObject({ status: 400 });
  expect(await control('POST', 'edit/addPerson', {})).toMatchObject({ status: 400 });
  expect(await control('POST', 'edit/addPerson', { email: 'x@y.example', policy: 'unknown' })).toMatchObject({
    status: 500,
    body: { errors: [{ message: 'the sandbox account has no policy unknown' }] },
  });
});

it('lets no page from elsewhere drive it', async () => {
  const url = cf.url.replace('/client/v4', '/_sandbox/reset');
  const answer = await fetch(url, { method: 'POST', headers: { origin: 'https://elsewhere.example' } });
  expect(answer.status).toBe(403);
});
