import type { Digest } from '../core/digest/digest.ts';
import { nameOf } from '../core/person.ts';
import { moreOf, type DigestPart } from './digest-part.ts';
import { countOf, numberInWords } from './digest-words.ts';
import { fit } from './fit.ts';
import { bold, code, when, type Part } from './rich.ts';
import { lastMoment } from './time.ts';

const ENDING = 5;
const GAPS = 3;

/** Whose access ends soon. Names, not mentions: they are told by a message of their own. */
export function endingParts({ ending, moreEnding = 0 }: Digest): DigestPart[] {
  if (ending.length === 0) return [];
  const more = ending.length - ENDING + moreEnding;
  return [
    {
      line: [bold('⏳ Access that ends in the next 7 days:')],
      items: ending.slice(0, ENDING).map(endingItem),
      rest: [
        ...(more > 0 ? [`And ${numberInWords(more)} more. `] : []),
        'To give somebody longer: ',
        code('/ocs-access extend'),
        '.',
      ],
    },
  ];
}

export function moreEndingParts({ ending, moreEnding = 0 }: Digest): DigestPart[] {
  return moreOf('More access that ends in the next 7 days', ending.slice(ENDING), {
    max: 1000,
    unlisted: moreEnding,
    draw: endingItem,
  });
}

function endingItem({ person, endsAt }: Digest['ending'][number]): Part[] {
  return [`${fit(nameOf(person), 80)}: `, when(lastMoment(endsAt), '{date_short_pretty}')];
}

/** What the digest can’t know of. */
export function missingParts({ access, gaps, dropped }: Digest): DigestPart[] {
  const more = gaps.length - GAPS;
  return [
    ...(access.problem === undefined
      ? []
      : [{ line: [bold('⚠️ The Access log could not be read:'), ` ${fit(access.problem, 300)}`] }]),
    ...gaps.slice(0, GAPS).map(({ from, to, why }) => ({
      line: [
        bold('⚠️ A gap:'),
        ' nothing is known from ',
        when(from),
        ' until ',
        when(to),
        `. ${sentence(fit(why, 200))}`,
      ],
    })),
    ...(more > 0 ? [{ line: [`And ${countOf(more, 'more gap', 'more gaps')}.`] }] : []),
    ...(dropped === undefined
      ? []
      : [
          {
            line: [
              bold('⚠️ Dropped:'),
              ` ${countOf(dropped.rows, 'row', 'rows')} of the logs, up to `,
              when(dropped.upTo),
              ', because more came than are kept. To keep more, the operator raises ',
              code('LOG_MOST_ROWS'),
              '.',
            ],
          },
        ]),
  ];
}

function sentence(words: string): string {
  return words === '' || /[.!?…]$/.test(words) ? words : `${words}.`;
}
