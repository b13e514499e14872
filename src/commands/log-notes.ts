import type { LogKind } from '../core/log-row.ts';
import type { NoteLine } from '../slack/logs-message.ts';
import type { Desk } from './desk.ts';
import { DIRECT_HOURS, type LogSource } from './log-source.ts';

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;
const MOST_GAPS = 2;

interface Looked {
  readonly since: number;
  readonly lookedBackTo: number | undefined;
}

/** What a reader has to know about the rows: where they begin, what is missing. */
export function notesOf(
  { logRetentionDays, clock }: Pick<Desk, 'logRetentionDays' | 'clock'>,
  source: LogSource<LogKind>,
  { since, lookedBackTo }: Looked,
): NoteLine[] {
  return [
    ...(lookedBackTo === undefined
      ? []
      : [['There is much to search: looked back to ', { at: lookedBackTo }, ' so far. “Older” goes on from there.']]),
    ...source.problems.map((problem) => [problem]),
    ...gapNotes(source, since),
    ...beginning(source, since, { now: clock.now(), days: logRetentionDays }),
  ];
}

function gapNotes({ gaps }: LogSource<LogKind>, since: number): NoteLine[] {
  const touching = gaps.filter(({ to }) => to > since).toReversed();
  const rest = touching.length - MOST_GAPS;
  return [
    ...touching
      .slice(0, MOST_GAPS)
      .map(({ from, to, why }) => ['No rows from ', { at: from }, ' to ', { at: to }, `. ${why}`]),
    ...(rest > 0 ? [[`There are ${rest} more such gaps before.`]] : []),
  ];
}

function beginning(
  { isDirect, from }: LogSource<LogKind>,
  since: number,
  { now, days }: { readonly now: number; readonly days: number },
): NoteLine[] {
  if (isDirect) {
    return [
      [`Nothing is kept here yet, so this comes from Cloudflare just now: the last ${DIRECT_HOURS} hours at most.`],
    ];
  }
  const kept = now - days * DAY;
  const oldest: NoteLine[] = from === undefined ? [] : [['There are rows from ', { at: from }, ' on.']];
  if (since < kept - HOUR) {
    const isYoung = from !== undefined && from > kept + DAY;
    const unit = days === 1 ? 'day' : 'days';
    return [
      [`Rows are kept for ${days} ${unit}, so there are none from before `, { at: kept }, '.'],
      ...(isYoung ? oldest : []),
    ];
  }
  // Of the last day there is what Cloudflare had; then the oldest row says nothing.
  const isBefore = from !== undefined && since < from - HOUR && since < now - (DIRECT_HOURS + 1) * HOUR;
  return isBefore ? oldest : [];
}
