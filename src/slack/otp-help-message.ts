import type { Post } from '../core/post.ts';
import { button, buttons, header, plainSection } from './blocks.ts';
import { escapeToFit } from './escape.ts';
import { fit } from './fit.ts';
import { openAction } from './ids.ts';
import type { Message } from './message.ts';
import { bold, code, line, link, list, rich, type Part } from './rich.ts';

type OtpHelp = Extract<Post, { kind: 'otp-help' }>;

/** From whom Cloudflare sends sign-in codes. */
export const CODE_SENDER = 'noreply@notify.cloudflare.com';

/** What to do when no code arrives, to the person. */
export function otpHelpMessage(help: OtpHelp): Message {
  return help.wasReset ? afterReset(help) : noCode(help);
}

function noCode({ slackId, email, appUrl, askedBy }: OtpHelp): Message {
  return {
    text: `No sign-in code? It goes to ${escapeToFit(email, 260)}, from ${CODE_SENDER}. Look in the spam folder, press “Resend code”, wait 60 seconds and use only the newest code. Open this message for the details.`,
    blocks: [
      header('✉️ No sign-in code?'),
      plainSection(`${asked(askedBy, 'me to send you this')}One of these almost always helps:`),
      rich(list('ordered', steps(email, appUrl))),
      rich(
        line(
          bold('Still no code?'),
          ' Your IT people can see whether they hold back e-mail from ',
          code(CODE_SENDER),
          '. Or ask an approver for a reset:',
        ),
      ),
      buttons(
        button('Still no code: ask for a reset', openAction('otp-reset'), `<@${slackId}>`, {
          accessibility_label: 'Still no code: ask for a reset of my sign-in',
        }),
      ),
    ],
  };
}

function afterReset({ email, appUrl, requestId, askedBy }: OtpHelp): Message {
  return {
    text: `Your sign-in was reset, so you are signed out. Wait a minute, open ${escapeToFit(appUrl, 500)} with WARP switched on and ask for a new code. It goes to ${escapeToFit(email, 260)}.`,
    blocks: [
      header('🔄 Your sign-in was reset'),
      plainSection(
        `${asked(askedBy, 'for it')}You are signed out everywhere. WARP stays connected. Wait a minute, and then:`,
      ),
      rich(list('ordered', steps(email, appUrl))),
      rich(
        line(
          bold('Still no code?'),
          ` Tell an approver${requestId === undefined ? '' : ` that ${fit(requestId, 30)} did not help`}. Your IT people can see whether they hold back e-mail from `,
          code(CODE_SENDER),
          '.',
        ),
      ),
    ],
  };
}

/** `Cara Lindqvist asked me to send you this. `; nothing where they asked themselves. */
function asked(by: string | undefined, what: string): string {
  return by === undefined ? '' : `${fit(by, 60)} asked ${what}. `;
}

function steps(email: string, appUrl: string): Part[][] {
  return [
    ['Open ', address(appUrl), ' with WARP switched on, and type exactly this address: ', code(email), '.'],
    ['Look in the spam folder too, for an e-mail from ', code(CODE_SENDER), '.'],
    ['Nothing after 60 seconds? Press ', bold('Resend code'), ' once, and wait 60 seconds more.'],
    ['Use only the newest code, within 10 minutes.'],
  ];
}

/** Only what a browser can open is a link; anything else is shown as it is. */
function address(appUrl: string): Part {
  return /^https?:\/\/[^\s|<>]+$/.test(appUrl) ? link(appUrl) : code(appUrl);
}
