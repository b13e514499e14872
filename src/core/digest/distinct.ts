import { hashOf } from './hash.ts';

/** How many different values there were, in memory that does not grow with them. */
export interface Distinct {
  add(value: string): void;
  /** Exact up to `most` values, beyond that an estimate that is off by 2 % as a rule. */
  count(): number;
  isExact(): boolean;
}

/** 4,096 registers of one byte, as HyperLogLog has them. */
const INDEX_BITS = 12;
const REGISTERS = 2 ** INDEX_BITS;
const ALPHA = 0.7213 / (1 + 1.079 / REGISTERS);

export function createDistinct(most: number): Distinct {
  const known = new Set<string>();
  const registers = new Uint8Array(REGISTERS);
  let isExact = true;
  return {
    add(value) {
      if (known.has(value)) return;
      if (known.size < most) known.add(value);
      else isExact = false;
      note(registers, hashOf(value));
    },
    count: () => (isExact ? known.size : Math.max(most + 1, estimate(registers))),
    isExact: () => isExact,
  };
}

/** Keeps for each part of the values how rare the rarest hash was: the rarer, the more values there must have been. */
function note(registers: Uint8Array, hash: number): void {
  const index = hash >>> (32 - INDEX_BITS);
  const rank = Math.min(32 - INDEX_BITS, Math.clz32(hash << INDEX_BITS)) + 1;
  if (rank > (registers[index] ?? 0)) registers[index] = rank;
}

function estimate(registers: Uint8Array): number {
  let sum = 0;
  let empty = 0;
  for (const rank of registers) {
    sum += 2 ** -rank;
    if (rank === 0) empty += 1;
  }
  const raw = (ALPHA * REGISTERS ** 2) / sum;
  return Math.round(raw <= 2.5 * REGISTERS && empty > 0 ? REGISTERS * Math.log(REGISTERS / empty) : raw);
}
