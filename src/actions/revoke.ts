import { z } from 'zod';
import { defineAction } from '../core/action.ts';
import { UserError } from '../core/errors.ts';
import { insiderField } from '../core/fields.ts';
import { nameOf, type Person } from '../core/person.ts';
import { hasSomething, revocationOf, type Scope } from './parts/revocation.ts';
import { approvalsToRevoke, lossOf, scopeField, whatIsRevoked } from './parts/revoking.ts';
import { whyField } from './parts/usual-fields.ts';

export const revoke = defineAction({
  id: 'revoke',
  title: 'Revoke access',
  summary: 'Take somebody’s access away, with their devices and sessions, and prove that they are out.',
  usage: '[@person|e-mail]',
  examples: ['revoke @ana', 'revoke sam@partner.example'],
  effect: 'reduce',
  mayAsk: 'member',
  approvals: (_input, asking) => approvalsToRevoke(asking),
  approvalsSay: 'none for an approver, who reads the plan and confirms it; 1 if somebody else asks',
  confirms: true,
  input: z.object({
    person: insiderField({ label: 'Whose access?', hint: 'Everybody who has access now, read from Cloudflare.' }),
    scope: scopeField(),
    reason: whyField('Months later, an auditor reads this.'),
  }),
  describe: ({ person, scope }) => `${whatIsRevoked(scope)} of ${nameOf(person)}`,
  beneficiaries: () => [],
  about: ({ person }) => [person],
  access: ({ scope }) => lossOf(scope),
  scope: ({ person }) => ({ users: [person.email], devicesOf: [person.email] }),
  from: ({ about }) => {
    const [person] = about;
    return { values: person === undefined ? {} : { person: { email: person.email } } };
  },
  plan: ({ person, scope }, snapshot, facts) => {
    if (!hasSomething(person, scope, snapshot)) throw hasNothing(person, scope);
    return revocationOf([person], scope, snapshot, facts);
  },
});

function hasNothing(person: Person, scope: Scope): UserError {
  const says =
    scope === 'everything'
      ? `${nameOf(person)} has no access here: no policy lets ${person.email} in, and no device, serial number or seat is theirs. Check the address.`
      : `${nameOf(person)} has no device here: none is enrolled by ${person.email}, and no serial number is registered for them.`;
  return new UserError(says, { code: 'no-access', field: 'person.pick' });
}
