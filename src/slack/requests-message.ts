import type { SectionBlock } from '@slack/types';
import { nameOf } from '../core/person.ts';
import { ticketOf, type Request } from '../core/request.ts';
import { button, header, note, plainSection, section } from './blocks.ts';
import { fit } from './fit.ts';
import { ids } from './ids.ts';
import type { Message } from './message.ts';
import { requesterName } from './people.ts';
import { duration } from '../core/duration.ts';

export interface RequestsOptions {
  /** Open ones, oldest first. */
  readonly requests: readonly Request[];
  /** Of the approvers, in mrkdwn; undefined if that can’t be told. */
  readonly mention: string | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
}

const SHOWN = 20;
const MINUTE_MS = 60_000;

/** What is open, for how long, and who can decide it. */
export function requestsMessage({ requests, mention, now }: RequestsOptions): Message {
  if (requests.length === 0) {
    const none = 'No request is open.';
    return { text: none, blocks: [plainSection(`${none} Whatever is asked shows up here until it is decided.`)] };
  }
  const count = requests.length === 1 ? '1 request is open' : `${requests.length} requests are open`;
  const rest = requests.length - SHOWN;
  return {
    text: `${count}. The oldest is ${requests[0]?.id ?? ''}, asked ${roughly(now - (requests[0]?.createdAt ?? now))} ago.`,
    blocks: [
      header(count),
      ...requests.slice(0, SHOWN).map((request) => entry(request, now)),
      ...(rest > 0 ? [note(`And ${rest} more, asked later than these.`)] : []),
      section(
        `${mention ?? 'An approver'} can decide. Nobody approves what they asked for themselves, nor their own access.`,
      ),
    ],
  };
}

function entry(request: Request, now: number): SectionBlock {
  const { id, says, createdAt, expiresAt } = request;
  const asked = `Asked by ${requesterName(request)} ${roughly(now - createdAt)} ago`;
  const left = expiresAt > now ? `expires in ${roughly(expiresAt - now)}` : 'expires in a moment';
  return {
    ...plainSection(`${id}: ${fit(says, 200)}.\n${asked}, ${left}. ${nextOf(request)}`, 500),
    accessory: button('Details', ids.details, ticketOf(request), { accessibility_label: `Details of ${id}` }),
  };
}

/** To the minute: nobody decides by seconds. */
function roughly(ms: number): string {
  return duration(Math.max(1, Math.round(ms / MINUTE_MS)) * MINUTE_MS);
}

function nextOf({ status, waitsFor, approvals, approvalsNeeded }: Request): string {
  if (status === 'waiting') return `Waits for ${fit(nameOf(waitsFor?.from ?? {}), 60)} to type what is missing.`;
  const left = approvalsNeeded - approvals.length;
  return left === 1 ? 'Waits for an approver.' : `Waits for ${left} approvers.`;
}
