import { describe, expect, it } from 'vitest';
import { lost } from '../../src/actions/lost.ts';
import { restore } from '../../src/actions/restore.ts';
import { flatten, type Plan } from '../../src/core/plan.ts';
import type { Request } from '../../src/core/request.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { planFacts, readPlan, readRefusal } from '../builders/a-plan.ts';
import { addresses, aPolicy, email } from '../builders/a-policy.ts';
import { ANA, aRecord, aRequest } from '../builders/a-request.ts';
import { aDevice, anItem, aSerialList, aSnapshot, aUser } from '../builders/a-snapshot.ts';
import { anAccount } from '../builders/an-account.ts';

const device = { id: 'device-1', name: 'ana-laptop', serial: 'C02XK0AZJG5J', owner: ANA, others: [] };
const entry = anItem('c02xk0azjg5j', `Ana Souza <${ANA.email}> · REQ-0100 · 2026-05-01`);

function stolen(changes: Partial<Snapshot> = {}): Snapshot {
  return aSnapshot({
    allow: aPolicy({ include: [ANA.email, ...addresses(1)].map(email), require: [] }),
    posture: { ruleId: 'posture-serials', name: 'Known laptops', list: aSerialList([entry]) },
    users: [aUser()],
    devices: [aDevice()],
    ...changes,
  });
}

/** The incident as it is stored once it is over, `changed` where it did something. */
function incidentOf(plan: Plan, changed: (step: string) => boolean = () => true): Request {
  const steps = flatten(plan).map(({ step }) => aRecord({ state: 'done', changed: changed(step) }));
  return { ...aRequest({ plan, steps, about: [ANA] }), id: 'REQ-0141' };
}

function start(request: Request): Record<string, unknown> {
  return { ...restore.from?.(request).fixed, reason: 'It was under the seat.' };
}

async function afterTheLoss(snapshot = stolen()) {
  const account = anAccount(snapshot);
  const plan = lost.plan({ device }, snapshot, planFacts());
  await account.carryOut(plan);
  return { ...account, plan, now: await account.cloudflare.snapshot() };
}

describe('a device that is found', () => {
  it('gets back what the incident took, and no more', async () => {
    const { plan, now, cloudflare, carryOut, posted } = await afterTheLoss();

    const giveBack = restore.plan(start(incidentOf(plan)), now, planFacts());
    await carryOut(giveBack);

    expect(readPlan(giveBack)).toMatchInlineSnapshot(`
      "1. Put serial C02XK0AZJG5J into the list “Laptops” [0 → 1 serial]
      1. Lift the bar on ana.souza@lanternhealth.example in the policy “Team” (Open Chat Studio)
      2. Send Ana Souza the steps to connect the device
      !  The policy “Team” does not require the device check “Known laptops”, so registering the serial protects nothing: Ana Souza gets in from any enrolled device.
      !  Ana Souza has to connect the device with WARP again: its registration is gone. They are told how."
    `);
    expect((await cloudflare.readList('list-serials')).items).toEqual([{ ...entry, value: entry.value.toUpperCase() }]);
    expect(cloudflare.barredBy('policy-team')).toEqual([]);
    expect([...posted.values()].at(-1)).toMatchObject({ kind: 'welcome', isReplacement: true });
  });

  it('gets nothing back that was so before the incident', async () => {
    const { plan, now } = await afterTheLoss();

    const input = start(incidentOf(plan, (step) => step === 'list-items'));

    expect(readPlan(restore.plan(input, now, planFacts()))).not.toContain('Lift');
  });

  it('has everything back already', async () => {
    const { plan } = await afterTheLoss();

    expect(readRefusal(() => restore.plan(start(incidentOf(plan)), stolen(), planFacts()))).toMatchInlineSnapshot(
      `"nothing-to-do (undefined): There is nothing to give back: what REQ-0141 took from Ana Souza is there again, or it took nothing that can be given back. If the device was reported more than once, press “Device found” on the message of the first report."`,
    );
  });

  it('lost nothing that can be given back', async () => {
    const { plan, now } = await afterTheLoss();

    const input = start(incidentOf(plan, () => false));

    expect(readRefusal(() => restore.plan(input, now, planFacts()))).toContain('nothing-to-do');
  });

  it('belongs to somebody else by now', async () => {
    const { plan, now } = await afterTheLoss();
    const taken = anItem('C02XK0AZJG5J', 'Ben Okafor <ben@lanternhealth.example> · REQ-0150 · 2026-11-21');
    const posture = { ruleId: 'posture-serials', name: 'Known laptops', list: aSerialList([taken]) };

    expect(readRefusal(() => restore.plan(start(incidentOf(plan)), { ...now, posture }, planFacts()))).toContain(
      'serial-taken',
    );
  });

  it('does not bring access back that was revoked meanwhile', async () => {
    const { plan, now } = await afterTheLoss();
    const allow = { ...now.allow, include: addresses(1).map(email) };

    const { warnings } = restore.plan(start(incidentOf(plan)), { ...now, allow, policies: [allow] }, planFacts());

    expect(warnings).toMatchInlineSnapshot(`
      [
        "The policy “Team” does not require the device check “Known laptops”, so registering the serial protects nothing: Ana Souza gets in from any enrolled device.",
        "Ana Souza has to connect the device with WARP again: its registration is gone. They are told how.",
        "No policy lets Ana Souza in any more, so this gives only the device back. Use “add” for their access.",
      ]
    `);
  });

  it('is asked for by an approver and approved by another one, for whom it is', async () => {
    const { plan } = await afterTheLoss();
    const input = start(incidentOf(plan));

    expect(restore.mayAsk).toBe('approver');
    expect(restore.beneficiaries(input)).toEqual([ANA]);
    expect(restore.describe(input)).toBe('Let the device of Ana Souza in again that REQ-0141 cut off');
  });
});
