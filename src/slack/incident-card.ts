import type { ActionsBlock, KnownBlock } from '@slack/types';
import { ticketOf, type Request } from '../core/request.ts';
import { button, buttons, header, note } from './blocks.ts';
import { decisionBlocks } from './decision.ts';
import { escapeToFit } from './escape.ts';
import { firstWithin } from './first-within.ts';
import { fit } from './fit.ts';
import { shownSteps, unchangedWords, type ShownStep } from './group-steps.ts';
import { headline, standing } from './headline.ts';
import { ids, openAction } from './ids.ts';
import { deviceFacts, incidentDevice, ownedDevice } from './incident-device.ts';
import { leftByHand } from './left-by-hand.ts';
import type { Message } from './message.ts';
import { noteBlocks } from './notes.ts';
import { personParts, requesterName } from './people.ts';
import { warningBlocks } from './plan-list.ts';
import { bold, lengthOf, line, lines, list, quote, rich, when, who, type Part } from './rich.ts';
import { FULL_FORMAT, time } from './time.ts';

/** In an older form of the message a list has to fit into one section. */
const LIST_CHARACTERS = 1400;
const SHOWN = 12;

/** The one message of a lost device in the security channel, for whatever has become of it by now. */
export function incidentCard(request: Request): Message {
  const says = `${ownedDevice(incidentDevice(request))} was reported lost`;
  return {
    text: `🚨 ${escapeToFit(says, 200)} by ${escapeToFit(requesterName(request), 200)}. ${request.id} ${escapeToFit(standing(request), 300)}.`,
    blocks: [
      header(`🚨 ${says}`),
      factLines(request),
      ...whatHappened(request),
      rich(line(bold(headline(request)), stateWords(request), ...pauseParts(request))),
      ...decisionBlocks(request),
      ...stepBlocks(request),
      ...(request.problem === undefined
        ? []
        : [rich(line(bold('Why it was given up:'), ' ', fit(request.problem, 1000)))]),
      ...(hasBegun(request) ? [...noteBlocks(request), leftByHand] : []),
      ...warningBlocks(request),
      buttonsOf(request),
      note(smallPrint(request)),
    ],
  };
}

function factLines(request: Request): KnownBlock {
  const device = incidentDevice(request);
  const facts: Part[][] = [
    [bold('Reported by:'), ' ', who(request.requester), ', ', when(request.createdAt)],
    ...(device === undefined
      ? [[fit(request.says, 300)]]
      : [
          [bold('Device:'), ' ', deviceFacts(device)],
          [bold('Owner:'), ' ', ...personParts(device.owner)],
        ]),
  ];
  return lines(...facts);
}

/** In the words of whoever reported it. */
function whatHappened({ reason }: Request): KnownBlock[] {
  return reason.trim() === '' ? [] : [rich(line('What happened:'), quote(reason))];
}

const STATES: Partial<Record<Request['status'], string>> = {
  pending:
    '. It is not the reporter’s own, so an approver has to say yes in the approvals channel. Nothing is cut off yet.',
  denied: '. Nothing was cut off.',
  withdrawn: '. Nothing was cut off.',
  expired: '. Nothing was cut off. If the device is still lost, report it again.',
  done: ': the device is cut off, and that was read back.',
};

function stateWords({ status }: Request): string {
  return STATES[status] ?? '';
}

/** What Cloudflare puts off is listed below; everything else goes on. */
function pauseParts({ status, waitingUntil }: Request): Part[] {
  if (status !== 'running' || waitingUntil === undefined) return [];
  return ['. Waiting for Cloudflare until ', when(waitingUntil), '; it goes on by itself.'];
}

/** What was done, each with its time; what is being tried again; what is still to come. */
function stepBlocks(request: Request): KnownBlock[] {
  const steps = shownSteps(request);
  const done = steps
    .filter(({ record }) => record.state === 'done')
    .toSorted((one, other) => (one.record.at ?? 0) - (other.record.at ?? 0));
  const failed = steps.filter((step) => step.isRetried || step.record.state === 'failed');
  const todo = steps.filter((step) => !done.includes(step) && !failed.includes(step));
  return [
    ...listed('What was done', done.map(doneParts)),
    ...listed(
      request.status === 'running' ? 'What has not worked yet, and is tried again' : 'What did not work',
      failed.map(failedParts),
    ),
    ...listed(
      hasBegun(request) ? 'What was not done yet' : 'What it would do',
      todo.map(({ planned }): Part[] => [fit(planned.says, 200)]),
    ),
  ];
}

function doneParts(step: ShownStep): Part[] {
  const { at } = step.record;
  return [
    ...(at === undefined ? [] : [when(at, FULL_FORMAT), ': ']),
    `${fit(step.planned.says, 200)}${unchangedWords(step)}`,
  ];
}

/** The problem ends in the place in the dashboard where somebody can do it by hand, once that is called for. */
function failedParts({ planned, record: { problem } }: ShownStep): Part[] {
  return [bold(`${fit(planned.says, 200)}:`), ' ', fit(problem ?? 'The reason is not on record.', 700)];
}

function listed(title: string, items: readonly Part[][]): KnownBlock[] {
  if (items.length === 0) return [];
  const { shown } = firstWithin(items.slice(0, SHOWN), LIST_CHARACTERS, lengthOf);
  const rest = items.length - shown.length;
  return [
    rich(line(bold(title)), list('bullet', rest === 0 ? shown : [...shown, [`and ${rest} more; Details shows them`]])),
  ];
}

function smallPrint(request: Request): string {
  const reported = `${request.id}. Reported ${time(request.createdAt)}.`;
  return hasBegun(request) ? `${reported} The thread has who came in before it, and whoever tries to since.` : reported;
}

function hasBegun({ status }: Request): boolean {
  return status === 'running' || status === 'done' || status === 'failed';
}

function buttonsOf(request: Request): ActionsBlock {
  const ticket = ticketOf(request);
  const details = button('Details', ids.details, ticket, { accessibility_label: `Details of ${request.id}` });
  if (!hasBegun(request)) return buttons(details);
  return buttons(
    button('Device found', openAction('restore'), ticket, {
      accessibility_label: 'Device found: ask for it to be let in again',
    }),
    button('Also revoke the person', openAction('revoke'), ticket, {
      style: 'danger',
      accessibility_label: 'Also revoke all access of its owner',
    }),
    details,
  );
}
