import { matches, type AccessRule } from '../../core/access-rules.ts';
import { nameOf, type Person } from '../../core/person.ts';
import { emailRules, type Snapshot } from '../../core/snapshot.ts';
import { waysIn } from '../../core/ways-in.ts';
import { policyEmails } from '../../steps/policy-emails.ts';
import { canEnter, isAdmittedToApp, isAdmittedToEnrol, isNamed, type Doors } from './doors.ts';
import { itemsOf, namesOf, NOTHING, sentenceList, together, type Part } from './part.ts';

/**
 * Takes out the exclude rules that name one of these very addresses in an Allow policy of the application or of device
 * enrolment: a revocation or a lost device put them there. In policies of other kinds they bar nobody.
 */
export function liftBars(people: readonly Person[], snapshot: Snapshot): Part {
  return together(
    ...waysIn(snapshot).map(({ policy, opens }) => {
      const excluded = new Set(emailRules(policy.exclude));
      const barred = people.filter(({ email }) => excluded.has(email));
      if (policy.decision !== 'allow' || barred.length === 0) return NOTHING;
      const shared =
        policy.sharedWith.length === 0
          ? ''
          : ` The policy is shared, so it is lifted for ${sentenceList(policy.sharedWith)} as well.`;
      const args = {
        policy: policy.ref,
        policyName: policy.name,
        opens,
        part: 'exclude' as const,
        present: false,
        emails: barred.map(({ email }) => email),
      };
      return {
        steps: [policyEmails.with(args, itemsOf(barred.map(nameOf)))],
        warnings: [
          `${namesOf(barred, 10)} ${barred.length === 1 ? 'was' : 'were'} barred from ${opens} by an exclude rule in the policy “${policy.name}”, put there when access was revoked or a device was lost. This lifts it.${shared}`,
        ],
      };
    }),
  );
}

/**
 * Why somebody can’t be let in by adding their address, in a sentence: a Block policy names them, an exclude rule by a
 * list, or a rule stands that no added address gets round. Undefined if they can.
 */
export function barOf(person: Person, doors: Doors): string | undefined {
  const how = namedBar(person.email, doors) ?? standingBar(person.email, doors);
  return how === undefined ? undefined : `${nameOf(person)} is barred ${how}. An administrator has to lift that first.`;
}

function namedBar(email: string, { snapshot, context }: Doors): string | undefined {
  const namesByList = (rules: readonly AccessRule[]): boolean =>
    rules.some((rule) => rule.kind === 'email-list' && matches(rule, email, context) === 'yes');
  const names = (rules: readonly AccessRule[]): boolean => emailRules(rules).includes(email) || namesByList(rules);
  const { policies, enrolment } = snapshot;
  for (const { decision, include, exclude, name } of [...policies, ...(enrolment?.policies ?? [])]) {
    if (decision === 'allow' && namesByList(exclude)) return `by an exclude rule in the policy “${name}”`;
    if (decision === 'deny' && names(include) && !names(exclude)) return `by the Block policy “${name}”`;
  }
  return undefined;
}

function standingBar(email: string, doors: Doors): string | undefined {
  const { app, enrolment } = doors;
  const closed = [
    ...(enrolment !== undefined && (isNamed(enrolment, email) || !isAdmittedToEnrol(email, doors)) ? [enrolment] : []),
    ...(isNamed(app, email) || !isAdmittedToApp(email, doors) ? [app] : []),
  ].find((door) => !canEnter(door, email, doors));
  return closed === undefined
    ? undefined
    : `from ${closed.opens} by a group, domain or list in the policy “${closed.policy.name}”, whatever is added to it`;
}
