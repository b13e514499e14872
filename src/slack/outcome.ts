import type { KnownBlock } from '@slack/types';
import type { Request } from '../core/request.ts';
import { fit } from './fit.ts';
import { shownSteps, type ShownStep } from './group-steps.ts';
import { bold, line, list, rich } from './rich.ts';

const SHOWN = 8;

/** After a failure: what failed, what was taken back, and what somebody has to do by hand. */
export function failureBlocks(request: Request): KnownBlock[] {
  if (request.status !== 'failed') return [];
  const steps = shownSteps(request);
  const of = (state: ShownStep['record']['state']) => steps.filter(({ record }) => record.state === state);
  return [
    ...listed('What failed', of('failed'), request.problem),
    ...listed('What was taken back', of('undone')),
    ...listed('What could not be taken back: somebody has to do it by hand', of('undo-failed')),
    ...listed('What was not done', of('skipped')),
    ...(of('undo-failed').length === 0 && of('undone').length === 0 && !steps.some(isKept)
      ? [rich(line('Nothing has been changed.'))]
      : []),
    ...listed('What stays as it was done', steps.filter(isKept)),
  ];
}

/** The same in one or two sentences, for `text`: not escaped. */
export function failureText(request: Request): string {
  const steps = shownSteps(request);
  const problem = request.problem ?? steps.find(({ record }) => record.state === 'failed')?.record.problem;
  const stuck = steps.filter(({ record }) => record.state === 'undo-failed').length;
  const undone = steps.filter(({ record }) => record.state === 'undone').length;
  return [
    problem === undefined ? '' : fit(problem, 500),
    undone === 0 ? '' : `What it had given was taken back.`,
    stuck === 0
      ? ''
      : `${stuck} ${stuck === 1 ? 'change' : 'changes'} could not be taken back and must be undone by hand.`,
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

function isKept({ record }: ShownStep): boolean {
  return record.state === 'done' && record.changed;
}

function listed(title: string, steps: readonly ShownStep[], problem?: string): KnownBlock[] {
  const items = steps.slice(0, SHOWN).map(({ planned, record }) => {
    const why = record.problem === undefined ? [] : [`: ${fit(record.problem, 300)}`];
    return [fit(planned.says, 200), ...why];
  });
  if (steps.length > SHOWN) items.push([`and ${steps.length - SHOWN} more`]);
  const general =
    problem === undefined || steps.some(({ record }) => record.problem === problem) ? [] : [[fit(problem, 500)]];
  const all = [...general, ...items];
  return all.length === 0 ? [] : [rich(line(bold(title)), list('bullet', all))];
}
