import type { KnownBlock, ModalView } from '@slack/types';
import { nameOf } from '../core/person.ts';
import { flatten } from '../core/plan.ts';
import type { Request } from '../core/request.ts';
import { capped, note, plain, plainSection, warning } from './blocks.ts';
import { factsBlocks } from './facts.ts';
import { escapeToFit } from './escape.ts';
import { firstWithin } from './first-within.ts';
import { fit } from './fit.ts';
import { shownSteps, type ShownStep } from './group-steps.ts';
import { standing } from './headline.ts';
import { ids } from './ids.ts';
import { leftOutBlocks } from './left-out.ts';
import { quotingLines } from './quoted.ts';
import { bold, line, lines, list, rich, when, who, type Part } from './rich.ts';
import { decisionBlocks } from './decision.ts';
import { peopleOf, SHOWN_PEOPLE } from './people.ts';
import { idsOf, readableFacts } from './step-facts.ts';
import { time } from './time.ts';

const BLOCKS = 100;
const PEOPLE = 60;
/** Slack takes views of up to 250 KB; rich text costs about twice its letters. */
const STEPS_CHARACTERS = 60_000;
const ITEM_CHARACTERS = 12_000;
const TOGETHER = 25;

/** Everything about a request, in words: the whole plan with what each step does, and what happened so far. */
export function detailsView(request: Request): ModalView {
  const blocks: KnownBlock[] = [
    ...factsBlocks(request),
    ...everybody(request),
    ...decisionBlocks(request),
    ...(request.plan?.warnings ?? []).slice(0, 30).map(warning),
    ...leftOutBlocks(request.plan, { shown: 200, characters: 15_000 }),
    ...planBlocks(request),
    historyBlock(request),
    note(planNote(request)),
    ...idsNote(request),
  ];
  return {
    type: 'modal',
    callback_id: ids.showOnly,
    title: plain(request.id, 24),
    close: plain('Close', 24),
    blocks: capped(blocks, BLOCKS, 'There is more than fits here. The audit log holds all of it.'),
  };
}

function everybody(request: Request): KnownBlock[] {
  const { word, people } = peopleOf(request);
  if (people.length <= SHOWN_PEOPLE) return [];
  const names = people
    .slice(0, PEOPLE)
    .map((person): Part[] => [`${fit(nameOf(person), 60)} (${fit(person.email, 100)})`]);
  const rest = people.length - PEOPLE;
  return [
    rich(
      line(bold(`${word} ${people.length} people`)),
      list('bullet', rest > 0 ? [...names, [`and ${rest} more`]] : names),
    ),
  ];
}

function planBlocks(request: Request): KnownBlock[] {
  const { plan } = request;
  if (plan === undefined) return [plainSection('The plan is made once everything is there.')];
  const shown = shownSteps(request);
  const blocks: KnownBlock[] = [rich(line(bold(stagesText(plan.stages.length, flatten(plan).length))))];
  let spent = 0;
  for (const step of shown) {
    const block = stepBlock(step);
    spent += JSON.stringify(block).length;
    if (spent > STEPS_CHARACTERS || blocks.length > 70) {
      blocks.push(note(`And ${shown.length - step.index} more steps. The audit log holds all of them.`));
      break;
    }
    blocks.push(block);
  }
  return blocks;
}

function stagesText(stages: number, steps: number): string {
  const inStages = stages === 1 ? '' : `, in ${stages} stages one after another`;
  return `The plan: ${steps} ${steps === 1 ? 'step' : 'steps'}${inStages}`;
}

function stepBlock(step: ShownStep): KnownBlock {
  const { planned, record, index } = step;
  const state = stateWords(step);
  const { items = [] } = planned;
  const change = planned.change === undefined ? '' : `: ${fit(planned.change, 100)}`;
  const effect = planned.already === true ? ': so already' : change;
  const facts = readableFacts(planned)
    .slice(0, 12)
    .map(({ name, value }): Part[] => [`${name}: ${value}`]);
  return rich(
    line(bold(`${index + 1}.`), ' ', `${fit(planned.says, 300)}${effect}${state}`),
    ...(facts.length === 0 ? [] : [list('bullet', facts)]),
    ...itemLines(items),
    ...(record.problem === undefined || record.state === 'done'
      ? []
      : quotingLines(['Problem: '], record.problem, 2000)),
    ...(record.notes ?? []).slice(0, 20).map((found) => line(`Found: ${fit(found, 500)}`)),
  );
}

function stateWords(step: ShownStep): string {
  if (step.isRetried) return ' – being tried again';
  return step.record.state === 'todo' ? '' : ` – ${states(step)[step.record.state]}`;
}

/** One a line, many in one piece of text: an element of its own for each of 500 would not fit into a view. */
function itemLines(items: readonly string[]) {
  const { shown, rest } = firstWithin(items, ITEM_CHARACTERS, (item) => Math.min(item.length, 120));
  const lined = [
    ...shown.map((item) => `   ${fit(item, 120)}`),
    ...(rest.length === 0 ? [] : [`   and ${rest.length} more`]),
  ];
  return Array.from({ length: Math.ceil(lined.length / TOGETHER) }, (_, at) =>
    line(lined.slice(at * TOGETHER, (at + 1) * TOGETHER).join('\n')),
  );
}

function states({ undo: { undone } }: ShownStep): Record<Request['steps'][number]['state'], string> {
  return {
    todo: 'to do',
    applying: 'in progress',
    done: 'done',
    failed: 'failed',
    undoing: `being ${undone}`,
    undone,
    'undo-failed': `could not be ${undone}`,
    skipped: 'not done',
  };
}

function historyBlock(request: Request): KnownBlock {
  const { requester, approvals, denial, createdAt, startedAt, finishedAt } = request;
  const events: Part[][] = [
    [when(createdAt), ': asked by ', who(requester)],
    ...approvals.slice(0, 20).map(({ by, at }): Part[] => [when(at), ': approved by ', who(by)]),
    ...(denial === undefined ? [] : [[when(denial.at), ': denied by ', who(denial.by)]]),
    ...(startedAt === undefined ? [] : [[when(startedAt), ': started']]),
    ...(finishedAt === undefined ? [] : [[when(finishedAt), `: ${standing(request).replace(/^is /, '')}`]]),
  ];
  return lines([bold('What happened so far')], ...events);
}

function planNote({ planHash, version, expiresAt, status }: Request): string {
  const plan =
    planHash === undefined ? 'No plan yet.' : `Plan ${planHash.slice(0, 12)}: an approval is for exactly this plan.`;
  const open = status === 'pending' || status === 'waiting';
  return `${plan} Version ${version}.${open ? ` Expires ${time(expiresAt)}.` : ''}`;
}

/** Last and small: nobody decides by it, but an operator finds the thing in Cloudflare by it. */
function idsNote(request: Request): KnownBlock[] {
  const found = [...new Set(shownSteps(request).flatMap(({ planned }) => idsOf(planned)))];
  return found.length === 0 ? [] : [note(`For your operator: ${escapeToFit(found.join(', '), 1500)}.`)];
}
