import { z } from 'zod';
import { capital } from '../core/capital.ts';
import { duration } from '../core/duration.ts';
import { PermanentError } from '../core/errors.ts';
import { gapsOpenedBy, isThere, lengthAt, sessionName, SessionPlace, type Sessions } from '../core/sessions.ts';
import { defineStep } from '../core/step.ts';

const Args = z.object({
  place: SessionPlace,
  /** Of the application, the policy or the Gateway rule, for people. */
  name: z.string(),
  /** Milliseconds, as the next one. */
  ms: z.number().int().positive(),
  /** What was set when it was planned, and what is put back. Null: nothing. */
  from: z.number().nullable(),
});
type Args = z.infer<typeof Args>;

/**
 * Ensures that one session has a length, and never makes a WARP session shorter than the application's by it: all session
 * writes take turns, and each looks at all lengths first. What somebody else has changed since it was planned is left
 * alone, so that what was there is what is put back.
 */
export const setSession = defineStep({
  id: 'set-session',
  args: Args,
  says: ({ place, name, ms }) => `Set ${sessionName(place.kind, name)} to ${duration(ms)}`,
  resource: ({ place }) => [lockOf(place), 'sessions'],
  look: async ({ place, ms }, { cloudflare }) => {
    const found = await cloudflare.sessionLengths();
    return { holds: lengthAt(found, place) === ms, found };
  },
  apply: async (args, { cloudflare }, found) => {
    const { place, ms } = args;
    refuseGone(args, found);
    refuseGap(args, found);
    refuseChanged(args, found);
    await cloudflare.writeSessionLength({ place, ms });
  },
  undo: async (args, { cloudflare }, found) => {
    const { place, ms, from } = args;
    if (lengthAt(found, place) !== ms) return;
    if (from === null) throw cannotUnset(args);
    refuseGapOfUndo(args, from, found);
    await cloudflare.writeSessionLength({ place, ms: from });
  },
  byHand,
});

/** Shared with the other steps that write the same thing whole. */
function lockOf(place: SessionPlace): string {
  switch (place.kind) {
    case 'app':
      return `app-${place.id}`;
    case 'policy':
      return `policy-${place.policy.id}`;
    case 'warp-sign-in':
      return 'organization';
    case 'warp-network':
      return `gateway-rule-${place.ruleId}`;
  }
}

function refuseGone({ place, name }: Args, found: Sessions): void {
  if (isThere(found, place)) return;
  const what = {
    app: `The application “${name}” is not there any more`,
    policy: `The policy “${name}” is not among the Allow policies of the application any more`,
    'warp-sign-in': 'The organisation is not there any more',
    'warp-network': `The Gateway rule “${name}” is off, gone, or does not ask people to sign in to WARP any more`,
  }[place.kind];
  throw new PermanentError(`${what}: somebody changed that since this was planned. Look again, and ask anew.`, {
    code: 'session-place-gone',
  });
}

function refuseGap({ place, ms }: Args, found: Sessions): void {
  const [gap] = gapsOpenedBy(found, { place, ms });
  if (gap === undefined) return;
  throw new PermanentError(
    `${capital(gap.name)} (${duration(gap.ms)}) would be shorter than the app session (${duration(gap.appMs)}): somebody changed a length since this was planned. Look again, and ask anew.`,
    { code: 'would-break-sessions' },
  );
}

function refuseChanged({ place, name, from }: Args, found: Sessions): void {
  const now = lengthAt(found, place) ?? null;
  if (now === from) return;
  throw new PermanentError(
    `Somebody changed ${sessionName(place.kind, name)} since this was planned: it was ${inWords(from)} and is ${inWords(now)} now. Look again, and ask anew.`,
    { code: 'changed-meanwhile' },
  );
}

function inWords(ms: number | null): string {
  return ms === null ? 'not set' : duration(ms);
}

function refuseGapOfUndo({ place, name, ms }: Args, from: number, found: Sessions): void {
  const [gap] = gapsOpenedBy(found, { place, ms: from });
  if (gap === undefined) return;
  throw new PermanentError(
    `${capital(gap.name)} (${duration(gap.ms)}) would then be shorter than the app session (${duration(gap.appMs)}), so ${sessionName(place.kind, name)} stays at ${duration(ms)}. Decide first which of the two is right.`,
    { code: 'would-break-sessions' },
  );
}

function cannotUnset({ place, name, ms }: Args): PermanentError {
  return new PermanentError(
    `Before, ${sessionName(place.kind, name)} was not set. A length that was once set can be changed but not taken away from here, so it stays at ${duration(ms)}.`,
    { code: 'cannot-unset' },
  );
}

/** With what it was, because whoever is sent there is to put that back. */
function byHand({ place, name, from }: Args): string {
  return `${dashboardPlace(place, name)}${from === null ? '' : ` (it was ${duration(from)})`}`;
}

function dashboardPlace(place: SessionPlace, name: string): string {
  switch (place.kind) {
    case 'app':
      return `Zero Trust dashboard → Access controls → Applications → ${name} → Session duration`;
    case 'policy':
      return `Zero Trust dashboard → Access controls → Policies → ${name} → Session duration`;
    case 'warp-sign-in':
      return 'Zero Trust dashboard → Team & Resources → Devices → Management → Device enrollment permissions → Login methods → Session duration';
    case 'warp-network':
      return `Zero Trust dashboard → Traffic policies → Firewall policies → ${name} → Enforce WARP client session duration`;
  }
}
