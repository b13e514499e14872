import { afterEach, expect, it } from 'vitest';
import type { CloudflareOptions } from '../../sandbox/cloudflare/server.ts';
import { checkToken } from '../../src/cloudflare/token.ts';
import { accountAt, startAdapter, type Started } from './start-adapter.ts';

let started: Started | undefined;
afterEach(() => started?.cf.stop());

async function start(options: CloudflareOptions = {}): Promise<Started> {
  started = await startAdapter(options);
  return started;
}

it.each(['account', 'user'] as const)('knows a token that belongs to the %s', async (tokenKind) => {
  const { cloudflare } = await start({ seed: { tokenKind } });

  await expect(cloudflare.checkToken()).resolves.toEqual({ ok: true, says: 'The Cloudflare API token is active.' });
});

it('asks once where the account owns the token', async () => {
  const { cloudflare, routes } = await start();

  await cloudflare.checkToken();

  expect(routes()).toEqual(['GET tokens/verify']);
});

it('says where to look when the token is wrong', async () => {
  const { cf } = await start();
  const stranger = accountAt(cf.url, { accountId: cf.accountId });

  const { ok, says } = await checkToken(stranger);

  expect(ok).toBe(false);
  expect(says).toContain('CLOUDFLARE_API_TOKEN');
});

it('says that Cloudflare does not answer, rather than that the token is wrong', async () => {
  const { cf, cloudflare, routes } = await start();
  cf.faults.add({ path: 'tokens/verify', status: 503 });

  const { ok, says } = await cloudflare.checkToken();

  expect({ ok, says }).toEqual({ ok: false, says: expect.stringContaining('could not verify the API token just now') });
  expect(routes()).toHaveLength(1);
});

it('says that a token was switched off', async () => {
  const { cf, cloudflare } = await start();
  cf.faults.add({
    path: 'tokens/verify',
    mangle: () => ({ success: true, errors: [], messages: [], result: { id: 't', status: 'disabled' } }),
  });

  const { ok, says } = await cloudflare.checkToken();

  expect(ok).toBe(false);
  expect(says).toContain('The Cloudflare API token is disabled.');
});
