import { describe, expect, it } from 'vitest';
import type { AccessEvent } from '../../src/core/access-event.ts';
import type { Request } from '../../src/core/request.ts';
import { reportAttempts } from '../../src/jobs/report-attempts.ts';
import { aRevocation } from '../builders/a-reduction.ts';
import { ANA } from '../builders/a-request.ts';
import { failing, unavailable } from './failing.ts';

const MINUTE = 60_000;

/** A revocation that is done, and the timer that it has set; `minutes` are counted from its end. */
async function cutOff() {
  const run = await aRevocation();
  await run.run();
  const end = run.clock.now();
  const [set] = run.timersSet.values();
  if (set?.timer.kind !== 'attempts') throw new Error('No timer for attempts was set.');
  const { timer } = set;
  const told = () =>
    run.store.effects.flatMap((effect) =>
      effect.kind === 'post' && effect.post.kind === 'attempts' ? [effect.post.events] : [],
    );
  return {
    ...run,
    timer,
    look: () => reportAttempts(run, timer),
    told,
    attempt: (minutes: number, changes: Partial<AccessEvent> = {}): AccessEvent => {
      const event = {
        at: end + minutes * MINUTE,
        email: ANA.email,
        allowed: false,
        app: 'ocs.lantern.example',
        ip: '203.0.113.7',
        ...changes,
      };
      run.cloudflare.log(event);
      return event;
    },
  };
}

describe('attempts after a revocation', () => {
  it('are told, newest first, and written down', async () => {
    const { attempt, look, told, store } = await cutOff();
    const [first, second] = [attempt(0.2), attempt(0.5, { allowed: true })];

    await look();

    expect(told()).toEqual([[second, first]]);
    expect(store.entries.at(-1)).toMatchObject({
      kind: 'access.attempted',
      requestId: 'REQ-0001',
      people: [ANA.email],
      says: 'Since REQ-0001 cut off access, somebody tried to come in 2 times: 1 let in, 1 turned away.',
      facts: { allowed: 1, refused: 1 },
    });
  });

  it('are told once, also when the log is read again with more in it', async () => {
    const { attempt, look, told } = await cutOff();
    const first = attempt(0.2);
    await look();
    await look();
    const second = attempt(3);
    // Later in the log than its time says.
    const late = attempt(0.1, { ip: '198.51.100.9' });
    await look();

    expect(told()).toEqual([[first], [second, late]]);
  });

  it('are told once, also when their country becomes known later', async () => {
    const run = await cutOff();
    const event = run.attempt(0.2);
    await run.look();
    const accessEvents = async () => [{ ...event, country: 'NG' }];
    await reportAttempts({ ...run, cloudflare: { accessEvents } }, run.timer);

    expect(run.told()).toEqual([[event]]);
  });

  it('are nothing to tell where there are none', async () => {
    const { attempt, look, told, store } = await cutOff();
    attempt(-1, { allowed: true });
    attempt(0.5, { email: 'somebody.else@lanternhealth.example' });
    const entries = store.entries.length;

    await look();

    expect(told()).toEqual([]);
    expect(store.entries).toHaveLength(entries);
  });

  it('are told by a later try when the log does not answer', async () => {
    const run = await cutOff();
    run.attempt(0.5);
    let isDown = true;
    run.cloudflare.intercept('before', () => {
      if (isDown) throw unavailable();
    });

    await expect(run.look()).rejects.toMatchObject({ code: 'cloudflare-unavailable' });
    isDown = false;
    await run.look();

    expect(run.told()).toHaveLength(1);
  });
});

it('nobody is accused who came in before a rule could be taken away', async () => {
  const run = await aRevocation();
  const begin = run.clock.now();
  failing(run, 'writePolicy policy-team', unavailable, { times: 3 });
  await run.run();
  const [set] = run.timersSet.values();
  if (set?.timer.kind !== 'attempts') throw new Error('No timer for attempts was set.');
  const event = { at: begin + 4000, email: ANA.email, allowed: true, app: 'ocs.lantern.example', ip: '203.0.113.7' };
  run.cloudflare.log(event);
  run.cloudflare.log({ ...event, at: begin + MINUTE });

  await reportAttempts(run, set.timer);

  expect(run.store.effects.at(-1)).toMatchObject({ post: { kind: 'attempts', events: [{ at: begin + MINUTE }] } });
});

it('while a rule still can’t be taken away, that is told with it', async () => {
  const run = await cutOff();
  const event = run.attempt(0.2, { allowed: true });
  const load = async (id: string): Promise<Request | undefined> => {
    const request = await run.store.load(id);
    return (
      request && {
        ...request,
        steps: request.steps.map((step, at) => (at === 0 ? { ...step, state: 'failed' } : step)),
      }
    );
  };

  await reportAttempts({ ...run, store: { ...run.store, load } }, run.timer);
  await reportAttempts(run, { ...run.timer, requestId: 'REQ-0001' });

  const posts = run.store.effects.flatMap((effect) => (effect.kind === 'post' ? [effect.post] : []));
  expect(posts.filter(({ kind }) => kind === 'attempts')).toEqual([
    { kind: 'attempts', requestId: 'REQ-0001', events: [event], isPartly: true },
  ]);
});

it('a request that is gone is nothing to report on', async () => {
  const { store, cloudflare, clock } = await cutOff();
  const timer = { kind: 'attempts' as const, requestId: 'REQ-0099', emails: [ANA.email], since: 0 };

  await expect(reportAttempts({ store, cloudflare, clock }, timer)).resolves.toBeUndefined();
});
