import { afterEach, expect, it } from 'vitest';
import { ids } from '../../sandbox/cloudflare/seed-ids.ts';
import type { CloudflareOptions } from '../../sandbox/cloudflare/server.ts';
import { failureOf, startAdapter, type Started } from './start-adapter.ts';

let started: Started | undefined;
afterEach(() => started?.cf.stop());

async function start(options: CloudflareOptions = {}): Promise<Started> {
  started = await startAdapter(options);
  return started;
}

const OTP = { id: ids.otpProvider, name: 'One-time PIN', type: 'onetimepin' };
const GOOGLE = { id: ids.googleProvider, name: 'Google', type: 'google' };

it('reads the login methods in the first wave of a snapshot, for one call more', async () => {
  const { cloudflare, routes } = await start({ seed: { loginMethods: ['onetimepin', 'google'] } });

  const { loginMethods } = await cloudflare.snapshot({ loginMethods: true });

  expect(loginMethods).toEqual([OTP, GOOGLE]);
  expect(routes()).toHaveLength(8);
  expect(routes().slice(0, 5)).toContain('GET access/identity_providers');
});

it('leaves them out unless they are asked for', async () => {
  const { cloudflare } = await start();

  await expect(cloudflare.snapshot()).resolves.not.toHaveProperty('loginMethods');
});

it.each<[string, string[] | undefined, object[]]>([
  ['one', [ids.googleProvider], [GOOGLE]],
  ['none by name', [], [OTP, GOOGLE]],
  ['nothing at all', undefined, [OTP, GOOGLE]],
  ['only one that was deleted', ['gone'], []],
])('knows which of them the application offers, where it names %s', async (_what, allowed, offered) => {
  const { cf, cloudflare } = await start({ seed: { loginMethods: ['onetimepin', 'google'] } });
  cf.account.editApp(ids.app, (body) => {
    delete body['allowed_idps'];
    if (allowed !== undefined) body['allowed_idps'] = allowed;
  });

  await expect(cloudflare.snapshot({ loginMethods: true })).resolves.toMatchObject({ loginMethods: offered });
});

it('finds a word for a method without a name', async () => {
  const { cf, cloudflare } = await start({ seed: { loginMethods: ['onetimepin', 'google'] } });
  for (const provider of cf.account.state.identityProviders) provider.name = '';

  const { loginMethods } = await cloudflare.snapshot({ loginMethods: true });

  expect(loginMethods?.map(({ name }) => name)).toEqual(['One-time PIN', 'google']);
});

it('names the permission that it lacks', async () => {
  const { cf, cloudflare } = await start();
  cf.faults.add({ path: 'identity_providers', status: 403 });

  const failure = await failureOf(cloudflare.snapshot({ loginMethods: true }));

  expect(failure.message).toContain(
    '“Access: Organizations, Identity Providers, and Groups → Read”, which is needed to read the login methods',
  );
});
