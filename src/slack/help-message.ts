import type { Action } from '../core/action.ts';
import { button, buttons, header, note, plainSection } from './blocks.ts';
import { escapeToFit } from './escape.ts';
import { firstWithin } from './first-within.ts';
import { fit, fitNames } from './fit.ts';
import { openAction } from './ids.ts';
import { commandOf, listedActions } from './listed-actions.ts';
import { listedWords } from './listed-words.ts';
import type { Message } from './message.ts';
import { bold, code, lengthOf, line, list, rich, type Part } from './rich.ts';

export interface HelpOptions {
  readonly actions: readonly Action[];
  readonly isApprover: boolean;
}

const COMMAND = '/ocs-access';
/** More would be more than two screens of a phone. */
const MOST_LINES = 16;
const MOST_BUTTONS = 10;
/** So that hundreds of them still make a message. */
const MORE_CHARACTERS = 4_000;

/**
 * What this person can do here, with two real examples and buttons for forms. As many actions as there is room for have a
 * line each; one more line names the commands of the others.
 */
export function helpMessage({ actions, isApprover }: HelpOptions): Message {
  const allowed = listedActions(actions).filter(({ mayAsk }) => mayAsk === 'member' || isApprover);
  const words = wordEntries(isApprover);
  const listed = allowed.slice(0, Math.max(0, MOST_LINES - words.length));
  const others = allowed.slice(listed.length);
  const examples = allowed.flatMap((action) => action.examples).slice(0, 2);
  return {
    text: `With ${COMMAND} you can: ${fitNames(
      allowed.map(({ title }) => escapeToFit(title.toLowerCase(), 60)),
      10,
    )}. ${COMMAND} status says whether everything works.`,
    blocks: [
      header('What you can do here'),
      rich(
        list('bullet', [
          ...listed.map((action) => entry(action, isApprover)),
          ...words,
          ...(others.length === 0 ? [] : [more(others)]),
        ]),
      ),
      ...(examples.length === 0
        ? []
        : [
            rich(
              line(
                bold('For example:'),
                ' ',
                ...examples.flatMap((example, index) => [
                  ...(index === 0 ? [] : [' or ']),
                  code(`${COMMAND} ${example}`),
                ]),
              ),
            ),
          ]),
      ...(isApprover ? [plainSection(APPROVER)] : []),
      ...(allowed.length === 0 ? [] : [buttons(...allowed.slice(0, MOST_BUTTONS).map(formButton))]),
      note(
        'Type a command in any channel or in a message to me. It does not work inside a thread: Slack allows no commands there.',
      ),
    ],
  };
}

const APPROVER =
  'You are an approver: requests come to the approvals channel with buttons to approve and to deny. Nobody approves their own request, nor their own access.';

function entry(action: Action, isApprover: boolean): Part[] {
  const words = [COMMAND, commandOf(action), action.usage].filter((word) => word !== '').join(' ');
  const forWhom = action.mayAsk === 'approver' ? ' For approvers.' : '';
  return [code(words), ` ${fit(action.summary, 200)}${whoDecides(action, isApprover)}${forWhom}`];
}

/** `And: /ocs-access extend (Extend access), /ocs-access session (Session lengths).` */
function more(actions: readonly Action[]): Part[] {
  const { shown, rest } = firstWithin(actions, MORE_CHARACTERS, (action) => lengthOf(named(action)));
  return [
    'And: ',
    ...shown.flatMap((action, index) => [...(index === 0 ? [] : [', ']), ...named(action)]),
    rest.length === 0 ? '.' : `, and ${rest.length} more.`,
  ];
}

function named(action: Action): Part[] {
  return [code(`${COMMAND} ${commandOf(action)}`), ` (${fit(action.title, 80)})`];
}

/** Empty where whoever reads this decides alone. */
function whoDecides({ approvalsSay = '', mayAsk, isUrgent = false }: Action, isApprover: boolean): string {
  const isAlone = approvalsSay.startsWith('none');
  // What is urgent is for the owner of a device to do at once.
  if (approvalsSay === 'none' || (isAlone && (isApprover || isUrgent))) return '';
  return mayAsk === 'approver' ? ' Another approver decides.' : ' An approver decides.';
}

function wordEntries(isApprover: boolean): Part[][] {
  return listedWords
    .filter(({ isForApprovers = false }) => isApprover || !isForApprovers)
    .map(({ word, usage, says }) => [
      code([COMMAND, word, ...(usage === undefined ? [] : [usage])].join(' ')),
      ` ${says}`,
    ]);
}

function formButton({ id, title }: Action) {
  return button(title, openAction(id), id);
}
