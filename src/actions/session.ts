import { z } from 'zod';
import { defineAction } from '../core/action.ts';
import { duration } from '../core/duration.ts';
import { UserError } from '../core/errors.ts';
import { durationField } from '../core/fields.ts';
import { inSafeOrder, type Sessions } from '../core/sessions.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { sentenceList } from './parts/part.ts';
import { introOf } from './parts/session-intro.ts';
import { checkLengths, FIELD_NAMES, FIELDS, stepOf, writesFor, type TypedLengths } from './parts/session-lengths.ts';
import { noticesOf } from './parts/session-notices.ts';
import { refuseGaps } from './parts/session-rule.ts';
import { whyField } from './parts/usual-fields.ts';

export const session = defineAction({
  id: 'session',
  title: 'Session lengths',
  summary: 'Show how long sessions of the app and of WARP last, and change that.',
  usage: '[app 12h] [warp 24h] [network 24h]',
  examples: ['session', 'session app 12h', 'session app 12h warp 24h network 24h'],
  effect: 'change',
  mayAsk: 'approver',
  approvals: () => 'configured',
  intro: { scope: { sessions: true }, lines: (snapshot) => introOf(sessionsOf(snapshot)) },
  input: z.object({
    app: durationField({
      label: 'App session',
      word: 'app',
      hint: 'How long the app knows people before they need a new code. Leave it empty to keep it as it is.',
    }).optional(),
    warpSignIn: durationField({
      label: 'WARP sign-in session',
      word: 'warp',
      hint: 'For signing in to the app by WARP. At least as long as the app session.',
    }).optional(),
    warpNetwork: durationField({
      label: 'WARP network session',
      word: 'network',
      hint: 'After that people sign in to WARP again to use the network. At least as long as the app session.',
    }).optional(),
    reason: whyField(),
  }),
  describe,
  beneficiaries: () => [],
  scope: () => ({ sessions: true }),
  plan: (input, snapshot, { sessionLimits }) => {
    const sessions = sessionsOf(snapshot);
    checkLengths(input, sessions, sessionLimits);
    const stages = inSafeOrder(sessions, writesFor(input, sessions));
    if (stages.length === 0) {
      throw new UserError('All of that is so already, so there is nothing to change.', { code: 'nothing-to-do' });
    }
    refuseGaps(input, sessions, stages, sessionLimits);
    const { warnings, afterwards } = noticesOf(input, sessions, stages.flat());
    return {
      stages: stages.map((stage) => stage.map((write) => stepOf(write, sessions))),
      warnings: [...warnings],
      ...(afterwards.length === 0 ? {} : { afterwards: [...afterwards] }),
    };
  },
});

/** `Set the app session to 12 h and the WARP sign-in session to 24 h` */
function describe(typed: TypedLengths): string {
  const lengths = FIELDS.flatMap((field) => {
    const ms = typed[field];
    return ms === undefined ? [] : [`${FIELD_NAMES[field]} to ${duration(ms)}`];
  });
  return lengths.length === 0 ? 'Change the session lengths' : `Set ${sentenceList(lengths)}`;
}

function sessionsOf({ sessions }: Snapshot): Sessions {
  if (sessions !== undefined) return sessions;
  throw new UserError('The session lengths could not be read. Try again in a minute.', { code: 'sessions-unread' });
}
