import { describe, expect, it } from 'vitest';
import { allowEmail } from '../../src/steps/allow-email.ts';
import { ANA } from '../builders/a-request.ts';
import { aContext } from '../builders/a-context.ts';
import { domain, email } from '../builders/a-policy.ts';

const bound = allowEmail.bind({
  policy: { kind: 'reusable', id: 'policy-team' },
  policyName: 'Team',
  opens: 'Open Chat Studio',
  email: ANA.email,
});

describe('letting an address in by a policy', () => {
  it('says what it does, where it writes and where a person would', () => {
    expect([bound.says, bound.resource, bound.byHand]).toMatchInlineSnapshot(`
      [
        "Let ana.souza@lanternhealth.example in by the policy “Team” (Open Chat Studio)",
        "policy-policy-team",
        "Zero Trust dashboard → Access controls → Policies → Team",
      ]
    `);
  });

  it('adds one rule to what is there at that moment', async () => {
    const { context, cloudflare } = aContext({ include: [domain('partner.example'), email('ben@x.example')] });

    await (await bound.look(context)).apply();

    expect((await cloudflare.readPolicy({ kind: 'reusable', id: 'policy-team' })).include).toEqual([
      domain('partner.example'),
      email('ben@x.example'),
      email(ANA.email),
    ]);
    expect((await bound.look(context)).holds).toBe(true);
  });

  it('finds the address there already, whatever its letters', async () => {
    const { context } = aContext({ include: [email('Ana.Souza@LanternHealth.example')] });

    expect((await bound.look(context)).holds).toBe(true);
  });

  it('does not take a domain rule for it', async () => {
    const { context } = aContext({ include: [domain('lanternhealth.example')] });

    expect((await bound.look(context)).holds).toBe(false);
  });

  it('takes back this rule and no other', async () => {
    const { context, cloudflare } = aContext({ include: [email('ben@x.example'), email(ANA.email)] });

    await (await bound.look(context)).undo();

    expect(cloudflare.peopleOf('policy-team')).toEqual(['ben@x.example']);
  });
});
