import { describe, expect, it } from 'vitest';
import { replace } from '../../src/actions/replace.ts';
import { fieldsOf } from '../../src/core/fields.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { anAccount } from '../builders/an-account.ts';
import { aPolicy, email } from '../builders/a-policy.ts';
import { planFacts, readPlan, readRefusal } from '../builders/a-plan.ts';
import { ANA } from '../builders/a-request.ts';
import { anEnrolment, anEnrolmentPolicy, anItem, aSerialList, aSnapshot } from '../builders/a-snapshot.ts';

const OLD = {
  id: 'device-1',
  name: 'ana-laptop',
  serial: 'C02XK0AZJG5J',
  platform: 'macos',
  owner: ANA,
  others: [],
} as const;
const HERS = anItem('C02XK0AZJG5J', `Ana Souza <${ANA.email}> · REQ-0100 · 2026-05-01`);

function input(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    device: OLD,
    serial: { kind: 'typed', platform: 'macos', serial: 'fvfg7new01' },
    lost: false,
    reason: 'The old one is five years old.',
    ...changes,
  };
}

/** Ana has access, with her old laptop. */
function account(changes: Partial<Snapshot> = {}, items = [HERS, anItem('PF1ABC01')]): Snapshot {
  return aSnapshot({
    allow: aPolicy({ include: [email(ANA.email)] }),
    enrolment: anEnrolment(anEnrolmentPolicy({ include: [email(ANA.email)] })),
    posture: { ruleId: 'posture-serials', name: 'Known laptops', list: aSerialList(items) },
    ...changes,
  });
}

const plan = (snapshot = account(), given = input()) => replace.plan(given, snapshot, planFacts());
const read = (...given: Parameters<typeof plan>): string => readPlan(plan(...given));
const refusal = (...given: Parameters<typeof plan>): string => readRefusal(() => plan(...given));

describe('replacing a device', () => {
  it('lets the new one in before the old one goes, and tells the owner how to connect it', () => {
    expect(read()).toMatchInlineSnapshot(`
      "1. Put serial FVFG7NEW01 into the list “Laptops” [2 → 3 serials]
      2. Take serial C02XK0AZJG5J out of the list “Laptops” [3 → 2 serials]
      2. Remove the device “ana-laptop” (…JG5J)
      3. Send Ana Souza the steps to connect the device"
    `);
  });

  it('ends with the new one in the list and the old one gone', async () => {
    const device = { ...OLD, lastSeenAt: undefined, emails: [ANA.email], registrations: [] };
    const { cloudflare, posted, ...ana } = anAccount(account({ devices: [device] }));

    await ana.carryOut(plan());

    expect(cloudflare.valuesOf('list-serials')).toEqual(['PF1ABC01', 'FVFG7NEW01']);
    expect(await cloudflare.devices({ ids: [OLD.id] })).toEqual([]);
    expect([...posted.values()]).toMatchObject([{ kind: 'welcome', slackId: ANA.slackId, isReplacement: true }]);
  });

  it('keeps what the old entry said, to put it back if the rest fails', () => {
    const [out] = plan().stages[1] ?? [];

    expect(out?.args).toMatchObject({ present: false, items: [HERS] });
  });

  it('gives back the right to enrol where the owner has lost it', () => {
    expect(read(account({ enrolment: anEnrolment(anEnrolmentPolicy()) }))).toContain(
      '1. Let ana.souza@lanternhealth.example in by the policy “Enrol devices” (device enrolment) [2 → 3 people]',
    );
  });

  it('of which only the entry is known takes out the entry', () => {
    const { id: _never, ...device } = OLD;

    expect(read(account(), input({ device }))).not.toContain('Remove the device');
  });

  it('that reports no serial number says what is left to do', () => {
    const { serial: _none, ...device } = OLD;

    expect(read(account(), input({ device }))).toMatchInlineSnapshot(`
      "1. Put serial FVFG7NEW01 into the list “Laptops” [2 → 3 serials]
      2. Remove the device “ana-laptop”
      3. Send Ana Souza the steps to connect the device
      !  ana-laptop reports no serial number, so no entry can be taken out of the list “Laptops”. Check by hand whether it has one."
    `);
  });

  it('whose entry is gone already goes on', () => {
    expect(read(account({}, []))).toMatchInlineSnapshot(`
      "1. Put serial FVFG7NEW01 into the list “Laptops” [0 → 1 serial]
      2. Remove the device “ana-laptop” (…JG5J)
      3. Send Ana Souza the steps to connect the device
      !  The old serial C02XK0AZJG5J is not in the list “Laptops”: it is out already."
    `);
  });

  it('that others use too names them', () => {
    expect(read(account(), input({ device: { ...OLD, others: ['ben@lanternhealth.example'] } }))).toContain(
      '!  ben@lanternhealth.example uses ana-laptop too and can’t get in with it any more.',
    );
  });

  it('whose entry speaks of somebody else says so', () => {
    const entry = anItem('C02XK0AZJG5J', 'Nils Holm <nils@lanternhealth.example>');

    expect(read(account({}, [entry]))).toContain(
      '!  The entry of the old device says “Nils Holm <nils@lanternhealth.example>”, not Ana Souza. It is taken out all the same.',
    );
  });

  it('changes the device alone where no serial is checked', () => {
    expect(read(account({ posture: undefined }))).toMatchInlineSnapshot(`
      "1. Remove the device “ana-laptop” (…JG5J)
      2. Send Ana Souza the steps to connect the device
      !  This account has no serial number rule, so no device is checked and the serial is only kept in this request."
    `);
  });
});

describe('when the old one is lost', () => {
  const lost = input({ lost: true });

  it('its report is asked first, and the plan has the new one only', () => {
    expect(replace.first(lost)).toEqual({
      action: 'lost',
      input: { device: OLD, reason: 'The old one is five years old.' },
    });
    expect(read(account(), lost)).toMatchInlineSnapshot(`
      "1. Put serial FVFG7NEW01 into the list “Laptops” [2 → 3 serials]
      2. Send Ana Souza the steps to connect the device"
    `);
  });

  it('and not lost, nothing is asked first', () => {
    expect(replace.first(input())).toBeUndefined();
  });

  it('where no device is checked, it says that the owner is barred by the report', () => {
    expect(read(account({ allow: aPolicy({ include: [email(ANA.email)], require: [] }) }), lost))
      .toMatchInlineSnapshot(`
      "1. Put serial FVFG7NEW01 into the list “Laptops” [2 → 3 serials]
      2. Send Ana Souza the steps to connect the device
      !  The policy “Team” checks no device, so the report of the lost one bars Ana Souza by an exclude rule. The new device gets in once an approver has that lifted: use “add” for it when the old one is out of reach.
      !  The policy “Team” does not require the device check “Known laptops”, so registering the serial protects nothing: Ana Souza gets in from any enrolled device."
    `);
  });
});

describe('a replacement that can’t be', () => {
  it.each([
    ['the old device itself', input({ serial: { kind: 'typed', serial: 'C02XK0AZJG5J' } }), account()],
    ['somebody else’s device', input(), account({}, [HERS, anItem('FVFG7NEW01', 'Kim Lee <kim@x.example>')])],
    ['for somebody without access', input(), account({ allow: aPolicy() })],
    ['for somebody who is barred', input(), account({ allow: aPolicy({ exclude: [email(ANA.email)] }) })],
  ])('%s', (_case, given, snapshot) => {
    expect(refusal(snapshot, given)).toMatch(/^(same-device|serial-taken|no-access) /);
  });

  it('says what is wrong, and where to go', () => {
    const taken = account({}, [HERS, anItem('FVFG7NEW01', 'Kim Lee <kim@x.example>')]);

    expect([
      refusal(account(), input({ serial: { kind: 'typed', serial: 'C02XK0AZJG5J' } })),
      refusal(taken),
      refusal(account({ allow: aPolicy() })),
    ]).toMatchInlineSnapshot(`
      [
        "same-device (serial.serial): C02XK0AZJG5J is the old device itself. Type the serial number of the new one.",
        "serial-taken (serial.serial): FVFG7NEW01 is registered already, as “Kim Lee <kim@x.example>”. Check the number. If the device really is Ana Souza’s now, have the old entry removed first.",
        "no-access (device.pick): Ana Souza has no access now, so there is no device to replace. Use “add” to give them access with the new one.",
      ]
    `);
  });

  it('leaves nobody else to type the serial number', () => {
    const parsed = replace.input.safeParse(input({ serial: { kind: 'ask' } }));

    expect(parsed.error?.issues).toMatchObject([
      { path: ['serial', 'ask'], message: 'Type the serial number of the new device.' },
    ]);
  });
});

describe('its form and its sentence', () => {
  it('asks for the old device, the new one, whether the old one is lost, and why', () => {
    expect(fieldsOf(replace.input).map(({ key, field }) => `${key}: ${field}`)).toEqual([
      'device: enrolled-device',
      'serial: device',
      'lost: tick',
      'reason: text',
    ]);
  });

  it.each([
    [input(), 'Replace ana-laptop of Ana Souza with a new macOS device (serial number FVFG7NEW01)'],
    [
      input({ lost: true }),
      'Replace the lost device ana-laptop of Ana Souza with a new macOS device (serial number FVFG7NEW01)',
    ],
  ])('%#', (given, sentence) => {
    expect(replace.describe(given)).toBe(sentence);
    expect(replace.beneficiaries(given)).toEqual([ANA]);
  });
});
