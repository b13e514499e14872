import { describe, expect, it } from 'vitest';
import { remindRequests } from '../../src/core/remind.ts';
import { A_DAY, aHouse, anAdd, ASK_HER, named, presses, seen } from '../builders/a-house.ts';
import { BEN, CARA } from '../builders/a-request.ts';

const A_QUARTER = A_DAY / 4;

describe('a request that waits for approval', () => {
  it('is brought to mind once a quarter of its time is over', async () => {
    const { ask, store, clock } = aHouse();
    await ask('add', anAdd(), BEN);
    clock.advance(A_QUARTER);

    expect(await remindRequests(store, clock, await store.unfinished())).toEqual(['REQ-0001']);

    expect(await store.load('REQ-0001')).toMatchObject({ status: 'pending', remindedAt: clock.now() });
    expect(store.effects.at(-1)).toEqual({
      kind: 'post',
      post: { kind: 'reminder', requestId: 'REQ-0001', isFirst: false },
    });
    expect(store.entries.at(-1)).toMatchObject({ kind: 'request.reminded', actor: { slackId: 'system' } });
    expect(store.entries.at(-1)?.says).toMatchInlineSnapshot(
      `"The approvers were reminded that REQ-0001 waits for them: Give Ana Souza access with their macOS device (serial number C02XK0AZJG5J)."`,
    );
  });

  it('is not brought to mind one moment before, nor a second time', async () => {
    const { ask, store, clock } = aHouse();
    await ask('add', anAdd(), BEN);
    clock.advance(A_QUARTER - 1);
    expect(await remindRequests(store, clock, await store.unfinished())).toEqual([]);
    clock.advance(1);

    await remindRequests(store, clock, await store.unfinished());
    clock.advance(A_QUARTER);

    expect(await remindRequests(store, clock, await store.unfinished())).toEqual([]);
  });

  it('is brought to mind once when two processes sweep', async () => {
    const { ask, store, clock } = aHouse();
    await ask('add', anAdd(), BEN);
    clock.advance(A_QUARTER);

    const unfinished = await store.unfinished();
    const swept = await Promise.all([
      remindRequests(store, clock, unfinished),
      remindRequests(store, clock, unfinished),
    ]);

    expect(swept.flat()).toEqual(['REQ-0001']);
    expect(named(store.effects).filter((effect) => effect.startsWith('reminder'))).toHaveLength(1);
  });

  it('is left alone once it was decided, and while it waits for a serial number', async () => {
    const { ask, approve, store, clock } = aHouse();
    const request = await ask('add', anAdd(), BEN);
    await approve('REQ-0001', seen(request), presses(CARA));
    await ask('add', anAdd({ device: ASK_HER }), BEN);
    clock.advance(A_QUARTER);

    expect(await remindRequests(store, clock, await store.unfinished())).toEqual([]);
  });

  it('is left to expire after a pause of more than its time', async () => {
    const { ask, store, clock } = aHouse();
    await ask('add', anAdd(), BEN);
    clock.advance(A_DAY);

    expect(await remindRequests(store, clock, await store.unfinished())).toEqual([]);
  });

  it('can still be approved by the button that was there before', async () => {
    const { ask, approve, store, clock } = aHouse();
    const request = await ask('add', anAdd(), BEN);
    clock.advance(A_QUARTER);
    await remindRequests(store, clock, await store.unfinished());

    expect(await approve('REQ-0001', seen(request), presses(CARA))).toMatchObject({ status: 'approved' });
  });
});
