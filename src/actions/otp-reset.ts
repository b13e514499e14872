import { z } from 'zod';
import { defineAction } from '../core/action.ts';
import { judgeEntry } from '../core/entry.ts';
import { UserError } from '../core/errors.ts';
import { insiderField, tickField } from '../core/fields.ts';
import { nameOf } from '../core/person.ts';
import { ruleContext } from '../core/snapshot.ts';
import { revokeSessions } from '../steps/revoke-sessions.ts';
import { sendOtpHelp } from '../steps/send-otp-help.ts';
import { NOTHING } from './parts/part.ts';
import { readd } from './parts/readd.ts';
import { whyField } from './parts/usual-fields.ts';

export const otpReset = defineAction({
  id: 'otp-reset',
  title: 'Reset a sign-in',
  summary: 'Sign somebody out who gets no sign-in code, so that they start afresh.',
  usage: '[@person|e-mail]',
  examples: ['otp-reset @ana', 'otp-reset sam@partner.example'],
  effect: 'change',
  mayAsk: 'member',
  approvals: (_input, { isApprover, isSystem }) => (isApprover || isSystem ? 0 : 1),
  approvalsSay: 'none for an approver, who reads the plan and confirms it; 1 if somebody else asks',
  confirms: true,
  input: z.object({
    person: insiderField({ label: 'Whose sign-in?', hint: 'Everybody who has access now, read from Cloudflare.' }),
    readd: tickField({
      label: 'If a reset alone did not help',
      options: [
        {
          value: 'yes',
          text: 'Take the address out of the policy and put it back',
          description: 'It is out for a few seconds. If anything goes wrong, it is put back.',
        },
      ],
    }),
    reason: whyField('For example: no code arrives, spam folder is empty.'),
  }),
  describe: ({ person, readd: isReadded }) =>
    `Reset the sign-in of ${nameOf(person)}${isReadded ? ', taking the address out and putting it back' : ''}`,
  beneficiaries: () => [],
  about: ({ person }) => [person],
  // It is the same for all Allow policies, so nobody has to have decided between them.
  scope: () => ({ undecided: 'first' }),
  plan: ({ person, readd: isReadded }, snapshot, { appUrl, requester }) => {
    const { email, slackId } = person;
    const name = nameOf(person);
    if (judgeEntry(snapshot.policies, email, ruleContext(snapshot)).verdict === 'no') {
      throw new UserError(
        `No policy of ${snapshot.app.name} lets ${email} in, so no code is ever sent there and a reset does not help. Use “add” to give ${name} access.`,
        { code: 'no-access', field: 'person.pick' },
      );
    }
    const { steps, warnings } = isReadded ? readd(person, snapshot) : NOTHING;
    return {
      stages: [
        [revokeSessions.with({ email, keepDevices: true })],
        ...(steps.length === 0 ? [] : [[...steps]]),
        [
          sendOtpHelp.with({
            email,
            appUrl,
            ...(slackId === undefined ? {} : { slackId }),
            ...(slackId === undefined || slackId === requester.slackId ? {} : { askedBy: requester.name }),
          }),
        ],
      ],
      warnings: [
        `${name} is signed out of everything behind this sign-in, other applications too, and can’t sign in again for a minute. WARP stays connected.`,
        ...warnings,
      ],
    };
  },
});
