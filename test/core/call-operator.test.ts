import { describe, expect, it } from 'vitest';
import { callOperatorOnce, whyOf } from '../../src/core/call-operator.ts';
import { PermanentError, TransientError } from '../../src/core/errors.ts';
import { aClock } from '../builders/a-clock.ts';
import { aFuse, Killed } from '../builders/fuse.ts';
import { createMemoryStore } from '../builders/memory-store.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const CALL = { key: 'a-trouble', forMs: 24 * HOUR, says: 'Something is wrong.' };

function aStore() {
  const clock = aClock();
  const store = createMemoryStore(clock);
  const posts = () => store.effects.map((effect) => (effect.kind === 'post' ? effect.post : effect));
  return { clock, store, posts };
}

const notNow = () => Promise.reject(new TransientError('Redis does not answer.', { code: 'store-down' }));

describe('the operator', () => {
  it('is called once in the time that was given', async () => {
    const { clock, store, posts } = aStore();
    for (let hour = 0; hour < 24; hour += 1) {
      await callOperatorOnce(store, CALL);
      clock.advance(HOUR);
    }
    expect(posts()).toEqual([{ kind: 'operator-alert', says: 'Something is wrong.' }]);

    await callOperatorOnce(store, { ...CALL, requestId: 'REQ-0142' });

    expect(posts()[1]).toEqual({ kind: 'operator-alert', says: 'Something is wrong.', requestId: 'REQ-0142' });
  });

  it('is called to each trouble, by one of several processes', async () => {
    const { store, posts } = aStore();
    const other = { ...CALL, key: 'another', says: 'Something else is wrong.' };

    await Promise.all([CALL, CALL, other, CALL, other].map((call) => callOperatorOnce(store, call)));

    expect(posts()).toMatchObject([{ says: 'Something is wrong.' }, { says: 'Something else is wrong.' }]);
  });

  it('is called again where the call could not be stored', async () => {
    const { clock, store, posts } = aStore();
    await expect(callOperatorOnce({ ...store, commit: notNow }, CALL)).rejects.toMatchObject({ code: 'store-down' });
    expect(posts()).toEqual([]);
    clock.advance(MINUTE);

    await callOperatorOnce(store, CALL);

    expect(posts()).toHaveLength(1);
  });

  it('is called wherever the process is killed, twice only where nobody knows whether they were', async () => {
    const calls: number[] = [];
    for (let point = 1; point <= 8; point += 1) {
      const { clock, store, posts } = aStore();
      const killable = aFuse(point).wrap({ ...store });
      await expect(callOperatorOnce(killable, CALL)).rejects.toThrow(Killed);
      clock.advance(MINUTE);

      await callOperatorOnce(store, CALL);

      calls.push(posts().length);
    }

    // Two points for each command: whether there was a call, the claim, the call, and the note that it was made.
    expect(calls).toEqual([1, 1, 1, 1, 1, 2, 2, 1]);
  });
});

describe('what went wrong', () => {
  it('is said in our own words only', () => {
    expect(whyOf(new PermanentError('The API token was revoked.', { code: 'cloudflare-token' }))).toBe(
      'The API token was revoked.',
    );
    expect(whyOf(new TypeError('ana@lanternhealth.example is not iterable'))).toBe(
      'Something broke in ocs-access; its log says what.',
    );
  });
});
