import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verifyChain } from '../../src/core/audit.ts';
import type { RedisConnection } from '../../src/store/connect.ts';
import { createKeys, type Keys } from '../../src/store/keys.ts';
import { createStore } from '../../src/store/store.ts';
import { describeStore } from '../contract/store.ts';
import { anEntry, aRequest, collectAudit, connectToTestRedis, ownPrefix } from './builders.ts';

describeStore('a store in Redis', async () => {
  const redis = await connectToTestRedis();
  return { store: createStore({ redis, prefix: ownPrefix() }), close: async () => redis.disconnect() };
});

describe('two stores on one Redis', () => {
  it('chain their audit entries into one log', async () => {
    const connections = await Promise.all([connectToTestRedis(), connectToTestRedis()]);
    const prefix = ownPrefix();
    const stores = connections.map((redis) => createStore({ redis, prefix }));

    await Promise.all(
      stores.flatMap((store) => Array.from({ length: 30 }, () => store.commit({ audit: [anEntry()], effects: [] }))),
    );

    const entries = await collectAudit(createStore({ redis: firstOf(connections), prefix }));
    expect(entries).toHaveLength(60);
    expect(verifyChain(entries).ok).toBe(true);
    for (const redis of connections) redis.disconnect();
  });
});

describe('createStore', () => {
  let redis: RedisConnection;
  let prefix: string;
  let keys: Keys;
  let store: ReturnType<typeof createStore>;
  beforeAll(async () => {
    redis = await connectToTestRedis();
  });
  afterAll(() => redis.disconnect());
  beforeEach(() => {
    prefix = ownPrefix();
    keys = createKeys(prefix);
    store = createStore({ redis, prefix });
  });

  /** What somebody with access to Redis can do: a stream can't be edited, but it can be written anew. */
  async function rewrite(edit: (stored: [id: string, json: string][]) => [id: string, json: string][]) {
    const entries = await collectAudit(store);
    const edited = edit(entries.map((entry) => [`${entry.seq}-0`, JSON.stringify(entry)]));
    await redis.call('DEL', keys.audit);
    for (const [id, json] of edited) await redis.call('XADD', keys.audit, id, 'entry', json);
  }

  it('stages effects in order, each with an id of its own and the version that it follows', async () => {
    const card = { kind: 'post', post: { kind: 'approval-card', requestId: 'REQ-0001' }, delayMs: 5 } as const;
    const run = { kind: 'run', requestId: 'REQ-0001' } as const;
    await store.commit({ request: aRequest(), audit: [], effects: [card, run] });
    await store.commit({ audit: [], effects: [run] });

    const staged = await store.staged(10);

    expect(staged.map(({ effect, version }) => ({ effect, version }))).toEqual([
      { effect: card, version: 1 },
      { effect: run, version: 1 },
      { effect: run, version: undefined },
    ]);
    expect(new Set(staged.map(({ id }) => id)).size).toBe(3);
  });

  it('stages what is urgent as such', async () => {
    const urgent = { kind: 'run', requestId: 'REQ-0001', isUrgent: true } as const;
    await store.commit({ audit: [], effects: [urgent] });

    expect((await store.staged(10)).map(({ effect }) => effect)).toEqual([urgent]);
  });

  it('reads a request and an effect from before there were urgent ones', async () => {
    const { about: _about, isUrgent: _isUrgent, ...before } = aRequest({ version: 7 });
    await redis.call('HSET', keys.request('REQ-0001'), 'version', 7, 'json', JSON.stringify(before));
    await redis.call('RPUSH', keys.staged, '{"id":"effect-1","effect":{"kind":"run","requestId":"REQ-0001"}}');

    expect(await store.load('REQ-0001')).toEqual({ ...before, about: [], isUrgent: false });
    expect(await store.staged(10)).toMatchObject([{ effect: { kind: 'run', requestId: 'REQ-0001' } }]);
  });

  it('says that an end date can’t be read', async () => {
    await redis.call('HSET', keys.stays, 'nils@lantern.example', '{"person":{}}');

    await expect(store.stayOf('nils@lantern.example')).rejects.toMatchObject({
      name: 'PermanentError',
      code: 'stored-unreadable',
      message: 'An end date that is stored can’t be read by this version of the bot.',
    });
  });

  it('stages nothing of a change that lost', async () => {
    await store.commit({ request: aRequest(), audit: [], effects: [] });

    const late = { request: aRequest(), audit: [], effects: [{ kind: 'run', requestId: 'REQ-0001' } as const] };
    await expect(store.commit(late)).rejects.toMatchObject({ code: 'conflict' });

    expect(await store.staged(10)).toEqual([]);
  });

  it('unstages what it is told and nothing else, and does not mind being told twice', async () => {
    const run = { kind: 'run', requestId: 'REQ-0001' } as const;
    await store.commit({ audit: [], effects: [run, run, run] });
    const [first, second, third] = await store.staged(10);
    if (first === undefined || second === undefined) throw new Error('Three were staged.');

    await store.unstage([first]);
    await store.unstage([first, second]);

    expect(await store.staged(10)).toEqual([third]);
  });

  it('reads a log of several pages in order', async () => {
    const entries = Array.from({ length: 1250 }, (_, index) => anEntry({ facts: { index } }));
    await store.commit({ audit: entries, effects: [] });

    const read = await collectAudit(store);

    expect(read.map(({ facts }) => facts['index'])).toEqual(entries.map((_, index) => index));
    expect(verifyChain(read)).toEqual({ ok: true, head: await store.auditHead() });
  });

  it('stores after Redis forgot its scripts', async () => {
    await store.commit({ audit: [anEntry()], effects: [] });
    await redis.call('SCRIPT', 'FLUSH');

    await store.commit({ audit: [anEntry()], effects: [] });

    expect(await collectAudit(store)).toHaveLength(2);
  });

  it('says which request can’t be read', async () => {
    await redis.call('HSET', keys.request('REQ-0009'), 'version', 1, 'json', '{"id":"REQ-0009"}');

    await expect(store.load('REQ-0009')).rejects.toMatchObject({
      name: 'PermanentError',
      code: 'stored-unreadable',
      message: "What is stored about REQ-0009 can't be read by this version of the bot.",
    });
  });

  it('refuses a prefix that would spread its keys over a cluster', () => {
    expect(() => createStore({ redis, prefix: 'ocs-access' })).toThrow(
      'The Redis key prefix needs a part in braces, as in {ocs-access}.',
    );
  });

  describe('an audit log that somebody tampered with', () => {
    beforeEach(async () => {
      const audit = ['one', 'two', 'three', 'four'].map((says) => anEntry({ says }));
      await store.commit({ audit, effects: [] });
    });

    it('shows which entry was altered', async () => {
      await rewrite((stored) => stored.map(([id, json]) => [id, json.replace('three', 'nothing')]));

      expect(verifyChain(await collectAudit(store))).toEqual({ ok: false, seq: 3, why: 'entry 3 was altered' });
    });

    it('shows an entry to which something was added', async () => {
      await rewrite((stored) =>
        stored.map(([id, json]) => [id, json.replace('"says":"two"', '"says":"two","note":1')]),
      );

      expect(verifyChain(await collectAudit(store))).toEqual({ ok: false, seq: 2, why: 'entry 2 was altered' });
    });

    it('shows which entry was removed', async () => {
      await redis.call('XDEL', keys.audit, '2-0');

      expect(verifyChain(await collectAudit(store))).toMatchObject({ ok: false, seq: 2 });
    });

    it('shows where an entry was put in', async () => {
      await rewrite((stored) =>
        stored.flatMap(([id, json]) =>
          id === '2-0'
            ? [
                [id, json],
                ['2-1', json],
              ]
            : [[id, json]],
        ),
      );

      expect(verifyChain(await collectAudit(store))).toMatchObject({ ok: false, seq: 3 });
    });

    it('shows by its head that the last entry was removed', async () => {
      await redis.call('XDEL', keys.audit, '4-0');

      const verdict = verifyChain(await collectAudit(store));

      expect(verdict).toMatchObject({ ok: true, head: { seq: 3 } });
      expect(await store.auditHead()).toMatchObject({ seq: 4 });
    });

    it('names an entry that is no entry any more', async () => {
      await rewrite((stored) => stored.map(([id, json]) => [id, id === '2-0' ? 'gone' : json]));

      await expect(collectAudit(store)).rejects.toMatchObject({
        code: 'audit-unreadable',
        message: "Entry 2 of the audit log can't be read: it was altered in Redis.",
      });
    });

    it('takes nothing more once its head was set back, and stores nothing of the change', async () => {
      await redis.call('DEL', keys.auditHead);

      await expect(store.commit({ request: aRequest(), audit: [anEntry()], effects: [] })).rejects.toMatchObject({
        name: 'PermanentError',
        code: 'audit-broken',
      });
      expect(await store.load('REQ-0001')).toBeUndefined();
    });
  });
});

function firstOf<T>(list: readonly T[]): T {
  const [first] = list;
  if (first === undefined) throw new Error('The list is empty.');
  return first;
}
