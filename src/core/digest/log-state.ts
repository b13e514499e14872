import { LOG_NAMES, type LogKind } from '../log-row.ts';
import type { DroppedRows, LogGap, Logs, Pulled } from '../logs.ts';
import { dayAfter, type DayBounds } from '../day.ts';

/** How far the logs of one day were read. */
export interface LogState {
  /** Something more of that day is to be expected soon. */
  readonly isBehind: boolean;
  readonly gaps: readonly LogGap[];
  /** Why a log can’t be read, in a sentence. */
  readonly problems: Readonly<Partial<Record<LogKind, string>>>;
  /** What else is missing, in sentences. */
  readonly notes: readonly string[];
}

type KindState = Omit<LogState, 'problems'> & { readonly problem?: string };

/** Of a day that goes on: network sessions are counted by the hour, and an hour is not read at once. */
const USUAL_DELAY_MS = 90 * 60 * 1000;

/** Throws like the store. */
export async function logStateOf(logs: Pick<Logs, 'pulled'>, { from, to }: DayBounds, now: number): Promise<LogState> {
  const bounds = { from, to: now < to ? now - USUAL_DELAY_MS : to };
  const access = stateOf('access', await logs.pulled('access'), bounds);
  const network = stateOf('network', await logs.pulled('network'), bounds);
  return {
    isBehind: access.isBehind || network.isBehind,
    gaps: joinedGaps(access.gaps, network.gaps),
    problems: {
      ...(access.problem === undefined ? {} : { access: access.problem }),
      ...(network.problem === undefined ? {} : { network: network.problem }),
    },
    notes: [...access.notes, ...network.notes],
  };
}

function stateOf(kind: LogKind, pulled: Pulled | undefined, { from, to }: DayBounds): KindState {
  if (pulled === undefined) {
    return { isBehind: true, gaps: [], notes: [], problem: `The ${LOG_NAMES[kind]} was not read yet.` };
  }
  const { until, gaps, problem, askAt, details } = pulled;
  // What plan or token do not have was never read, although it is asked for again and again.
  if (problem !== undefined && (until < to || askAt !== undefined)) {
    return { isBehind: false, gaps: [], notes: [], problem };
  }
  const late = details?.none === undefined && isOwed(details, { from, to });
  const why = `The ${LOG_NAMES[kind]} was not read that far yet.`;
  return {
    isBehind: until < to || late,
    gaps: until < to ? [...gaps, { from: Math.max(until, from), to, why }] : gaps,
    notes: late ? [DETAILS_LATE] : details?.none === undefined ? [] : [details.none.why],
  };
}

const DETAILS_LATE = 'Countries and devices of some sign-ins were not read yet.';

function isOwed(details: Pulled['details'], { from, to }: DayBounds): boolean {
  const owed = details?.owed;
  return owed !== undefined && owed.since < to && owed.until > from;
}

/** A time at which the bot was away is missing in both logs: said once. What only one of them lacks names it. */
function joinedGaps(access: readonly LogGap[], network: readonly LogGap[]): LogGap[] {
  return [
    ...access.map((gap) => {
      const twins = network.filter((one) => isSame(gap, one));
      if (twins.length === 0) return named('access', gap);
      const all = [gap, ...twins];
      return {
        ...gap,
        from: Math.min(...all.map(({ from }) => from)),
        to: Math.max(...all.map(({ to }) => to)),
      };
    }),
    ...network.filter((gap) => !access.some((one) => isSame(gap, one))).map((gap) => named('network', gap)),
  ].toSorted((one, other) => one.from - other.from);
}

function isSame(one: LogGap, other: LogGap): boolean {
  return one.why === other.why && one.from < other.to && other.from < one.to;
}

function named(kind: LogKind, gap: LogGap): LogGap {
  return gap.why.includes(LOG_NAMES[kind]) ? gap : { ...gap, why: `Only the ${LOG_NAMES[kind]}. ${gap.why}` };
}

/** What was dropped on that day because there was too much, and since then of its own rows. Throws like the store. */
export async function droppedSince(
  logs: Pick<Logs, 'dropped'>,
  day: string,
  { from, today }: { readonly from: number; readonly today: string },
): Promise<DroppedRows | undefined> {
  const days = [day];
  for (let later = dayAfter(day); later <= today; later = dayAfter(later)) days.push(later);
  const [own, ...since] = await logs.dropped(days);
  return since.reduce((sum, more) => {
    if (more === undefined || more.upTo < from) return sum;
    return { rows: (sum?.rows ?? 0) + more.rows, upTo: Math.max(sum?.upTo ?? 0, more.upTo) };
  }, own);
}
