import type { ModalView } from '@slack/types';
import { ticketOf, type Request } from '../core/request.ts';
import { plain } from './blocks.ts';
import { fit } from './fit.ts';
import { FormState, typedIn } from './form-state.ts';
import { ids } from './ids.ts';
import { bold, line, rich } from './rich.ts';

/** Asks for the reason. Its metadata is the ticket of the request. */
export function denyView(request: Request): ModalView {
  return {
    type: 'modal',
    callback_id: ids.denySubmit,
    private_metadata: ticketOf(request),
    title: plain(`Deny ${request.id}`, 24),
    submit: plain('Deny', 24),
    close: plain('Cancel', 24),
    blocks: [
      rich(line(bold(fit(request.says, 300)))),
      {
        type: 'input',
        block_id: ids.denyReason,
        label: plain('Why do you deny it?', 2000),
        hint: plain(`${fit(request.requester.name, 80)} reads this, and so does everybody in this channel.`, 2000),
        element: {
          type: 'plain_text_input',
          action_id: ids.denyReason,
          multiline: true,
          min_length: 3,
          max_length: 500,
        },
      },
    ],
  };
}

/** What stands in that form; empty if there is nothing but blanks. Throws a ZodError for anything else's state. */
export function readDenyReason(stateValues: unknown): string {
  return typedIn(FormState.parse(stateValues), ids.denyReason) ?? '';
}
