import { duration } from '../../core/duration.ts';
import { UserError } from '../../core/errors.ts';
import type { PlannedStep } from '../../core/plan.ts';
import {
  lengthAt,
  type SessionLimits,
  type SessionPlace,
  type Sessions,
  type SessionWrite,
} from '../../core/sessions.ts';
import { setSession } from '../../steps/set-session.ts';

/** What was typed, in milliseconds. Undefined: stays as it is. */
export interface TypedLengths {
  readonly app?: number | undefined;
  readonly warpSignIn?: number | undefined;
  readonly warpNetwork?: number | undefined;
}
export type LengthField = keyof TypedLengths;

export const FIELDS: readonly LengthField[] = ['app', 'warpSignIn', 'warpNetwork'];

export const FIELD_NAMES: Record<LengthField, string> = {
  app: 'the app session',
  warpSignIn: 'the WARP sign-in session',
  warpNetwork: 'the WARP network session',
};

/** What somebody types who wants this place changed. */
export function fieldOf({ kind }: SessionPlace): LengthField {
  return kind === 'warp-sign-in' ? 'warpSignIn' : kind === 'warp-network' ? 'warpNetwork' : 'app';
}

const MINUTE = 60_000;

/** Throws UserError, with the field, for what the house or the account does not allow. */
export function checkLengths(typed: TypedLengths, { warpNetwork }: Sessions, limits: SessionLimits): void {
  if (FIELDS.every((field) => typed[field] === undefined)) {
    throw new UserError('Type at least one length, such as 12h. What you leave empty stays as it is.', {
      code: 'nothing-typed',
      field: 'app',
    });
  }
  for (const field of FIELDS) {
    const ms = typed[field];
    if (ms !== undefined) checkLength(field, ms, field === 'app' ? limits.app : limits.warp);
  }
  if (typed.warpNetwork === undefined || warpNetwork.length > 0) return;
  throw new UserError(
    'No Gateway rule asks people to sign in to WARP again, so the network session never ends and there is no length to set. Make one first: Zero Trust dashboard → Traffic policies → Firewall policies → Network, in a rule with the action Allow: Enforce WARP client session duration.',
    { code: 'no-network-session', field: 'warpNetwork' },
  );
}

function checkLength(field: LengthField, ms: number, { least, most }: SessionLimits['app']): void {
  const range = `from ${duration(least)} to ${duration(most)}`;
  if (ms < least || ms > most) {
    const nearest = ms > most ? wholeHours(most, Math.floor) : wholeHours(least, Math.ceil);
    throw new UserError(
      `Here, ${FIELD_NAMES[field]} can last ${range}. Type a length within that, such as ${nearest}.`,
      { code: 'out-of-range', field },
    );
  }
  if (ms % MINUTE === 0) return;
  const whole = wholeHours(least, Math.ceil);
  throw new UserError(`Type whole hours or minutes, ${range}, such as ${whole} or ${whole} 30m.`, {
    code: 'not-whole-minutes',
    field,
  });
}

function wholeHours(ms: number, round: (hours: number) => number): string {
  return `${round(ms / (60 * MINUTE))}h`;
}

/**
 * Every place that has to change. A policy with a length of its own gets the application's, over which it would win; one
 * without follows by itself.
 */
export function writesFor(typed: TypedLengths, { app, policies, warpNetwork }: Sessions): SessionWrite[] {
  return [
    ...lengthened(typed.app, [
      { kind: 'app', id: app.id },
      ...policies.filter(({ ms }) => ms !== undefined).map(({ ref }) => ({ kind: 'policy' as const, policy: ref })),
    ]),
    ...lengthened(typed.warpSignIn, [{ kind: 'warp-sign-in' }]),
    ...lengthened(
      typed.warpNetwork,
      warpNetwork.map(({ ruleId }) => ({ kind: 'warp-network', ruleId })),
    ),
  ];
}

function lengthened(ms: number | undefined, places: readonly SessionWrite['place'][]): SessionWrite[] {
  return ms === undefined ? [] : places.map((place) => ({ place, ms }));
}

export function stepOf({ place, ms }: SessionWrite, sessions: Sessions): PlannedStep {
  const from = lengthAt(sessions, place);
  return setSession.with(
    { place, name: nameAt(place, sessions), ms, from: from ?? null },
    { change: `${from === undefined ? 'not set' : duration(from)} → ${duration(ms)}` },
  );
}

function nameAt(place: SessionWrite['place'], { app, policies, warpNetwork }: Sessions): string {
  switch (place.kind) {
    case 'app':
      return app.name;
    case 'policy':
      return policies.find(({ ref }) => ref.id === place.policy.id)?.name ?? '';
    case 'warp-sign-in':
      return 'WARP sign-in';
    case 'warp-network':
      return warpNetwork.find(({ ruleId }) => ruleId === place.ruleId)?.name ?? '';
  }
}
