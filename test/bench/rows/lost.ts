import type { CloudflareSandbox } from '../../../sandbox/cloudflare/server.ts';
import { compareCalls, leastCallsToLose } from '../../../sandbox/least-calls.ts';
import { ANSWER_MS, startLosing, type Lost } from '../lose-device.ts';
import type { Bench, Row } from '../row.ts';

/**
 * The calls of which each needs the answer of the one before: the applications and the rules about devices; the policies
 * and the list that these name; each thing once more just before it is written, because it may have changed; the writes.
 */
const DEPENDENT_CALLS = 4;
const ABOUT = `a lost device, from the click to the last cut, Cloudflare answering in ${ANSWER_MS} ms`;

export const lost: Row = {
  name: 'lost',
  about: ABOUT,
  aim: 1.25,
  runs: 9,
  needsBuild: false,
  async measure(bench) {
    const all = await loseAgainAndAgain(bench);
    const path = DEPENDENT_CALLS * ANSWER_MS;
    return [
      {
        against: `the ${DEPENDENT_CALLS} calls that depend on each other`,
        ratios: all.map(({ cutMs }) => cutMs / path),
        figures: [
          { what: 'click to last cut', unit: 'ms', values: all.map(({ cutMs }) => cutMs) },
          { what: 'dependent calls', unit: 'ms', values: [path] },
        ],
      },
    ];
  },
};

export const lostSerial: Row = {
  name: 'lost-serial',
  about: ABOUT,
  aim: 0.5,
  runs: 9,
  needsBuild: false,
  async measure(bench) {
    const all = await loseAgainAndAgain(bench);
    const needed = all.map(({ callsToCut }) => neededOf(callsToCut));
    return [
      {
        against: 'the same calls one after another, as far as they are needed',
        ratios: all.map(({ cutMs }, run) => cutMs / ((needed[run] ?? 0) * ANSWER_MS)),
        figures: [
          { what: 'click to last cut', unit: 'ms', values: all.map(({ cutMs }) => cutMs) },
          { what: 'calls until then', unit: 'calls', values: all.map(({ callsToCut }) => callsToCut.length) },
          { what: '… of them needed', unit: 'calls', values: needed },
        ],
      },
    ];
  },
};

/** What is not in the count by hand would only make the other side slower. */
function neededOf(calls: CloudflareSandbox['calls']): number {
  return compareCalls(calls, leastCallsToLose()).reduce((sum, { made, least }) => sum + Math.min(made, least), 0);
}

async function loseAgainAndAgain(bench: Bench): Promise<Lost[]> {
  const house = await startLosing(bench, { answerMs: ANSWER_MS });
  try {
    await house.lose();
    const all: Lost[] = [];
    for (let run = 0; run < bench.runs; run += 1) all.push(await house.lose());
    return all;
  } finally {
    await house.stop();
  }
}
