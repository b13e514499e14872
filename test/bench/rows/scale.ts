import { startAdding, type Added } from '../add-person.ts';
import type { Row } from '../row.ts';
import { ratiosOf } from '../spread.ts';

/** One fewer than what a policy and a list take, so that there is room. */
const MANY = 998;
const FEW = 10;

export const scale: Row = {
  name: 'scale',
  about: `Cloudflare calls of adding one person to ${MANY}, each with a serial number`,
  aim: 1,
  runs: 5,
  needsBuild: false,
  async measure(bench) {
    const many = await startAdding(bench, { people: MANY, serials: MANY });
    const few = await startAdding(bench, { people: FEW, serials: FEW });
    try {
      const taken: { many: Added; few: Added }[] = [];
      for (let run = -1; run < bench.runs; run += 1) {
        const pair = { many: await many.add(), few: await few.add() };
        if (run >= 0) taken.push(pair);
      }
      const count = (size: 'many' | 'few') => taken.map((pair) => pair[size].calls.length);
      const time = (size: 'many' | 'few') => taken.map((pair) => pair[size].ms);
      return [
        {
          against: `adding one to ${FEW}`,
          ratios: ratiosOf(count('many'), count('few')),
          figures: [
            { what: `to ${MANY}`, unit: 'calls', values: count('many') },
            { what: `to ${FEW}`, unit: 'calls', values: count('few') },
            { what: `to ${MANY}`, unit: 'ms', values: time('many') },
            { what: `to ${FEW}`, unit: 'ms', values: time('few') },
            { what: 'ratio of the times', unit: '', values: ratiosOf(time('many'), time('few')) },
          ],
        },
      ];
    } finally {
      await many.stop();
      await few.stop();
    }
  },
};
