import type { ActionsBlock } from '@slack/types';
import { ticketOf, type Request } from '../core/request.ts';
import { button, buttons } from './blocks.ts';
import { ids } from './ids.ts';

/** What an approver presses; each press is judged anew. */
export function decisionButtons(request: Request): ActionsBlock {
  const ticket = ticketOf(request);
  return buttons(
    button('Approve', ids.approve, ticket, { style: 'primary', accessibility_label: `Approve ${request.id}` }),
    button('Deny', ids.deny, ticket, { style: 'danger', accessibility_label: `Deny ${request.id}` }),
    button('Details', ids.details, ticket, { accessibility_label: `Details of ${request.id}` }),
  );
}
