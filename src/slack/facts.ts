import type { KnownBlock } from '@slack/types';
import type { Request } from '../core/request.ts';
import { fit } from './fit.ts';
import { askerLine, peopleLine } from './people.ts';
import { bold, line, lines, quote, rich } from './rich.ts';

/** What a request is about: what, who asks, for or about whom, why. The same on every card. */
export function factsBlocks(request: Request): KnownBlock[] {
  const people = peopleLine(request);
  return [
    rich(line(bold(fit(request.says, 300)))),
    lines(askerLine(request), ...(people.length === 0 ? [] : [people])),
    ...(request.reason === '' ? [] : [rich(line('Reason:'), quote(request.reason))]),
  ];
}
