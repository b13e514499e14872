import type { WebClient } from '@slack/web-api';
import { PermanentError } from '../core/errors.ts';
import { dropReviewList, keptReviewList } from '../core/review-list.ts';
import type { OwnerlessSerial, Review, ReviewedPerson, ReviewList } from '../core/review.ts';
import { countOf } from './digest-words.ts';
import { escapeToFit } from './escape.ts';
import { csvLine } from './log-file.ts';
import type { MessageStore } from './posted.ts';
import { sendFile, type FilePlace, type FileToSend } from './send-file.ts';
import { time } from './time.ts';
import { slackCode } from './translate-error.ts';

/** Names the one message of a week. */
export function reviewKey({ week }: Pick<Review, 'week'>): string {
  return `review:${week}`;
}

/** Slack’s words for a thread whose first message is there no more. */
const NO_THREAD = new Set(['invalid_thread_ts', 'thread_not_found', 'message_not_found']);

/**
 * Sends the list of a review that stands in Slack, once: the list is dropped after that. Only if the process ends right
 * between the two, or Slack’s answer is lost, it is sent again. Throws like Slack, and PermanentError if the list is gone.
 */
export async function sendReviewFile(
  { client, store }: { readonly client: Pick<WebClient, 'files'>; readonly store: MessageStore },
  review: Review,
  place: FilePlace,
): Promise<void> {
  const kept = await keptReviewList(store, review.week);
  if (kept?.state === 'sent') return;
  try {
    if (kept === undefined) throw listGone();
    await sendInPlace(client, place, reviewFile(review, kept.list));
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    const says = `The review of the week of ${review.week} is in its channel, but the file with the whole list could not be sent after it. ${error.message} The next review brings a new one.`;
    throw new PermanentError(says, { code: error.code, cause: error });
  }
  await dropReviewList(store, review.week);
}

function listGone(): PermanentError {
  return new PermanentError('It is kept for a day, and Slack did not take it for longer than that.', {
    code: 'review-list-gone',
  });
}

async function sendInPlace(client: Pick<WebClient, 'files'>, place: FilePlace, file: FileToSend): Promise<void> {
  try {
    await sendFile(client, place, file);
  } catch (error) {
    if (!NO_THREAD.has(slackCode(error) ?? '')) throw error;
    await sendFile(client, { channel: place.channel }, file);
  }
}

function reviewFile({ week }: Review, list: ReviewList): FileToSend {
  const { madeAt, people, ownerless } = list;
  const leftovers = people.filter(({ policies }) => policies.length === 0).length;
  const counted = [
    countOf(people.length - leftovers, 'person', 'people'),
    ...(leftovers === 0
      ? []
      : [
          `${countOf(leftovers, 'other', 'others')} without a policy, so only a seat, a device or a serial number is left`,
        ]),
    ...(ownerless.length === 0
      ? []
      : [countOf(ownerless.length, 'serial number', 'serial numbers') + ' without an owner']),
  ];
  return {
    name: `access-review-${week}.csv`,
    title: `Access review, week of ${week}`,
    content: reviewCsv(list),
    says: `Who has access, as of ${time(madeAt)}: ${escapeToFit(counted.join('; '), 300)}. These are personal data: keep the file no longer than you need it.`,
  };
}

const HEADINGS = [
  'kind',
  'email',
  'name',
  'access_since_utc',
  'access_from',
  'last_seen_utc',
  'last_seen_from',
  'ends_utc',
  'devices',
  'serial_numbers',
  'policies',
  'note',
];

/** One line a person, then one for each serial number without an owner. */
export function reviewCsv({ people, ownerless }: Pick<ReviewList, 'people' | 'ownerless'>): string {
  return [HEADINGS, ...people.map(personCells), ...ownerless.map(ownerlessCells)].map(csvLine).join('');
}

function personCells(person: ReviewedPerson): (string | undefined)[] {
  const { email, name, since, seen, endsAt, devices, serials, policies } = person;
  return [
    'person',
    email,
    name,
    stamp(since?.at),
    since?.requestId ?? (policies.length === 0 ? '' : 'before this bot, or by hand'),
    stamp(seen?.at),
    seen?.from ?? 'never seen',
    stamp(endsAt),
    devices.join('; '),
    serials.join('; '),
    policies.join('; '),
    policies.length === 0 ? 'no policy lets them in' : '',
  ];
}

function ownerlessCells({ serial, description, usedBy }: OwnerlessSerial): (string | undefined)[] {
  const users = usedBy.length === 0 ? [] : [`used by ${usedBy.join(', ')}`];
  const note = [...users, description].filter((one) => one !== '').join('; ');
  return ['serial number without an owner', ...Array.from({ length: 8 }, () => ''), serial, '', note];
}

/** Empty for what is not known. */
function stamp(at: number | undefined): string {
  return at === undefined ? '' : new Date(at).toISOString();
}
