import type { RuleContext } from '../../core/access-rules.ts';
import { nameOf, type Person } from '../../core/person.ts';
import type { PlannedStep } from '../../core/plan.ts';
import { emailRules } from '../../core/snapshot.ts';
import { asksNobody, letsIn, type WayIn } from '../../core/ways-in.ts';
import { policyEmails } from '../../steps/policy-emails.ts';
import { counted, itemsOf, namesOf, sentenceList } from './part.ts';

/** Whom a policy lets in, and by what in words: `the rule for everybody at lanternhealth.example`. */
interface Admitted {
  /** Nobody can tell: a rule that can't be read from here decides. */
  readonly isSure: boolean;
  readonly because: string;
  readonly people: readonly Person[];
}

/** These people by the rule that lets them in; those whom the policy keeps out are in none. */
export function admittedByRule({ policy }: WayIn, people: readonly Person[], context: RuleContext): Admitted[] {
  const found = new Map<string, Admitted>();
  for (const person of people) {
    const admission = letsIn(policy, person.email, context);
    if (admission === undefined) continue;
    const key = `${admission.verdict} ${admission.because}`;
    const { because, verdict } = admission;
    found.set(key, { isSure: verdict === 'yes', because, people: [...(found.get(key)?.people ?? []), person] });
  }
  return [...found.values()];
}

/** An exclude rule for each: it outdoes every rule that includes them. */
export function bar({ policy, opens }: WayIn, people: readonly Person[]): PlannedStep[] {
  if (people.length === 0) return [];
  const emails = people.map(({ email }) => email);
  const where = { policy: policy.ref, policyName: policy.name, opens };
  const shown = {
    change: counted(emailRules(policy.exclude).length, 'bar', people.length),
    ...itemsOf(people.map(nameOf)),
  };
  return [policyEmails.with({ ...where, part: 'exclude', present: true, emails }, shown)];
}

/** What an approver has to know about a policy whose rules are changed so that these people are out. */
export function cautions({ policy, opens }: WayIn, people: readonly Person[]): string[] {
  if (people.length === 0) return [];
  const shared =
    policy.sharedWith.length === 0
      ? []
      : [
          `The policy “${policy.name}” is shared: ${namesOf(people)} ${people.length === 1 ? 'is' : 'are'} kept out of ${sentenceList(policy.sharedWith)} by it as well.`,
        ];
  const passing = asksNobody(policy)
    ? [
        `Check by hand: the policy “${policy.name}” (${opens}) lets people through without asking who they are, so an exclude rule may not keep ${namesOf(people)} out.`,
      ]
    : [];
  return [...shared, ...passing];
}

export function checkByHand({ policy, opens }: WayIn, { because, people }: Admitted): string {
  return `Check by hand: ${because} in the policy “${policy.name}” (${opens}) may still let ${namesOf(people)} in.`;
}
