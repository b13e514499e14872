import type { Button } from '@slack/types';
import { ticketOf, type Request } from '../core/request.ts';
import { button } from './blocks.ts';
import { ids } from './ids.ts';

/** Takes an open request back, once its requester has said so twice. */
export function withdrawButton(request: Request): Button {
  return button('Withdraw', ids.withdraw, ticketOf(request), {
    style: 'danger',
    accessibility_label: `Withdraw ${request.id}`,
    confirm: {
      title: { type: 'plain_text', text: `Withdraw ${request.id}?` },
      text: { type: 'plain_text', text: 'Nobody can approve it any more. You can ask again later.' },
      confirm: { type: 'plain_text', text: 'Withdraw' },
      deny: { type: 'plain_text', text: 'Keep it' },
      style: 'danger',
    },
  });
}
