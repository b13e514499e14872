import type { Request } from '../core/request.ts';
import { escapeToFit } from './escape.ts';
import { standing } from './headline.ts';
import { failureText } from './outcome.ts';
import { time } from './time.ts';

/** Where a request stands, in sentences for a notification. */
export function standingText(request: Request): string {
  const { id, says, status, denial, waitingUntil } = request;
  const is = `${id} ${escapeToFit(standing(request), 300)}: ${escapeToFit(says, 1000)}.`;
  if (status === 'failed') return `${is} ${escapeToFit(failureText(request), 1500)}`.trim();
  if (denial !== undefined) return `${is} Reason: ${escapeToFit(denial.reason, 800)}`;
  if (status === 'running' && waitingUntil !== undefined)
    return `${is} Waiting for Cloudflare until ${time(waitingUntil)}.`;
  return is;
}
