import { z } from 'zod';
import { defineAction } from '../core/action.ts';
import { peopleField, type ListedPerson } from '../core/fields.ts';
import { nameOf, type Person } from '../core/person.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { lineOf, nobodyLeft, type LeftOut } from './parts/listed.ts';
import { hasSomething, revocationOf, type Scope } from './parts/revocation.ts';
import { approvalsToRevoke, lossOf, scopeField, whatIsRevoked } from './parts/revoking.ts';
import { whyField } from './parts/usual-fields.ts';

export const revokeMany = defineAction({
  id: 'revoke-many',
  title: 'Revoke several people',
  summary: 'Take the access of several people away at once, from a list or a CSV file.',
  usage: '',
  examples: [],
  effect: 'reduce',
  mayAsk: 'member',
  variantOf: 'revoke',
  approvals: (_input, asking) => approvalsToRevoke(asking),
  approvalsSay: 'none for an approver, who reads the plan and confirms it; 1 if somebody else asks',
  confirms: true,
  input: z.object({
    people: peopleField({ label: 'Whose access?' }),
    scope: scopeField(),
    reason: whyField('Months later, an auditor reads this.'),
  }),
  describe: ({ people, scope }) => revoked(scope, once(people).length),
  beneficiaries: () => [],
  about: ({ people }) => once(people),
  access: ({ scope }) => lossOf(scope),
  scope: ({ people }) => {
    const emails = once(people).map(({ email }) => email);
    return { users: emails, devicesOf: emails };
  },
  plan: ({ people, scope }, snapshot, facts) => {
    const { insiders, leftOut } = sort(people, scope, snapshot);
    if (insiders.length === 0) throw nobodyLeft(leftOut);
    const plan = revocationOf(insiders, scope, snapshot, facts);
    if (leftOut.length === 0) return plan;
    return { ...plan, leftOut, remaining: { says: revoked(scope, insiders.length), people: insiders } };
  },
});

function revoked(scope: Scope, count: number): string {
  return `${whatIsRevoked(scope)} of ${count} ${count === 1 ? 'person' : 'people'}`;
}

/** Each person once, in order. */
function once(people: readonly ListedPerson[]): Person[] {
  return [...new Map(people.map(({ person }) => [person.email, person])).values()];
}

/** Whose access is taken away, and why the other lines are left out. */
function sort(
  people: readonly ListedPerson[],
  scope: Scope,
  snapshot: Snapshot,
): { insiders: Person[]; leftOut: LeftOut } {
  const lines = new Map<string, number>();
  const insiders: Person[] = [];
  const leftOut: LeftOut = [];
  for (const listed of people) {
    const { person, line } = listed;
    const first = lines.get(person.email);
    lines.set(person.email, first ?? line);
    if (first !== undefined) leftOut.push({ line: lineOf(listed), why: `It says the same as line ${first}.` });
    else if (hasSomething(person, scope, snapshot)) insiders.push(person);
    else leftOut.push({ line: lineOf(listed), why: whyNot(person, scope) });
  }
  return { insiders, leftOut };
}

function whyNot(person: Person, scope: Scope): string {
  return scope === 'everything'
    ? `${nameOf(person)} has no access, no device and no seat here, so there is nothing to revoke. Check the address.`
    : `${nameOf(person)} has no device here, so there is nothing to revoke.`;
}
