import type { AccessEvent } from '../core/access-event.ts';
import type { Request } from '../core/request.ts';
import { plainSection, section } from './blocks.ts';
import { countEvents, eventBlocks } from './door-events.ts';
import { escapeToFit } from './escape.ts';
import { fit, fitNames } from './fit.ts';
import type { Message } from './message.ts';
import { bold, line, rich } from './rich.ts';

interface Attempts {
  readonly events: readonly AccessEvent[];
  /** Not everything could be cut off by then. */
  readonly isPartly?: boolean | undefined;
}

/** Somebody who was cut off tried to come in since. `mention`: of the approvers, used only if it was let in. */
export function attemptsMessage(
  { id }: Request,
  { events, isPartly = false }: Attempts,
  mention: string | undefined,
): Message {
  const who = fitNames([...new Set(events.map(({ email }) => fit(email, 100)))], 5);
  if (!wasLetIn(events)) {
    return {
      text: `${id}: since it was cut off, somebody tried to come in as ${escapeToFit(who, 600)} and was turned away.`,
      blocks: [
        rich(line(bold('🛡️ Turned away:'), ' ', `since it was cut off, somebody tried to come in as ${who}.`)),
        ...eventBlocks(events),
        plainSection(
          isPartly
            ? 'Not everything could be cut off yet: the message above says what, and how to do it by hand.'
            : 'It holds. There is nothing to do, but the owner may want to know.',
        ),
      ],
    };
  }
  const call = mention === undefined ? '' : `${mention} `;
  const when = isPartly ? 'before everything was cut off' : 'after it was cut off';
  return {
    text: `${call}${id}: somebody came in as ${escapeToFit(who, 600)} ${when}. Look at it now.`,
    blocks: [
      ...(mention === undefined ? [] : [section(`${mention} please look at this now.`)]),
      rich(line(bold(`⚠️ Let in ${when}:`), ' ', `somebody came in as ${who}.`)),
      plainSection(`${countEvents(events)}.`),
      ...eventBlocks(events),
      plainSection(
        isPartly
          ? 'Something has not worked yet and is tried again: the message above says what, and how to do it by hand. Do that now.'
          : 'Another rule or a session that was still valid let them in. Revoke the person again, and read in its report what has to be checked by hand.',
      ),
    ],
  };
}

export function wasLetIn(events: readonly AccessEvent[]): boolean {
  return events.some(({ allowed }) => allowed);
}
