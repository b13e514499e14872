import type { IntroLine } from '../../core/action.ts';
import { duration } from '../../core/duration.ts';
import { gapsIn, type SessionGap, type Sessions } from '../../core/sessions.ts';
import { sentenceList } from './part.ts';

/** The four lengths as they are, which of them counts, and what is wrong with them. */
export function introOf(sessions: Sessions): IntroLine[] {
  return [appLine(sessions), ...policyLines(sessions), signInLine(sessions), ...networkLines(sessions)];
}

function appLine({ app, policies, warpSignIn }: Sessions): IntroLine {
  const label = 'App session';
  const value = duration(app.ms);
  if (warpSignIn.isUsed) {
    return { label, value, detail: 'The WARP sign-in session takes its place for people who sign in by WARP.' };
  }
  const own = policies.filter(({ ms }) => ms !== undefined).length;
  if (own === 0) return { label, value, detail: 'After that people need a new code.' };
  if (own === policies.length)
    return { label, value, detail: 'It has no effect: every policy has a length of its own.' };
  return { label, value, detail: 'It counts where a policy has no length of its own.' };
}

function policyLines({ policies }: Sessions): IntroLine[] {
  return policies.flatMap(({ name, ms, sharedWith }) => {
    if (ms === undefined) return [];
    const others = sharedWith.length === 0 ? '' : ` Also used by ${sentenceList(sharedWith)}.`;
    return [
      { label: `Policy “${name}”`, value: duration(ms), detail: `Its own length wins over the app session.${others}` },
    ];
  });
}

function signInLine(sessions: Sessions): IntroLine {
  const { ms, isUsed } = sessions.warpSignIn;
  const use = isUsed
    ? 'People can sign in to the app by WARP; it then takes the place of the app session.'
    : 'Not used: people can’t sign in to the app by WARP.';
  const gap = gapsIn(sessions).find(({ place }) => place.kind === 'warp-sign-in');
  return {
    label: 'WARP sign-in session',
    value: ms === undefined ? 'not set' : duration(ms),
    detail: `${use}${tooShort(gap)}`,
  };
}

function networkLines(sessions: Sessions): IntroLine[] {
  const { warpNetwork, warpSignIn } = sessions;
  const label = 'WARP network session';
  if (warpNetwork.length === 0) {
    return [{ label, value: 'never ends', detail: 'No Gateway rule asks people to sign in to WARP again.' }];
  }
  const gaps = gapsIn(sessions);
  return warpNetwork.map(({ ruleId, name, ms }) => {
    const gap = gaps.find(({ place }) => place.kind === 'warp-network' && place.ruleId === ruleId);
    return {
      label,
      value: duration(ms),
      detail: `Gateway rule “${name}”: after that people sign in to WARP again.${tooShort(gap)}${endsFirst(ms, warpSignIn)}`,
    };
  });
}

/** Where people sign in by WARP, its session is the one that outlasts the network. */
function endsFirst(ms: number, { isUsed, ms: signIn }: Sessions['warpSignIn']): string {
  return isUsed && signIn !== undefined && ms < signIn
    ? ` It ends before the WARP sign-in session (${duration(signIn)}).`
    : '';
}

function tooShort(gap: SessionGap | undefined): string {
  if (gap === undefined) return '';
  return ` Too short: it must be at least as long as the app session (${duration(gap.appMs)}).`;
}
