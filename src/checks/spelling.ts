import { distance } from 'fastest-levenshtein';
import { foldAddress } from '../core/address.ts';
import { judgeEntry } from '../core/entry.ts';
import type { Finding } from '../core/finding.ts';
import { listingsOf, placeOf, type Listing } from '../core/listings.ts';
import { ruleContext } from '../core/snapshot.ts';
import type { Check } from './check.ts';

/** So many letters may differ for an entry to be taken for a slip of the pen. */
const SLIPS = 2;
const SHOWN = 5;

/** Is the address in the policies exactly as it is typed? If not, what looks like it? */
export const spelling: Check = {
  id: 'spelling',
  findings({ email, snapshot, isForApprover }) {
    if (snapshot === undefined) return [];
    const listings = listingsOf(snapshot);
    const same = listings.filter((one) => tidy(one.spelling) === email);
    if (same.length > 0) return asListed(same, email, isForApprover);
    const verdict = judgeEntry(snapshot.policies, email, ruleContext(snapshot)).verdict;
    if (verdict === 'yes') {
      return [{ verdict: 'ok', says: 'No policy spells the address out, and none has to: a wider rule lets it in.' }];
    }
    const found = notListed(listings, email, isForApprover);
    // A rule that can’t be read may let it in.
    return [verdict === 'unknown' ? { ...found, verdict: 'warning' } : found];
  },
};

function asListed(same: readonly Listing[], email: string, isForApprover: boolean): Finding[] {
  const exact = same.find((one) => one.spelling === email);
  if (exact !== undefined) return [{ verdict: 'ok', says: `The address is in ${placeOf(exact)}, letter for letter.` }];
  const inCapitals = same.find((one) => one.spelling.toLowerCase() === email);
  return [inCapitals ?? same[0]].flatMap((one) => (one === undefined ? [] : [oddly(one, email, isForApprover)]));
}

function oddly(listing: Listing, email: string, isForApprover: boolean): Finding {
  const where = `In ${placeOf(listing)} the address is written`;
  if (listing.spelling.toLowerCase() === email) {
    return {
      verdict: 'warning',
      says: `${where} with capital letters: “${listing.spelling}”. That should make no difference.`,
      fix: 'If nothing else helps: a reset that takes it out and puts it back writes it in small letters.',
    };
  }
  return {
    verdict: 'failure',
    says: `${where} with a blank or an invisible letter: “${listing.spelling}”. To Cloudflare that may be another address.`,
    fix: isForApprover
      ? 'Take that entry out in the Zero Trust dashboard, then use “add”.'
      : 'Ask an approver to correct it.',
  };
}

function notListed(listings: readonly Listing[], email: string, isForApprover: boolean): Finding {
  const near = listings.filter((one) => isNear(tidy(one.spelling), email));
  if (near.length === 0) {
    return { verdict: 'failure', says: 'No policy that lets people in has this address, nor one like it.' };
  }
  if (!isForApprover) {
    return {
      verdict: 'failure',
      says: 'No policy that lets people in has this address, but one has something like it.',
      fix: 'Ask an approver to type /ocs-access otp with your name: they see which one.',
    };
  }
  const shown = [...new Set(near.map((one) => `${tidy(one.spelling)} in ${placeOf(one)}`))];
  const rest = shown.length - SHOWN;
  const named = new Intl.ListFormat('en').format([
    ...shown.slice(0, SHOWN),
    ...(rest > 0 ? [`${rest} more like them`] : []),
  ]);
  return {
    verdict: 'failure',
    says: `No policy that lets people in has this address, but one has something like it: ${named}.`,
    fix: 'If that is a slip, “add” the right address and “revoke” the wrong one. It may be somebody else.',
  };
}

/** A slip of the pen, or the same name at another domain. */
function isNear(listed: string, email: string): boolean {
  const [name] = email.split('@');
  return listed.split('@')[0] === name || distance(listed, email) <= SLIPS;
}

/** Without blanks and what nobody sees, in small letters. */
function tidy(address: string): string {
  return foldAddress(address.replaceAll(/[\s\p{Cf}]/gu, ''));
}
