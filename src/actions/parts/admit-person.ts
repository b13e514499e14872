import { type AccessRule, admits, matches } from '../../core/access-rules.ts';
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

/**
 * Somebody whom an exclude rule or a Block policy names was put out on purpose; adding them elsewhere would announce
 * access they don't get. In policies of other kinds an exclude rule spares people, so it bars nobody.
 */
export function refuseBarred(person: Person, snapshot: Snapshot): void {
  const names = (rules: readonly AccessRule[]): boolean => namesAmong(rules, person.email, snapshot);
  for (const { decision, include, exclude, name } of [...snapshot.policies, ...(snapshot.enrolment?.policies ?? [])]) {
    if (decision === 'allow' && names(exclude)) throw barred(person, `by an exclude rule in the policy “${name}”`);
    if (decision === 'deny' && names(include) && !names(exclude)) throw barred(person, `by the Block policy “${name}”`);
  }
}

function barred(person: Person, how: string): UserError {
  return new UserError(`${nameOf(person)} is barred ${how}. An administrator has to lift that first.`, {
    code: 'person-barred',
    field: 'person.email',
  });
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
  // Judged as if everybody were included: what is left is what an added address can't get round.
  if (admits({ ...policy, include: [{ kind: 'everyone' }] }, person.email, ruleContext(snapshot)) === 'no') {
    throw barred(
      person,
      `from ${opens} by a group, domain or list in the policy “${policy.name}”, whatever is added to it`,
    );
  }
  const warnings =
    policy.sharedWith.length === 0
      ? []
      : [
          `The policy “${policy.name}” is shared: ${nameOf(person)} gets into ${sentenceList(policy.sharedWith)} as well.`,
        ];
  const people = emailRules(policy.include);
  const isInPolicy = people.includes(person.email);
  const list = emailListOf(policy, snapshot);
  if (list !== undefined && !isInPolicy) {
    const already = list.items.some((item) => item.value.toLowerCase() === person.email);
    const args = { listId: list.id, listName: list.name, what: 'address' as const, value: person.email, description };
    return {
      steps: [addToList.with(args, already ? { already } : { change: counted(list.items.length, 'address') })],
      warnings: [...warnings, ...nearLimit(list.items.length, LIST_LIMIT, `The list “${list.name}”`)],
    };
  }
  const args = { policy: policy.ref, policyName: policy.name, opens, email: person.email };
  return {
    steps: [allowEmail.with(args, isInPolicy ? { already: true } : { change: counted(people.length, 'person') })],
    warnings: [...warnings, ...nearLimit(people.length, POLICY_EMAIL_LIMIT, `The policy “${policy.name}”`)],
  };
}

function emailListOf(policy: Policy, { emailLists }: Snapshot): AccessList | undefined {
  const rule = policy.include.find((one) => one.kind === 'email-list');
  return rule?.kind === 'email-list' ? emailLists.find((list) => list.id === rule.listId) : undefined;
}

/** Whether a rule is about this very person, by address or by a list of addresses. */
function namesAmong(rules: readonly AccessRule[], email: string, snapshot: Snapshot): boolean {
  const context = ruleContext(snapshot);
  return rules.some(
    (rule) => (rule.kind === 'email' || rule.kind === 'email-list') && matches(rule, email, context) === 'yes',
  );
}

/** Whether it is about this very person where `admit` would write. */
function namesPerson(policy: Policy, email: string, snapshot: Snapshot): boolean {
  const list = emailListOf(policy, snapshot);
  return (
    emailRules(policy.include).includes(email) ||
    (list?.items.some((item) => item.value.toLowerCase() === email) ?? false)
  );
}
