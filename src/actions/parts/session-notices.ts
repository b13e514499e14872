import { capital } from '../../core/capital.ts';
import { duration } from '../../core/duration.ts';
import { gapsIn, sessionName, withWrite, type Sessions, type SessionWrite } from '../../core/sessions.ts';
import { sentenceList } from './part.ts';
import { FIELD_NAMES, fieldOf, FIELDS, type TypedLengths } from './session-lengths.ts';

/** What the approver has to know, and among it what people notice once it is done. Full sentences. */
export interface SessionNotices {
  readonly warnings: readonly string[];
  readonly afterwards: readonly string[];
}

export function noticesOf(typed: TypedLengths, before: Sessions, writes: readonly SessionWrite[]): SessionNotices {
  const after = writes.reduce(withWrite, before);
  const afterwards = [...aboutApp(before, after), ...aboutSignIn(before, after), ...aboutNetwork(before, writes)];
  const warnings = [
    ...aboutSame(typed, writes),
    ...aboutPolicies(before, writes),
    ...aboutRules(before, writes),
    ...aboutUse(typed, after),
    ...aboutShortNetwork(after),
    ...aboutGaps(after),
  ];
  return { warnings: [...warnings, ...afterwards], afterwards };
}

/** What was asked for and has no step, because it is so. */
function aboutSame(typed: TypedLengths, writes: readonly SessionWrite[]): string[] {
  const written = new Set(writes.map(({ place }) => fieldOf(place)));
  return FIELDS.flatMap((field) => {
    const ms = typed[field];
    return ms === undefined || written.has(field)
      ? []
      : [`${capital(FIELD_NAMES[field])} is ${duration(ms)} already, so nothing is changed about it.`];
  });
}

function aboutPolicies({ policies }: Sessions, writes: readonly SessionWrite[]): string[] {
  return policies
    .filter(({ ref }) => writes.some(({ place }) => place.kind === 'policy' && place.policy.id === ref.id))
    .map(({ name, sharedWith }) => {
      const others =
        sharedWith.length === 0 ? '' : ` It is also used by ${sentenceList(sharedWith)}, where the length changes too.`;
      return `The policy “${name}” has a session length of its own, which would win over the app session, so it is set as well.${others}`;
    });
}

function aboutRules({ warpNetwork }: Sessions, writes: readonly SessionWrite[]): string[] {
  const isSet = writes.some(({ place }) => place.kind === 'warp-network');
  if (!isSet || warpNetwork.length < 2) return [];
  const names = sentenceList(warpNetwork.map(({ name }) => `“${name}”`));
  return [
    `${warpNetwork.length} Gateway rules ask people to sign in to WARP again, and all get the same length: ${names}.`,
  ];
}

function aboutUse({ app, warpSignIn }: TypedLengths, { warpSignIn: { isUsed } }: Sessions): string[] {
  if (isUsed && app !== undefined) {
    return [
      'People sign in to the app by WARP, and the WARP sign-in session then takes the place of the app session. The new app session has no effect on them.',
    ];
  }
  if (isUsed || warpSignIn === undefined) return [];
  return [
    'People can’t sign in to the app by WARP at present, so the WARP sign-in session has no effect on the app until that is switched on.',
  ];
}

/** Where people sign in by WARP, its session is the one that must not outlast the network. */
function aboutShortNetwork({ warpSignIn: { isUsed, ms: signIn }, warpNetwork }: Sessions): string[] {
  if (!isUsed || signIn === undefined) return [];
  return warpNetwork
    .filter(({ ms }) => ms < signIn)
    .map(
      ({ name, ms }) =>
        `${capital(sessionName('warp-network', name))} (${duration(ms)}) ends before the WARP sign-in session (${duration(signIn)}), so people lose the network while the app still knows them.`,
    );
}

function aboutGaps(after: Sessions): string[] {
  return gapsIn(after).map(
    ({ name, ms, appMs }) =>
      `${capital(name)} (${duration(ms)}) stays shorter than the app session (${duration(appMs)}), as it is now. At least ${duration(appMs)} would mend that.`,
  );
}

/** In one piece: some may get more and others less. */
function aboutApp(before: Sessions, after: Sessions): string[] {
  const [now, ...others] = effectiveLengths(after);
  if (after.warpSignIn.isUsed || now === undefined || others.length > 0) return [];
  const were = effectiveLengths(before);
  const changes = [
    { often: 'more', old: were.filter((ms) => ms > now) },
    { often: 'less', old: were.filter((ms) => ms < now) },
  ].filter(({ old }) => old.length > 0);
  if (changes.length === 0) return [];
  const sentences = changes.map(
    ({ often, old }) => `People are asked for a code ${often} often: ${afterNot(now, old)}.`,
  );
  return [
    `${sentences.join(' ')} This begins with their next sign-in: a session that runs keeps the end that it was given.`,
  ];
}

/** How long the application knows people, by the policies that let them in. Each length once. */
function effectiveLengths({ app, policies }: Sessions): number[] {
  return [...new Set(policies.length === 0 ? [app.ms] : policies.map(({ ms }) => ms ?? app.ms))];
}

/** `after 8 h and no longer after 12 h` */
function afterNot(now: number, before: readonly number[]): string {
  const old = before.toSorted((one, other) => one - other).map(duration);
  return `after ${duration(now)} and no longer after ${new Intl.ListFormat('en', { type: 'disjunction' }).format(old)}`;
}

function aboutSignIn({ warpSignIn: before }: Sessions, { warpSignIn: { ms, isUsed } }: Sessions): string[] {
  if (!isUsed || ms === undefined || ms === before.ms) return [];
  const old = before.ms === undefined ? '' : ` and no longer after ${duration(before.ms)}`;
  return [`People who sign in by WARP do so again after ${duration(ms)}${old}.`];
}

function aboutNetwork({ warpNetwork }: Sessions, writes: readonly SessionWrite[]): string[] {
  const set = writes.filter(({ place }) => place.kind === 'warp-network');
  const [ms] = set.map((write) => write.ms);
  if (ms === undefined) return [];
  const before = [...new Set(warpNetwork.map((rule) => rule.ms))].filter((old) => old !== ms);
  return [
    `WARP asks people to sign in again ${afterNot(ms, before)}. To pick that up, they have to reconnect WARP: switch it off and on.`,
  ];
}
