import { describe, expect, it } from 'vitest';
import { lost } from '../../src/actions/lost.ts';
import type { Asking } from '../../src/core/action.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { planFacts, readPlan } from '../builders/a-plan.ts';
import { addresses, aPolicy, domain, email, everyone, other } from '../builders/a-policy.ts';
import { ANA, BEN } from '../builders/a-request.ts';
import { aDevice, anItem, aRegistration, aSerialList, aSnapshot, aUser } from '../builders/a-snapshot.ts';
import { anAccount, bind } from '../builders/an-account.ts';

const [colleague = ''] = addresses(1);
const LAPTOP = {
  id: 'device-1',
  name: 'ana-laptop',
  serial: 'C02XK0AZJG5J',
  platform: 'macos' as const,
  owner: ANA,
  others: [] as string[],
};
const input = { device: LAPTOP, reason: 'Stolen from the car.' };
const entry = anItem('C02XK0AZJG5J', `Ana Souza <${ANA.email}> · REQ-0100 · 2026-05-01`);
const serialRule = (...items: ReturnType<typeof anItem>[]): Snapshot['posture'] => ({
  ruleId: 'posture-serials',
  name: 'Known laptops',
  list: aSerialList(items),
});

function stolen(changes: Partial<Snapshot> = {}): Snapshot {
  return aSnapshot({
    allow: aPolicy({ include: [email(ANA.email), email(colleague)] }),
    posture: serialRule(entry, anItem('PF1ABC01')),
    users: [aUser()],
    devices: [aDevice()],
    ...changes,
  });
}

const byAna = planFacts({ requester: { name: ANA.name, slackId: ANA.slackId } });
const planOf = (snapshot: Snapshot, given: unknown = input, facts = byAna) => lost.plan(given, snapshot, facts);
const asking = (changes: Partial<Asking>): Asking => ({ actor: BEN, isSystem: false, isApprover: false, ...changes });

describe('a stolen laptop', () => {
  it('is cut off in one stage, everything else comes after', () => {
    expect(readPlan(planOf(stolen()))).toMatchInlineSnapshot(`
      "1. Take serial C02XK0AZJG5J out of the list “Laptops” [2 → 1 serial]
      1. Remove the device “ana-laptop” (…JG5J)
      1. End all sessions of ana.souza@lanternhealth.example
      2. Report who came in as ana.souza@lanternhealth.example in the last 24 hours
      2. Make sure that no session of ana.souza@lanternhealth.example is left
      2. Watch for attempts of ana.souza@lanternhealth.example to come in again"
    `);
  });

  it('is out, and the incident has its log', async () => {
    const snapshot = stolen();
    const event = { at: snapshot.takenAt - 60_000, email: ANA.email, allowed: true, app: 'ocs', ip: '203.0.113.7' };
    const { cloudflare, carryOut, posted, timers } = anAccount(snapshot, {
      sessions: { 'user-ana': 2 },
      events: [event, { ...event, at: snapshot.takenAt - 25 * 3_600_000 }],
    });

    const notes = await carryOut(planOf(snapshot));

    expect(cloudflare.valuesOf('list-serials')).toEqual(['PF1ABC01']);
    expect(await cloudflare.devices({ ids: ['device-1'] })).toEqual([]);
    expect(await cloudflare.sessions('user-ana')).toBe(0);
    expect(notes).toEqual([`Read back: 0 sessions of ${ANA.email}.`]);
    expect([...posted.values()]).toEqual([
      {
        kind: 'incident-events',
        requestId: 'REQ-0142',
        email: ANA.email,
        since: snapshot.takenAt - 24 * 3_600_000,
        events: [event],
      },
    ]);
    expect(timers.size).toBe(2);
    expect(cloudflare.peopleOf('policy-team')).toContain(ANA.email);
  });

  it('needs no more than one look before it writes', async () => {
    const snapshot = stolen();
    const { cloudflare, context } = anAccount(snapshot);
    const [firstStage = []] = planOf(snapshot).stages;

    for (const step of firstStage) await bind(step).look(context);

    expect(cloudflare.calls).toEqual(['readList list-serials', 'devices {"ids":["device-1"]}']);
  });

  it('is told to its owner when somebody else reports it', () => {
    expect(readPlan(planOf(stolen(), input, planFacts()))).toContain(
      '2. Tell the owner that the device was reported lost',
    );
  });

  it('is gone already: sessions end all the same', () => {
    expect(readPlan(planOf(stolen({ devices: [], posture: serialRule() })))).toMatchInlineSnapshot(`
      "1. End all sessions of ana.souza@lanternhealth.example
      2. Report who came in as ana.souza@lanternhealth.example in the last 24 hours
      2. Make sure that no session of ana.souza@lanternhealth.example is left
      2. Watch for attempts of ana.souza@lanternhealth.example to come in again
      !  Its serial number C02XK0AZJG5J is not in the list “Laptops”, so there is none to take out.
      !  The device “ana-laptop” was gone from Cloudflare already. The sessions end all the same."
    `);
  });

  it('was never connected: its serial number goes', () => {
    const { id: _none, ...registered } = LAPTOP;

    const read = readPlan(planOf(stolen({ devices: [] }), { device: registered }));

    expect(read).toContain('1. Take serial C02XK0AZJG5J out of the list “Laptops” [2 → 1 serial]');
    expect(read).not.toContain('gone');
  });

  it('reports no serial number', () => {
    const { serial: _none, ...unknown } = LAPTOP;
    const devices = [aDevice({ serial: undefined })];

    expect(planOf(stolen({ devices }), { device: unknown }).warnings).toMatchInlineSnapshot(`
      [
        "Cloudflare knows no serial number of this device. If one is registered for it, take it out of the list “Laptops” by hand.",
      ]
    `);
  });

  it('is used by somebody else too, who is cut off with it', () => {
    const registrations = [aRegistration(), aRegistration({ id: 'registration-2', email: colleague })];

    const plan = planOf(stolen({ devices: [aDevice({ registrations })] }));

    expect(plan.warnings).toMatchInlineSnapshot(`
      [
        "person-1@lanternhealth.example uses this device too: their sessions end as well, and they can sign in again with another device.",
      ]
    `);
    expect(readPlan(plan)).toContain(`1. End all sessions of ${colleague}`);
    expect(readPlan(plan)).toContain(`2. Make sure that no session of ${colleague} is left`);
  });
});

describe('where a serial number keeps nobody out', () => {
  const open = aPolicy({ include: [email(ANA.email), domain('lanternhealth.example')], require: [] });

  it('the owner is barred until an approver lifts it', async () => {
    const snapshot = stolen({ allow: open });
    const plan = planOf(snapshot);
    const { cloudflare, carryOut } = anAccount(snapshot);

    await carryOut(plan);

    expect(readPlan(plan)).toContain(
      `1. Bar ${ANA.email} from the policy “Team” (Open Chat Studio) [0 → 1 exclude rule]`,
    );
    expect(plan.warnings).toMatchInlineSnapshot(`
      [
        "The policy “Team” asks for no known device, so a serial number alone keeps nobody out: Ana Souza is barred from Open Chat Studio by an exclude rule until an approver lifts it.",
      ]
    `);
    expect(cloudflare.barredBy('policy-team')).toEqual([ANA.email]);
  });

  it('it is so too without any rule about serial numbers', () => {
    const snapshot: Snapshot = { ...stolen(), posture: undefined };

    expect(readPlan(planOf(snapshot))).toContain(`1. Bar ${ANA.email} from the policy “Team”`);
  });

  it('the approvers read what else the policy opens', () => {
    expect(planOf(stolen({ allow: { ...open, sharedWith: ['Grafana'] } })).warnings).toContain(
      'The policy “Team” is shared: Ana Souza is kept out of Grafana by it as well.',
    );
  });

  it('a second policy counts as well, one that does not let the owner in does not', () => {
    const second = aPolicy({ ref: { kind: 'app', appId: 'app-ocs', id: 'second' }, name: 'Second', require: [] });
    const withSecond = (changes: Partial<typeof second>): Snapshot => {
      const { allow } = stolen();
      return stolen({ allow, policies: [allow, { ...second, ...changes }] });
    };

    expect(readPlan(planOf(withSecond({ include: [everyone] })))).toContain('from the policy “Second”');
    expect(readPlan(planOf(withSecond({})))).not.toContain('Bar ');
  });

  it('a rule that nobody can read is to be checked by hand', () => {
    const allow = aPolicy({ include: [other('okta')], require: [] });

    expect(planOf(stolen({ allow })).warnings).toMatchInlineSnapshot(`
      [
        "Check by hand: a rule that can’t be read from here (okta) in the policy “Team” (Open Chat Studio) may still let Ana Souza in.",
      ]
    `);
  });
});

describe('reporting it', () => {
  const withBen = { device: { ...LAPTOP, others: ['ben@lanternhealth.example'] } };

  it.each([
    ['its owner', input, asking({ actor: { ...ANA, teamId: BEN.teamId } }), 0],
    ['its owner by address', input, asking({ actor: { ...BEN, email: 'Ana.Souza@lanternhealth.example' } }), 0],
    ['somebody who uses it too', withBen, asking({ actor: { ...BEN, email: 'ben@lanternhealth.example' } }), 0],
    ['an approver', input, asking({ isApprover: true }), 0],
    ['anybody else', input, asking({}), 1],
  ])('%s needs so many approvals', (_who, given, who, needed) => {
    expect(lost.approvals(given, who)).toBe(needed);
  });

  it.each([
    [LAPTOP, 'Cut off Ana Souza’s Mac (ana-laptop, …JG5J)'],
    [{ ...LAPTOP, platform: undefined, name: 'C02XK0AZJG5J' }, 'Cut off Ana Souza’s device (…JG5J)'],
    [{ ...LAPTOP, platform: 'windows', serial: undefined }, 'Cut off Ana Souza’s Windows computer (ana-laptop)'],
  ])('says which one', (device, says) => {
    expect(lost.describe({ device })).toBe(says);
  });
});
