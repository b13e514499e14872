import type { KnownBlock, SectionBlock } from '@slack/types';
import type { HomeFacts } from '../core/home.ts';
import { nameOf } from '../core/person.ts';
import { flatten } from '../core/plan.ts';
import type { TunnelHealth } from '../core/tunnel.ts';
import type { Request } from '../core/request.ts';
import type { Stay } from '../core/stay.ts';
import { decisionButtons } from './decision-buttons.ts';
import { button, buttons, header, note, plainSection, section, warning } from './blocks.ts';
import { escapeToFit } from './escape.ts';
import { fit } from './fit.ts';
import { openAction } from './ids.ts';
import { requesterName } from './people.ts';
import { list, rich, type Part } from './rich.ts';
import { lastMoment, time } from './time.ts';
import { restartButton } from './tunnel-restart-button.ts';

const WAITING = 8;
const WARNINGS = 2;
const ENDING = 15;
const TUNNELS = 10;

/** What only an approver sees: what waits for them, whose access ends soon, and whether the tunnel is well. */
export function approverBlocks({ waiting, ending, tunnels, at }: HomeFacts): KnownBlock[] {
  return [
    { type: 'divider' },
    ...waitingBlocks(waiting),
    ...endingBlocks(ending, at),
    header('The tunnel to Open Chat Studio'),
    ...tunnelBlocks(tunnels),
  ];
}

function waitingBlocks(waiting: readonly Request[]): KnownBlock[] {
  const title = header('Waiting for a decision');
  if (waiting.length === 0) return [title, plainSection('Nothing waits for you.')];
  const rest = waiting.length - WAITING;
  return [
    title,
    ...waiting.slice(0, WAITING).flatMap(waitingRequest),
    ...(rest > 0 ? [plainSection(`And ${rest} more. /ocs-access requests lists all that are open.`)] : []),
  ];
}

function waitingRequest(request: Request): KnownBlock[] {
  const { id, says, reason, plan, createdAt, expiresAt } = request;
  const because = reason === '' ? '' : `\nReason: ${fit(reason, 300)}`;
  const warnings = plan?.warnings ?? [];
  const steps = plan === undefined ? 0 : flatten(plan).length;
  const more =
    warnings.length > WARNINGS
      ? ` ${warnings.length - WARNINGS} more ${warnings.length - WARNINGS === 1 ? 'warning' : 'warnings'}: press Details.`
      : '';
  return [
    plainSection(`${id}: ${fit(says, 300)}.\nAsked by ${requesterName(request)}.${because}`, 1000),
    ...warnings.slice(0, WARNINGS).map(warning),
    decisionButtons(request),
    note(
      `${steps} ${steps === 1 ? 'step' : 'steps'}; Details shows them.${more} Asked ${time(createdAt)}. Expires ${time(expiresAt)} if nobody decides.`,
    ),
  ];
}

function endingBlocks(ending: readonly Stay[], now: number): KnownBlock[] {
  const title = header('Access that ends within 14 days');
  if (ending.length === 0) return [title, plainSection('Nobody’s access ends soon.')];
  const rest = ending.length - ENDING;
  return [
    title,
    ...ending.slice(0, ENDING).map((stay) => endingPerson(stay, now)),
    ...(rest > 0 ? [plainSection(`And ${rest} more, later than these.`)] : []),
  ];
}

function endingPerson({ person, endsAt, requestId }: Stay, now: number): SectionBlock {
  const ends = endsAt > now ? 'ends' : 'has reached its end';
  const name = fit(nameOf(person), 80);
  return {
    ...section(`${escapeToFit(name, 200)}: ${ends} ${time(lastMoment(endsAt))}`),
    // A ticket without a plan: nothing is decided with it.
    accessory: button('Extend', openAction('extend'), `${requestId}.`, {
      accessibility_label: fit(`Extend the access of ${name}`, 75),
    }),
  };
}

const STATES: Record<TunnelHealth['status'], string> = {
  healthy: '✅ works',
  degraded: '⚠️ works, but not all of its connections do',
  down: '❌ is down: nobody can reach the app through it',
  inactive: '⚪ has never been connected',
  unknown: '❔ is in a state that I do not know',
};

function tunnelBlocks(tunnels: HomeFacts['tunnels']): KnownBlock[] {
  if (tunnels === undefined)
    return [plainSection('I can’t read it from Cloudflare now. Open this tab again in a few minutes.')];
  if (tunnels.length === 0) return [plainSection('There is no tunnel in the account.')];
  const items = tunnels.slice(0, TUNNELS).map(({ name, status }): Part[] => [`“${fit(name, 80)}” ${STATES[status]}`]);
  const rest = tunnels.length - TUNNELS;
  const isWell = tunnels.every(({ status }) => status === 'healthy');
  return [
    rich(list('bullet', rest > 0 ? [...items, [`and ${rest} more`]] : items)),
    ...(isWell ? [] : [buttons(restartButton({ isUrgent: true }))]),
  ];
}
