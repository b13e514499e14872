import type { KnownBlock } from '@slack/types';
import { isOpen, type Request } from '../core/request.ts';
import { note, warning } from './blocks.ts';
import { fit } from './fit.ts';
import { groupSteps, shownSteps, type StepGroup } from './group-steps.ts';
import { bold, line, list, rich, type Part } from './rich.ts';

const ONE_BY_ONE = 12;
const GROUPS = 12;
const SHOWN_OF_A_GROUP = 3;
const WARNINGS = 6;

/** What will be done, for the approver: each step with what it changes, or a sample of each kind and a count. */
export function planBlocks(request: Request): KnownBlock[] {
  const steps = shownSteps(request);
  if (steps.length === 0) return [];
  const groups = groupSteps(steps, ONE_BY_ONE);
  const items = groups.slice(0, GROUPS).flatMap(itemsOf);
  const missing = groups.slice(GROUPS).reduce((sum, group) => sum + group.steps.length, 0);
  if (missing > 0) items.push([`and ${missing} more ${missing === 1 ? 'step' : 'steps'}`]);
  const will = isOpen(request) ? 'What will be done' : 'What would have been done';
  const title = steps.length === 1 ? will : `${will}, in ${steps.length} steps`;
  return [rich(line(bold(title)), list('ordered', items)), ...warningBlocks(request)];
}

export function warningBlocks(request: Request): KnownBlock[] {
  const warnings = request.plan?.warnings ?? [];
  const shown = warnings.slice(0, WARNINGS).map(warning);
  const rest = warnings.length - WARNINGS;
  return rest > 0 ? [...shown, note(`There are ${rest} more warnings. *Details* shows all of them.`)] : shown;
}

function itemsOf({ steps }: StepGroup): Part[][] {
  const max = steps.length === 1 ? 300 : 150;
  const shown = steps.slice(0, SHOWN_OF_A_GROUP).map(({ planned }): Part[] => {
    if (planned.already === true) return [fit(planned.says, max), ': ', bold('so already')];
    const change = planned.change === undefined ? [] : [': ', fit(planned.change, 100)];
    return [fit(planned.says, max), ...change];
  });
  const rest = steps.slice(SHOWN_OF_A_GROUP);
  if (rest.length === 0) return shown;
  const already = rest.filter(({ planned }) => planned.already === true).length;
  const soAlready = already === 0 ? '' : `, ${already === rest.length ? 'all' : already} of them so already`;
  return [...shown, [`and ${rest.length} more like ${steps.length === 1 ? 'it' : 'these'}${soAlready}`]];
}
