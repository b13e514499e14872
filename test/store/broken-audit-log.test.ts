import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verifyAuditLog } from '../../src/core/verify-audit-log.ts';
import { verifyRecent } from '../../src/core/verify-recent.ts';
import type { RedisConnection } from '../../src/store/connect.ts';
import { createKeys, type Keys } from '../../src/store/keys.ts';
import { createStore } from '../../src/store/store.ts';
import { anEntry, aRequest, collectAudit, connectToTestRedis, ownPrefix } from './builders.ts';

const clock = { now: () => 1_700_000_000_000 };
const run = { kind: 'run', requestId: 'REQ-0007', isUrgent: true } as const;

let redis: RedisConnection;
let keys: Keys;
let store: ReturnType<typeof createStore>;
beforeAll(async () => {
  redis = await connectToTestRedis();
});
afterAll(() => redis.disconnect());
beforeEach(async () => {
  const prefix = ownPrefix();
  keys = createKeys(prefix);
  store = createStore({ redis, prefix });
  await store.commit({ audit: ['one', 'two', 'three', 'four'].map((says) => anEntry({ says })), effects: [] });
});

/** What `lost` and `revoke` store, and the worker after them. */
const cut = (changes: Partial<ReturnType<typeof aRequest>> = {}) =>
  aRequest({ id: 'REQ-0007', action: 'lost', effect: 'reduce', status: 'approved', isUrgent: true, ...changes });

/** Everything that is stored of the log and its head, to the byte. */
async function stored(): Promise<unknown[]> {
  return Promise.all([keys.audit, keys.auditHead].map((key) => redis.callBuffer('DUMP', key)));
}

async function aside(): Promise<unknown[]> {
  const texts = (await redis.call('LRANGE', keys.auditAside, 0, -1)) as string[];
  return texts.map((text): unknown => JSON.parse(text));
}

async function alerts(): Promise<string[]> {
  const staged = await store.staged(100);
  return staged.flatMap(({ effect }) =>
    effect.kind === 'post' && effect.post.kind === 'operator-alert' ? [effect.post.says] : [],
  );
}

const HEAD = 'The stored head of the audit log can’t be read: it was changed in Redis.';
const LOG = 'Something else is stored in the place of the audit log: it was changed in Redis.';
const past = (seq: number) =>
  `The audit log goes on past entry ${seq}, which should be its last: it, or its stored head, was changed in Redis.`;

type Tampering = readonly [
  name: string,
  key: 'audit' | 'auditHead',
  commands: readonly (readonly [string, ...string[]])[],
  why: string,
  verdict: { readonly seq: number; readonly why: string },
];

const headAltered = { seq: 5, why: "the stored head can't be read: it was changed" };

describe.for<Tampering>([
  ['the number of the head is a word', 'auditHead', [['HSET', 'seq', 'many']], HEAD, headAltered],
  ['the number of the head is empty', 'auditHead', [['HSET', 'seq', '']], HEAD, headAltered],
  ['the number of the head is written in another way', 'auditHead', [['HSET', 'seq', '4.0']], HEAD, headAltered],
  ['the number of the head is past all counting', 'auditHead', [['HSET', 'seq', '9'.repeat(30)]], HEAD, headAltered],
  ['the number of the head is gone', 'auditHead', [['HDEL', 'seq']], HEAD, headAltered],
  ['the hash of the head is none', 'auditHead', [['HSET', 'hash', 'x'.repeat(64)]], HEAD, headAltered],
  ['the hash of the head is cut off', 'auditHead', [['HSET', 'hash', '0a1b']], HEAD, headAltered],
  ['the hash of the head is gone', 'auditHead', [['HDEL', 'hash']], HEAD, headAltered],
  ['a text is in the place of the head', 'auditHead', [['SET', 'gone']], HEAD, headAltered],
  [
    'the head is gone',
    'auditHead',
    [['DEL']],
    past(0),
    { seq: 1, why: 'there are entries up to 4, but the stored head is gone' },
  ],
  [
    'the head is behind the log',
    'auditHead',
    [['HSET', 'seq', '3']],
    past(3),
    {
      seq: 4,
      why: 'the log goes on past entry 3, which is its last one by the stored head: entries were put in at the end, or the stored head was changed',
    },
  ],
  [
    'a text is in the place of the log',
    'audit',
    [['SET', 'gone']],
    LOG,
    { seq: 1, why: "what stands in the place of entry 1 can't be read: it was altered or put in" },
  ],
])('where %s', ([, key, commands, why, verdict]) => {
  beforeEach(async () => {
    for (const [command, ...words] of commands) await redis.call(command, keys[key], ...words);
  });

  it('gives nobody anything: nothing of it is stored, and the refusal says what to do', async () => {
    const before = await stored();

    const asked = store.commit({ request: aRequest(), audit: [anEntry()], effects: [run] });

    await expect(asked).rejects.toMatchObject({
      name: 'PermanentError',
      code: 'audit-broken',
      message: `${why} Until an operator has put that right (docs/audit.md, “Verify”), ocs-access gives nobody access and changes nothing. Devices can still be reported lost, and access can still be revoked.`,
    });
    expect(await store.load('REQ-0001')).toBeUndefined();
    expect((await store.staged(10)).filter(({ effect }) => effect.kind === 'run')).toEqual([]);
    expect(await aside()).toEqual([]);
    expect(await stored()).toEqual(before);
  });

  it('takes access away: all of it is stored once, and its entries beside the log', async () => {
    const before = await stored();

    const first = await store.commit({ request: cut(), audit: [anEntry({ says: 'Lost.' })], effects: [run] });
    const running = await store.commit({
      request: cut({ version: 1, status: 'running' }),
      audit: [anEntry({ says: 'Began.' }), anEntry({ says: 'Done.' })],
      effects: [],
    });

    expect([first?.version, running?.version]).toEqual([1, 2]);
    expect(await store.load('REQ-0007')).toEqual(running);
    expect((await store.unfinished()).map(({ id }) => id)).toEqual(['REQ-0007']);
    expect((await store.staged(10)).filter(({ effect }) => effect.kind === 'run')).toHaveLength(1);
    expect(await aside()).toEqual([
      anEntry({ says: 'Lost.' }),
      anEntry({ says: 'Began.' }),
      anEntry({ says: 'Done.' }),
    ]);
    expect(await stored()).toEqual(before);
  });

  it('refuses what was made from an older version', async () => {
    await store.commit({ request: cut(), audit: [anEntry()], effects: [] });

    await expect(store.commit({ request: cut(), audit: [anEntry()], effects: [run] })).rejects.toMatchObject({
      name: 'TransientError',
      code: 'conflict',
    });
    expect(await aside()).toHaveLength(1);
    expect((await store.staged(10)).filter(({ effect }) => effect.kind === 'run')).toEqual([]);
  });

  it('calls the operator, once', async () => {
    await store.commit({ request: aRequest(), audit: [anEntry()], effects: [] }).catch(() => undefined);
    await store.commit({ request: cut(), audit: [anEntry()], effects: [] });

    expect(await alerts()).toEqual([
      `Nothing can be added to the audit log. ${why} Until that is put right, whoever asks for access or for a change is refused. Access is still taken away, and what happens meanwhile is kept beside the log, in Redis under audit-aside. Leave Redis as it is, save its data folder, and go on with docs/audit.md, “Verify”.`,
    ]);
  });

  it('stores what has no entry', async () => {
    const asked = await store.commit({ request: aRequest(), audit: [], effects: [run] });

    expect(asked).toEqual({ ...aRequest(), version: 1 });
    expect(await store.load('REQ-0001')).toEqual(asked);
  });

  it('is found by both checks', async () => {
    expect(await verifyAuditLog(store)).toEqual({ ok: false, ...verdict });
    expect(await verifyRecent(store, clock)).toEqual({ ok: false, ...verdict });
  });
});

describe('an audit log that can’t be continued', () => {
  it('keeps refusals, reminders and the ends of open requests beside it', async () => {
    const open = await store.commit({ request: aRequest(), audit: [anEntry()], effects: [] });
    if (open === undefined) throw new Error('A commit with a request returns the request.');
    await redis.call('HSET', keys.auditHead, 'seq', 'many');

    await store.commit({ audit: [anEntry({ kind: 'request.refused' })], effects: [] });
    const reminded = await store.commit({
      request: { ...open, remindedAt: 5 },
      audit: [anEntry({ kind: 'request.reminded' })],
      effects: [],
    });
    await store.commit({
      request: { ...open, version: 2, status: 'denied' },
      audit: [anEntry({ kind: 'request.denied' })],
      effects: [],
    });

    expect(reminded?.version).toBe(2);
    expect(await aside()).toMatchObject([
      { kind: 'request.refused' },
      { kind: 'request.reminded' },
      { kind: 'request.denied' },
    ]);
    expect(await store.unfinished()).toEqual([]);
  });

  it.for(['approved', 'running', 'done', 'failed'] as const)('lets no grant become %s', async (status) => {
    const open = await store.commit({ request: aRequest(), audit: [anEntry()], effects: [] });
    await redis.call('HSET', keys.auditHead, 'seq', 'many');

    await expect(
      store.commit({ request: { ...aRequest(), version: 1, status }, audit: [anEntry()], effects: [] }),
    ).rejects.toMatchObject({ code: 'audit-broken' });
    expect(await store.load('REQ-0001')).toEqual(open);
  });

  it('goes on where it stopped as soon as its head is put right', async () => {
    const { hash } = await store.auditHead();
    await redis.call('HSET', keys.auditHead, 'hash', 'gone');
    await store.commit({ request: cut(), audit: [anEntry()], effects: [] });

    await redis.call('HSET', keys.auditHead, 'hash', hash);
    await store.commit({ request: aRequest(), audit: [anEntry()], effects: [] });

    expect(await verifyAuditLog(store)).toMatchObject({ ok: true, checked: 5 });
    expect(await aside()).toHaveLength(1);
  });

  it('begins anew where log and head were moved out of the way', async () => {
    await redis.call('HSET', keys.auditHead, 'hash', 'gone');
    for (const key of [keys.audit, keys.auditHead]) await redis.call('RENAME', key, `${key}-broken`);

    await store.commit({ request: aRequest(), audit: [anEntry()], effects: [] });

    expect(await verifyAuditLog(store)).toMatchObject({ ok: true, checked: 1 });
  });
});

describe('an audit log whose end was cut off', () => {
  it('goes on behind the gap, which shows for ever', async () => {
    await redis.call('XDEL', keys.audit, '3-0', '4-0');
    const gap = { ok: false, seq: 3, why: expect.stringContaining('entries 3 to 4 are missing at the end') as string };
    expect(await verifyRecent(store, clock)).toEqual(gap);

    await store.commit({ request: aRequest(), audit: [anEntry()], effects: [] });

    const entries = await collectAudit(store);
    expect(entries.map(({ seq }) => seq)).toEqual([1, 2, 5]);
    expect(await aside()).toEqual([]);
    const verdict = { ok: false, seq: 3, why: 'entry 3 is missing: entry 5 stands in its place' };
    expect(await verifyAuditLog(store)).toEqual(verdict);
    expect(await verifyRecent(store, clock)).toEqual(verdict);
  });

  it('is said to end where it does, however far ahead its head was set', async () => {
    await redis.call('HSET', keys.auditHead, 'seq', '900000');

    expect(await verifyRecent(store, clock)).toEqual({
      ok: false,
      seq: 5,
      why: 'entries 5 to 900000 are missing at the end: cut off, or the stored head was changed',
    });
  });

  it('goes on also where the head has the hash of another entry, and both checks name the place', async () => {
    await redis.call('HSET', keys.auditHead, 'hash', 'ab'.repeat(32));

    await store.commit({ request: aRequest(), audit: [anEntry()], effects: [] });

    const verdict = { ok: false, seq: 4, why: 'entry 4 was replaced: entry 5 continues another one' };
    expect(await verifyAuditLog(store)).toEqual(verdict);
    expect(await verifyRecent(store, clock)).toEqual(verdict);
  });
});
