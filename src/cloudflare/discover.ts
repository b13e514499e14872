import { PermanentError } from '../core/errors.ts';
import type { AccessList, Application, Policy } from '../core/snapshot.ts';
import type { AccessRule } from '../core/access-rules.ts';
import type { App } from './applications.ts';
import type { SerialRule } from './posture-rules.ts';

/** What the operator says where the account leaves a choice. Each is a name or an id; `app` may be a domain too. */
export interface Deciders {
  /** ACCESS_APP */
  readonly app: string;
  /** ACCESS_POLICY */
  readonly policy?: string | undefined;
  /** ENROLMENT_POLICY */
  readonly enrolmentPolicy?: string | undefined;
  /** POSTURE_RULE */
  readonly postureRule?: string | undefined;
  /** EMAIL_LIST */
  readonly emailList?: string | undefined;
}

/** Of several candidates, and nobody has decided: take the first, or say that somebody has to. */
export type Undecided = 'first' | 'refuse';

interface Named {
  readonly id: string;
  readonly name: string;
  /** Tells namesakes apart for a reader. */
  readonly place?: string | undefined;
}

const SETUP = '`ocs-access setup` (coming) will be able to make it.';

/** The application by id, else by name or by an address that it guards. */
export function findApplication(apps: readonly App[], decider: string): App {
  const guarded = apps.filter((app) => app.type !== 'warp');
  const matches = byIdOr(guarded, decider, (app) => [app.name, ...app.places].map(bare).includes(bare(decider)));
  const [app] = matches;
  if (app === undefined) throw noApplication(guarded, decider);
  if (matches.length > 1) {
    throw several(`Several Access applications match “${decider}”`, matches.map(withPlace), 'ACCESS_APP');
  }
  return app;
}

/** The application that decides who may enrol a device. Undefined: nobody has set enrolment up. */
export function findEnrolmentApplication(apps: readonly App[]): App | undefined {
  return apps.find((app) => app.type === 'warp');
}

/** The Allow policy that people are put into: the only one, or the one that is decided. */
export function findAllowPolicy(
  policies: readonly Policy[],
  app: Application,
  {
    variable,
    decider,
    undecided,
  }: {
    readonly variable: 'ACCESS_POLICY' | 'ENROLMENT_POLICY';
    readonly decider: string | undefined;
    readonly undecided: Undecided;
  },
): Policy | undefined {
  const allow = policies
    .filter((policy) => policy.decision === 'allow')
    .map((policy) => ({ id: policy.ref.id, name: policy.name, policy }));
  return theOne(allow, {
    decider,
    variable,
    undecided,
    several: `The application “${app.name}” has several Allow policies`,
    missing: (value) =>
      new PermanentError(
        `The application “${app.name}” has no Allow policy with the name or id “${value}” (${variable}).${listed(allow)}`,
        { code: variable === 'ACCESS_POLICY' ? 'missing-allow-policy' : 'missing-enrolment-policy' },
      ),
  })?.policy;
}

export function noAllowPolicy(app: Application): PermanentError {
  return new PermanentError(
    `The application “${app.name}” has no Allow policy, so there is nothing that people could be added to. Make one in the dashboard: Zero Trust → Access controls → Applications → ${app.name} → Policies; ${SETUP}`,
    { code: 'missing-allow-policy' },
  );
}

/** The serial number rule: the one decided, else the one that the Allow policy requires, else the only one. */
export function findSerialRule(
  rules: readonly SerialRule[],
  allow: { readonly require: readonly AccessRule[] } | undefined,
  decider: string | undefined,
): SerialRule | undefined {
  const required = new Set(allow?.require.flatMap((rule) => (rule.kind === 'device-posture' ? [rule.ruleId] : [])));
  const inUse = decider === undefined ? rules.filter((rule) => required.has(rule.id)) : [];
  return theOne(inUse.length === 1 ? inUse : rules, {
    decider,
    variable: 'POSTURE_RULE',
    several: 'Several device posture rules compare serial numbers, and the Allow policy does not tell which one counts',
    missing: (value) =>
      new PermanentError(
        `There is no serial number posture rule with the name or id “${value}” (POSTURE_RULE).${listed(rules)}`,
        { code: 'missing-posture-rule' },
      ),
  });
}

export function noSerialList(rule: SerialRule): PermanentError {
  return new PermanentError(
    `The posture rule “${rule.name}” reads no list of serial numbers, or one that does not exist any more. Make a list of type “Serial numbers” in the dashboard (Zero Trust → Reusable components → Lists) and choose it in the rule; ${SETUP}`,
    { code: 'missing-serial-list' },
  );
}

/** The list that people are added to: the only one that the policy includes, or the one decided. Undefined: it includes none. */
export function findEmailList(
  lists: readonly AccessList[],
  policyName: string,
  { decider, undecided }: { readonly decider: string | undefined; readonly undecided: Undecided },
): AccessList | undefined {
  if (lists.length === 0) return undefined;
  return theOne(lists, {
    decider,
    undecided,
    variable: 'EMAIL_LIST',
    several: `The policy “${policyName}” includes several e-mail lists`,
    missing: (value) =>
      new PermanentError(
        `The policy “${policyName}” includes no e-mail list with the name or id “${value}” (EMAIL_LIST).${listed(lists)}`,
        { code: 'missing-email-list' },
      ),
  });
}

function theOne<T extends Named>(
  candidates: readonly T[],
  question: {
    readonly decider: string | undefined;
    readonly variable: string;
    readonly undecided?: Undecided;
    readonly several: string;
    missing(decider: string): PermanentError;
  },
): T | undefined {
  const { decider, variable, undecided } = question;
  const matches = decider === undefined ? candidates : named(candidates, decider);
  if (undecided === 'first' && matches.length !== 1) return matches[0] ?? candidates[0];
  if (matches.length > 1) throw several(question.several, matches, variable);
  if (matches.length === 0 && decider !== undefined) throw question.missing(decider);
  return matches[0];
}

/** Those that a name or an id means. */
export function named<T extends Named>(candidates: readonly T[], decider: string): T[] {
  return byIdOr(candidates, decider, (one) => bare(one.name) === bare(decider));
}

/** An id is unique, so it decides alone, even where somebody made it the name of another thing. */
function byIdOr<T extends Named>(candidates: readonly T[], decider: string, matches: (one: T) => boolean): T[] {
  const byId = candidates.filter((one) => one.id === decider.trim());
  return byId.length > 0 ? byId : candidates.filter(matches);
}

/** Case, scheme and a closing slash say nothing about which thing is meant. */
function bare(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/\/$/, '');
}

/** Answers list rules in no order of their own; the operator reads the same sentence each time. */
function inOrder(candidates: readonly Named[]): Named[] {
  return candidates.toSorted((one, other) => one.name.localeCompare(other.name, 'en'));
}

function several(what: string, candidates: readonly Named[], variable: string): PermanentError {
  return new PermanentError(`${what}: ${naming(inOrder(candidates))}. Set ${variable} to the id of the right one.`, {
    code: 'several-candidates',
  });
}

function noApplication(apps: readonly App[], decider: string): PermanentError {
  return new PermanentError(
    `There is no Access application with the name, domain or id “${decider}” (ACCESS_APP).${listed(apps.map(withPlace))} If it is not made yet: Zero Trust → Access controls → Applications in the dashboard; ${SETUP}`,
    { code: 'missing-application' },
  );
}

function listed(candidates: readonly Named[]): string {
  return candidates.length === 0 ? ' There is none at all.' : ` There is: ${naming(candidates)}.`;
}

function naming(candidates: readonly Named[]): string {
  return candidates
    .map(({ id, name, place }) => `“${name}” (${place === undefined ? '' : `${place}, `}id ${id})`)
    .join(', ');
}

function withPlace({ id, name, domain }: App): Named {
  return { id, name, place: domain };
}
