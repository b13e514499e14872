import type { AccessRow } from '../log-row.ts';
import type { Basis, Digest } from './digest.ts';
import type { Tallied } from './tally.ts';
import type { Visitor } from './visitors.ts';

type Explain = (row: AccessRow) => { readonly reason: string; readonly basis: Basis };

/** Who was turned away most, and why the last time; the rest in numbers. */
export function denialsOf(
  { visitors, denied, deniedPeople, isRough }: Tallied,
  explain: Explain,
  shown: number,
): Pick<Digest, 'denials' | 'moreDenials' | 'moreTries' | 'denialsAreRough'> {
  const denials = visitors
    .toSorted(mostDeniedFirst)
    .slice(0, shown)
    .flatMap(({ email, denied: count, lastDenied, lastDeniedAt }) =>
      lastDenied === undefined ? [] : { email, count, ...why(lastDenied, explain), lastAt: lastDeniedAt },
    );
  const listed = denials.reduce((sum, { count }) => sum + count, 0);
  return {
    denials,
    moreDenials: Math.max(0, deniedPeople - denials.length),
    moreTries: denied - listed,
    ...(isRough ? { denialsAreRough: true } : {}),
  };
}

function why(row: AccessRow, explain: Explain): Pick<Digest['denials'][number], 'reason' | 'basis'> {
  const { reason, basis } = explain(row);
  return { reason, basis };
}

function mostDeniedFirst(one: Visitor, other: Visitor): number {
  return other.denied - one.denied || other.lastDeniedAt - one.lastDeniedAt || (one.email < other.email ? -1 : 1);
}

/** Who came although their access was taken away: those who were let in first. */
export function revokedOf({ visitors }: Tallied, shown: number): Pick<Digest, 'revoked' | 'moreRevoked'> {
  const revoked = visitors
    .filter(({ tries }) => tries > 0)
    .toSorted(
      (one, other) =>
        other.triesLetIn - one.triesLetIn || other.tries - one.tries || (one.email < other.email ? -1 : 1),
    )
    .map(({ email, cut, tries, triesLetIn, lastTry }) => ({
      email,
      count: tries,
      letIn: triesLetIn,
      ...(cut?.requestId === undefined ? {} : { requestId: cut.requestId }),
      ...(cut?.because === undefined ? {} : { because: cut.because }),
      lastAt: lastTry,
    }));
  return { revoked: revoked.slice(0, shown), moreRevoked: Math.max(0, revoked.length - shown) };
}
