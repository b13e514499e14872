import {
  admissionsOf,
  admits,
  inWords,
  matches,
  type AccessRule,
  type Admission,
  type RuleContext,
  type Verdict,
} from './access-rules.ts';
import { isDoor, type Policy } from './snapshot.ts';

/** Why a policy keeps somebody out whom it would let in otherwise, or whom another one lets in. */
export interface Bar {
  readonly policy: Policy;
  /** `block`: the policy is there to keep people out. */
  readonly by: 'exclude' | 'require' | 'block';
  /** False: a rule that can’t be read from here decides. */
  readonly isSure: boolean;
  /** To be the subject of a sentence: `the rule for ana@lantern.example`. */
  readonly because: string;
}

/** Whether the policies of one application let an address in, and what speaks for and against it. */
export interface Entry {
  /** `unknown` as well where one policy lets it in and another blocks it: their order decides, and it is not read. */
  readonly verdict: Verdict;
  /** Allow and Bypass policies, the sure ones first. */
  readonly admitting: readonly Admission<Policy>[];
  readonly barring: readonly Bar[];
}

/** Judges one address by all policies of an application. Lower case. */
export function judgeEntry(policies: readonly Policy[], email: string, context: RuleContext): Entry {
  const doors = policies.filter(isDoor);
  const admitting = admissionsOf(doors, email, context).toSorted(
    (one, other) => Number(other.verdict === 'yes') - Number(one.verdict === 'yes'),
  );
  const blocks = policies.filter(({ decision }) => decision === 'deny').flatMap((one) => blockOf(one, email, context));
  const barring = [...blocks, ...doors.flatMap((one) => barsIn(one, email, context))];
  const best = admitting[0]?.verdict ?? 'no';
  const isBlocked = blocks.some(({ isSure }) => isSure);
  return { verdict: best !== 'no' && isBlocked ? 'unknown' : best, admitting, barring };
}

function blockOf(policy: Policy, email: string, context: RuleContext): Bar[] {
  return admissionsOf([policy], email, context).map(({ verdict, because }) => ({
    policy,
    by: 'block',
    isSure: verdict === 'yes',
    because,
  }));
}

/** What keeps an address out of a policy that includes it. */
function barsIn(policy: Policy, email: string, context: RuleContext): Bar[] {
  if (admits({ ...policy, exclude: [], require: [] }, email, context) === 'no') return [];
  const found = (rules: readonly AccessRule[], wanted: Verdict, by: Bar['by']): Bar[] =>
    rules
      .filter((rule) => rule.kind !== 'device-posture' && matches(rule, email, context) === wanted)
      .map((rule) => ({ policy, by, isSure: true, because: inWords(rule, context.names) }));
  return [...found(policy.exclude, 'yes', 'exclude'), ...found(policy.require, 'no', 'require')];
}
