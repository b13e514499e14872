import { z } from 'zod';
import type { Dataset, Exports } from './export-job.ts';
import type { Platform } from './serial.ts';
import type { Sessions } from './sessions.ts';
import type { AppTunnels } from './tunnel.ts';
import {
  admits,
  listedAddresses,
  type AccessRule,
  type RuleContext,
  type RuleSet,
  type Verdict,
} from './access-rules.ts';
import { foldAddress } from './address.ts';

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

/** A WARP configuration of one user on one device. */
export interface Registration {
  readonly id: string;
  /** Lower case; empty if Cloudflare names nobody. */
  readonly email: string;
  /** False: revoked, but kept by Cloudflare. */
  readonly isActive: boolean;
}

export interface Device {
  readonly id: string;
  readonly name: string;
  /** Trimmed, upper case. Undefined: the client reports none. */
  readonly serial: string | undefined;
  readonly platform: Platform | undefined;
  /** Epoch milliseconds. */
  readonly lastSeenAt: number | undefined;
  /** Lower-cased addresses of everybody who has a registration on it or was seen on it last. */
  readonly emails: readonly string[];
  /** Revoked ones included. */
  readonly registrations: readonly Registration[];
}

/** Somebody who has logged in or enrolled a device at least once. */
export interface AccessUser {
  readonly id: string;
  /** Lower case. */
  readonly email: string;
  readonly name: string | undefined;
  readonly seatUid: string | undefined;
  /** They take up a paid seat, of Access or of Gateway. */
  readonly hasSeat: boolean;
  /** Epoch milliseconds. Undefined: never, or Cloudflare does not say. */
  readonly lastLoginAt?: number;
}

/** A way to prove who one is: `onetimepin` is the code by e-mail. */
export interface LoginMethod {
  readonly id: string;
  readonly name: string;
  readonly type: string;
}

/** What a snapshot reads beside the rules. Nothing of it unless asked: it costs calls. */
export interface SnapshotScope {
  /** Whose user records, by address. */
  readonly users?: readonly string[] | 'all';
  /** Whose devices with their registrations, by address. */
  readonly devicesOf?: readonly string[] | 'all';
  /** Which devices, by id. */
  readonly devices?: readonly string[];
  /** Whether the session lengths. */
  readonly sessions?: boolean;
  /** Whether the login methods that the application offers. */
  readonly loginMethods?: boolean;
  /** Whether the tunnels that the routes of the application use, with their connectors. */
  readonly tunnels?: boolean;
  /** The exports of logs, with the fields of these datasets. */
  readonly exports?: readonly Dataset[];
  /**
   * Take the first of several Allow policies where it is not decided which one people are put into, rather than refuse:
   * whoever only takes away treats all of them alike, and must not wait for an operator.
   */
  readonly undecided?: 'first';
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
  /** As far as the scope asked for them; empty without a scope. */
  readonly users: readonly AccessUser[];
  readonly devices: readonly Device[];
  readonly sessions?: Sessions;
  readonly loginMethods?: readonly LoginMethod[];
  readonly tunnels?: AppTunnels;
  readonly exports?: Exports;
}

/** Entries that one Zero Trust list can hold on standard plans (5,000 on Enterprise). */
export const LIST_LIMIT = 1000;
/** E-mail rules that one policy can hold. */
export const POLICY_EMAIL_LIMIT = 1000;

export function ruleContext(snapshot: Pick<Snapshot, 'emailLists' | 'groups'>): RuleContext {
  return {
    emailLists: new Map(
      snapshot.emailLists.map(({ id, items }) => [id, listedAddresses(items.map(({ value }) => value))]),
    ),
    groups: new Map(snapshot.groups.map((group) => [group.id, group])),
    names: new Map([...snapshot.emailLists, ...snapshot.groups].map(({ id, name }) => [id, name])),
  };
}

/** Whether a policy lets people in at all: an Allow policy does, and a Bypass policy lets in everybody whom it matches. */
export function isDoor({ decision }: Pick<Policy, 'decision'>): boolean {
  return decision === 'allow' || decision === 'bypass';
}

/** Whether any policy among these lets the person in. */
export function admittedBy(policies: readonly Policy[], email: string, context: RuleContext): Verdict {
  const verdicts = policies.filter(isDoor).map((policy) => admits(policy, email, context));
  if (verdicts.includes('yes')) return 'yes';
  return verdicts.includes('unknown') ? 'unknown' : 'no';
}

export function emailRules(rules: readonly AccessRule[]): string[] {
  return rules.flatMap((rule) => (rule.kind === 'email' ? [foldAddress(rule.email)] : []));
}

/** Whether the policy asks for this posture rule: without it a registered serial protects nothing. */
export function requiresPosture(policy: Policy, ruleId: string): boolean {
  return policy.require.some((rule) => rule.kind === 'device-posture' && rule.ruleId === ruleId);
}
