import { admissionsOf, type RuleContext } from './access-rules.ts';
import { foldSerial, usersOf } from './belongings.ts';
import type { Insider } from './insiders.ts';
import type { SeenBefore } from './logs.ts';
import type { Given, OwnerlessSerial, ReviewedPerson } from './review.ts';
import { ownerOf } from './serial.ts';
import { ruleContext, type Snapshot } from './snapshot.ts';
import type { Stay } from './stay.ts';
import { waysIn, type WayIn } from './ways-in.ts';

export interface ReviewFacts {
  /** With all users and all devices. */
  readonly snapshot: Snapshot;
  /** Of that snapshot. */
  readonly insiders: readonly Insider[];
  /** By address. */
  readonly given: ReadonlyMap<string, Given>;
  readonly seenBefore: readonly Pick<SeenBefore, 'email' | 'lastAt'>[];
  readonly stays: readonly Stay[];
}

/** What is known of each insider, in their order. */
export function reviewPeople({ snapshot, insiders, given, seenBefore, stays }: ReviewFacts): ReviewedPerson[] {
  const ways = waysIn(snapshot);
  const context = ruleContext(snapshot);
  const signs = signsOf(snapshot, seenBefore);
  const ends = new Map(stays.map(({ person, endsAt }) => [person.email, endsAt]));
  const devices = groupBy(
    snapshot.devices.flatMap((device) => usersOf(device).map((email) => [email, deviceInWords(device)])),
  );
  const serials = groupBy(
    (snapshot.posture?.list.items ?? []).map(({ value, description }) => [ownerOf(description) ?? '', value]),
  );
  return insiders.map(({ email, name }) => ({
    email,
    name,
    since: given.get(email),
    seen: signs.get(email),
    endsAt: ends.get(email),
    devices: devices.get(email) ?? [],
    serials: serials.get(email) ?? [],
    policies: policiesFor(email, ways, context),
  }));
}

/** Serial numbers whose entries name nobody, in the order of the list. */
export function ownerlessSerials({ posture, devices }: Pick<Snapshot, 'posture' | 'devices'>): OwnerlessSerial[] {
  return (posture?.list.items ?? [])
    .filter(({ description }) => ownerOf(description) === undefined)
    .map(({ value, description }) => {
      const users = devices.filter(({ serial }) => serial === foldSerial(value)).flatMap(usersOf);
      return { serial: value, description, usedBy: [...new Set(users)] };
    });
}

function policiesFor(email: string, ways: readonly WayIn[], context: RuleContext): string[] {
  return ways.flatMap(({ policy, opens }) =>
    admissionsOf([policy], email, context).map(({ verdict, because }) => {
      const doubt = verdict === 'unknown' ? 'perhaps, it depends on ' : '';
      return `${policy.name} (${opens}): ${doubt}${because}`;
    }),
  );
}

type Sign = NonNullable<ReviewedPerson['seen']>;

/** The newest sign of each. A device was last used by one of those who share it. */
function signsOf(
  { users, devices }: Pick<Snapshot, 'users' | 'devices'>,
  seenBefore: ReviewFacts['seenBefore'],
): Map<string, Sign> {
  const newest = new Map<string, Sign>();
  const note = (email: string, at: number | undefined, from: string): void => {
    if (at !== undefined && at > (newest.get(email)?.at ?? -Infinity)) newest.set(email, { at, from });
  };
  for (const { email, lastAt } of seenBefore) note(email, lastAt, 'Access log');
  for (const { email, lastLoginAt } of users) note(email, lastLoginAt, 'sign-in at Cloudflare');
  for (const { emails, lastSeenAt, name } of devices) note(emails[0] ?? '', lastSeenAt, `device ${name}`);
  return newest;
}

function deviceInWords({ name, serial }: Snapshot['devices'][number]): string {
  return serial === undefined ? name : `${name} (${serial})`;
}

function groupBy(pairs: readonly (readonly string[])[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const [key = '', value = ''] of pairs) {
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
}
