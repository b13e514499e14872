import { foldAddress } from '../../core/address.ts';
import { capital } from '../../core/capital.ts';
import { listingsOf, placeOf, type Listing } from '../../core/listings.ts';
import { nameOf, type Person } from '../../core/person.ts';
import type { PlannedStep } from '../../core/plan.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { readdEmail } from '../../steps/readd-email.ts';
import { readdItem } from '../../steps/readd-item.ts';
import { sentenceList, type Part } from './part.ts';

/** The address out of everything that spells it out for the application, and in again. */
export function readd(person: Person, snapshot: Snapshot): Part {
  const { email } = person;
  const all = listingsOf(snapshot).filter((one) => isFor(one, email) && asksWho(one));
  const ours = all.filter((one) => one.kind !== 'group' && !(one.kind === 'policy' && isSole(one, email)));
  if (all.length === 0) {
    const says = `No policy of ${snapshot.app.name} spells ${email} out: a wider rule lets ${nameOf(person)} in, so there is nothing to take out and put back.`;
    return { steps: [], warnings: [says] };
  }
  return {
    steps: ours.flatMap((one) => stepOf(one, email, snapshot)),
    warnings: all.flatMap((one) => warningOf(one, email)),
  };
}

/** With blanks around it too, which only lists can have: putting it in again puts that right. */
function isFor({ spelling }: Listing, email: string): boolean {
  return foldAddress(spelling) === email;
}

/** A Bypass policy lets people pass without a code. */
function asksWho(listing: Listing): boolean {
  return listing.kind !== 'policy' || listing.policy.decision === 'allow';
}

function stepOf(listing: Listing, email: string, { app }: Snapshot): PlannedStep[] {
  switch (listing.kind) {
    case 'policy': {
      const { ref, name } = listing.policy;
      return [readdEmail.with({ policy: ref, policyName: name, opens: app.name, email })];
    }
    case 'list': {
      const { list, item } = listing;
      return [readdItem.with({ listId: list.id, listName: list.name, email, description: item.description })];
    }
    case 'group':
      return [];
  }
}

function warningOf(listing: Listing, email: string): string[] {
  if (listing.kind === 'group') {
    return [`${email} stands in ${placeOf(listing)}, which I can’t change: it stays there as it is.`];
  }
  if (listing.kind === 'list') return [];
  if (isSole(listing, email)) {
    return [`${email} is the only rule of ${placeOf(listing)}, and a policy can’t be without one: it stays there.`];
  }
  const { sharedWith } = listing.policy;
  if (sharedWith.length === 0) return [];
  return [
    `${capital(placeOf(listing))} is shared: the address is out of ${sentenceList(sharedWith)} for a moment as well.`,
  ];
}

function isSole({ policy }: Extract<Listing, { kind: 'policy' }>, email: string): boolean {
  return policy.include.every((rule) => rule.kind === 'email' && foldAddress(rule.email) === email);
}
