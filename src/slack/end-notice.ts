import { nameOf } from '../core/person.ts';
import type { Post } from '../core/post.ts';
import { ticketOf, type Request } from '../core/request.ts';
import { button, buttons, header, note } from './blocks.ts';
import { escapeToFit } from './escape.ts';
import { openAction } from './ids.ts';
import type { Message } from './message.ts';
import { personParts } from './people.ts';
import { line, rich, when } from './rich.ts';
import { lastMoment, time } from './time.ts';

type Notice = Pick<Extract<Post, { kind: 'end-notice' }>, 'person' | 'endsAt' | 'slackId'>;

/** Access ends soon: to the person, or, without a `slackId`, to the approvers. */
export function endNotice(request: Request, { person, endsAt, slackId }: Notice): Message {
  const at = lastMoment(endsAt);
  const extend = buttons(
    button('Extend', openAction('extend'), ticketOf(request), {
      style: 'primary',
      accessibility_label: 'Extend: ask for a later end date',
    }),
  );
  const small = note(`The end was set by ${request.id}. After it, access is taken away by itself.`);
  if (slackId !== undefined) {
    return {
      text: `Your access to Open Chat Studio ends ${time(at)}. If you need it longer, press “Extend” in this message; an approver decides.`,
      blocks: [
        header('⏳ Your access ends soon'),
        rich(line('Your access to Open Chat Studio ends ', when(at), '.')),
        rich(
          line('If you need it longer, ask for a later end: an approver decides. If not, you need not do anything.'),
        ),
        extend,
        small,
      ],
    };
  }
  return {
    text: `The access of ${escapeToFit(nameOf(person), 260)} to Open Chat Studio ends ${time(at)}.`,
    blocks: [
      header('⏳ Access ends soon'),
      rich(line('The access of ', ...personParts(person), ' ends ', when(at), '.')),
      extend,
      small,
    ],
  };
}
