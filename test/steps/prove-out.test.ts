import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { proveOut } from '../../src/steps/prove-out.ts';
import { addresses, aPolicy, domain, email, everyone, other } from '../builders/a-policy.ts';
import { ANA } from '../builders/a-request.ts';
import {
  aDevice,
  anEnrolment,
  anEnrolmentPolicy,
  anItem,
  aSerialList,
  aSnapshot,
  aUser,
} from '../builders/a-snapshot.ts';
import { anAccount } from '../builders/an-account.ts';
import type { PeopleOptions } from '../builders/memory-people.ts';

const bound = proveOut.bind({ people: [ANA], scope: 'everything' });
const devicesOnly = proveOut.bind({ people: [ANA], scope: 'devices' });
const serialRule = (...items: ReturnType<typeof anItem>[]): Pick<Snapshot, 'posture'> => ({
  posture: { ruleId: 'posture-serials', name: 'Known laptops', list: aSerialList(items) },
});
const hers = serialRule(anItem('C02XK0AZJG5J', `Ana Souza <${ANA.email}>`));

/** No enrolment, no serial numbers. */
const bare = (changes: Partial<Snapshot>): Snapshot => ({
  ...aSnapshot(changes),
  enrolment: undefined,
  posture: undefined,
});

function look(changes: Partial<Snapshot> = {}, options: PeopleOptions = {}, step = bound) {
  const { context } = anAccount(aSnapshot({ users: [aUser()], ...changes }), options);
  return step.look(context);
}

describe('the proof that somebody is out', () => {
  it('holds when nothing lets them in, and says so', async () => {
    const { holds, notes } = await look();

    expect(holds).toBe(true);
    expect(notes).toEqual(['Read back at the end: no policy lets Ana Souza in, 0 devices, 0 sessions.']);
  });

  it.each([
    ['a rule', { allow: aPolicy({ include: [domain('lanternhealth.example')] }) }, {}],
    ['enrolment', { enrolment: anEnrolment(anEnrolmentPolicy({ include: [email(ANA.email)] })) }, {}],
    ['a registration', { devices: [aDevice({ serial: undefined })] }, {}],
    ['a session', {}, { sessions: { 'user-ana': 1 } }],
    ['a serial number', hers, {}],
  ])('does not hold while there is %s', async (_what, changes, options) => {
    expect((await look(changes, options)).holds).toBe(false);
  });

  it('names everything that is left, and changes nothing', async () => {
    const snapshot = aSnapshot({
      allow: aPolicy({ include: [everyone] }),
      enrolment: anEnrolment(anEnrolmentPolicy({ include: [email(ANA.email)] })),
      ...hers,
      users: [aUser()],
      devices: [aDevice()],
    });
    const { cloudflare, context } = anAccount(snapshot, { sessions: { 'user-ana': 2 } });

    const view = await bound.look(context);

    await expect(view.apply()).rejects.toThrowErrorMatchingInlineSnapshot(
      `[TransientError: Not out yet: the policy “Enrol devices” (device enrolment) lets Ana Souza in by the rule for ana.souza@lanternhealth.example; the policy “Team” (Open Chat Studio) lets Ana Souza in by the rule for everyone; the serial C02XK0AZJG5J is in the list “Laptops”; 1 device of Ana Souza; 2 sessions of Ana Souza.]`,
    );
    await expect(view.apply()).rejects.toMatchObject({ name: 'TransientError', code: 'still-in' });
    expect(cloudflare.writes).toEqual([]);
  });

  it('names the first few of many', async () => {
    const people = addresses(12).map((address) => ({ email: address }));
    const { context } = anAccount(bare({ allow: aPolicy({ include: [everyone] }) }));

    const view = await proveOut.bind({ people, scope: 'everything' }).look(context);

    await expect(view.apply()).rejects.toThrow(
      /^Not out yet: (?:the policy [^;]+; ){4}the policy [^;]+, and 7 more\.$/,
    );
  });

  it('counts the sessions of many people only when nothing else lets them in', async () => {
    const people = addresses(12).map((address) => ({ email: address }));
    const users = people.map((one, at) => aUser({ id: `user-${at}`, ...one }));
    const sessionsRead = async (changes: Partial<Snapshot>): Promise<number> => {
      const { cloudflare, context } = anAccount(bare({ users, ...changes }));
      await proveOut.bind({ people, scope: 'everything' }).look(context);
      return cloudflare.calls.filter((call) => call.startsWith('sessions')).length;
    };

    expect(await sessionsRead({ allow: aPolicy({ include: [everyone] }) })).toBe(0);
    expect(await sessionsRead({ allow: aPolicy({ include: [email('x@lanternhealth.example')] }) })).toBe(12);
  });

  it('leaves to people what it can’t read', async () => {
    const { holds, notes } = await look({ allow: aPolicy({ include: [other('okta')] }) });

    expect(holds).toBe(true);
    expect(notes).toMatchInlineSnapshot(`
      [
        "Read back at the end: no rule that can be read from here lets Ana Souza in, 0 devices, 0 sessions.",
        "Check by hand: the policy “Team” (Open Chat Studio) may let Ana Souza in by a rule that can’t be read from here (okta).",
      ]
    `);
  });

  it('does not trust an exclude rule where nobody is asked who they are', async () => {
    const open = aPolicy({
      ref: { kind: 'app', appId: 'app-ocs', id: 'hooks' },
      name: 'Hooks',
      decision: 'bypass',
      include: [everyone],
      exclude: [email(ANA.email)],
    });

    expect((await look({ policies: [aPolicy(), open] })).notes).toMatchInlineSnapshot(`
      [
        "Read back at the end: no rule that can be read from here lets Ana Souza in, 0 devices, 0 sessions.",
        "Check by hand: the policy “Hooks” (Open Chat Studio) lets people through without asking who they are.",
      ]
    `);
  });

  it('lets a serial stay that was kept on purpose', async () => {
    const keeping = proveOut.bind({ people: [ANA], scope: 'everything', keepSerials: ['c02xk0azjg5j'] });

    expect((await look(hers, {}, keeping)).holds).toBe(true);
  });
});

describe('the proof that somebody has no device', () => {
  const admitted = { allow: aPolicy({ include: [email(ANA.email)] }) };

  it('asks nothing about the rules', async () => {
    expect(await look(admitted, {}, devicesOnly)).toMatchObject({
      holds: true,
      notes: ['Read back at the end: no serial number of Ana Souza is registered, 0 devices, 0 sessions.'],
    });
  });

  it('does not hold while a serial number is registered', async () => {
    expect((await look({ ...admitted, ...hers }, {}, devicesOnly)).holds).toBe(false);
  });

  it('tells that somebody who may come back has', async () => {
    const back = { ...admitted, devices: [aDevice()] };

    const { holds, notes } = await look(back, { sessions: { 'user-ana': 1 } }, devicesOnly);

    expect(holds).toBe(true);
    expect(notes).toMatchInlineSnapshot(`
      [
        "Read back at the end: no serial number of Ana Souza is registered.",
        "Back again, as the policies allow: 1 device of Ana Souza.",
        "Back again, as the policies allow: 1 session of Ana Souza.",
      ]
    `);
  });
});
