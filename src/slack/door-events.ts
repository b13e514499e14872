import type { KnownBlock } from '@slack/types';
import type { AccessEvent } from '../core/access-event.ts';
import { note } from './blocks.ts';
import { fit } from './fit.ts';
import { bold, list, rich, when, type Part } from './rich.ts';

/** In an older form of the message each list has to fit into one section. */
const TOGETHER = 15;
const SHOWN = 45;

/** Where the whole log is. */
export const LOG_PLACE = 'Zero Trust dashboard → Insights → Logs → Access authentication logs';

/** Who was at the door: each with time, outcome, address and country. */
export function eventBlocks(events: readonly AccessEvent[]): KnownBlock[] {
  const shown = events.slice(0, SHOWN);
  const lists = Array.from({ length: Math.ceil(shown.length / TOGETHER) }, (_, at) =>
    rich(list('bullet', shown.slice(at * TOGETHER, (at + 1) * TOGETHER).map(eventParts))),
  );
  const rest = events.length - shown.length;
  return rest === 0 ? lists : [...lists, note(`And ${rest} more before these: ${LOG_PLACE}.`)];
}

/** `2 times let in, 1 time turned away, from 2 addresses` */
export function countEvents(events: readonly AccessEvent[]): string {
  const allowed = events.filter((event) => event.allowed).length;
  const addresses = new Set(events.map(({ ip }) => ip)).size;
  return `${times(allowed)} let in, ${times(events.length - allowed)} turned away, from ${addresses} ${addresses === 1 ? 'address' : 'addresses'}`;
}

function eventParts({ at, allowed, ip, country, app }: AccessEvent): Part[] {
  return [
    when(at),
    ': ',
    bold(allowed ? 'let in' : 'turned away'),
    `, from ${fit(ip, 45) || 'an unknown address'} (${fit(country ?? '', 30) || 'country not known'})${app === '' ? '' : `, ${fit(app, 50)}`}`,
  ];
}

function times(count: number): string {
  return `${count} ${count === 1 ? 'time' : 'times'}`;
}
