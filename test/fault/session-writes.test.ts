import { describe, it } from 'vitest';
import type { SeedOptions } from '../../sandbox/cloudflare/seed-options.ts';
import { startCloudflare, type CloudflareSandbox } from '../../sandbox/cloudflare/server.ts';
import { verifyChain } from '../../src/core/audit.ts';
import { gapsIn } from '../../src/core/sessions.ts';
import { aClock } from '../builders/a-clock.ts';
import { HOUR_MS } from '../builders/memory-settings.ts';
import { besidesLengths, historyOf } from '../flow/session-driver.ts';
import { aKillableHouse } from './a-killable-house.ts';

interface Story {
  readonly name: string;
  readonly seed: SeedOptions;
  /** In hours: the application and its policy, WARP for signing in, WARP for the network. */
  readonly to: readonly [number, number, number];
  /** Cloudflare refuses to write the application. */
  readonly fails?: boolean;
  /** As the account has it in the end. */
  readonly ends: string;
}

const SHORT = { appSession: '8h', policySession: '10h', warpSession: '12h', networkSession: '10h' } as const;
const LONG = { appSession: '24h', policySession: '20h', warpSession: '48h', networkSession: '24h' } as const;

const stories: readonly Story[] = [
  { name: 'makes all four longer', seed: SHORT, to: [24, 36, 24], ends: 'app 24, policy 24, sign-in 36, network 24' },
  { name: 'makes all four shorter', seed: LONG, to: [8, 8, 8], ends: 'app 8, policy 8, sign-in 8, network 8' },
  {
    name: 'has to put back what it made longer',
    seed: SHORT,
    to: [24, 36, 24],
    fails: true,
    ends: 'app 8, policy 10, sign-in 12, network 10',
  },
];

async function startAccount({ seed }: Story) {
  const clock = aClock();
  return { clock, cf: await startCloudflare({ seed, now: () => clock.now(), openapi: '' }) };
}

/** The same account as at the start, and the request, which Dina has approved. */
async function begin(
  { to: [app, warpSignIn, warpNetwork], fails = false }: Story,
  account: Awaited<ReturnType<typeof startAccount>>,
) {
  const { cf, clock } = account;
  cf.reset();
  const house = await aKillableHouse(cf, clock);
  const { id } = await house.asks({
    action: 'session',
    input: async () => ({
      app: app * HOUR_MS,
      warpSignIn: warpSignIn * HOUR_MS,
      warpNetwork: warpNetwork * HOUR_MS,
      reason: 'The on-call team works in shifts of 12 hours.',
    }),
  });
  if (fails) cf.faults.add({ method: 'PUT', path: /access\/apps\/[^/]+$/, status: 400, times: Infinity });
  return { cf, house, id };
}

/** What counts in the end, whatever happened on the way. The house is closed after that. */
async function ending({ cf, house, id }: Awaited<ReturnType<typeof begin>>) {
  const request = await house.store.load(id);
  const entries = await house.audit();
  const history = historyOf({ cloudflare: cf });
  const end = {
    status: request?.status,
    steps: request?.steps.map(({ state, changed }) => ({ state, changed })),
    told: entries
      .filter(({ kind }) => kind.startsWith('run.'))
      .map(({ says }) => withoutTrace(says))
      .toSorted(),
    lengths: history.at(-1),
    /** Each length is written once, and put back once. */
    writes: history.length - 1,
    broken: brokenIn(cf),
    besides: besidesLengths({ cloudflare: cf }),
    left: await house.left(),
    isChainWhole: verifyChain(entries).ok,
    bugs: house.bugs,
  };
  await house.close();
  return end;
}

function withoutTrace(says: string): string {
  return says.replaceAll(/cf-ray [0-9a-f]+-[A-Z]{3}/g, 'cf-ray');
}

/** Moments at which a WARP session was shorter than the application’s. */
function brokenIn({ account }: Pick<CloudflareSandbox, 'account'>) {
  return account.sessionHistory().filter(({ lengths }) => gapsIn(lengths).length > 0);
}

describe.concurrent.each(stories)('a worker that is killed while it $name', (story) => {
  // Each point is a request of its own, killed there and taken up by another worker.
  it(
    'leaves the same end, and the rule holds at every moment, whatever call or commit it was',
    { timeout: 180_000 },
    async ({ expect }) => {
      const account = await startAccount(story);
      const undisturbed = await begin(story, account);
      await undisturbed.house.toTheEnd(undisturbed.id);
      const expected = await ending(undisturbed);
      const isPutBack = story.fails === true;
      expect(expected).toMatchObject({
        status: isPutBack ? 'failed' : 'done',
        lengths: `api: ${story.ends}`,
        writes: isPutBack ? 6 : 4,
        broken: [],
        isChainWhole: true,
        bugs: [],
      });

      let point = -1;
      for (let isKilled = true; isKilled;) {
        // Just before each call or commit; just after one is just before the next.
        point += 2;
        const tried = await begin(story, account);
        isKilled = await tried.house.killedAt(tried.id, point);
        if (isKilled) await tried.house.toTheEnd(tried.id);
        expect({ point, ...(await ending(tried)) }).toEqual({ point, ...expected });
      }
      expect(point).toBeGreaterThan(100);
      await account.cf.stop();
    },
  );
});
