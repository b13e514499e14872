import type { KnownBlock } from '@slack/types';
import { nameOf } from '../core/person.ts';
import { isOpen, isOver, type Request } from '../core/request.ts';
import { undoWords } from '../core/undo-words.ts';
import { buttons, header, note, plainSection } from './blocks.ts';
import { decidedBlocks } from './decision.ts';
import { fit } from './fit.ts';
import { shownSteps } from './group-steps.ts';
import { headline } from './headline.ts';
import type { Message } from './message.ts';
import { peopleLine } from './people.ts';
import { progressBlocks } from './progress.ts';
import { bold, line, lines, rich } from './rich.ts';
import { standingText } from './standing-text.ts';
import { time } from './time.ts';
import { withdrawButton } from './withdraw-button.ts';

/**
 * The one message of a request in the DM of whoever asked, for whatever has become of it by now. Once it is over it is
 * short: the outcome message below it has the details.
 */
export function requesterCard(request: Request): Message {
  return {
    text: `Your request ${standingText(request)}`,
    blocks: [
      header(headline(request)),
      rich(line(bold(fit(request.says, 300)))),
      ...(isOver(request) ? [] : forWhom(request)),
      plainSection(NEXT[request.status](request)),
      ...decidedBlocks(request),
      ...(request.status === 'approved' || request.status === 'running' ? progressBlocks(request) : []),
      ...withdrawal(request),
    ],
  };
}

function forWhom(request: Request): KnownBlock[] {
  const people = peopleLine(request);
  return people.length === 0 ? [] : [lines(people)];
}

const NEXT: Record<Request['status'], (request: Request) => string> = {
  waiting: ({ waitsFor }) =>
    `I have asked ${fit(nameOf(waitsFor?.from ?? {}), 80)} for what is missing. After that the approvers see your request.`,
  pending: ({ approvals, approvalsNeeded }) =>
    approvals.length === 0
      ? 'The approvers see it now. I write to you when they have decided.'
      : `${approvals.length} of ${approvalsNeeded} approvals are there. I write to you when it is decided.`,
  approved: () => 'It starts in a moment. I write to you when it is done.',
  running: (request) => {
    if (request.direction === 'back') {
      const { undoing, gave } = undoWords(request);
      return `A step failed. I am ${undoing} what it ${gave}, so that nothing is left half done.`;
    }
    return request.effect === 'reduce' && shownSteps(request).some(({ isRetried }) => isRetried)
      ? 'Something has not worked yet. I keep trying until it does, and write to you when all of it is done.'
      : 'I am working on it now, and write to you when it is done.';
  },
  done: () => 'Everything is done and checked. A message below says what.',
  failed: ({ effect }) =>
    effect === 'reduce'
      ? 'A message below says what was done, and what somebody has to do by hand.'
      : 'A message below says why. Ask again once that is mended, or ask your operator.',
  denied: () => 'A message below says why. You can ask again with a better reason.',
  withdrawn: () => 'Nothing has been changed. You can ask again at any time.',
  expired: () => 'Nothing has been changed. You can ask again at any time.',
};

function withdrawal(request: Request): KnownBlock[] {
  if (!isOpen(request)) return [];
  return [buttons(withdrawButton(request)), note(`Expires ${time(request.expiresAt)} if nobody decides.`)];
}
