import type { Action } from '../core/action.ts';
import { button, buttons, header, note, plainSection } from './blocks.ts';
import { escapeToFit } from './escape.ts';
import { fit, fitNames } from './fit.ts';
import { openAction } from './ids.ts';
import { listedActions } from './listed-actions.ts';
import type { Message } from './message.ts';
import { bold, code, line, list, rich, type Part } from './rich.ts';

export interface HelpOptions {
  readonly actions: readonly Action[];
  readonly isApprover: boolean;
}

const COMMAND = '/ocs-access';

/** What this person can do here, with two real examples and a button for each form. */
export function helpMessage({ actions, isApprover }: HelpOptions): Message {
  const allowed = listedActions(actions).filter(({ mayAsk }) => mayAsk === 'member' || isApprover);
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
          ...allowed.slice(0, 20).map((action) => entry(action, isApprover)),
          ...wordEntries(isApprover),
        ]),
      ),
      ...(examples.length === 0
        ? []
        : [
            rich(
              line(bold('For example')),
              list(
                'bullet',
                examples.map((example) => [code(`${COMMAND} ${example}`)]),
              ),
            ),
          ]),
      ...(isApprover ? [plainSection(APPROVER)] : []),
      ...(allowed.length === 0 ? [] : [buttons(...allowed.slice(0, 10).map(formButton))]),
      note(
        'Type a command in any channel or in a message to me. It does not work inside a thread: Slack allows no commands there.',
      ),
    ],
  };
}

const APPROVER =
  'You are an approver: requests come to the approvals channel with buttons to approve and to deny. Nobody approves their own request, nor their own access.';

function entry({ id, usage, summary, mayAsk, effect, isUrgent = false }: Action, isApprover: boolean): Part[] {
  const words = [COMMAND, id, usage].filter((word) => word !== '').join(' ');
  // What is urgent is for the owner of a device to do at once.
  const isDecided = effect === 'grant' || (effect === 'reduce' && !isApprover && !isUrgent);
  const after = isDecided ? ' An approver decides.' : '';
  return [code(words), ` ${fit(summary, 200)}${after}${mayAsk === 'approver' ? ' For approvers.' : ''}`];
}

/** What is no action: it changes nothing. */
function wordEntries(isApprover: boolean): Part[][] {
  return [
    [code(`${COMMAND} requests`), ' See what is open, for how long, and who can decide it.'],
    ...(isApprover
      ? [[code(`${COMMAND} panel`), ' Post a button for lost devices into this channel, to be pinned. For approvers.']]
      : []),
    [code(`${COMMAND} status`), ' See whether Slack, Cloudflare and the tunnel are well.'],
  ];
}

function formButton({ id, title }: Action) {
  return button(title, openAction(id), id);
}
