import type { HomeView, KnownBlock } from '@slack/types';
import type { HomeFacts, HomeRefusal } from '../core/home.ts';
import { isOpen, ticketOf, type Request } from '../core/request.ts';
import { button, buttons, header, plainSection } from './blocks.ts';
import { approverBlocks } from './home-approver.ts';
import { fit } from './fit.ts';
import { headline } from './headline.ts';
import { FOR_ONESELF, ids, openAction } from './ids.ts';
import { line, list, rich, when, type Part } from './rich.ts';
import { lastMoment } from './time.ts';
import { deviceLabel } from './suggestions.ts';
import { withdrawButton } from './withdraw-button.ts';

const DEVICES = 15;
const REQUESTS = 8;

/** The Home tab of one person. What can't be read now is said, never left out. */
export function homeView(facts: HomeFacts): HomeView {
  return {
    type: 'home',
    blocks: [
      plainSection(
        [
          'I give people and their computers access to Open Chat Studio, and take it away again.',
          'Ask here or with /ocs-access help. An approver decides about whatever lets somebody in.',
          'Is your laptop lost or stolen? Press the red button at once, at any hour: for your own it needs nobody’s approval.',
        ].join('\n'),
      ),
      buttons(
        button('Report a lost device', openAction('lost'), 'lost', { style: 'danger' }),
        button('Add a colleague', openAction('add'), 'add'),
      ),
      ...deviceBlocks(facts),
      ...endBlocks(facts),
      ...ownBlocks(facts),
      ...(facts.isApprover ? approverBlocks(facts) : []),
    ],
  };
}

/** For somebody who may do nothing here. What they can do is in it nevertheless. */
export function turnedAwayView({ refusal }: HomeRefusal): HomeView {
  return {
    type: 'home',
    blocks: [
      plainSection(
        [
          'I give people and their computers access to Open Chat Studio, and take it away again.',
          refusal,
          'Is a laptop with access lost or stolen? Tell a full member at once: they can report it for you.',
        ].join('\n'),
      ),
    ],
  };
}

function deviceBlocks({ devices }: HomeFacts): KnownBlock[] {
  const title = header('Your devices');
  if (devices === undefined) {
    return [
      title,
      plainSection('I can’t read your devices from Cloudflare now. Open this tab again in a few minutes.'),
    ];
  }
  if (devices.length === 0) {
    return [title, plainSection('None is known. Once one of yours is registered or connected, it shows up here.')];
  }
  const items = devices
    .slice(0, DEVICES)
    .map((device): Part[] => [
      device.id === undefined ? `${deviceLabel(device)}: registered, not connected yet` : deviceLabel(device),
    ]);
  const rest = devices.length - DEVICES;
  return [title, rich(list('bullet', rest > 0 ? [...items, [`and ${rest} more`]] : items))];
}

function endBlocks({ endsAt, devices }: HomeFacts): KnownBlock[] {
  if (endsAt === undefined) {
    // Somebody without a device may well have no access that could end.
    return devices?.length === 0 ? [] : [plainSection('No end date is set for your access.')];
  }
  return [
    rich(line('Your access ends ', when(lastMoment(endsAt)), '.')),
    buttons(button('Extend', openAction('extend'), FOR_ONESELF, { accessibility_label: 'Ask for a later end date' })),
  ];
}

function ownBlocks({ own }: HomeFacts): KnownBlock[] {
  const title = header('Your open requests');
  if (own.length === 0) {
    return [title, plainSection('None. What you ask for shows up here until it is done.')];
  }
  const rest = own.length - REQUESTS;
  return [
    title,
    ...own.slice(0, REQUESTS).flatMap(ownRequest),
    ...(rest > 0 ? [plainSection(`And ${rest} more. /ocs-access requests lists all that are open.`)] : []),
  ];
}

function ownRequest(request: Request): KnownBlock[] {
  const { id, says } = request;
  const ticket = ticketOf(request);
  return [
    plainSection(`${headline(request)}\n${fit(says, 300)}.`, 600),
    buttons(
      ...(isOpen(request) ? [withdrawButton(request)] : []),
      button('Details', ids.details, ticket, { accessibility_label: `Details of ${id}` }),
    ),
  ];
}
