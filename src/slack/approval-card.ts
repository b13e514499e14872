import type { ActionsBlock } from '@slack/types';
import { isOver, ticketOf, type Request } from '../core/request.ts';
import { button, buttons, header, note } from './blocks.ts';
import { decisionButtons } from './decision-buttons.ts';
import { decisionBlocks } from './decision.ts';
import { escapeToFit } from './escape.ts';
import { factsBlocks } from './facts.ts';
import { headline } from './headline.ts';
import { ids } from './ids.ts';
import type { Message } from './message.ts';
import { leftOutBlocks } from './left-out.ts';
import { noteBlocks } from './notes.ts';
import { causeBlocks } from './outcome.ts';
import { requesterName } from './people.ts';
import { planBlocks, warningBlocks } from './plan-list.ts';
import { progressBlocks } from './progress.ts';
import { standingText } from './standing-text.ts';
import { duration } from '../core/duration.ts';
import { time } from './time.ts';

/** What stands beside a plan block and the cause of a failure has little room. */
const BESIDE_PLAN = 500;

/** The one message of a request in the approvals channel, for whatever has become of it by now. */
export function approvalCard(request: Request): Message {
  return {
    text: cardText(request),
    blocks: [
      header(headline(request)),
      ...factsBlocks(request),
      ...decisionBlocks(request),
      ...(hasRun(request)
        ? [
            ...progressBlocks(request),
            ...causeBlocks(request),
            ...leftOutBlocks(request.plan, { characters: BESIDE_PLAN }),
            ...(isOver(request) ? noteBlocks(request, BESIDE_PLAN) : []),
            // Of a change they say how it was before, or what people will notice.
            ...(isOver(request) && request.effect === 'change' ? [] : warningBlocks(request, BESIDE_PLAN)),
          ]
        : planBlocks(request)),
      buttonsOf(request),
      note(times(request)),
    ],
  };
}

function hasRun({ status }: Request): boolean {
  return status === 'approved' || status === 'running' || status === 'done' || status === 'failed';
}

function cardText(request: Request): string {
  if (request.status !== 'pending') return standingText(request);
  const says = escapeToFit(request.says, 1000);
  const name = escapeToFit(requesterName(request), 200);
  const reason = request.reason === '' ? '' : ` Reason: ${escapeToFit(request.reason, 800)}`;
  return `${request.id} needs ${needed(request)}. ${name} asks: ${says}.${reason}`;
}

function needed({ approvals, approvalsNeeded }: Request): string {
  const left = approvalsNeeded - approvals.length;
  if (approvals.length === 0) return left === 1 ? 'your approval' : `${left} approvals`;
  return left === 1 ? 'one more approval' : `${left} more approvals`;
}

function times({ status, createdAt, expiresAt, startedAt, finishedAt }: Request): string {
  const asked = `Asked ${time(createdAt)}.`;
  if (status === 'pending' || status === 'waiting') return `${asked} Expires ${time(expiresAt)} if nobody decides.`;
  if (finishedAt === undefined) return asked;
  const took = startedAt === undefined ? '' : ` after ${duration(finishedAt - startedAt)}`;
  return `${asked} Finished ${time(finishedAt)}${took}.`;
}

function buttonsOf(request: Request): ActionsBlock {
  if (request.status === 'pending') return decisionButtons(request);
  return buttons(
    button('Details', ids.details, ticketOf(request), { accessibility_label: `Details of ${request.id}` }),
  );
}
