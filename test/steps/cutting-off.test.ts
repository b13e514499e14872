import { describe, expect, it } from 'vitest';
import { PermanentError, TransientError } from '../../src/core/errors.ts';
import { Post } from '../../src/core/post.ts';
import { cutOff } from '../../src/steps/cut-off.ts';
import { endRegistrations } from '../../src/steps/end-registrations.ts';
import { freeSeats } from '../../src/steps/free-seats.ts';
import { steps } from '../../src/steps/registry.ts';
import { removeDevices } from '../../src/steps/remove-devices.ts';
import { reportEvents } from '../../src/steps/report-events.ts';
import { revokeSessions } from '../../src/steps/revoke-sessions.ts';
import { tellOwner } from '../../src/steps/tell-owner.ts';
import { watchAttempts } from '../../src/steps/watch-attempts.ts';
import { ANA } from '../builders/a-request.ts';
import { aDevice, aRegistration, aSnapshot, aUser } from '../builders/a-snapshot.ts';
import { anAccount } from '../builders/an-account.ts';

const BEN_AT = 'ben@lanternhealth.example';
const people = [{ email: ANA.email, seatUid: 'seat-ana' }];
const laptop = { id: 'device-1', name: 'ana-laptop', serial: 'C02XK0AZJG5J' };

const every = [
  removeDevices.bind({ devices: [laptop] }),
  removeDevices.bind({ devices: [laptop, { id: 'device-2', name: 'old' }] }),
  endRegistrations.bind({ emails: [ANA.email] }),
  endRegistrations.bind({ emails: [ANA.email, BEN_AT] }),
  revokeSessions.bind({ email: ANA.email }),
  freeSeats.bind({ people }),
  freeSeats.bind({ people: [...people, { email: BEN_AT, seatUid: 'seat-ben' }] }),
  cutOff.bind({ email: ANA.email }),
  reportEvents.bind({ email: ANA.email, hours: 24 }),
  tellOwner.bind({ slackId: ANA.slackId }),
  watchAttempts.bind({ emails: [ANA.email] }),
];

it('every step says what it does and where a person would do it', () => {
  expect(every.map(({ says, byHand }) => [says, byHand])).toMatchInlineSnapshot(`
    [
      [
        "Remove the device “ana-laptop” (…JG5J)",
        "Zero Trust dashboard → Team & Resources → Devices",
      ],
      [
        "Remove 2 devices",
        "Zero Trust dashboard → Team & Resources → Devices",
      ],
      [
        "End every WARP registration of ana.souza@lanternhealth.example",
        "Zero Trust dashboard → Team & Resources → Devices → the device → Registrations",
      ],
      [
        "End every WARP registration of 2 people",
        "Zero Trust dashboard → Team & Resources → Devices → the device → Registrations",
      ],
      [
        "End all sessions of ana.souza@lanternhealth.example",
        "Zero Trust dashboard → Team & Resources → Users → ana.souza@lanternhealth.example → Revoke sessions",
      ],
      [
        "Free the seat of ana.souza@lanternhealth.example",
        "Zero Trust dashboard → Team & Resources → Users → the person → Action → Remove users",
      ],
      [
        "Free 2 seats",
        "Zero Trust dashboard → Team & Resources → Users → the person → Action → Remove users",
      ],
      [
        "Make sure that no session of ana.souza@lanternhealth.example is left",
        "Zero Trust dashboard → Team & Resources → Users → ana.souza@lanternhealth.example → Revoke sessions",
      ],
      [
        "Report who came in as ana.souza@lanternhealth.example in the last 24 hours",
        "Zero Trust dashboard → Insights → Logs → Access authentication logs",
      ],
      [
        "Tell the owner that the device was reported lost",
        undefined,
      ],
      [
        "Watch for attempts of ana.souza@lanternhealth.example to come in again",
        undefined,
      ],
    ]
  `);
});

it('none of them is taken back: access that is gone stays gone', () => {
  const ids = [removeDevices, endRegistrations, revokeSessions, freeSeats, cutOff, reportEvents].map(({ id }) => id);

  expect(steps.filter(({ id }) => ids.includes(id)).map(({ undoes }) => undoes)).toEqual(ids.map(() => 'nothing'));
});

describe('removing devices', () => {
  const bound = removeDevices.bind({ devices: [laptop, { id: 'device-2', name: 'old' }] });
  const both = aSnapshot({
    devices: [
      aDevice(),
      aDevice({ id: 'device-2', registrations: [aRegistration({ id: 'registration-2', isActive: false })] }),
    ],
  });

  it('removes them with every registration', async () => {
    const { cloudflare, context } = anAccount(both);

    await (await bound.look(context)).apply();

    expect((await bound.look(context)).holds).toBe(true);
    expect(cloudflare.writes.toSorted()).toEqual([
      'deleteDevice device-1',
      'deleteDevice device-2',
      'deleteRegistrations registration-1 registration-2',
    ]);
  });

  it('finds nothing to do for one that is gone', async () => {
    const { context } = anAccount(aSnapshot());

    expect((await bound.look(context)).holds).toBe(true);
  });

  it('removes the others when one fails', async () => {
    const { cloudflare, context } = anAccount(both);
    cloudflare.intercept('before', (call) => {
      if (call === 'deleteDevice device-1') throw new TransientError('Cloudflare is down.', { code: 'down' });
    });

    await expect((await bound.look(context)).apply()).rejects.toThrow('Cloudflare is down.');

    expect((await cloudflare.devices({ of: 'all' })).map(({ id }) => id)).toEqual(['device-1']);
  });
});

describe('ending registrations', () => {
  const bound = endRegistrations.bind({ emails: [ANA.email] });

  it('ends hers on a shared device, a revoked one as well, and nobody else’s', async () => {
    const registrations = [
      aRegistration(),
      aRegistration({ id: 'registration-2', isActive: false }),
      aRegistration({ id: 'registration-3', email: BEN_AT }),
    ];
    const { cloudflare, context } = anAccount(aSnapshot({ devices: [aDevice({ registrations })] }));

    await (await bound.look(context)).apply();

    expect((await bound.look(context)).holds).toBe(true);
    const [device] = await cloudflare.devices({ ids: ['device-1'] });
    expect(device?.registrations.map(({ id }) => id)).toEqual(['registration-3']);
  });

  it('does not hold when a client has enrolled again', async () => {
    const { cloudflare, context } = anAccount(aSnapshot());
    cloudflare.enrol(aDevice());

    expect((await bound.look(context)).holds).toBe(false);
  });
});

describe('ending sessions', () => {
  it('always writes: a list without sessions may be an old one', async () => {
    const { cloudflare, context } = anAccount(aSnapshot());

    const view = await revokeSessions.bind({ email: ANA.email }).look(context);
    await view.apply();

    expect(view.holds).toBe(false);
    expect(cloudflare.writes).toEqual([`revokeSessions ${ANA.email}`]);
  });

  it.each([
    ['by her id', { email: ANA.email, userId: 'user-ana' }],
    ['by her address', { email: ANA.email }],
  ])('looks for what is left %s and ends it again', async (_how, args) => {
    const { context } = anAccount(aSnapshot({ users: [aUser()] }), { sessions: { 'user-ana': 1 } });
    const bound = cutOff.bind(args);

    const before = await bound.look(context);
    await before.apply();
    const after = await bound.look(context);

    expect([before.holds, after.holds]).toEqual([false, true]);
    expect([before.notes, after.notes]).toEqual([[], [`Read back: 0 sessions of ${ANA.email}.`]]);
  });

  it('has nothing to look for in somebody who never signed in', async () => {
    const { context } = anAccount(aSnapshot());

    expect((await cutOff.bind({ email: ANA.email }).look(context)).holds).toBe(true);
  });
});

describe('freeing seats', () => {
  it('frees those that are taken', async () => {
    const users = [aUser(), aUser({ id: 'user-ben', email: BEN_AT, seatUid: 'seat-ben', hasSeat: false })];
    const { cloudflare, context } = anAccount(aSnapshot({ users }));
    const bound = freeSeats.bind({ people: [...people, { email: BEN_AT, seatUid: 'seat-ben' }] });

    await (await bound.look(context)).apply();

    expect(cloudflare.writes).toEqual(['freeSeats seat-ana']);
    expect((await bound.look(context)).holds).toBe(true);
  });
});

describe('telling and watching', () => {
  const bound = reportEvents.bind({ email: ANA.email, hours: 24 });

  it('reports once, however often it is run', async () => {
    const { context, posted } = anAccount(aSnapshot());

    await (await bound.look(context)).apply();
    await (await bound.look(context)).apply();

    expect([...posted.values()].map((post) => Post.parse(post).kind)).toEqual(['incident-events']);
  });

  it('reports that the log can’t be read, and goes on', async () => {
    const { cloudflare, context, posted } = anAccount(aSnapshot());
    cloudflare.intercept('before', () => {
      throw new PermanentError('The token may not read the log.', { code: 'not-permitted' });
    });

    await (await bound.look(context)).apply();

    expect([...posted.values()]).toMatchObject([{ events: [], problem: 'The token may not read the log.' }]);
  });

  it('waits for a log that can’t be read just now', async () => {
    const { cloudflare, context, posted } = anAccount(aSnapshot());
    cloudflare.intercept('before', () => {
      throw new TransientError('Cloudflare did not answer.', { code: 'timeout' });
    });

    await expect((await bound.look(context)).apply()).rejects.toThrow('did not answer');

    expect(posted.size).toBe(0);
  });

  it('tells the owner once', async () => {
    const { context, posted } = anAccount(aSnapshot());
    const telling = tellOwner.bind({ slackId: ANA.slackId });

    await (await telling.look(context)).apply();
    await (await telling.look(context)).apply();

    expect([...posted.values()]).toEqual([{ kind: 'device-reported', requestId: 'REQ-0142', slackId: ANA.slackId }]);
  });

  it('looks at the log a minute and a quarter of an hour later, from now on', async () => {
    const { clock, context, timers } = anAccount(aSnapshot());
    const watching = watchAttempts.bind({ emails: [ANA.email] });
    const now = clock.now();

    await (await watching.look(context)).apply();
    clock.advance(5_000);
    await (await watching.look(context)).apply();

    const timer = { kind: 'attempts', requestId: 'REQ-0142', emails: [ANA.email], since: now };
    expect([...timers.values()]).toEqual([
      { timer, at: now + 60_000 },
      { timer, at: now + 900_000 },
    ]);
  });
});
