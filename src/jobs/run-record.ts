import { auditOf } from '../core/change-request.ts';
import type { AuditFacts, AuditKind } from '../core/audit.ts';
import { showCards, showStanding } from '../core/effects.ts';
import { PermanentError } from '../core/errors.ts';
import { SYSTEM } from '../core/person.ts';
import type { Clock, Effect, Store } from '../core/ports.ts';
import type { Request, StepRecord } from '../core/request.ts';
import { consequencesOf } from './reduction.ts';

/**
 * The stored request while a worker runs it. Steps of one stage finish side by side, so their records are written one
 * after another, each on the version before it; a version that somebody else wrote means that another worker runs the
 * request, and throws `conflict`.
 */
export interface RunRecord {
  current(): Request;
  step(index: number): StepRecord;
  /** Stores the change, its audit entry and what people are to see of it, in one go. */
  write(change: (request: Request) => Request, note?: Note, effects?: readonly Effect[]): Promise<void>;
  /** Stores what became of one step, and what follows from it for the others; `more` changes the request besides. */
  writeStep(
    index: number,
    change: Partial<StepRecord>,
    note?: Note,
    more?: (request: Request) => Request,
  ): Promise<void>;
}

export interface Note {
  readonly kind: AuditKind;
  readonly says: string;
  readonly facts?: AuditFacts['facts'];
}

export function createRunRecord(store: Store, clock: Clock, loaded: Request): RunRecord {
  let request = loaded;
  let queue: Promise<void> = Promise.resolve();

  const stepAt = (index: number): StepRecord => {
    const record = request.steps[index];
    if (record === undefined)
      throw new PermanentError(`${request.id} has no step ${index + 1}.`, { code: 'no-such-step' });
    return record;
  };

  const record: RunRecord = {
    current: () => request,
    step: stepAt,
    write: (change, note, effects = []) => {
      const written = queue.then(async () => {
        const changed = change(request);
        const audit =
          note === undefined ? [] : [auditOf(changed, note.kind, SYSTEM, clock.now(), note.says, note.facts)];
        const shown = changed.status === request.status ? showCards(changed) : showStanding(changed);
        const stored = await store.commit({ request: changed, audit, effects: [...shown, ...effects] });
        request = stored ?? changed;
      });
      queue = written.catch(() => undefined);
      return written;
    },
    writeStep: (index, change, note, more = (same) => same) =>
      record.write((current) => {
        const now = clock.now();
        const steps = current.steps.map((step, at) => (at === index ? { ...step, ...change, at: now } : step));
        return consequencesOf(more({ ...current, steps }), index, now);
      }, note),
  };
  return record;
}
