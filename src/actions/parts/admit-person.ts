import { UserError } from '../../core/errors.ts';
import { nameOf, type Person } from '../../core/person.ts';
import {
  admittedBy,
  emailRules,
  LIST_LIMIT,
  POLICY_EMAIL_LIMIT,
  ruleContext,
  type AccessList,
  type Policy,
  type Snapshot,
} from '../../core/snapshot.ts';
import { addToList } from '../../steps/add-to-list.ts';
import { allowEmail } from '../../steps/allow-email.ts';
import { counted, nearLimit, NOTHING, sentenceList, type Part } from './part.ts';

/** Somebody whom an exclude rule names was put out on purpose; adding them elsewhere would announce access they don't get. */
export function refuseBarred(person: Person, { policies, enrolment }: Snapshot): void {
  const barring = [...policies, ...(enrolment?.policies ?? [])].find(({ exclude }) =>
    emailRules(exclude).includes(person.email),
  );
  if (barring === undefined) return;
  throw new UserError(
    `${nameOf(person)} is barred by an exclude rule in the policy “${barring.name}”. An administrator has to lift that first.`,
    { code: 'person-barred', field: 'person.email' },
  );
}

/** The right to enrol a device with WARP, unless the person has it. */
export function letEnrol(person: Person, description: string, snapshot: Snapshot): Part {
  const { enrolment } = snapshot;
  if (enrolment === undefined) {
    return {
      steps: [],
      warnings: ['Device enrolment is not set up in this account, so nobody can connect a new device with WARP yet.'],
    };
  }
  // One policy for both doors is written once, by letIn.
  if (enrolment.allow?.ref.id === snapshot.allow.ref.id) return NOTHING;
  if (admittedBy(enrolment.policies, person.email, ruleContext(snapshot)) === 'yes') {
    const byName = enrolment.allow !== undefined && namesPerson(enrolment.allow, person.email, snapshot);
    return byName
      ? admit(enrolment.allow, 'device enrolment', person, description, snapshot)
      : { steps: [], warnings: [] };
  }
  if (enrolment.allow === undefined) {
    return {
      steps: [],
      warnings: [`“${enrolment.app.name}” has no Allow policy, so ${nameOf(person)} can’t enrol a device yet.`],
    };
  }
  return admit(enrolment.allow, 'device enrolment', person, description, snapshot);
}

/** The right to open the application, unless the person has it. */
export function letIn(person: Person, description: string, snapshot: Snapshot): Part {
  const { allow, app } = snapshot;
  const verdict = admittedBy([allow], person.email, ruleContext(snapshot));
  if (verdict === 'yes' && !namesPerson(allow, person.email, snapshot)) {
    return {
      steps: [],
      warnings: [
        `The policy “${allow.name}” lets ${nameOf(person)} in already by a wider rule (a domain, a group or everyone), so no rule is added for them.`,
      ],
    };
  }
  return admit(allow, app.name, person, description, snapshot);
}

/** The address into the e-mail list that the policy reads, where there is one; else into the policy itself. */
function admit(policy: Policy, opens: string, person: Person, description: string, snapshot: Snapshot): Part {
  const warnings =
    policy.sharedWith.length === 0
      ? []
      : [
          `The policy “${policy.name}” is shared: ${nameOf(person)} gets into ${sentenceList(policy.sharedWith)} as well.`,
        ];
  const list = emailListOf(policy, snapshot);
  if (list !== undefined) {
    const already = list.items.some((item) => item.value.toLowerCase() === person.email);
    const args = { listId: list.id, listName: list.name, what: 'address' as const, value: person.email, description };
    return {
      steps: [addToList.with(args, already ? { already } : { change: counted(list.items.length, 'address') })],
      warnings: [...warnings, ...nearLimit(list.items.length, LIST_LIMIT, `The list “${list.name}”`)],
    };
  }
  const people = emailRules(policy.include);
  const already = people.includes(person.email);
  const args = { policy: policy.ref, policyName: policy.name, opens, email: person.email };
  return {
    steps: [allowEmail.with(args, already ? { already } : { change: counted(people.length, 'person') })],
    warnings: [...warnings, ...nearLimit(people.length, POLICY_EMAIL_LIMIT, `The policy “${policy.name}”`)],
  };
}

function emailListOf(policy: Policy, { emailLists }: Snapshot): AccessList | undefined {
  const rule = policy.include.find((one) => one.kind === 'email-list');
  return rule?.kind === 'email-list' ? emailLists.find((list) => list.id === rule.listId) : undefined;
}

function namesPerson(policy: Policy, email: string, snapshot: Snapshot): boolean {
  const list = emailListOf(policy, snapshot);
  return (
    emailRules(policy.include).includes(email) ||
    (list?.items.some((item) => item.value.toLowerCase() === email) ?? false)
  );
}
