import { admits, admissionsOf, type AccessRule, type RuleContext } from './access-rules.ts';
import { isDoor, type Policy, type Snapshot } from './snapshot.ts';

/** A policy that lets people in, and what it opens, for people: “Open Chat Studio”, “device enrolment”. */
export interface WayIn {
  readonly policy: Policy;
  readonly opens: string;
}

const ENROLMENT = 'device enrolment';

/** Every policy that lets somebody enrol a device or open the application, each once, enrolment first. */
export function waysIn({ app, policies, enrolment }: Pick<Snapshot, 'app' | 'policies' | 'enrolment'>): WayIn[] {
  const ways = new Map<string, WayIn>();
  const collect = (some: readonly Policy[], opens: string): void => {
    for (const policy of some.filter(isDoor)) {
      const before = ways.get(policy.ref.id);
      ways.set(policy.ref.id, { policy, opens: before === undefined ? opens : `${opens} and ${before.opens}` });
    }
  };
  collect(enrolment?.policies ?? [], ENROLMENT);
  collect(policies, app.name);
  return [...ways.values()];
}

/**
 * Whether and why a policy lets somebody in, at worst: demands and exceptions that can’t be read from here, and
 * addresses that a list has with blanks only, are taken to be in their favour. Undefined: it does not.
 */
export function letsIn(
  policy: Policy,
  email: string,
  context: RuleContext,
): ReturnType<typeof admissionsOf>[number] | undefined {
  const atWorst = { ...policy, require: policy.require.filter(isReadable), exclude: policy.exclude.filter(isReadable) };
  return admissionsOf([atWorst], email, { ...context, blanks: 'yes' })[0];
}

function isReadable({ kind }: AccessRule): boolean {
  return kind !== 'other';
}

/** Whether it lets everybody pass, whoever they are: an exclude rule for an address may not hold there. */
export function asksNobody({ decision, include }: Policy): boolean {
  return decision === 'bypass' && include.some(({ kind }) => kind !== 'email' && kind !== 'email-list');
}

/** Whether any of these may let somebody in. */
export function mayEnter(ways: readonly WayIn[], email: string, context: RuleContext): boolean {
  return ways.some(({ policy }) => admits(policy, email, context) !== 'no');
}
