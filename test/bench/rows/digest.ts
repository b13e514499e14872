import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeDay } from '../day-files.ts';
import { countOf, digestOf } from '../digest-of.ts';
import type { Row } from '../row.ts';
import { inTurns, ratiosOf } from '../spread.ts';

const ROWS = 1_000_000;

export const digest: Row = {
  name: 'digest',
  about: `the digest of a day of ${ROWS.toLocaleString('en')} rows, read from files as lines of JSON`,
  aim: 1.5,
  runs: 9,
  needsBuild: false,
  async measure(bench) {
    const folder = await mkdtemp(join(tmpdir(), 'ocs-access-bench-'));
    try {
      const files = await writeDay(folder, ROWS);
      const { ours, theirs } = await inTurns(
        bench.runs,
        () =>
          timed(async () => {
            const { access } = await digestOf(files);
            if (access.signIns === 0 || access.denied === 0) throw new Error('the rows were not counted');
          }),
        () =>
          timed(async () => {
            if ((await countOf(files)) === 0) throw new Error('the rows were not counted');
          }),
      );
      return [
        {
          against: 'reading and parsing the same rows and counting one field',
          ratios: ratiosOf(ours, theirs),
          figures: [
            { what: 'digest', unit: 'ms', values: ours },
            { what: 'reading, parsing, one count', unit: 'ms', values: theirs },
          ],
        },
      ];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function timed(task: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await task();
  return performance.now() - started;
}
