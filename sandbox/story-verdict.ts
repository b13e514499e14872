import type { Account } from './cloudflare/account.ts';
import type { Sandbox } from './start-sandbox.ts';

/** What must still be so when the story is over. */
export interface Remembered {
  readonly people: readonly string[];
  readonly enrollers: readonly string[];
  readonly serials: readonly string[];
}

export function rememberAccount(account: Account): Remembered {
  return {
    people: account.emails(),
    enrollers: account.emails(account.ids.enrolmentPolicy),
    serials: account.serials(),
  };
}

export interface StoryFacts {
  readonly sandbox: Pick<Sandbox, 'slack' | 'cloudflare'>;
  readonly before: Remembered;
  readonly name: string;
  readonly email: string;
  readonly serial: string;
}

/**
 * What is missing for the story to be true, a sentence each; empty when nothing is. Asks the account what it would do and
 * never what the bot has said.
 */
export function judgeStory({ sandbox, before, name, email, serial }: StoryFacts): string[] {
  const { account, violations } = sandbox.cloudflare;
  const after = rememberAccount(account);
  const truths: readonly (readonly [boolean, string])[] = [
    [!before.people.includes(email), `${name} had access before the story began, so it proves nothing.`],
    [after.serials.includes(serial), `The serial number ${serial} is not in the list.`],
    [account.couldEnrol(email), `${name} may not connect a device.`],
    [account.wouldAdmit(email, serial), `${name} would not be let in: ${account.admission(email, serial).because}.`],
    [
      !account.wouldAdmit(email),
      `${name} would be let in with any computer: the device check is not required any more.`,
    ],
    [isOnlyMore(before.people, after.people, email), 'Somebody else’s access changed.'],
    [isOnlyMore(before.enrollers, after.enrollers, email), 'Somebody else’s right to connect a device changed.'],
    [isOnlyMore(before.serials, after.serials, serial), 'Another computer was added or removed.'],
    [sandbox.slack.dms(email).length > 0, `${name} was never told.`],
    ...[...sandbox.slack.faultsSeen, ...violations].map((seen) => [false, `Seen: ${seen}`] as const),
  ];
  return truths.flatMap(([isSo, otherwise]) => (isSo ? [] : [otherwise]));
}

/** The same as before, with nothing but this one more, if it is there at all. */
function isOnlyMore(before: readonly string[], after: readonly string[], added: string): boolean {
  const rest = after.filter((one) => one !== added);
  return rest.length === before.length && before.every((one) => rest.includes(one));
}
