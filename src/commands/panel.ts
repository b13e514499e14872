import { panelMessage } from '../slack/panel-message.ts';
import { refusal } from '../slack/refusal.ts';
import type { Call } from './call.ts';
import type { Desk } from './desk.ts';
import { identifyApprover } from './require-approver.ts';

/** The message with the red button, into the channel where it was asked for. For approvers. */
export async function panel(desk: Desk, call: Call): Promise<void> {
  await identifyApprover(desk, call, {
    tried: 'to post the panel',
    because: 'Only approvers can post the panel. Ask one of them to do it.',
  });
  await call.post(panelMessage());
  await call.reply(
    refusal('It is posted. Pin it, so that everybody finds it: the three dots of the message, then “Pin to channel”.'),
  );
}
