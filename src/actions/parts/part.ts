import type { PlannedStep } from '../../core/plan.ts';

/** Part of a plan: what to do and what the approver must know. */
export interface Part {
  readonly steps: readonly PlannedStep[];
  readonly warnings: readonly string[];
}

export const NOTHING: Part = { steps: [], warnings: [] };

const PLURALS = { serial: 'serials', person: 'people', address: 'addresses' } as const;

/** `14 → 15 people` */
export function counted(before: number, what: keyof typeof PLURALS): string {
  return `${before} → ${before + 1} ${before === 0 ? what : PLURALS[what]}`;
}

/** A warning when a list or policy is nine tenths full. */
export function nearLimit(count: number, limit: number, name: string): string[] {
  if (count < limit * 0.9) return [];
  return [
    `${name} holds ${count} entries; the usual limit is ${limit.toLocaleString('en')}. ${count >= limit ? 'Cloudflare may refuse another one.' : 'Clear it out soon.'}`,
  ];
}

/** `a, b, and c` */
export function sentenceList(names: readonly string[]): string {
  return new Intl.ListFormat('en').format(names);
}
