import type { KnownBlock } from '@slack/types';
import type { Request } from '../core/request.ts';
import { note, plainSection } from './blocks.ts';
import { escapeToFit } from './escape.ts';
import { fit } from './fit.ts';
import { shownSteps, unchangedWords } from './group-steps.ts';
import { withCode } from './refusal.ts';
import { headline } from './headline.ts';
import type { Message } from './message.ts';
import { leftByHand } from './left-by-hand.ts';
import { leftOutBlocks, leftOutText } from './left-out.ts';
import { noteBlocks } from './notes.ts';
import { failureBlocks } from './outcome.ts';
import { bold, line, list, quote, rich, type Part } from './rich.ts';
import { standingText } from './standing-text.ts';
import { duration } from '../core/duration.ts';

const SHOWN = 10;

/** A new DM to whoever asked, once the request is over: editing the card notifies nobody. */
export function outcomeMessage(request: Request): Message {
  const took = tookText(request);
  const leftOut = hasRun(request) ? leftOutText(request.plan) : '';
  return {
    text: [standingText(request), leftOut, took].filter((words) => words !== '').join(' '),
    blocks: [
      rich(line(bold(headline(request)), `: ${fit(request.says, 900)}.`)),
      ...detailBlocks(request),
      ...(request.isUrgent && hasRun(request) ? [leftByHand] : []),
      ...(took === '' ? [] : [note(escapeToFit(took, 200))]),
    ],
  };
}

function hasRun({ status }: Request): boolean {
  return status === 'done' || status === 'failed';
}

function tookText({ status, startedAt, finishedAt }: Request): string {
  if (status !== 'done' || startedAt === undefined || finishedAt === undefined) return '';
  return `It took ${duration(finishedAt - startedAt)}, and everything was checked afterwards.`;
}

function detailBlocks(request: Request): KnownBlock[] {
  const found = [...leftOutBlocks(request.plan), ...noteBlocks(request)];
  if (request.status === 'done') return [doneBlock(request), ...afterwardsBlocks(request), ...found];
  if (request.status === 'failed') return [...failureBlocks(request), ...found];
  if (request.denial !== undefined) return [rich(line('The reason:'), quote(request.denial.reason))];
  return [plainSection('Nothing has been changed. You can ask again at any time.')];
}

/** What people notice from now on, and what they have to do. */
function afterwardsBlocks({ plan }: Request): KnownBlock[] {
  const items = (plan?.afterwards ?? []).slice(0, SHOWN).map((says) => withCode(fit(says, 400)));
  return items.length === 0 ? [] : [rich(line(bold('From now on')), list('bullet', items))];
}

function doneBlock(request: Request): KnownBlock {
  const steps = shownSteps(request);
  const items = steps.slice(0, SHOWN).map((step): Part[] => [fit(step.planned.says, 200), unchangedWords(step)]);
  if (steps.length > SHOWN) items.push([`and ${steps.length - SHOWN} more`]);
  return items.length === 0
    ? plainSection('There was nothing to change.')
    : rich(line(bold('What was done')), list('bullet', items));
}
