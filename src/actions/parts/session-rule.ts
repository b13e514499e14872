import { capital } from '../../core/capital.ts';
import { duration, goDuration } from '../../core/duration.ts';
import { UserError, type Offer } from '../../core/errors.ts';
import {
  appSessionOf,
  gapsLeftBy,
  type SessionGap,
  type SessionLimits,
  type Sessions,
  type SessionWrite,
} from '../../core/sessions.ts';
import { sentenceList } from './part.ts';
import { FIELD_NAMES, fieldOf, type LengthField, type TypedLengths } from './session-lengths.ts';

const MINUTE = 60_000;

/** What a refusal is about. */
interface Short {
  /** The WARP sessions that would be too short. */
  readonly fields: readonly LengthField[];
  readonly gaps: readonly SessionGap[];
  readonly appMs: number;
  /** The smallest length of these that works. */
  readonly least: number;
}

/**
 * Throws UserError where the writes would make a WARP session shorter than the application's, with the smallest length
 * that works and, where the house allows it, the offer to raise what is too short.
 */
export function refuseGaps(
  typed: TypedLengths,
  sessions: Sessions,
  stages: readonly (readonly SessionWrite[])[],
  limits: SessionLimits,
): void {
  const gaps = gapsLeftBy(sessions, stages);
  const [gap] = gaps;
  if (gap === undefined) return;
  const least = Math.max(Math.ceil(gap.appMs / MINUTE) * MINUTE, limits.warp.least);
  const short: Short = { fields: [...new Set(gaps.map(({ place }) => fieldOf(place)))], gaps, appMs: gap.appMs, least };
  const field = short.fields.find((one) => typed[one] !== undefined) ?? 'app';
  const offer = offerFor(short, typed, sessions, limits);
  throw new UserError(`${whatIsWrong(field, short)} ${whatHelps(short, limits)}`.trim(), {
    code: 'warp-shorter-than-app',
    field,
    ...(offer === undefined ? {} : { offer }),
  });
}

function whatIsWrong(field: LengthField, { fields, gaps, appMs, least }: Short): string {
  if (field !== 'app') {
    const names = capital(sentenceList(fields.map((one) => FIELD_NAMES[one])));
    return `${names} must be at least ${duration(least)}, because the app session is ${duration(appMs)}. ${otherwise(fields)}`;
  }
  const names = fields.map((one) => {
    const shortest = Math.min(...gaps.filter(({ place }) => fieldOf(place) === one).map(({ ms }) => ms));
    return `${FIELD_NAMES[one]} (now ${duration(shortest)})`;
  });
  return `With an app session of ${duration(appMs)}, ${sentenceList(names)} must be at least ${duration(least)} too. ${otherwise(fields)}`;
}

/** A sign-in session is compared only while nobody signs in by it. */
function otherwise(fields: readonly LengthField[]): string {
  return fields.includes('warpNetwork')
    ? 'People would otherwise lose the network while the app still knows them.'
    : 'It is not in use now, but whoever switches sign-in by WARP on would otherwise cut everybody’s session short.';
}

/** Nothing where the sentence before says it all. */
function whatHelps({ least }: Short, { app, warp }: SessionLimits): string {
  if (least <= warp.most) return '';
  const most = Math.min(app.most, warp.most);
  return `Here, a WARP session can last ${duration(warp.most)} at most, so type an app session of ${duration(most)} or less.`;
}

function offerFor(
  { fields, appMs, least }: Short,
  { app }: TypedLengths,
  sessions: Sessions,
  { warp }: SessionLimits,
): Offer | undefined {
  if (least > warp.most) return undefined;
  // The application's length is raised to the same by whoever typed it, so it belongs to what is raised together.
  const raised: LengthField[] = app === least && appMs > appSessionOf(sessions) ? ['app', ...fields] : [...fields];
  return {
    label: `Raise ${['it', 'both', 'all three'][raised.length - 1] ?? 'them'} to ${duration(least)}`,
    values: Object.fromEntries(raised.map((field) => [field, goDuration(least)])),
  };
}
