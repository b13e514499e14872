import { flatten, type Plan, type PlannedStep } from '../../src/core/plan.ts';
import type { Cloudflare } from '../../src/core/ports.ts';
import type { Post } from '../../src/core/post.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import type { Stay } from '../../src/core/stay.ts';
import type { StepContext } from '../../src/core/step.ts';
import type { Timer } from '../../src/core/timer.ts';
import { steps } from '../../src/steps/registry.ts';
import { aClock } from './a-clock.ts';
import { createMemoryCloudflare } from './memory-cloudflare.ts';
import { createMemoryServer } from './memory-server.ts';
import type { PeopleOptions } from './memory-people.ts';
import { createMemoryVault } from './memory-vault.ts';

/** An account in memory, on which plans are carried out for good, and what was left to be told or done later. */
export function anAccount(snapshot: Snapshot, options: PeopleOptions & { readonly stays?: readonly Stay[] } = {}) {
  const cloudflare = createMemoryCloudflare(snapshot, options);
  return { cloudflare, ...anExecutor(cloudflare, options.stays) };
}

/** Somebody who carries out plans, step after step. */
export function anExecutor(cloudflare: Cloudflare, known: readonly Stay[] = []) {
  const clock = aClock();
  const server = createMemoryServer();
  const vault = createMemoryVault();
  const posted = new Map<string, Post>();
  const timers = new Map<string, { readonly timer: Timer; readonly at: number }>();
  const stays = new Map(known.map((stay) => [stay.person.email, stay]));
  const context: StepContext = {
    requestId: 'REQ-0142',
    cloudflare,
    clock,
    server,
    vault,
    firstTriedAt: clock.now(),
    hasBegun: false,
    posts: {
      enqueue: async (key, post) => {
        if (!posted.has(key)) posted.set(key, post);
      },
    },
    timers: {
      set: async (key, timer, at) => {
        if (!timers.has(key)) timers.set(key, { timer, at });
      },
    },
    stays: {
      stayOf: async (email) => stays.get(email),
      stays: async () => [...stays.values()],
      putStay: async (stay) => void stays.set(stay.person.email, stay),
      dropStay: async (email) => void stays.delete(email),
    },
  };

  /** Look, write if need be, look again. Answers with what was noted. */
  async function carryOutStep(planned: PlannedStep): Promise<readonly string[]> {
    const bound = bind(planned);
    const before = await bound.look(context);
    if (before.holds) return before.notes;
    await before.apply();
    if (!bound.readsBack) return before.notes;
    const after = await bound.look(context);
    if (!after.holds) throw new Error(`It does not hold after it was written: ${bound.says}`);
    return after.notes;
  }

  return {
    clock,
    context,
    server,
    vault,
    posted,
    timers,
    stays,
    /** Every step of a plan in order. Answers with the notes, and throws what the first failing step throws. */
    carryOut: async (plan: Plan): Promise<string[]> => {
      const notes: string[] = [];
      for (const planned of flatten(plan)) notes.push(...(await carryOutStep(planned)));
      return notes;
    },
  };
}

export function bind({ step, args }: PlannedStep) {
  const found = steps.find(({ id }) => id === step);
  if (found === undefined) throw new Error(`There is no step ${step}.`);
  return found.bind(args);
}
