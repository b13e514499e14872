import * as fc from 'fast-check';
import {
  appSessionOf,
  gapsIn,
  type Sessions,
  type SessionGap,
  type SessionPlace,
  type SessionWrite,
} from '../../src/core/sessions.ts';
import { HOUR_MS } from './memory-settings.ts';

/** Few lengths, so that equal ones and gaps come up often. */
export const anyLength = fc.integer({ min: 4, max: 14 }).map((hours) => hours * HOUR_MS);

/** Lengths as somebody may have set them in the dashboard: with gaps, without, or with none to compare. */
export const anySessions: fc.Arbitrary<Sessions> = fc
  .record({
    app: anyLength,
    policies: fc.array(fc.option(anyLength, { nil: undefined }), { minLength: 0, maxLength: 3 }),
    signIn: fc.option(anyLength, { nil: undefined, freq: 3 }),
    isUsed: fc.constantFrom(false, false, false, true),
    rules: fc.array(anyLength, { maxLength: 3 }),
  })
  .map(({ app, policies, signIn, isUsed, rules }) => ({
    app: { id: 'app-ocs', name: 'Open Chat Studio', ms: app },
    policies: policies.map((ms, index) => ({
      ref: { kind: 'reusable', id: `policy-${index}` },
      name: `Policy ${index}`,
      ms,
      sharedWith: [],
    })),
    warpSignIn: { ms: signIn, isUsed },
    warpNetwork: rules.map((ms, index) => ({ ruleId: `rule-${index}`, name: `Rule ${index}`, ms })),
  }));

/** Where the rule holds, and where it is a rule: people don't sign in by WARP. */
export const anySoundSessions: fc.Arbitrary<Sessions> = anySessions.map((sessions) => {
  const appMs = appSessionOf(sessions);
  const { warpSignIn, warpNetwork } = sessions;
  return {
    ...sessions,
    warpSignIn: { ms: warpSignIn.ms === undefined ? undefined : Math.max(warpSignIn.ms, appMs), isUsed: false },
    warpNetwork: warpNetwork.map((rule) => ({ ...rule, ms: Math.max(rule.ms, appMs) })),
  };
});

export function placesOf({ app, policies, warpNetwork }: Sessions): SessionPlace[] {
  return [
    { kind: 'app', id: app.id },
    ...policies.map(({ ref }) => ({ kind: 'policy' as const, policy: ref })),
    { kind: 'warp-sign-in' },
    ...warpNetwork.map(({ ruleId }) => ({ kind: 'warp-network' as const, ruleId })),
  ];
}

/** At most one write for each place. */
export function anyWrites(sessions: Sessions): fc.Arbitrary<SessionWrite[]> {
  return fc
    .tuple(...placesOf(sessions).map((place) => fc.option(anyLength.map((ms): SessionWrite => ({ place, ms })))))
    .map((writes) => writes.filter((write) => write !== null));
}

/** By how much each WARP session is too short, in milliseconds. */
export function widths(sessions: Sessions): Map<string, number> {
  return new Map(gapsIn(sessions).map((gap) => [keyOf(gap), gap.appMs - gap.ms]));
}

function keyOf({ place }: SessionGap): string {
  return place.kind === 'warp-network' ? place.ruleId : place.kind;
}
