import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { ROOT } from '../build.ts';
import { type DayFiles, writeDay } from '../day-files.ts';
import type { Row } from '../row.ts';
import { inTurns, ratiosOf } from '../spread.ts';

const MANY = 1_000_000;
const FEW = 100_000;

/** The young generation has its full size from the start: how it grows is no matter of the digest. */
const NODE = ['--min-semi-space-size=16', '--import', 'tsx'];

const Peak = z.object({ rows: z.number(), kilobytes: z.number() });

export const digestMemory: Row = {
  name: 'digest-memory',
  about: `peak memory of a process that makes the digest of a day of ${MANY.toLocaleString('en')} rows`,
  aim: 1.1,
  runs: 5,
  needsBuild: false,
  async measure(bench) {
    const folder = await mkdtemp(join(tmpdir(), 'ocs-access-bench-'));
    try {
      const many = await writeDay(folder, MANY);
      const few = await writeDay(folder, FEW);
      const { ours, theirs } = await inTurns(
        bench.runs,
        () => peakOf(many),
        () => peakOf(few),
      );
      return [
        {
          against: `of ${FEW.toLocaleString('en')} rows of the same people`,
          ratios: ratiosOf(ours, theirs),
          figures: [
            { what: `${MANY.toLocaleString('en')} rows`, unit: 'MB', values: ours },
            { what: `${FEW.toLocaleString('en')} rows`, unit: 'MB', values: theirs },
          ],
        },
      ];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

/** Megabytes that a process of its own had in memory at most. */
async function peakOf({ access, network }: DayFiles): Promise<number> {
  const script = join(ROOT, 'test/bench/apps/digest.mts');
  const { stdout } = await promisify(execFile)(process.execPath, [...NODE, script, access, network], { cwd: ROOT });
  const { rows, kilobytes } = Peak.parse(JSON.parse(stdout));
  if (rows === 0) throw new Error('the rows were not counted');
  return kilobytes / 1024;
}
