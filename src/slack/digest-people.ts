import type { Digest } from '../core/digest/digest.ts';
import { momentOf, moreOf, type DigestPart } from './digest-part.ts';
import { addressOf, countOf, deniedInWords, deniedPeople, numberInWords, times } from './digest-words.ts';
import { fit } from './fit.ts';
import { bold, type Part } from './rich.ts';

type Revoked = Digest['revoked'][number];
type Denial = Digest['denials'][number];
type Unusual = Digest['unusual'][number];

/** How many of each are in the message itself; the rest is in its thread. */
export const SHOWN = { revoked: 4, unusual: 4, denials: 5 } as const;

/** Those who were cut off: an alarm if somebody was let in. */
export function revokedParts(digest: Digest): DigestPart[] {
  const shown = digest.revoked.slice(0, SHOWN.revoked);
  const came = shown.filter(({ letIn }) => letIn > 0);
  const tried = shown.filter(({ letIn }) => letIn === 0);
  const more = digest.revoked.length - shown.length + (digest.moreRevoked ?? 0);
  const rest = more === 0 ? undefined : [`And ${countOf(more, 'more person', 'more people')}.`];
  return [
    ...(came.length === 0
      ? []
      : [
          {
            line: [bold('🚨 Let in although their access was taken away:')],
            items: came.map((one) => revokedItem(one, digest)),
            rest: [
              'Revoke them again now: a rule or a session let them in, and the report of the revocation says which.',
              ...(tried.length === 0 && rest !== undefined ? [' ', ...rest] : []),
            ],
          },
        ]),
    ...(tried.length === 0
      ? []
      : [
          {
            line: [bold('🛡️ Cut off, and turned away since:')],
            items: tried.map((one) => revokedItem(one, digest)),
            rest,
          },
        ]),
  ];
}

export function revokedItem({ email, count, letIn, requestId, because, lastAt }: Revoked, digest: Digest): Part[] {
  const what = letIn === 0 ? `turned away ${times(count)}` : `let in ${times(letIn)}, tried ${times(count)}`;
  const id = requestId === undefined ? undefined : fit(requestId, 30);
  const lost = id === undefined ? 'a device of theirs was reported lost' : `${id} reported a device lost`;
  const cut = id === undefined ? 'their access was taken away' : `${id} took their access away`;
  return [
    bold(addressOf(email)),
    `: ${what} since ${because === 'lost' ? lost : cut}, ${lastOf(count)} `,
    momentOf(lastAt, digest),
  ];
}

function lastOf(count: number): string {
  return count === 1 ? 'at' : 'last at';
}

export function unusualParts(digest: Digest): DigestPart[] {
  const { unusual, moreUnusual } = digest;
  if (unusual.length === 0) return [];
  const shown = unusual.slice(0, SHOWN.unusual);
  const more = unusual.length - shown.length + moreUnusual;
  return [
    {
      line: [bold('👀 Worth a look:')],
      items: shown.map((one) => unusualItem(one, digest)),
      rest: more === 0 ? undefined : [`And ${numberInWords(more)} more.`],
    },
  ];
}

const KINDS: Record<Unusual['kind'], string> = {
  'first-country': 'new country',
  'first-device': 'new device',
  'impossible-travel': 'impossible travel',
};

export function unusualItem({ kind, email, says, basis, at }: Unusual, digest: Digest): Part[] {
  const what = `${KINDS[kind]}${basis === 'fact' ? '' : ' (likely)'}`;
  return [bold(addressOf(email)), ` at `, momentOf(at, digest), `, ${what}: ${fit(says, 180)}`];
}

/** Those who were cut off are told of before, so they are left out of the list here. */
export function deniedParts(digest: Digest): DigestPart[] {
  const { denied } = digest.access;
  if (denied === 0) return [];
  const shown = listedDenials(digest).slice(0, SHOWN.denials);
  const people = deniedPeople(digest);
  const total = ` (${deniedInWords(digest)} ${people === 1 ? 'person' : 'people'}, ${times(denied)})`;
  return [
    {
      line: [bold('🚫 Turned away'), `${total}${shown.length === 0 ? '.' : ':'}`],
      items: shown.map((one) => denialItem(one, digest)),
      rest: restOfDenials(digest, people - shown.length),
    },
  ];
}

export function listedDenials({ denials, revoked }: Pick<Digest, 'denials' | 'revoked'>): Denial[] {
  const told = new Set(revoked.map(({ email }) => email));
  return denials.filter(({ email }) => !told.has(email));
}

function restOfDenials(digest: Digest, more: number): Part[] | undefined {
  if (more <= 0) return undefined;
  const above = digest.denials.length - listedDenials(digest).length;
  const others = more - above;
  return [
    [
      ...(above === 0 ? [] : [`${numberInWords(above)} more ${above === 1 ? 'is' : 'are'} named above.`]),
      ...(others <= 0 ? [] : [`And ${countOf(others, 'more person', 'more people')}.`]),
    ].join(' '),
  ];
}

export function denialItem({ email, count, reason, basis, lastAt }: Denial, digest: Digest): Part[] {
  const why = `${fit(reason, 140)}${basis === 'fact' ? '' : ' (likely)'}`;
  return [bold(addressOf(email)), `: ${times(count)}, ${lastOf(count)} `, momentOf(lastAt, digest), `. ${why}`];
}

/** The rest of what the message has only the first of. */
export function morePeopleParts(digest: Digest): DigestPart[] {
  return [
    moreOf('Cut off, and at the door since', digest.revoked.slice(SHOWN.revoked), {
      max: 1500,
      unlisted: digest.moreRevoked ?? 0,
      draw: (one) => revokedItem(one, digest),
    }),
    moreOf('Worth a look', digest.unusual.slice(SHOWN.unusual), {
      max: 2500,
      unlisted: digest.moreUnusual,
      draw: (one) => unusualItem(one, digest),
    }),
    moreOf('Turned away', listedDenials(digest).slice(SHOWN.denials), {
      max: 2500,
      unlisted: digest.moreDenials,
      draw: (one) => denialItem(one, digest),
    }),
  ].flat();
}
