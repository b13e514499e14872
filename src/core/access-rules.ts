import { z } from 'zod';
import { foldAddress } from './address.ts';

/**
 * A rule of an Access policy or group, reduced to what deciding about a person needs.
 * `other` keeps the name of a rule that cannot be judged from here (an identity provider's group, a country, …).
 */
export const AccessRule = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('email'), email: z.string() }),
  z.object({ kind: z.literal('email-domain'), domain: z.string() }),
  z.object({ kind: z.literal('email-list'), listId: z.string() }),
  z.object({ kind: z.literal('everyone') }),
  z.object({ kind: z.literal('group'), groupId: z.string() }),
  z.object({ kind: z.literal('device-posture'), ruleId: z.string() }),
  z.object({ kind: z.literal('other'), name: z.string() }),
]);
export type AccessRule = z.infer<typeof AccessRule>;

export interface RuleSet {
  readonly include: readonly AccessRule[];
  readonly exclude: readonly AccessRule[];
  readonly require: readonly AccessRule[];
}

/** Folded addresses. `unknown`: it stands there with blanks only, and Cloudflare does not say what it makes of them. */
export type ListedAddresses = ReadonlyMap<string, 'yes' | 'unknown'>;

/** What rules may refer to. */
export interface RuleContext {
  readonly emailLists: ReadonlyMap<string, ListedAddresses>;
  readonly groups: ReadonlyMap<string, RuleSet>;
  /** What lists and groups are called, by id, for sentences. */
  readonly names?: ReadonlyMap<string, string>;
  /** Whether an address that a list has with blanks only is taken to be in it. Undefined: `unknown`. */
  readonly blanks?: 'yes' | 'no';
}

/** The addresses of a list, as they are spelled there. */
export function listedAddresses(spellings: readonly string[]): ListedAddresses {
  const plain = new Set(spellings.filter((spelling) => spelling.trim() === spelling).map(foldAddress));
  return new Map(
    spellings.map(foldAddress).map((address) => [address, plain.has(address) ? 'yes' : 'unknown'] as const),
  );
}

/** `unknown`: at least one rule that decides could not be judged from here. */
export type Verdict = 'yes' | 'no' | 'unknown';

/**
 * Whether a rule matches a person by address. Device posture is a fact about a device, not about a person, so it is
 * `unknown` here and left out where only the person is asked about.
 */
export function matches(rule: AccessRule, email: string, context: RuleContext, seen: readonly string[] = []): Verdict {
  switch (rule.kind) {
    case 'everyone':
      return 'yes';
    case 'email':
      return foldAddress(rule.email) === email ? 'yes' : 'no';
    case 'email-domain':
      return email.endsWith(`@${rule.domain.toLowerCase().replace(/^@/, '')}`) ? 'yes' : 'no';
    case 'email-list': {
      const list = context.emailLists.get(rule.listId);
      if (list === undefined) return 'unknown';
      const listed = list.get(email) ?? 'no';
      return listed === 'unknown' ? (context.blanks ?? 'unknown') : listed;
    }
    case 'group': {
      const group = context.groups.get(rule.groupId);
      if (group === undefined || seen.includes(rule.groupId)) return 'unknown';
      return admits(group, email, context, [...seen, rule.groupId]);
    }
    case 'device-posture':
    case 'other':
      return 'unknown';
  }
}

/** What speaks for somebody in a rule speaks against them in an exception. */
function asException(context: RuleContext): RuleContext {
  if (context.blanks === undefined) return context;
  return { ...context, blanks: context.blanks === 'yes' ? 'no' : 'yes' };
}

/** Whether a rule set lets a person in, as far as the person goes: any include, every require, no exclude. */
export function admits(rules: RuleSet, email: string, context: RuleContext, seen: readonly string[] = []): Verdict {
  const judge = (rule: AccessRule): Verdict => matches(rule, email, context, seen);
  const required = rules.require.filter((rule) => rule.kind !== 'device-posture').map(judge);
  const included = any(rules.include.map(judge));
  const exceptions = asException(context);
  const excluded = any(rules.exclude.map((rule) => matches(rule, email, exceptions, seen)));
  if (included === 'no' || excluded === 'yes' || required.includes('no')) return 'no';
  if (included === 'unknown' || excluded === 'unknown' || required.includes('unknown')) return 'unknown';
  return 'yes';
}

function any(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('yes')) return 'yes';
  return verdicts.includes('unknown') ? 'unknown' : 'no';
}

/** That and why a policy lets somebody in, or may: `because` is made to be the subject of a sentence. */
export interface Admission<Rules extends RuleSet> {
  readonly policy: Rules;
  readonly verdict: 'yes' | 'unknown';
  /** The rule that lets them in, or all that can’t be judged: `the rule for everybody at lantern.example`, `the group “Staff”`. */
  readonly because: string;
}

/** Which of these let somebody in, or can't be judged; those that keep them out are left out. Evaluates as `admits` does. */
export function admissionsOf<Rules extends RuleSet>(
  policies: readonly Rules[],
  email: string,
  context: RuleContext,
): Admission<Rules>[] {
  return policies.flatMap((policy) => {
    const verdict = admits(policy, email, context);
    if (verdict === 'no') return [];
    const deciding = [...policy.include, ...policy.require, ...policy.exclude].filter(
      (rule) => rule.kind !== 'device-posture' && matches(rule, email, context) === verdict,
    );
    const told = verdict === 'yes' ? deciding.slice(0, 1) : deciding;
    return [{ policy, verdict, because: allInWords(told, context.names) }];
  });
}

/** Each of them: whoever checks by hand has to look at all. */
function allInWords(rules: readonly AccessRule[], names: RuleContext['names']): string {
  const unreadable = [...new Set(rules.flatMap((rule) => (rule.kind === 'other' ? [rule.name] : [])))];
  const others = rules.filter(({ kind }) => kind !== 'other').map((rule) => inWords(rule, names));
  const [only] = unreadable;
  const closed =
    unreadable.length > 1
      ? [`rules that can’t be read from here (${unreadable.join(', ')})`]
      : only === undefined
        ? []
        : [inWords({ kind: 'other', name: only }, names)];
  const words = [...new Set([...others, ...closed])];
  return words.length === 0 ? 'a rule about devices' : new Intl.ListFormat('en').format(words);
}

/** To be the subject of a sentence: `the rule for everybody at lantern.example`. */
export function inWords(rule: AccessRule, names: RuleContext['names']): string {
  switch (rule.kind) {
    case 'everyone':
      return 'the rule for everyone';
    case 'email':
      return `the rule for ${foldAddress(rule.email)}`;
    case 'email-domain':
      return `the rule for everybody at ${rule.domain.toLowerCase().replace(/^@/, '')}`;
    case 'email-list':
      return `the e-mail list “${names?.get(rule.listId) ?? rule.listId}”`;
    case 'group':
      return `the group “${names?.get(rule.groupId) ?? rule.groupId}”`;
    case 'device-posture':
      return 'a rule about devices';
    case 'other':
      return `a rule that can’t be read from here (${rule.name})`;
  }
}
