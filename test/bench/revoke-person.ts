import { startCloudflare, type CloudflareSandbox } from '../../sandbox/cloudflare/server.ts';
import type { SeedOptions } from '../../sandbox/cloudflare/seed-options.ts';
import { startSandbox } from '../../sandbox/start-sandbox.ts';
import { revokesNow } from '../fault/reducing.ts';
import type { Bench } from './row.ts';

const DINA = 'dina.haddad@lanternhealth.example';

/** A whole house in which the access of the same person is revoked again and again, from the same account each time. */
export async function startRevoking(
  bench: Bench,
  seed: SeedOptions,
): Promise<{ revoke(): Promise<CloudflareSandbox['calls']>; stop(): Promise<void> }> {
  const cloudflare = await startCloudflare({ seed: { sessions: true, ...seed } });
  const sandbox = await startSandbox({
    redisUrl: bench.redis.url,
    prefix: bench.newPrefix(),
    env: { CLOUDFLARE_BASE_URL: cloudflare.url },
  });
  const { slack } = sandbox;
  const endsTold = (): number => slack.dms('cara').filter((message) => /It took/.test(slack.text(message))).length;

  /** What Cloudflare was asked from the form being sent to the proof having come, the plan being confirmed at once. */
  async function revoke(): Promise<CloudflareSandbox['calls']> {
    cloudflare.reset();
    const before = endsTold();
    await revokesNow(sandbox, {
      of: '@dina',
      whenFilled: async () => {
        // The form reads who has access while it opens; once it offers them, that is over.
        await slack.as('cara').suggestions('person.pick', 'dina');
        cloudflare.clearCalls();
      },
    });
    await slack.until(() => endsTold() > before, { what: 'the end of the revocation', timeoutMs: 20_000 });
    await slack.as('cara').closes({ all: true });
    if (cloudflare.account.waysIn(DINA).length > 0) throw new Error('the person can still get in');
    return [...cloudflare.calls];
  }

  return {
    revoke,
    stop: async () => {
      await sandbox.stop();
      await cloudflare.stop();
    },
  };
}
