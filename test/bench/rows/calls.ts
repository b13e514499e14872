import type { SeedOptions } from '../../../sandbox/cloudflare/seed-options.ts';
import { leastCallsToAdd, leastCallsToLose, leastCallsToRevoke, type LeastCall } from '../../../sandbox/least-calls.ts';
import { startAdding } from '../add-person.ts';
import { startLosing } from '../lose-device.ts';
import { startRevoking } from '../revoke-person.ts';
import type { Bench, Measured, Row } from '../row.ts';

interface Repeatable {
  /** How many calls it took. */
  once(): Promise<number>;
  stop(): Promise<void>;
}

interface Case {
  readonly what: string;
  readonly least: readonly LeastCall[];
  readonly start: (bench: Bench) => Promise<Repeatable>;
}

/** One or more for each action, each with its own hand count. */
const cases: readonly Case[] = [
  { what: 'add, the policy names people', least: leastCallsToAdd(), start: adding({}) },
  {
    what: 'add, the policy reads an e-mail list',
    least: leastCallsToAdd({ emailList: true }),
    start: adding({ emailList: true }),
  },
  { what: 'lost', least: leastCallsToLose(), start: losing },
  { what: 'revoke, the policy names people', least: leastCallsToRevoke(), start: revoking({}) },
  {
    what: 'revoke, the policy reads an e-mail list',
    least: leastCallsToRevoke({ emailList: true }),
    start: revoking({ emailList: true }),
  },
];

export const calls: Row = {
  name: 'calls',
  about: 'Cloudflare calls of an action, from the form being sent to done',
  aim: 1,
  runs: 3,
  needsBuild: false,
  async measure(bench) {
    const measured: Measured[] = [];
    for (const one of cases) measured.push(await measureCase(bench, one));
    return measured;
  },
};

async function measureCase(bench: Bench, { what, least, start }: Case): Promise<Measured> {
  const house = await start(bench);
  try {
    const made: number[] = [];
    for (let run = 0; run < bench.runs; run += 1) made.push(await house.once());
    return {
      against: `the least that could do it, counted by hand: ${what}`,
      ratios: made.map((count) => count / least.length),
      figures: [
        { what: 'made', unit: 'calls', values: made },
        { what: 'counted by hand', unit: 'calls', values: [least.length] },
      ],
    };
  } finally {
    await house.stop();
  }
}

function adding(seed: SeedOptions): Case['start'] {
  return async (bench) => {
    const house = await startAdding(bench, seed);
    return { once: async () => (await house.add()).calls.length, stop: () => house.stop() };
  };
}

async function losing(bench: Bench): Promise<Repeatable> {
  const house = await startLosing(bench, { answerMs: 0 });
  return { once: async () => (await house.lose()).calls.length, stop: () => house.stop() };
}

function revoking(seed: SeedOptions): Case['start'] {
  return async (bench) => {
    const house = await startRevoking(bench, seed);
    return { once: async () => (await house.revoke()).length, stop: () => house.stop() };
  };
}
