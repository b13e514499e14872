import { describe, it } from 'vitest';
import type { SeedOptions } from '../../sandbox/cloudflare/seed-options.ts';
import { startCloudflare } from '../../sandbox/cloudflare/server.ts';
import { verifyChain } from '../../src/core/audit.ts';
import { enrolledDevicesOf } from '../../src/core/insiders.ts';
import { flatten, type Plan } from '../../src/core/plan.ts';
import { aClock } from '../builders/a-clock.ts';
import { picture, writtenOnce } from './account-picture.ts';
import { aKillableHouse, type Asking } from './a-killable-house.ts';

const HER = 'amina.diallo@lanternhealth.example';
const HIM = 'bruno.keller@lanternhealth.example';
const DAY = 24 * 60 * 60 * 1000;

interface Story extends Asking {
  readonly action: 'lost' | 'revoke';
  readonly seed: SeedOptions;
  /** Whom it takes something from. */
  readonly from: readonly string[];
}

/** Both are on the laptop, and no policy asks for it, so that its loss bars her. */
const lost: Story = {
  action: 'lost',
  seed: { sessions: true, sharedLaptop: true, requirePosture: false },
  from: [HER, HIM],
  input: async (cloudflare) => {
    const devices = await cloudflare.devices({ of: [HER] });
    const [device] = enrolledDevicesOf({ users: [], devices, posture: undefined }, HER);
    return { device };
  },
};

/** She has everything that there is, and an end date. */
const revoke: Story = {
  action: 'revoke',
  seed: { sessions: true, accessDomain: true },
  from: [HER],
  input: async () => ({ person: { email: HER, name: 'Amina Diallo' }, scope: 'everything', reason: 'She leaves.' }),
};

async function startAccount({ seed }: Story) {
  const clock = aClock();
  return { clock, cf: await startCloudflare({ seed, now: () => clock.now(), openapi: '' }) };
}

/** The same account as at the start, and the request, which needs no approval. */
async function begin(story: Story, { cf, clock }: Awaited<ReturnType<typeof startAccount>>) {
  cf.reset();
  const house = await aKillableHouse(cf, clock);
  const since = clock.now();
  const stay = { person: { email: HER }, endsAt: since + 30 * DAY, requestId: 'REQ-0100', since, told: [] };
  await house.store.putStay(stay);
  const { id } = await house.asks(story);
  cf.clearCalls();
  return { cf, house, id };
}

const FOUND = /^(Done|So already|Checked): /;

/** What counts in the end, whatever happened on the way. The house is closed after that. */
async function ending({ cf, house, id }: Awaited<ReturnType<typeof begin>>) {
  const request = await house.store.load(id);
  const entries = await house.audit();
  const { ok } = verifyChain(entries);
  const told = entries.filter(({ kind }) => kind.startsWith('run.')).map(({ says }) => says);
  const plan: Plan = request?.plan ?? { stages: [], warnings: [] };
  const steps = flatten(plan).map(({ step, says }, index) => {
    const { state, changed, notes, problem } = request?.steps[index] ?? {};
    // A device takes its registrations along: which of two steps wrote that depends on who comes first.
    const isEither = step === 'end-registrations';
    return { says, state, notes, problem, changed: isEither ? 'either' : changed };
  });
  const end = {
    status: request?.status,
    account: picture(cf),
    steps,
    // Once each, and as done what was changed.
    told: told.map((says) => (says.includes('WARP registration') ? says.replace(FOUND, '') : says)).toSorted(),
    written: writtenOnce(cf),
    left: await house.left(),
    stay: await house.store.stayOf(HER),
    isChainWhole: ok,
    bugs: house.bugs,
  };
  await house.close();
  return end;
}

const LEFT_OF_HER = {
  // Only the laptop is gone: she keeps her access, and is barred until an approver lifts it.
  lost: { email: HER, waysIn: ['may enrol a device'], sessions: 0, registrations: 0, hasSeat: true },
  revoke: { email: HER, waysIn: [], sessions: 0, registrations: 0, hasSeat: false },
};

describe.concurrent.each([lost, revoke])('a worker that is killed while it carries out $action', (story) => {
  // Each point is a request of its own, killed there and taken up by another worker; about 200 for the two.
  it(
    'leaves the same end, before or after whatever call or commit it was',
    { timeout: 180_000 },
    async ({ expect }) => {
      const account = await startAccount(story);
      const before = picture(account.cf);
      const undisturbed = await begin(story, account);
      await undisturbed.house.toTheEnd(undisturbed.id);
      const expected = await ending(undisturbed);
      expect(expected).toMatchObject({ status: 'done', isChainWhole: true, bugs: [] });
      const others = ({ people }: typeof before) => people.filter(({ email }) => !story.from.includes(email));
      expect(others(expected.account)).toEqual(others(before));
      expect(expected.account.people.find(({ email }) => email === HER)).toEqual(LEFT_OF_HER[story.action]);
      const changed = expected.steps.filter((step) => step.changed === true);
      expect(changed.length).toBeGreaterThan(5);
      expect(expected.told.filter((says) => says.startsWith('Done: '))).toHaveLength(changed.length);

      let point = 0;
      for (let isKilled = true; isKilled;) {
        point += 1;
        const tried = await begin(story, account);
        isKilled = await tried.house.killedAt(tried.id, point);
        if (isKilled) await tried.house.toTheEnd(tried.id);
        expect({ point, ...(await ending(tried)) }).toEqual({ point, ...expected });
      }
      expect(point).toBeGreaterThan(70);
      await account.cf.stop();
    },
  );
});
