import { z } from 'zod';
import { PolicyRef } from './snapshot.ts';

/** One place where the length of a session is set. */
export const SessionPlace = z.discriminatedUnion('kind', [
  /** `session_duration` of the application. */
  z.object({ kind: z.literal('app'), id: z.string() }),
  /** The same of an Allow policy, which wins over the application's. */
  z.object({ kind: z.literal('policy'), policy: PolicyRef }),
  /** `warp_auth_session_duration` of the organisation. */
  z.object({ kind: z.literal('warp-sign-in') }),
  /** `check_session` of a Gateway rule: how long the network may be used before people sign in to WARP again. */
  z.object({ kind: z.literal('warp-network'), ruleId: z.string() }),
]);
export type SessionPlace = z.infer<typeof SessionPlace>;

/** Every session length that people notice, in milliseconds, as the account has it at one moment. */
export interface Sessions {
  /** `ms`: 24 hours where Cloudflare shows none, its default. */
  readonly app: { readonly id: string; readonly name: string; readonly ms: number };
  /** All Allow policies of the application. `ms` undefined: the application's counts. */
  readonly policies: readonly {
    readonly ref: PolicyRef;
    readonly name: string;
    readonly ms: number | undefined;
    /** Names of other applications that a change reaches too. */
    readonly sharedWith: readonly string[];
  }[];
  readonly warpSignIn: {
    /** Undefined: not set. */
    readonly ms: number | undefined;
    /** People may sign in to the application by their WARP session, which then takes the place of all the lengths above. */
    readonly isUsed: boolean;
  };
  /** Gateway rules that are on and ask people to sign in to WARP again. Empty: the network session never ends. */
  readonly warpNetwork: readonly { readonly ruleId: string; readonly name: string; readonly ms: number }[];
}

export interface SessionWrite {
  readonly place: SessionPlace;
  readonly ms: number;
}

/** A WARP session that ends before the application's: people lose the network while the application still knows them. */
export interface SessionGap {
  readonly place: Extract<SessionPlace, { kind: 'warp-sign-in' | 'warp-network' }>;
  readonly name: string;
  readonly ms: number;
  readonly appMs: number;
}

/** House rules for what may be asked, in milliseconds, both ends included. */
export interface SessionLimits {
  readonly app: { readonly least: number; readonly most: number };
  readonly warp: { readonly least: number; readonly most: number };
}

/** How long the application knows somebody, the longest that any Allow policy gives, without sign-in by WARP. */
export function appSessionOf({ app, policies }: Sessions): number {
  return policies.length === 0 ? app.ms : Math.max(...policies.map(({ ms }) => ms ?? app.ms));
}

/**
 * What breaks the rule that a WARP session lasts at least as long as the application's. Where people sign in by WARP, its
 * session is the application's, so there is nothing to compare.
 */
export function gapsIn(sessions: Sessions): SessionGap[] {
  if (sessions.warpSignIn.isUsed) return [];
  const appMs = appSessionOf(sessions);
  return warpSessions(sessions)
    .filter(({ ms }) => ms < appMs)
    .map((one) => ({ ...one, appMs }));
}

function warpSessions({ warpSignIn, warpNetwork }: Sessions): Omit<SessionGap, 'appMs'>[] {
  const signIn =
    warpSignIn.ms === undefined
      ? []
      : [{ place: { kind: 'warp-sign-in' as const }, name: sessionName('warp-sign-in'), ms: warpSignIn.ms }];
  const network = warpNetwork.map(({ ruleId, name, ms }) => ({
    place: { kind: 'warp-network' as const, ruleId },
    name: sessionName('warp-network', name),
    ms,
  }));
  return [...signIn, ...network];
}

/** `the session of the policy “Team”`, for sentences. `name`: of the policy or of the Gateway rule. */
export function sessionName(kind: SessionPlace['kind'], name = ''): string {
  switch (kind) {
    case 'app':
      return 'the app session';
    case 'policy':
      return `the session of the policy “${name}”`;
    case 'warp-sign-in':
      return 'the WARP sign-in session';
    case 'warp-network':
      return `the WARP network session of the Gateway rule “${name}”`;
  }
}

/** The sessions after one write, as far as it is about them. */
export function withWrite(sessions: Sessions, { place, ms }: SessionWrite): Sessions {
  switch (place.kind) {
    case 'app':
      return place.id === sessions.app.id ? { ...sessions, app: { ...sessions.app, ms } } : sessions;
    case 'policy':
      return {
        ...sessions,
        policies: sessions.policies.map((policy) => (policy.ref.id === place.policy.id ? { ...policy, ms } : policy)),
      };
    case 'warp-sign-in':
      return { ...sessions, warpSignIn: { ...sessions.warpSignIn, ms } };
    case 'warp-network':
      return {
        ...sessions,
        warpNetwork: sessions.warpNetwork.map((rule) => (rule.ruleId === place.ruleId ? { ...rule, ms } : rule)),
      };
  }
}

/** Whether there is such a place: things are deleted, and rules switched off. */
export function isThere({ app, policies, warpNetwork }: Sessions, place: SessionPlace): boolean {
  switch (place.kind) {
    case 'app':
      return place.id === app.id;
    case 'policy':
      return policies.some(({ ref }) => ref.id === place.policy.id);
    case 'warp-sign-in':
      return true;
    case 'warp-network':
      return warpNetwork.some(({ ruleId }) => ruleId === place.ruleId);
  }
}

/** What is set at a place now. Undefined: nothing, or the place is gone. */
export function lengthAt(sessions: Sessions, place: SessionPlace): number | undefined {
  switch (place.kind) {
    case 'app':
      return place.id === sessions.app.id ? sessions.app.ms : undefined;
    case 'policy':
      return sessions.policies.find(({ ref }) => ref.id === place.policy.id)?.ms;
    case 'warp-sign-in':
      return sessions.warpSignIn.ms;
    case 'warp-network':
      return sessions.warpNetwork.find(({ ruleId }) => ruleId === place.ruleId)?.ms;
  }
}

/** The gaps that a write would open, or widen. One that was there before and gets no worse is nobody's reason to refuse. */
export function gapsOpenedBy(sessions: Sessions, write: SessionWrite): SessionGap[] {
  const before = new Map(gapsIn(sessions).map((gap) => [keyOf(gap), gap.appMs - gap.ms]));
  return gapsIn(withWrite(sessions, write)).filter((gap) => gap.appMs - gap.ms > (before.get(keyOf(gap)) ?? 0));
}

function keyOf({ place }: SessionGap): string {
  return place.kind === 'warp-network' ? place.ruleId : place.kind;
}

/**
 * The gaps that are open, or wider, in the end because one of these writes opens or widens them; stage after stage, as
 * `inSafeOrder` gives them.
 */
export function gapsLeftBy(sessions: Sessions, stages: readonly (readonly SessionWrite[])[]): SessionGap[] {
  const opened = new Set<string>();
  let now = sessions;
  for (const write of stages.flat()) {
    for (const gap of gapsOpenedBy(now, write)) opened.add(keyOf(gap));
    now = withWrite(now, write);
  }
  return gapsIn(now).filter((gap) => opened.has(keyOf(gap)));
}

/**
 * The writes in stages, so that between two of them, in any order within a stage, no gap is wider than at the beginning
 * and at the end: WARP is raised first and lowered after the application. A policy that has followed the application gets
 * its own length before that changes. What was not set can't be unset, so it comes last, when nothing after it can fail.
 * What is so already is left out.
 */
export function inSafeOrder(sessions: Sessions, writes: readonly SessionWrite[]): SessionWrite[][] {
  const needed = writes.filter(({ place, ms }) => lengthAt(sessions, place) !== ms);
  const of = (...kinds: SessionPlace['kind'][]) => needed.filter(({ place }) => kinds.includes(place.kind));
  // Not set is longer than anything: it breaks nothing.
  const isRaise = ({ place, ms }: SessionWrite): boolean => ms > (lengthAt(sessions, place) ?? Infinity);
  const isSet = ({ place }: SessionWrite): boolean => lengthAt(sessions, place) !== undefined;
  const warp = of('warp-sign-in', 'warp-network');
  return [
    warp.filter(isRaise),
    of('policy'),
    of('app'),
    warp.filter((write) => !isRaise(write) && isSet(write)),
    warp.filter((write) => !isSet(write)),
  ].filter((stage) => stage.length > 0);
}
