import { admits, type RuleContext } from '../../core/access-rules.ts';
import { foldAddress } from '../../core/address.ts';
import { ownerOf } from '../../core/serial.ts';
import {
  admittedBy,
  emailRules,
  requiresPosture,
  ruleContext,
  type AccessList,
  type Policy,
  type Snapshot,
} from '../../core/snapshot.ts';

/** A policy with its e-mail rules apart, so that hundreds of them are not walked again for each of many people. */
export interface Indexed {
  readonly policy: Policy;
  /** Lower-cased addresses that it includes, and excludes, by rules of their own. */
  readonly included: ReadonlySet<string>;
  readonly barred: ReadonlySet<string>;
  /** It without any of these rules. */
  readonly rest: Policy;
}

/** A policy that people are put into, with the e-mail list that it reads, where there is one. */
export interface Door extends Indexed {
  /** For people: “Open Chat Studio”, “device enrolment”. */
  readonly opens: string;
  readonly list: AccessList | undefined;
  /** Lower-cased addresses of the list. */
  readonly listed: ReadonlySet<string>;
}

/** The account as it is judged for many people, prepared once. */
export interface Doors {
  readonly snapshot: Snapshot;
  readonly context: RuleContext;
  readonly app: Door;
  /** Undefined: nobody can be put there, or the application’s own policy opens both. */
  readonly enrolment: Door | undefined;
  readonly appPolicies: readonly Indexed[];
  readonly enrolmentPolicies: readonly Indexed[];
  /** What the entries of the posture list say, by their serials as they are spelled here. */
  readonly serials: ReadonlyMap<string, string>;
  /** Lower-cased addresses of those who own an entry of the posture list. */
  readonly owners: ReadonlySet<string>;
}

export function doorsOf(snapshot: Snapshot): Doors {
  const { allow, enrolment, app, posture, policies } = snapshot;
  const items = posture?.list.items ?? [];
  const hasOwnDoor = enrolment?.allow !== undefined && enrolment.allow.ref.id !== allow.ref.id;
  return {
    snapshot,
    context: ruleContext(snapshot),
    app: doorOf(allow, app.name, snapshot),
    enrolment: hasOwnDoor ? doorOf(enrolment.allow, 'device enrolment', snapshot) : undefined,
    appPolicies: policies.map(indexed),
    enrolmentPolicies: (enrolment?.policies ?? []).map(indexed),
    serials: new Map(items.map(({ value, description }) => [value.trim().toUpperCase(), description])),
    owners: new Set(items.flatMap(({ description }) => ownerOf(description) ?? [])),
  };
}

function isOther({ kind }: Policy['include'][number]): boolean {
  return kind !== 'email';
}

function indexed(policy: Policy): Indexed {
  return {
    policy,
    included: new Set(emailRules(policy.include)),
    barred: new Set(emailRules(policy.exclude)),
    rest: { ...policy, include: policy.include.filter(isOther), exclude: policy.exclude.filter(isOther) },
  };
}

function doorOf(policy: Policy, opens: string, { emailLists }: Snapshot): Door {
  const rule = policy.include.find((one) => one.kind === 'email-list');
  const list = rule?.kind === 'email-list' ? emailLists.find(({ id }) => id === rule.listId) : undefined;
  const listed = new Set(list?.items.map(({ value }) => foldAddress(value)));
  return { ...indexed(policy), opens, list, listed };
}

/** The policy as it is for one person. `lifted`: once the exclude rules that name their own address are gone. */
function asFor({ rest, included, barred }: Indexed, email: string, bars: 'counted' | 'lifted'): Policy {
  const own = { kind: 'email' as const, email };
  return {
    ...rest,
    include: included.has(email) ? [own, ...rest.include] : rest.include,
    exclude: bars === 'counted' && barred.has(email) ? [own, ...rest.exclude] : rest.exclude,
  };
}

/** Whether it is about this very person where they would be put. */
export function isNamed({ included, listed }: Door, email: string): boolean {
  return included.has(email) || listed.has(email);
}

/** Whether the application’s own Allow policy lets somebody in once their bars are lifted. */
export function isAdmittedToApp(email: string, { app, context }: Doors): boolean {
  return admittedBy([asFor(app, email, 'lifted')], email, context) === 'yes';
}

/** Whether any policy lets somebody enrol a device once their bars are lifted. */
export function isAdmittedToEnrol(email: string, { enrolmentPolicies, context }: Doors): boolean {
  const policies = enrolmentPolicies.map((policy) => asFor(policy, email, 'lifted'));
  return admittedBy(policies, email, context) === 'yes';
}

/** Whether an exclude rule names this very address where it keeps people out. */
export function isBarred(email: string, { appPolicies, enrolmentPolicies }: Doors): boolean {
  return [...appPolicies, ...enrolmentPolicies].some(
    ({ policy, barred }) => policy.decision === 'allow' && barred.has(email),
  );
}

/** Whether an address that is added gets them in: judged as if everybody were included. */
export function canEnter(door: Door, email: string, { context }: Doors): boolean {
  return admits({ ...asFor(door, email, 'lifted'), include: [{ kind: 'everyone' }] }, email, context) !== 'no';
}

/**
 * Whether somebody can open the application now. Whom only a wider rule admits needs a registered device too, where one
 * is asked for: a rule for a whole domain is no access yet.
 */
export function hasAccess(email: string, { snapshot, context, app, appPolicies, owners }: Doors): boolean {
  const policies = appPolicies.map((policy) => asFor(policy, email, 'counted'));
  const verdict = admittedBy(policies, email, context);
  if (verdict === 'no') return false;
  if (isNamed(app, email) || owners.has(email)) return true;
  const isChecked = snapshot.posture !== undefined && requiresPosture(snapshot.allow, snapshot.posture.ruleId);
  return verdict === 'yes' && !isChecked;
}
