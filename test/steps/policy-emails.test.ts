import { describe, expect, it } from 'vitest';
import type { AccessRule } from '../../src/core/access-rules.ts';
import { policyEmails } from '../../src/steps/policy-emails.ts';
import { anAccount } from '../builders/an-account.ts';
import { aPolicy, domain, email } from '../builders/a-policy.ts';
import { ANA } from '../builders/a-request.ts';
import { aSnapshot } from '../builders/a-snapshot.ts';

const REF = { kind: 'reusable', id: 'policy-team' } as const;
const NILS = 'nils@lanternhealth.example';

function bound(part: 'include' | 'exclude', present: boolean, emails = [ANA.email, NILS]) {
  return policyEmails.bind({ policy: REF, policyName: 'Team', opens: 'Open Chat Studio', part, present, emails });
}

function withRules(include: readonly AccessRule[], exclude: readonly AccessRule[] = []) {
  return anAccount(aSnapshot({ allow: aPolicy({ include, exclude }) }));
}

describe('what it says', () => {
  it('of one and of several', () => {
    const steps = [true, false].flatMap((present) =>
      (['include', 'exclude'] as const).flatMap((part) => [bound(part, present, [ANA.email]), bound(part, present)]),
    );

    expect(steps.map(({ says }) => says)).toMatchInlineSnapshot(`
      [
        "Let ana.souza@lanternhealth.example in by the policy “Team” (Open Chat Studio)",
        "Let 2 people in by the policy “Team” (Open Chat Studio)",
        "Bar ana.souza@lanternhealth.example from the policy “Team” (Open Chat Studio)",
        "Bar 2 people from the policy “Team” (Open Chat Studio)",
        "Take ana.souza@lanternhealth.example out of the policy “Team” (Open Chat Studio)",
        "Take 2 people out of the policy “Team” (Open Chat Studio)",
        "Lift the bar on ana.souza@lanternhealth.example in the policy “Team” (Open Chat Studio)",
        "Lift the bar on 2 people in the policy “Team” (Open Chat Studio)",
      ]
    `);
  });

  it('where it writes and where a person would', () => {
    expect([bound('include', true).resources, bound('include', true).byHand]).toMatchInlineSnapshot(`
      [
        [
          "policy-policy-team",
        ],
        "Zero Trust dashboard → Access controls → Policies → Team",
      ]
    `);
  });
});

describe('letting addresses in by a policy', () => {
  const both = bound('include', true);

  it('adds the missing rules to what is there at that moment, in one write', async () => {
    const { context, cloudflare } = withRules([domain('partner.example'), email(NILS)]);

    const view = await both.look(context);
    await view.apply();

    expect(view.touches).toEqual([ANA.email]);
    expect((await cloudflare.readPolicy(REF)).include).toContainEqual(domain('partner.example'));
    expect(cloudflare.peopleOf('policy-team').toSorted()).toEqual([ANA.email, NILS]);
    expect(cloudflare.writes).toHaveLength(1);
    expect((await both.look(context)).holds).toBe(true);
  });

  it('finds them there already, whatever their letters', async () => {
    const { context } = withRules([email('Ana.Souza@LanternHealth.example'), email(NILS)]);

    expect((await both.look(context)).holds).toBe(true);
  });

  it('does not take a domain rule for it', async () => {
    const { context } = withRules([domain('lanternhealth.example')]);

    expect((await both.look(context)).holds).toBe(false);
  });

  it('takes back the rules that it added and no other', async () => {
    const { context, cloudflare } = withRules([email('ben@x.example'), email(ANA.email), email(NILS)]);

    await (await both.look(context)).undo([ANA.email]);

    expect(cloudflare.peopleOf('policy-team')).toEqual(['ben@x.example', NILS]);
  });

  it('takes back nothing if it had added nothing', async () => {
    const { context, cloudflare } = withRules([email(ANA.email), email(NILS)]);

    await (await both.look(context)).undo([]);

    expect(cloudflare.writes).toEqual([]);
  });
});

describe('barring addresses and lifting the bar', () => {
  it('bars by exclude rules, and leaves the include rules alone', async () => {
    const { context, cloudflare } = withRules([email(ANA.email)], [domain('rival.example')]);

    await (await bound('exclude', true).look(context)).apply();

    expect(cloudflare.peopleOf('policy-team')).toEqual([ANA.email]);
    expect(cloudflare.barredBy('policy-team')).toEqual([ANA.email, NILS]);
    expect((await cloudflare.readPolicy(REF)).exclude).toContainEqual(domain('rival.example'));
  });

  it('lifts the bars of these and keeps the others', async () => {
    const { context, cloudflare } = withRules([email(ANA.email)], [email(ANA.email), email('kim@x.example')]);
    const lifted = bound('exclude', false);

    const view = await lifted.look(context);
    await view.apply();

    expect(view.touches).toEqual([ANA.email]);
    expect(cloudflare.barredBy('policy-team')).toEqual(['kim@x.example']);
    expect((await lifted.look(context)).holds).toBe(true);
  });

  it('bars again whom it had let in when the rest fails', async () => {
    const { context, cloudflare } = withRules([email(ANA.email)]);

    await (await bound('exclude', false).look(context)).undo([ANA.email]);

    expect(cloudflare.barredBy('policy-team')).toEqual([ANA.email]);
  });
});
