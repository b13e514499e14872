import type { KnownBlock } from '@slack/types';
import type { Request } from '../core/request.ts';
import { fit } from './fit.ts';
import { beneficiaryParts } from './people.ts';
import { bold, line, lines, quote, rich, who } from './rich.ts';

/** What a request is about: what, who asks, for whom, why. The same on every card. */
export function factsBlocks(request: Request): KnownBlock[] {
  const asker = ['Asked by ', who(request.requester)];
  const forWhom = request.beneficiaries.length === 0 ? [] : [['For ', ...beneficiaryParts(request)]];
  return [
    rich(line(bold(fit(request.says, 300)))),
    lines(asker, ...forWhom),
    ...(request.reason === '' ? [] : [rich(line('Reason:'), quote(request.reason))]),
  ];
}
