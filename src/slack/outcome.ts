import type { KnownBlock } from '@slack/types';
import type { Request } from '../core/request.ts';
import { firstWithin } from './first-within.ts';
import { fit } from './fit.ts';
import { shownSteps, type ShownStep } from './group-steps.ts';
import { bold, lengthOf, line, list, rich, type Part } from './rich.ts';

const CHARACTERS = 500;

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
    undone === 0 ? '' : stuck === 0 ? 'What it had given was taken back.' : 'Some of what it had given was taken back.',
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

function itemOf({ planned, record }: ShownStep): Part[] {
  const says = fit(planned.says, 200);
  // What went well in the end may have a problem on record from an earlier try.
  if (record.problem === undefined || record.state === 'done') return [says];
  return [says, `: ${fit(record.problem, 300)}`];
}

function listed(title: string, steps: readonly ShownStep[], problem?: string): KnownBlock[] {
  const { shown, rest } = firstWithin(steps.map(itemOf), CHARACTERS, lengthOf);
  const items = rest.length === 0 ? shown : [...shown, [`and ${rest.length} more`]];
  const general =
    problem === undefined || steps.some(({ record }) => record.problem === problem) ? [] : [[fit(problem, 500)]];
  const all = [...general, ...items];
  return all.length === 0 ? [] : [rich(line(bold(title)), list('bullet', all))];
}
