import { startCloudflare, type CloudflareSandbox } from '../../sandbox/cloudflare/server.ts';
import type { SeedOptions } from '../../sandbox/cloudflare/seed-options.ts';
import { startSandbox } from '../../sandbox/start-sandbox.ts';
import { cardOf, cardSays, fillsForm, SERIAL } from '../flow/onboarding-driver.ts';
import { createMovableClock } from '../harness/movable-clock.ts';
import type { Bench } from './row.ts';

export interface Added {
  /** What Cloudflare was asked from the form being sent to the request being done. */
  readonly calls: CloudflareSandbox['calls'];
  /** Milliseconds for the same, the approver pressing at once. */
  readonly ms: number;
}

/** A whole house in which somebody can be added again and again, to the same account each time. */
export async function startAdding(
  bench: Bench,
  seed: SeedOptions,
): Promise<{ add(): Promise<Added>; stop(): Promise<void> }> {
  // One of its own: the sandbox's compares every exchange with the published description, which takes its time.
  const cloudflare = await startCloudflare({ seed });
  const clock = createMovableClock();
  const sandbox = {
    clock,
    ...(await startSandbox({
      redisUrl: bench.redis.url,
      prefix: bench.newPrefix(),
      env: { CLOUDFLARE_BASE_URL: cloudflare.url },
    })),
  };
  const { slack } = sandbox;

  async function add(): Promise<Added> {
    cloudflare.reset();
    await fillsForm(sandbox, { person: 'ana', serial: SERIAL });
    cloudflare.clearCalls();
    const started = performance.now();
    const { errors = {} } = await slack.as('ben').submits();
    if (Object.keys(errors).length > 0) throw new Error(`the form was refused: ${JSON.stringify(errors)}`);
    await cardSays(sandbox, /waiting for approval/);
    await slack.as('cara').clicks(cardOf(sandbox), 'approve');
    await cardSays(sandbox, /✅|failed/);
    const ms = performance.now() - started;
    if (!cloudflare.account.serials().includes(SERIAL)) throw new Error('the person was not added');
    return { calls: [...cloudflare.calls], ms };
  }

  return {
    add,
    stop: async () => {
      await sandbox.stop();
      await cloudflare.stop();
    },
  };
}
