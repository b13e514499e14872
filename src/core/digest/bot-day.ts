import type { AuditEntry, AuditKind } from '../audit.ts';
import type { DayBounds } from '../day.ts';
import type { Digest } from './digest.ts';
import { createOutages, type Drop } from './outages.ts';

type Counts = Omit<Digest['bot'], 'open' | 'moreOpen'>;

const COUNTED: Partial<Record<AuditKind, keyof Counts>> = {
  'request.asked': 'asked',
  'run.finished': 'done',
  'request.denied': 'denied',
  'run.failed': 'failed',
};

/** What the audit log tells of a day; entries of other days are left out. `before`: by tunnel, what was not well when the day began. */
export async function botDay(
  entries: AsyncIterable<AuditEntry>,
  before: ReadonlyMap<string, Drop>,
  bounds: DayBounds,
): Promise<{ readonly bot: Counts; readonly tunnel: Digest['tunnel'] }> {
  const bot: Counts = { asked: 0, done: 0, denied: 0, failed: 0 };
  const outages = createOutages(before, bounds);
  for await (const entry of entries) {
    if (entry.at < bounds.from || entry.at >= bounds.to) continue;
    const counted = COUNTED[entry.kind];
    if (counted !== undefined) bot[counted] += 1;
    outages.add(entry);
  }
  return { bot, tunnel: outages.result() };
}
