import { describe, expect, it } from 'vitest';
import { expireRequests } from '../../src/core/expire.ts';
import { A_DAY, aHouse, anAdd, ASK_HER, named, presses, seen } from '../builders/a-house.ts';
import { BEN, CARA } from '../builders/a-request.ts';

describe('requests whose time is over', () => {
  it('end, and whoever asked is told', async () => {
    const { ask, store, clock } = aHouse();
    await ask('add', anAdd(), BEN);
    clock.advance(A_DAY);

    expect(await expireRequests(store, clock, await store.unfinished())).toEqual(['REQ-0001']);
    expect(await store.load('REQ-0001')).toMatchObject({ status: 'expired', finishedAt: clock.now() });
    expect(named(store.effects).slice(3)).toEqual([
      'approval-card REQ-0001',
      'requester-card REQ-0001',
      'homes REQ-0001',
      'audit-summary REQ-0001',
      'outcome REQ-0001',
    ]);
    expect(store.entries.at(-1)).toMatchObject({ kind: 'request.expired', actor: { slackId: 'system' } });
    expect(store.entries.at(-1)?.says).toMatchInlineSnapshot(
      `"REQ-0001 expired undecided: Give Ana Souza access with their macOS device (serial number C02XK0AZJG5J)."`,
    );
  });

  it('end while they wait for a serial number, and the form is taken back', async () => {
    const { ask, store, clock } = aHouse();
    await ask('add', anAdd({ device: ASK_HER }), BEN);
    clock.advance(A_DAY);

    await expireRequests(store, clock, await store.unfinished());

    expect(named(store.effects).at(-1)).toBe('invite REQ-0001');
  });

  it('are left alone one moment before', async () => {
    const { ask, store, clock } = aHouse();
    await ask('add', anAdd(), BEN);
    clock.advance(A_DAY - 1);

    expect(await expireRequests(store, clock, await store.unfinished())).toEqual([]);
    expect(await store.load('REQ-0001')).toMatchObject({ status: 'pending' });
  });

  it('are left alone once they were approved', async () => {
    const { ask, approve, store, clock } = aHouse();
    const request = await ask('add', anAdd(), BEN);
    await approve('REQ-0001', seen(request), presses(CARA));
    clock.advance(10 * A_DAY);

    expect(await expireRequests(store, clock, await store.unfinished())).toEqual([]);
  });

  it('end once when two processes sweep', async () => {
    const { ask, store, clock } = aHouse();
    await ask('add', anAdd(), BEN);
    clock.advance(A_DAY);

    const unfinished = await store.unfinished();
    await Promise.all([expireRequests(store, clock, unfinished), expireRequests(store, clock, unfinished)]);

    expect(store.entries.map(({ kind }) => kind)).toEqual(['request.asked', 'request.expired']);
  });

  it('stay withdrawn when that came first', async () => {
    const { ask, withdraw, store, clock } = aHouse();
    await ask('add', anAdd(), BEN);
    clock.advance(A_DAY);

    const unfinished = await store.unfinished();
    await withdraw('REQ-0001', presses(BEN));
    const swept = await expireRequests(store, clock, unfinished);

    expect(await store.load('REQ-0001')).toMatchObject({ status: 'withdrawn' });
    expect(swept).toEqual([]);
  });
});
