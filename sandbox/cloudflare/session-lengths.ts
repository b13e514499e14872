import { parseDuration } from './duration.ts';
import { isObject } from './envelope.ts';
import { ids } from './seed-ids.ts';
import { policiesOf } from './state.ts';
import type { App, GatewayRule, Policy, State } from './state.ts';

export type SessionPlace =
  | { kind: 'app'; id: string }
  | { kind: 'policy'; policy: { id: string } }
  | { kind: 'warp-sign-in' }
  | { kind: 'warp-network'; ruleId: string };

/** Every session length of the account, in milliseconds. */
export interface SessionLengths {
  app: { id: string; name: string; ms: number };
  /** The Allow policies of the application. `ms` undefined: the application's counts. */
  policies: {
    ref: { kind: 'reusable'; id: string } | { kind: 'app'; appId: string; id: string };
    name: string;
    ms: number | undefined;
    sharedWith: string[];
  }[];
  warpSignIn: { ms: number | undefined; isUsed: boolean };
  warpNetwork: { ruleId: string; name: string; ms: number }[];
}

/** A write that changed a session length, by the API or in the dashboard, and all lengths after it. */
export interface SessionChange {
  at: number;
  by: 'seed' | 'api' | 'dashboard';
  lengths: SessionLengths;
}

const day = 86_400_000;

const read = (value: unknown): number | undefined =>
  typeof value === 'string' ? (parseDuration(value) ?? undefined) : undefined;

/** The length that a Gateway rule enforces, if it is one that does. */
function enforcedBy({ body: { enabled, action, filters, rule_settings: settings } }: GatewayRule): number | undefined {
  const check = settings['check_session'];
  const mayEnforce = enabled && action === 'allow' && filters.some((filter) => filter === 'l4' || filter === 'http');
  return mayEnforce && isObject(check) && check['enforce'] === true ? read(check['duration']) : undefined;
}

/** Whether people may sign in to an application by their WARP session: the application has the last word. */
function allowsWarp(state: State, app: App): boolean {
  return (app.body['allow_authenticate_via_warp'] ?? state.organization['allow_authenticate_via_warp']) === true;
}

const warpSignInOf = ({ organization }: State): number | undefined => read(organization['warp_auth_session_duration']);

/** How long somebody whom this policy admits stays signed in. `byWarp`: by the session of their client. */
export function lastsFor(state: State, app: App, policy: Policy, byWarp: boolean): number {
  if (byWarp && allowsWarp(state, app)) return warpSignInOf(state) ?? day;
  return read(policy.body['session_duration']) ?? read(app.body['session_duration']) ?? day;
}

/** The lengths as they are; undefined for an account without that application. */
export function readLengths(state: State, appId: string = ids.app): SessionLengths | undefined {
  const app = state.apps.get(appId);
  if (app === undefined) return undefined;
  return {
    app: { id: app.id, name: app.body.name, ms: read(app.body['session_duration']) ?? day },
    policies: policiesOf(state, app)
      .filter(({ policy }) => policy.body.decision === 'allow')
      .map(({ policy: { id, appId: owner, body } }) => ({
        ref: owner === null ? { kind: 'reusable', id } : { kind: 'app', appId: owner, id },
        name: body.name,
        ms: read(body['session_duration']),
        sharedWith: [...state.apps.values()]
          .filter((other) => other.id !== app.id && other.links.some(({ policyId }) => policyId === id))
          .map((other) => other.body.name)
          .toSorted(),
      })),
    warpSignIn: { ms: warpSignInOf(state), isUsed: allowsWarp(state, app) },
    warpNetwork: [...state.gatewayRules.values()].flatMap((rule) => {
      const ms = enforcedBy(rule);
      return ms === undefined ? [] : [{ ruleId: rule.id, name: rule.body.name, ms }];
    }),
  };
}

/** Remembers the lengths if they are not what they were. To be called after each write, before anything else happens. */
export function rememberLengths(state: State, by: SessionChange['by'], at: number): void {
  const lengths = readLengths(state);
  const last = state.sessionHistory.at(-1)?.lengths;
  if (lengths === undefined || JSON.stringify(lengths) === JSON.stringify(last)) return;
  state.sessionHistory.push({ at, by, lengths });
}
