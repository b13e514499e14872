import { z } from 'zod';
import { admits, type AccessRule, type RuleContext, type RuleSet, type Verdict } from './access-rules.ts';

/** How to address a policy: a reusable one belongs to the account, an app-scoped one to its application. */
export const PolicyRef = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('reusable'), id: z.string() }),
  z.object({ kind: z.literal('app'), appId: z.string(), id: z.string() }),
]);
export type PolicyRef = z.infer<typeof PolicyRef>;

export interface Policy extends RuleSet {
  readonly ref: PolicyRef;
  readonly name: string;
  readonly decision: 'allow' | 'deny' | 'bypass' | 'non_identity';
  /** Names of the other applications that use this very policy; an edit reaches them too. */
  readonly sharedWith: readonly string[];
}

export interface ListItem {
  readonly value: string;
  readonly description: string;
}

/** A Zero Trust list (`SERIAL` or `EMAIL`), whole. */
export interface AccessList {
  readonly id: string;
  readonly name: string;
  readonly type: 'SERIAL' | 'EMAIL';
  readonly items: readonly ListItem[];
}

export interface Application {
  readonly id: string;
  readonly name: string;
  readonly domain: string | undefined;
}

/** The facts about the account that planning and checking need, read in parallel at one moment. */
export interface Snapshot {
  /** Epoch milliseconds. */
  readonly takenAt: number;
  /** What people type into WARP: `lantern-health` of `lantern-health.cloudflareaccess.com`. */
  readonly teamName: string;
  readonly app: Application;
  /** The Allow policy of the application that people are put into. */
  readonly allow: Policy;
  /** Every policy of the application, `allow` included. */
  readonly policies: readonly Policy[];
  /** Who may enrol a device: the application of type `warp`. Undefined: nobody has set it up. */
  readonly enrolment:
    | { readonly app: Application; readonly policies: readonly Policy[]; readonly allow: Policy | undefined }
    | undefined;
  /** The serial number posture rule and the list that it reads. */
  readonly posture: { readonly ruleId: string; readonly name: string; readonly list: AccessList } | undefined;
  /** The e-mail lists that any of the policies above refers to, and those named by their groups. */
  readonly emailLists: readonly AccessList[];
  readonly groups: readonly ({ readonly id: string; readonly name: string } & RuleSet)[];
}

/** Entries that one Zero Trust list can hold on standard plans (5,000 on Enterprise). */
export const LIST_LIMIT = 1000;
/** E-mail rules that one policy can hold. */
export const POLICY_EMAIL_LIMIT = 1000;

export function ruleContext(snapshot: Pick<Snapshot, 'emailLists' | 'groups'>): RuleContext {
  return {
    emailLists: new Map(
      snapshot.emailLists.map((list) => [list.id, new Set(list.items.map((item) => item.value.toLowerCase()))]),
    ),
    groups: new Map(snapshot.groups.map((group) => [group.id, group])),
  };
}

/** Whether any allow policy among these admits the person. A bypass policy lets in everybody it matches, so it counts. */
export function admittedBy(policies: readonly Policy[], email: string, context: RuleContext): Verdict {
  const verdicts = policies
    .filter((policy) => policy.decision === 'allow' || policy.decision === 'bypass')
    .map((policy) => admits(policy, email, context));
  if (verdicts.includes('yes')) return 'yes';
  return verdicts.includes('unknown') ? 'unknown' : 'no';
}

export function emailRules(rules: readonly AccessRule[]): string[] {
  return rules.flatMap((rule) => (rule.kind === 'email' ? [rule.email.toLowerCase()] : []));
}

/** Whether the policy asks for this posture rule: without it a registered serial protects nothing. */
export function requiresPosture(policy: Policy, ruleId: string): boolean {
  return policy.require.some((rule) => rule.kind === 'device-posture' && rule.ruleId === ruleId);
}
