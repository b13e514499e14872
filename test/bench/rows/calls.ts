import type { SeedOptions } from '../../../sandbox/cloudflare/seed-options.ts';
import { leastCallsToAdd, type LeastCall } from '../../../sandbox/least-calls.ts';
import { startAdding } from '../add-person.ts';
import type { Bench, Measured, Row } from '../row.ts';

interface Case {
  readonly what: string;
  readonly seed: SeedOptions;
  readonly least: readonly LeastCall[];
}

/** One or more for each action, each with its own hand count. */
const cases: readonly Case[] = [
  { what: 'add, the policy names people', seed: {}, least: leastCallsToAdd() },
  {
    what: 'add, the policy reads an e-mail list',
    seed: { emailList: true },
    least: leastCallsToAdd({ emailList: true }),
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

async function measureCase(bench: Bench, { what, seed, least }: Case): Promise<Measured> {
  const house = await startAdding(bench, seed);
  try {
    const made: number[] = [];
    for (let run = 0; run < bench.runs; run += 1) made.push((await house.add()).calls.length);
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
