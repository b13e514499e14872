import { describe, expect, it } from 'vitest';
import { verifyRecent } from '../../src/core/verify-recent.ts';
import { aClock } from '../builders/a-clock.ts';
import { anAuditEntry } from '../builders/a-morning.ts';
import { createMemoryStore, type MemoryStore } from '../builders/memory-store.ts';

const DAY = 24 * 60 * 60 * 1000;

function aStore() {
  const clock = aClock();
  return { clock, store: createMemoryStore(clock) };
}

/** So many entries more. */
async function grow(store: MemoryStore, count: number): Promise<void> {
  for (let at = 0; at < count; at += 5000) {
    const audit = Array.from({ length: Math.min(5000, count - at) }, () => anAuditEntry('2026-11-20T09:00Z'));
    await store.commit({ audit, effects: [] });
  }
}

/** Another audit log, with what is remembered of the last check of the first one. */
function withMemoryOf(first: MemoryStore, other: MemoryStore): MemoryStore {
  return { ...other, keep: (...given) => first.keep(...given), recall: (key) => first.recall(key) };
}

describe('the check of the newest part', () => {
  it('goes back 20,000 entries, and further only to where the last check ended', async () => {
    const { store, clock } = aStore();
    await grow(store, 21_000);
    expect(await verifyRecent(store, clock)).toEqual({ ok: true, first: 1001, last: 21_000, before: undefined });

    const checkedAt = clock.now();
    clock.advance(DAY);
    await grow(store, 20_500);
    expect(await verifyRecent(store, clock)).toEqual({
      ok: true,
      first: 21_001,
      last: 41_500,
      before: { first: 1001, at: checkedAt },
    });
  }, 60_000);

  it('finds that everything was written anew since the last check', async () => {
    const { store, clock } = aStore();
    await grow(store, 10);
    await verifyRecent(store, clock);

    const other = aStore().store;
    await grow(other, 3);
    await other.commit({ audit: [anAuditEntry('2026-11-20T11:00Z')], effects: [] });
    await grow(other, 10);

    expect(await verifyRecent(withMemoryOf(store, other), clock)).toMatchObject({
      ok: false,
      seq: 1,
    });
  });

  it('finds that the end was cut off since then, head and all', async () => {
    const { store, clock } = aStore();
    await grow(store, 10);
    await verifyRecent(store, clock);
    const other = aStore().store;

    expect(await verifyRecent(withMemoryOf(store, other), clock)).toMatchObject({
      ok: false,
      seq: 1,
    });
  });
});
