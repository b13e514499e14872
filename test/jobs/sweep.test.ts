import { describe, expect, it } from 'vitest';
import { sweep } from '../../src/jobs/sweep.ts';
import { aLoss, SERIAL } from '../builders/a-reduction.ts';
import { failing, rateLimited } from './failing.ts';

const MINUTE = 60_000;

describe('a run whose job got lost', () => {
  it('is taken up again in its own queue after five minutes without a sign', async () => {
    const { store, clock } = await aLoss();

    clock.advance(5 * MINUTE);
    expect((await sweep(store, clock)).resumed).toEqual([]);
    clock.advance(1);
    expect((await sweep(store, clock)).resumed).toEqual(['REQ-0001']);

    expect(store.effects.at(-1)).toEqual({ kind: 'run', requestId: 'REQ-0001', isUrgent: true });
  });

  it('is not lost while it waits as long as Cloudflare asked', async () => {
    const run = await aLoss();
    failing(run, `removeFromList list-serials ${SERIAL}`, () => rateLimited(30 * MINUTE));
    await run.runOnce();

    run.clock.advance(34 * MINUTE);
    expect((await sweep(run.store, run.clock)).resumed).toEqual([]);
    run.clock.advance(2 * MINUTE);

    expect((await sweep(run.store, run.clock)).resumed).toEqual(['REQ-0001']);
  });
});

it('reads what is under way once', async () => {
  const { store, clock } = await aLoss();
  let reads = 0;
  const unfinished = () => {
    reads += 1;
    return store.unfinished();
  };

  await sweep({ ...store, unfinished }, clock);

  expect(reads).toBe(1);
});
