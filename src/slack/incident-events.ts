import type { KnownBlock } from '@slack/types';
import type { Post } from '../core/post.ts';
import type { Request } from '../core/request.ts';
import { note, plainSection } from './blocks.ts';
import { countEvents, eventBlocks, LOG_PLACE } from './door-events.ts';
import { escapeToFit } from './escape.ts';
import { fit } from './fit.ts';
import type { Message } from './message.ts';
import { bold, line, rich } from './rich.ts';
import { time } from './time.ts';

type Report = Pick<Extract<Post, { kind: 'incident-events' }>, 'email' | 'since' | 'events' | 'problem'>;

/** Who was at the door with this address before it was cut off, for the thread of the incident. */
export function incidentEvents({ id }: Request, report: Report): Message {
  const { email, since, events } = report;
  const says = saysOf(report);
  return {
    text: `${id}, the Access log of ${escapeToFit(email, 260)} since ${time(since)}: ${escapeToFit(says, 1000)}`,
    blocks: [
      rich(line(bold('Who came in with this address:'), ' ', fit(email, 254))),
      ...(events.length === 0 ? [plainSection(says)] : listOf(says, events)),
      note(`From ${time(since)} until it was cut off. An attempt of the last minute may be missing.`),
    ],
  };
}

function listOf(says: string, events: Report['events']): KnownBlock[] {
  return [
    plainSection(says),
    ...eventBlocks(events),
    plainSection('Ask the owner which of these were theirs. If one was not, revoke the person too.'),
  ];
}

function saysOf({ events, problem }: Report): string {
  if (problem !== undefined) {
    return `The Access log could not be read: ${fit(problem, 800)} Look there by hand: ${LOG_PLACE}.`;
  }
  return events.length === 0 ? 'Nobody came in, and nobody was turned away.' : `${countEvents(events)}.`;
}
