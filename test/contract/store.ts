import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CHAIN_START, verifyChain } from '../../src/core/audit.ts';
import type { Stays, Store } from '../../src/core/ports.ts';
import type { Request } from '../../src/core/request.ts';
import type { Stay } from '../../src/core/stay.ts';
import { vaultKey } from '../../src/core/vault.ts';
import { anEntry, aRequest, collectAudit } from '../store/builders.ts';

export interface OpenStore {
  /** Empty. */
  readonly store: Store & Stays;
  close(): Promise<void>;
}

/** What every store has to do, whatever it keeps things in. */
export function describeStore(name: string, open: () => Promise<OpenStore>): void {
  describe(name, () => {
    let opened: OpenStore;
    let store: Store & Stays;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
    });
    afterEach(() => opened.close());

    async function commit(changes: Partial<Request>): Promise<Request> {
      const stored = await store.commit({ request: aRequest(changes), audit: [anEntry()], effects: [] });
      if (stored === undefined) throw new Error('A commit with a request returns the request.');
      return stored;
    }

    describe('requests', () => {
      it('gives every request another number', async () => {
        const ids = await Promise.all([store.nextRequestId(), store.nextRequestId(), store.nextRequestId()]);

        expect(ids.toSorted()).toEqual(['REQ-0001', 'REQ-0002', 'REQ-0003']);
      });

      it('gives back what was stored, one version on', async () => {
        const stored = await commit({ reason: 'Grüße, “Zoë” 👋' });

        expect(stored).toEqual({ ...aRequest({ reason: 'Grüße, “Zoë” 👋' }), version: 1 });
        expect(await store.load('REQ-0001')).toEqual(stored);
      });

      it('knows nothing of a request that was never stored', async () => {
        expect(await store.load('REQ-0404')).toBeUndefined();
      });

      it('refuses a change made from an older version', async () => {
        const first = await commit({});
        await commit({ ...first, status: 'approved' });

        await expect(commit({ ...first, status: 'denied' })).rejects.toMatchObject({
          name: 'TransientError',
          code: 'conflict',
        });
        expect(await store.load('REQ-0001')).toMatchObject({ status: 'approved', version: 2 });
      });

      it('refuses to create a request twice, and to change one that is not there', async () => {
        await commit({});

        await expect(commit({})).rejects.toMatchObject({ code: 'conflict' });
        await expect(commit({ id: 'REQ-0002', version: 3 })).rejects.toMatchObject({ code: 'conflict' });
      });

      it('lets one of two decisions at the same moment win', async () => {
        const request = await commit({});

        const decisions = await Promise.allSettled([
          commit({ ...request, status: 'approved' }),
          commit({ ...request, status: 'denied' }),
        ]);

        const won = decisions.flatMap((decision) => (decision.status === 'fulfilled' ? [decision.value] : []));
        const lost = decisions.flatMap((decision) => (decision.status === 'rejected' ? [decision.reason] : []));
        expect(won).toHaveLength(1);
        expect(lost).toEqual([expect.objectContaining({ name: 'TransientError', code: 'conflict' })]);
        expect(await store.load('REQ-0001')).toEqual(won[0]);
      });

      it('stores nothing of a change that lost', async () => {
        const request = await commit({});
        const head = await store.auditHead();

        await expect(commit({ ...request, version: 0, status: 'denied' })).rejects.toThrow();

        expect(await store.auditHead()).toEqual(head);
        expect(await collectAudit(store)).toHaveLength(1);
        expect(await store.unfinished()).toEqual([request]);
      });

      it('lists the unfinished ones, oldest first', async () => {
        const young = await commit({ id: 'REQ-0001', createdAt: 3000, status: 'running' });
        const old = await commit({ id: 'REQ-0002', createdAt: 1000, status: 'waiting' });
        const over = await commit({ id: 'REQ-0003', createdAt: 2000 });
        expect((await store.unfinished()).map(({ id }) => id)).toEqual(['REQ-0002', 'REQ-0003', 'REQ-0001']);

        await commit({ ...over, status: 'withdrawn' });

        expect(await store.unfinished()).toEqual([old, young]);
      });

      it('does not list a request that is over when it is first stored', async () => {
        await commit({ status: 'denied' });

        expect(await store.unfinished()).toEqual([]);
      });
    });

    describe('the audit log', () => {
      it('starts empty', async () => {
        expect(await store.auditHead()).toEqual(CHAIN_START);
        expect(await collectAudit(store)).toEqual([]);
      });

      it('keeps entries that belong to no change of a request', async () => {
        expect(await store.commit({ audit: [anEntry({ kind: 'request.refused' })], effects: [] })).toBeUndefined();

        expect(await collectAudit(store)).toEqual([expect.objectContaining({ kind: 'request.refused', seq: 1 })]);
      });

      it('chains 50 commits at the same moment without a gap', async () => {
        const numbers = Array.from({ length: 50 }, (_, index) => index + 1);

        await Promise.all(
          numbers.map((number) =>
            store.commit({
              request: aRequest({ id: `REQ-${number}` }),
              audit: [anEntry({ facts: { number } }), anEntry({ facts: { number, second: true } })],
              effects: [],
            }),
          ),
        );

        const entries = await collectAudit(store);
        expect(entries).toHaveLength(100);
        expect(verifyChain(entries)).toEqual({ ok: true, head: await store.auditHead() });
        expect(entries.map(({ facts }) => facts['number']).toSorted(numerically)).toEqual(
          [...numbers, ...numbers].toSorted(numerically),
        );
      });

      it('goes on after commits that were refused in between', async () => {
        const request = await commit({});

        await Promise.allSettled(
          Array.from({ length: 20 }, (_, index) =>
            index % 2 === 0
              ? commit({ ...request, reason: `try ${index}` })
              : store.commit({ audit: [anEntry()], effects: [] }),
          ),
        );

        const entries = await collectAudit(store);
        expect(entries).toHaveLength(1 + 1 + 10);
        expect(verifyChain(entries)).toEqual({ ok: true, head: await store.auditHead() });
      });

      it('can be read from any entry on', async () => {
        await store.commit({ audit: [anEntry(), anEntry(), anEntry()], effects: [] });

        expect((await collectAudit(store, 2)).map(({ seq }) => seq)).toEqual([2, 3]);
        expect(await collectAudit(store, 4)).toEqual([]);
      });

      it('can be read backwards, from any entry', async () => {
        await store.commit({ audit: Array.from({ length: 730 }, () => anEntry()), effects: [] });
        const numbers = async (from?: number): Promise<number[]> => {
          const found: number[] = [];
          for await (const { seq } of store.auditEntriesBack(from)) found.push(seq);
          return found;
        };

        expect(await numbers()).toEqual(Array.from({ length: 730 }, (_, index) => 730 - index));
        expect(await numbers(3)).toEqual([3, 2, 1]);
        expect(await numbers(9000)).toHaveLength(730);
        expect(await numbers(0)).toEqual([]);
        for await (const entry of store.auditEntriesBack(2)) {
          expect(entry).toEqual((await collectAudit(store, 2))[0]);
          break;
        }
      });

      it('keeps of an entry what an entry has, so that the chain holds', async () => {
        const actor = { ...anEntry().actor, email: 'mara@lantern.example' };
        await store.commit({
          audit: [anEntry({ actor, facts: { empty: null, nested: { list: [1, 'two'] } } })],
          effects: [],
        });

        const entries = await collectAudit(store);
        expect(entries[0]?.actor).toEqual(anEntry().actor);
        expect(verifyChain(entries).ok).toBe(true);
      });
    });

    describe('end dates', () => {
      it('are there until they are dropped, whatever the letters of the address', async () => {
        await store.putStay(aStay());
        expect(await store.stayOf('nils@lantern.example')).toEqual(aStay());
        expect(await store.stayOf('Nils@Lantern.example')).toEqual(aStay());

        await store.dropStay('NILS@lantern.example');

        expect(await store.stayOf('nils@lantern.example')).toBeUndefined();
        expect(await store.stays()).toEqual([]);
      });

      it('are one a person: the one that was put last', async () => {
        await store.putStay(aStay());
        await store.putStay(aStay({ endsAt: 1_800_000_000_000, told: [] }));

        expect(await store.stays()).toEqual([aStay({ endsAt: 1_800_000_000_000, told: [] })]);
      });

      it('are kept apart by person, and all of them can be read', async () => {
        const sam = aStay({ person: { email: 'sam@partner.example' } });
        await Promise.all([store.putStay(aStay()), store.putStay(sam)]);

        const stays = await store.stays();

        expect(stays.toSorted((one, other) => (one.person.email < other.person.email ? -1 : 1))).toEqual([
          aStay(),
          sam,
        ]);
      });

      it('can be dropped where there is none', async () => {
        await store.dropStay('nobody@lantern.example');

        expect(await store.stayOf('nobody@lantern.example')).toBeUndefined();
      });
    });

    describe('secrets of a request', () => {
      const secret = { secretId: '7b3c1f0e-52a4-4d7e-9c1a-0f6e2d8b4a55' };
      const input = { token: secret, bucket: 'lantern-logs' };

      it.each(['done', 'failed', 'denied', 'withdrawn', 'expired'] as const)(
        'go in the write after which it is %s, and stay until then',
        async (status) => {
          await store.keep(vaultKey(secret), 'sealed', 60_000);
          await store.keep('draft', 'mine', 60_000);
          const asked = await commit({ input });
          const running = await commit({ ...asked, status: 'running' });
          expect(await store.recall(vaultKey(secret))).toBe('sealed');

          await expect(commit({ ...asked, status })).rejects.toMatchObject({ code: 'conflict' });
          expect(await store.recall(vaultKey(secret))).toBe('sealed');

          await commit({ ...running, status });
          expect(await store.recall(vaultKey(secret))).toBeUndefined();
          expect(await store.recall('draft')).toBe('mine');
        },
      );
    });

    describe('claims', () => {
      it('gives a claim to one of many', async () => {
        const claims = await Promise.all(Array.from({ length: 10 }, () => store.claim('press-1', 60_000)));

        expect(claims.filter(Boolean)).toHaveLength(1);
        expect(await store.claim('press-2', 60_000)).toBe(true);
      });

      it('gives it again once it was released, or its time is over', async () => {
        await store.claim('press', 60_000);
        await store.release('press');
        expect(await store.claim('press', 20)).toBe(true);

        await vi.waitUntil(() => store.claim('press', 60_000), { timeout: 5000 });
      });
    });

    describe('notes', () => {
      it('recalls what was kept', async () => {
        await store.keep('draft:U0MARA', { serial: 'C02XL0GYJGH5', tries: [1, null] }, 60_000);

        expect(await store.recall('draft:U0MARA')).toEqual({ serial: 'C02XL0GYJGH5', tries: [1, null] });
        expect(await store.recall('draft:U0NILS')).toBeUndefined();
      });

      it('forgets when told to, and when the time is over', async () => {
        await store.keep('draft', 'one', 60_000);
        await store.forget('draft');
        expect(await store.recall('draft')).toBeUndefined();

        await store.keep('draft', 'two', 20);
        await vi.waitUntil(async () => (await store.recall('draft')) === undefined, { timeout: 5000 });
      });

      it('keeps notes and claims apart', async () => {
        await store.claim('same', 60_000);

        expect(await store.recall('same')).toBeUndefined();
      });
    });
  });
}

function aStay(changes: Partial<Stay> = {}): Stay {
  return {
    person: { email: 'nils@lantern.example', name: 'Nils “N” Holm', slackId: 'U0NILS' },
    endsAt: 1_700_900_000_000,
    requestId: 'REQ-0001',
    since: 1_700_000_000_000,
    told: [3],
    ...changes,
  };
}

function numerically(one: unknown, other: unknown): number {
  return Number(one) - Number(other);
}
