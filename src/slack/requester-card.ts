import type { KnownBlock } from '@slack/types';
import { nameOf } from '../core/person.ts';
import { isOpen, ticketOf, type Request } from '../core/request.ts';
import { factsBlocks } from './facts.ts';
import { button, buttons, header, note, plainSection } from './blocks.ts';
import { decisionBlocks } from './decision.ts';
import { fit } from './fit.ts';
import { headline } from './headline.ts';
import { ids } from './ids.ts';
import type { Message } from './message.ts';
import { failureBlocks } from './outcome.ts';
import { progressBlocks } from './progress.ts';
import { standingText } from './standing-text.ts';
import { time } from './time.ts';

/** The one message of a request in the DM of whoever asked, for whatever has become of it by now. */
export function requesterCard(request: Request): Message {
  return {
    text: `Your request ${standingText(request)}`,
    blocks: [
      header(headline(request)),
      ...factsBlocks(request),
      plainSection(NEXT[request.status](request)),
      ...decisionBlocks(request),
      ...(request.status === 'pending' || request.status === 'failed' ? [] : progressBlocks(request)),
      ...failureBlocks(request),
      ...withdrawal(request),
    ],
  };
}

const NEXT: Record<Request['status'], (request: Request) => string> = {
  waiting: ({ waitsFor }) =>
    `I have asked ${fit(nameOf(waitsFor?.from ?? {}), 80)} for what is missing. As soon as they have answered, the approvers see your request.`,
  pending: ({ approvals, approvalsNeeded }) =>
    approvals.length === 0
      ? 'The approvers see your request now. I write to you when they have decided.'
      : `${approvals.length} of ${approvalsNeeded} approvals are there. I write to you when it is decided.`,
  approved: () => 'It starts in a moment. I write to you when it is done.',
  running: ({ direction }) =>
    direction === 'back'
      ? 'A step failed. I am taking back what it gave, so that nothing is left half done.'
      : 'I am working on it now, and write to you when it is done.',
  done: () => 'Everything is done and checked.',
  failed: () =>
    'It could not be done. Below is what happened. Ask again once the cause is mended, or ask your operator.',
  denied: () => 'An approver has denied your request. You can ask again with a better reason.',
  withdrawn: () => 'You have withdrawn your request. Nothing has been changed.',
  expired: () => 'Nobody decided in time. Nothing has been changed. You can ask again.',
};

function withdrawal(request: Request): KnownBlock[] {
  if (!isOpen(request)) return [];
  const withdraw = button('Withdraw', ids.withdraw, ticketOf(request), {
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
  return [buttons(withdraw), note(`Expires ${time(request.expiresAt)} if nobody decides.`)];
}
