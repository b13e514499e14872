import { z } from 'zod';
import { defineStep } from '../core/step.ts';

/**
 * Ensures that somebody whose sign-in was reset knows what to do now. The outbox takes the same key once. Of somebody who
 * is not in Slack, whoever asked reads it in the report.
 */
export const sendOtpHelp = defineStep({
  id: 'send-otp-help',
  args: z.object({
    /** Undefined: not in Slack. */
    slackId: z.string().exactOptional(),
    email: z.string(),
    appUrl: z.string(),
    /** The name of whoever had it reset, if that is somebody else. */
    askedBy: z.string().exactOptional(),
  }),
  says: ({ slackId, email }) =>
    slackId === undefined ? `Say what ${email} has to be told` : `Tell ${email} how to sign in again`,
  readsBack: false,
  look: async ({ slackId, email, appUrl }) =>
    slackId === undefined ? { holds: true, found: undefined, notes: [toPassOn(email, appUrl)] } : NOT_SENT,
  apply: async ({ slackId, email, appUrl, askedBy }, { posts, requestId }) => {
    if (slackId === undefined) return;
    await posts.enqueue(`otp-help-${requestId}-${slackId}`, {
      kind: 'otp-help',
      slackId,
      email,
      appUrl,
      wasReset: true,
      requestId,
      ...(askedBy === undefined ? {} : { askedBy }),
    });
  },
});

const NOT_SENT = { holds: false, found: undefined };

function toPassOn(email: string, appUrl: string): string {
  return `I can’t reach ${email} in Slack. Please tell them: wait a minute, open ${appUrl} with WARP switched on, ask for a new code and use only that one.`;
}
