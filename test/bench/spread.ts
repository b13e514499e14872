export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((one, other) => one - other);
  const at = (index: number): number => {
    const value = sorted[index];
    if (value === undefined) throw new Error('nothing was measured');
    return value;
  };
  const middle = (sorted.length - 1) / 2;
  return {
    min: at(0),
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    max: at(sorted.length - 1),
  };
}

/** The smallest value that `share` (0 to 1) of all values do not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
  if (value === undefined) throw new Error('nothing was measured');
  return value;
}

/** Ours over theirs, repetition by repetition: neighbours in time share whatever else the machine was doing. */
export function ratiosOf(ours: readonly number[], theirs: readonly number[]): number[] {
  return ours.map((value, run) => {
    const other = theirs[run];
    if (other === undefined || other === 0) throw new Error('there is nothing to compare with');
    return value / other;
  });
}

/** Measures the two in turns, once unrecorded to warm up. */
export async function inTurns(
  runs: number,
  ours: () => Promise<number>,
  theirs: () => Promise<number>,
): Promise<{ readonly ours: number[]; readonly theirs: number[] }> {
  const taken = { ours: [] as number[], theirs: [] as number[] };
  for (let run = -1; run < runs; run += 1) {
    const one = await ours();
    const other = await theirs();
    if (run < 0) continue;
    taken.ours.push(one);
    taken.theirs.push(other);
  }
  return taken;
}
