import { parseDuration } from './duration.ts';
import { isObject } from './envelope.ts';
import type { Quirks } from './quirks.ts';
import { policiesOf, valuesAt } from './state.ts';
import type { App, Policy, PostureRule, Rule, State, ZeroTrustList } from './state.ts';

/** Somebody at the door: an e-mail address and, if they come with an enrolled device, its serial number. */
export interface Visitor {
  email: string;
  serial?: string | undefined;
  /** They may hold whichever laptop passes: the judgement of somebody who wants to be sure. */
  holdsAnyLaptop?: true;
}

export interface Verdict {
  admitted: boolean;
  because: string;
}

interface Judge {
  state: State;
  quirks: Quirks;
  now: number;
}

/**
 * What the platform itself would decide, worked out from the account alone and on purpose not from the bot's code:
 * the tests measure the bot against it.
 *
 * Bypass policies come first whatever their precedence, then Allow and Block in order; the first that matches decides.
 * Not taken into account: sessions that are still alive, and whether the device is enrolled.
 */
export function decideAdmission(judge: Judge, app: App, visitor: Visitor): Verdict {
  const policy = decidingPolicy(judge, app, visitor)?.body;
  if (policy === undefined) return { admitted: false, because: 'no policy matches' };
  return { admitted: policy.decision !== 'deny', because: `policy "${policy.name}" (${policy.decision})` };
}

/** The policy that admits the visitor or turns them away; undefined if none matches, which turns them away too. */
export function decidingPolicy(judge: Judge, app: App, visitor: Visitor): Policy | undefined {
  const policies = policiesOf(judge.state, app).map(({ policy }) => policy);
  const bypass = policies.filter(({ body }) => body.decision === 'bypass');
  const rest = policies.filter(({ body }) => body.decision === 'allow' || body.decision === 'deny');
  const opens = bypass.find(({ body: { exclude, ...rules } }) => {
    const honoured = judge.quirks.bypassExclude === 'honoured' ? exclude : [];
    return matches(judge, { ...rules, exclude: honoured }, visitor, new Set());
  });
  return opens ?? rest.find(({ body }) => matches(judge, body, visitor, new Set()));
}

interface RuleSet {
  include: Rule[];
  exclude: Rule[];
  require: Rule[];
}

function matches(judge: Judge, rules: RuleSet, visitor: Visitor, seen: ReadonlySet<string>): boolean {
  const hit = (rule: Rule): boolean => ruleMatches(judge, rule, visitor, seen);
  return rules.include.some(hit) && rules.require.every(hit) && !rules.exclude.some(hit);
}

function text(content: unknown, key: string): string {
  const value = isObject(content) ? content[key] : undefined;
  return typeof value === 'string' ? value : '';
}

type Test = (judge: Judge, content: unknown, visitor: Visitor, seen: ReadonlySet<string>) => boolean;

/** Selectors that are not here (country, a provider's group, ...) match nobody: the sandbox cannot know them. */
const tests: Readonly<Record<string, Test>> = {
  everyone: () => true,
  // Compared without regard to case. If the real comparison were exact, a removal that missed `Ada@` while looking for
  // `ada@` would look finished here and not be; this way round it does not.
  email: (_judge, content, { email }) => text(content, 'email').toLowerCase() === email.toLowerCase(),
  email_domain: (_judge, content, { email }) =>
    email.toLowerCase().endsWith(`@${text(content, 'domain').toLowerCase()}`),
  email_list: ({ state }, content, { email }) => {
    const list = state.lists.get(text(content, 'id'));
    return list?.items.some((item) => item.value.toLowerCase() === email.toLowerCase()) ?? false;
  },
  group: (judge, content, visitor, seen) => {
    const group = judge.state.groups.get(text(content, 'id'));
    if (group === undefined || seen.has(group.id)) return false;
    return matches(judge, group, visitor, new Set([...seen, group.id]));
  },
  device_posture: (judge, content, { serial, holdsAnyLaptop }) => {
    if (holdsAnyLaptop === true) return true;
    const rule = judge.state.postureRules.get(text(content, 'integration_uid'));
    return rule !== undefined && serial !== undefined && passesPosture(judge, rule, serial);
  },
};

function ruleMatches(judge: Judge, rule: Rule, visitor: Visitor, seen: ReadonlySet<string>): boolean {
  const [selector] = Object.keys(rule);
  if (selector === undefined) return false;
  return tests[selector]?.(judge, rule[selector], visitor, seen) ?? false;
}

/** A device reports once per `schedule`, so Access sees the list as it was that long ago: additions and removals alike. */
function passesPosture({ state, quirks, now }: Judge, rule: PostureRule, serial: string): boolean {
  const list = rule.type === 'serial_number' ? state.lists.get(text(rule.input, 'id')) : undefined;
  if (list === undefined) return false;
  const seenAt = now - (parseDuration(rule.schedule) ?? 5 * 60_000);
  return holds(list, seenAt, serial, quirks);
}

function holds(list: ZeroTrustList, moment: number, serial: string, quirks: Quirks): boolean {
  const values = valuesAt(list, moment);
  if (quirks.serialCase === 'exact') return values.has(serial);
  return [...values].some((value) => value.toUpperCase() === serial.toUpperCase());
}
