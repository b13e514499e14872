import type { Request } from '../core/request.ts';
import { plainSection } from './blocks.ts';
import { escapeToFit } from './escape.ts';
import type { Message } from './message.ts';
import { line, rich, bold, who } from './rich.ts';

export interface Feedback {
  /** Who answered the welcome. */
  readonly from: { readonly slackId?: string | undefined; readonly name: string };
  readonly isIn: boolean;
}

/** The new colleague's answer, for whoever asked for their access. */
export function feedbackMessage(request: Request, { from, isIn }: Feedback): Message {
  const name = escapeToFit(from.name, 200);
  if (isIn) {
    return {
      text: `${name} is in. Your request ${request.id} has done its work.`,
      blocks: [
        rich(line(bold('🎉 It works:'), ' ', who(from), ` is in. Your request ${request.id} has done its work.`)),
      ],
    };
  }
  return {
    text: `${name} can’t get in yet (${request.id}). Please get in touch with them.`,
    blocks: [
      rich(line(bold('🆘 It does not work yet:'), ' ', who(from), ` can’t get in (${request.id}).`)),
      plainSection(
        [
          'Please get in touch with them, and go through this:',
          '1. Has it been less than ten minutes since they switched WARP on? The first check of a computer can take that long.',
          '2. Does WARP say Connected, and did they sign in with the address that you gave?',
          '3. Is the serial number that they read off their computer the one in the request?',
          'If it still does not work, tell your operator the number of the request.',
        ].join('\n'),
      ),
    ],
  };
}
