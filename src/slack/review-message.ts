import type { KnownBlock, SectionBlock } from '@slack/types';
import { capital } from '../core/capital.ts';
import { UNSEEN_DAYS, type Review } from '../core/review.ts';
import { button, header, note, plainSection } from './blocks.ts';
import { blockOf, textOf, type DigestPart } from './digest-part.ts';
import { addressOf, countOf, dayInWords, numberInWords } from './digest-words.ts';
import { escapeToFit } from './escape.ts';
import { fit } from './fit.ts';
import { openAction } from './ids.ts';
import type { Message } from './message.ts';
import { bold } from './rich.ts';

/** Who has access, short enough for a phone: counts, what asks for a decision, and where the whole list is. */
export function reviewMessage(review: Review): Message {
  const title = `Review of ${dayInWords(review.week)}: ${peopleInWords(review)}`;
  const intro = introPart(review);
  const rest = [...ownerlessParts(review), ...wideParts(review), ...noteParts(review)];
  const small = `${late(review)}${WHERE}`;
  return {
    text: `${escapeToFit(title, 300)}. ${textOf([intro, ...unseenParts(review), ...rest])} ${small}`,
    blocks: [header(title), blockOf(intro), ...unseenBlocks(review), ...rest.map(blockOf), note(small)],
  };
}

const WHERE = 'The file in the thread lists everybody: since when, last seen, and by which policy.';

function late({ isLate }: Review): string {
  return isLate ? 'This comes late: it was due on Monday. ' : '';
}

function peopleInWords({ people }: Review): string {
  return people === 0 ? 'nobody has access' : `${countOf(people, 'person has', 'people have')} access`;
}

/** First what is well, in one line; then what has a number and no part of its own. */
function introPart(review: Review): DigestPart {
  const { ending, leftovers } = review;
  const words = [
    wellInWords(review),
    ...(ending === 0 ? [] : [`${countOf(ending, 'person has', 'people have')} an end date.`]),
    ...(leftovers === 0
      ? []
      : [
          `${countOf(leftovers, 'other person can’t come in, but still has', 'other people can’t come in, but still have')} a seat, a device or a serial number.`,
        ]),
  ];
  return { line: [words.filter((one) => one !== '').join(' ') || 'Please look at this:'] };
}

function wellInWords({ people, unseen, serialList, ownerless, wide }: Review): string {
  return [
    ...(people > 0 && unseen.length === 0 ? [`Everybody is new or was seen in the last ${UNSEEN_DAYS} days.`] : []),
    ...(serialList !== undefined && ownerless.length === 0 ? ['Every serial number has an owner.'] : []),
    ...(wide.length === 0 ? [people === 0 ? 'No policy lets anybody in.' : 'No policy lets anybody else in.'] : []),
  ].join(' ');
}

type Unseen = Review['unseen'][number];

function unseenHead({ unseen, moreUnseen }: Review): string {
  return `Not seen in ${UNSEEN_DAYS} days: ${countOf(unseen.length + moreUnseen, 'person', 'people')}.`;
}

function unseenRest({ unseen, moreUnseen }: Review): string {
  return moreUnseen === 0
    ? ''
    : `These are the ${unseen.length} longest away; ${numberInWords(moreUnseen)} more are in the file.`;
}

function unseenParts(review: Review): DigestPart[] {
  if (review.unseen.length === 0) return [];
  const head = `${unseenHead(review)} ${unseenRest(review)}`.trim().replace(/\.$/, ':');
  return [
    {
      line: [head],
      items: review.unseen.map((one) => [`${whoIs(one, review)}, ${away(one, review)}`]),
      rest: ['Open the message to revoke the access of those who need none any more.'],
    },
  ];
}

function unseenBlocks(review: Review): KnownBlock[] {
  if (review.unseen.length === 0) return [];
  const rest = unseenRest(review);
  return [
    blockOf({
      line: [bold(unseenHead(review)), ` ${rest === '' ? '' : `${rest} `}Do they need their access?`],
    }),
    ...review.unseen.map((one) => unseenBlock(one, review)),
  ];
}

/** As an address can be written into a form. */
const ADDRESS = /^[^\s<>@]+@[^\s<>@]+\.[^\s<>@]+$/;
const MOST_ADDRESS = 254;

function unseenBlock(person: Unseen, review: Review): SectionBlock {
  const { email } = person;
  const shown = plainSection(`${whoIs(person, review)}\n${capital(away(person, review))}`, 300);
  if (!ADDRESS.test(email) || email.length > MOST_ADDRESS) return shown;
  const spoken = { accessibility_label: fit(`Revoke the access of ${email}`, 75) };
  return { ...shown, accessory: button('Revoke', openAction('revoke'), email, { style: 'danger', ...spoken }) };
}

/** Their name alone, where that is enough to tell them from the others. */
function whoIs({ name, email }: Unseen, { unseen }: Review): string {
  if (name === undefined) return addressOf(email);
  const isOnly = unseen.filter((one) => one.name === name).length === 1;
  return isOnly ? fit(name, 60) || addressOf(email) : `${fit(name, 40)} (${addressOf(email)})`;
}

function away({ seen, since }: Unseen, { timeZone }: Review): string {
  const last = seen === undefined ? 'never seen' : `last seen ${date(seen.at, timeZone)}`;
  return since === undefined ? last : `${last}, access since ${date(since.at, timeZone)}`;
}

function ownerlessParts({ serialList, ownerless, moreOwnerless, ownerlessInUse }: Review): DigestPart[] {
  if (serialList === undefined) return [{ line: [bold('Serial numbers:'), ' there is no list of them.'] }];
  if (ownerless.length === 0) return [];
  const shown = ownerless.map((serial) => fit(serial, 64)).join(', ');
  const more = moreOwnerless === 0 ? '' : ` and ${numberInWords(moreOwnerless)} more`;
  const inUse = ownerlessInUse === 0 ? '' : ` ${countOf(ownerlessInUse, 'is', 'are')} in use: the file says by whom.`;
  return [
    {
      line: [
        bold('Serial numbers without an owner:'),
        ` ${shown}${more}.${inUse} In the list “${fit(serialList, 60)}”, write the owner’s address into the description, or take out what nobody uses.`,
      ],
    },
  ];
}

function wideParts({ wide, moreWide }: Review): DigestPart[] {
  if (wide.length === 0) return [];
  const count = wide.length + moreWide;
  const shown = wide.map(
    ({ name, opens, rules }) => `“${fit(name, 60)}” (${fit(opens, 60)}) by ${fit(rules.join(' and '), 160)}`,
  );
  const more = moreWide === 0 ? '' : `; and ${numberInWords(moreWide)} more`;
  return [
    {
      line: [
        bold(
          `${countOf(count, 'policy also lets in people whom it does', 'policies also let in people whom they do')} not name:`,
        ),
        ` ${shown.join('; ')}${more}. Whoever comes in that way is counted from then on.`,
      ],
    },
  ];
}

function noteParts({ notes }: Review): DigestPart[] {
  return notes.slice(0, 2).map((one) => ({ line: [bold('⚠️ Note:'), ` ${fit(one, 300)}`] }));
}

/** `3 Jan 2026`, in the time zone of the review. */
function date(at: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone,
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  }).format(at);
}
