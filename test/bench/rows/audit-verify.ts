import type { AuditFacts } from '../../../src/core/audit.ts';
import type { Store } from '../../../src/core/ports.ts';
import { requestId } from '../../../src/core/request.ts';
import { verifyAuditLog } from '../../../src/core/verify-audit-log.ts';
import { createStore } from '../../../src/store/store.ts';
import { CARA } from '../../builders/a-request.ts';
import { openPlace } from '../on-redis.ts';
import type { Row } from '../row.ts';
import { inTurns, ratiosOf } from '../spread.ts';

const ENTRIES = 20_000;
const STORED_AT_ONCE = 1000;

export const auditVerify: Row = {
  name: 'audit-verify',
  about: `checking the chain of an audit log of ${ENTRIES.toLocaleString('en')} entries`,
  aim: 3,
  runs: 5,
  needsBuild: false,
  async measure(bench) {
    const place = await openPlace(bench);
    try {
      const store = createStore(place);
      await writeLog(store);
      const { ours, theirs } = await inTurns(
        bench.runs,
        () => timed(() => verify(store)),
        () => timed(() => read(store)),
      );
      return [
        {
          against: 'reading the same entries from the same Redis',
          ratios: ratiosOf(ours, theirs),
          figures: [
            { what: 'checked', unit: 'entries/s', values: ours.map(perSecond) },
            { what: 'only read', unit: 'entries/s', values: theirs.map(perSecond) },
          ],
        },
      ];
    } finally {
      await place.close();
    }
  },
};

async function writeLog(store: Store): Promise<void> {
  for (let from = 0; from < ENTRIES; from += STORED_AT_ONCE) {
    const audit = Array.from({ length: STORED_AT_ONCE }, (_nothing, index) => anEntry(from + index));
    await store.commit({ audit, effects: [] });
  }
}

/** As long as one of a step is. */
function anEntry(number: number): AuditFacts {
  return {
    kind: 'run.step',
    at: Date.UTC(2026, 10, 1) + number * 1000,
    actor: CARA,
    requestId: requestId(number + 1),
    action: 'add',
    people: [`person-${number}@lanternhealth.example`],
    says: `Done: Let person-${number}@lanternhealth.example in by the policy “Staff” (14 → 15 people).`,
    facts: { step: 'policy-emails', changed: true },
  };
}

async function verify(store: Store): Promise<void> {
  const verdict = await verifyAuditLog(store);
  if (!verdict.ok || verdict.checked !== ENTRIES) throw new Error('the log is not whole');
}

async function read(store: Store): Promise<void> {
  let count = 0;
  for await (const { seq } of store.auditEntries()) count = Math.max(count, seq);
  if (count !== ENTRIES) throw new Error(`${count} entries were read instead of ${ENTRIES}`);
}

async function timed(task: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await task();
  return performance.now() - started;
}

function perSecond(ms: number): number {
  return (ENTRIES / ms) * 1000;
}
