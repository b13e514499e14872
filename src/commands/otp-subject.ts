import { UserError } from '../core/errors.ts';
import type { PersonValue } from '../core/fields.ts';
import { EmailAddress, type Actor } from '../core/person.ts';
import type { SignInFacts } from '../checks/check.ts';
import type { Desk } from './desk.ts';
import { readInTime } from './read-in-time.ts';
import { asPerson } from './read-words.ts';
import { asReachable } from './values/find-people.ts';

/** Whose sign-in is asked about. */
export interface Subject {
  /** Lower case. */
  readonly email: string;
  readonly name: string;
  /** Undefined: a direct message can’t reach them. */
  readonly slackId?: string;
  /** Undefined: it was not asked for, or could not be read. */
  readonly profile: SignInFacts['profile'];
  /** Why Slack could not tell who it is. */
  readonly problem?: string;
}

/** What was typed after the word: nothing, a mention, an address, or both. Throws UserError for anything else. */
export function readWhom(words: readonly string[]): PersonValue {
  let whom: PersonValue = {};
  for (const word of words) {
    const person = asPerson(word);
    if (person === undefined) {
      throw new UserError(
        `“${word}” is neither a person nor an e-mail address. Type \`/ocs-access otp @ana\` or \`/ocs-access otp ana@organisation.org\`; without a name it is about you.`,
        { code: 'nobody-named' },
      );
    }
    const isSecond = person.slackId === undefined ? whom.email !== undefined : whom.slackId !== undefined;
    if (isSecond) throw new UserError('Name one person at a time.', { code: 'several-named' });
    whom = { ...whom, ...person };
  }
  return whom;
}

/** Whether somebody asks about themselves: with another address it is about that one. */
export function isOneself({ slackId, email }: PersonValue, actor: Actor): boolean {
  const isMe = slackId === undefined ? email === undefined || isOwn(email, actor) : slackId === actor.slackId;
  return isMe && (email === undefined || isOwn(email, actor));
}

function isOwn(email: string, actor: Actor): boolean {
  return email.toLowerCase() === actor.email?.toLowerCase();
}

/** The one who asks. Throws UserError where Slack shows no address of theirs. */
export function asOneself({ slackId, name, email }: Actor): Subject {
  if (email === undefined) {
    throw new UserError(
      'Slack shows me no e-mail address of yours, so I can’t look. Ask an approver to type `/ocs-access otp` with your address.',
      { code: 'no-address' },
    );
  }
  return { email: email.toLowerCase(), name, slackId, profile: { name, email } };
}

/** Somebody else. Throws UserError for a mention that leads to no address, and for a bot. */
export async function asSomebody({ slackId, email: typed }: PersonValue, desk: Desk): Promise<Subject> {
  const email = typed === undefined ? undefined : EmailAddress.safeParse(typed);
  if (email?.success === false) {
    throw new UserError(email.error.issues[0]?.message ?? 'That is not an e-mail address.', { code: 'bad-address' });
  }
  if (slackId !== undefined) return ofMention(slackId, email?.data, desk);
  return email === undefined ? nobody() : ofAddress(email.data, desk);
}

function nobody(): never {
  throw new UserError('Name somebody: `/ocs-access otp @ana`.', { code: 'nobody-named' });
}

async function ofMention(slackId: string, typed: string | undefined, { directory }: Desk): Promise<Subject> {
  const { actor, member } = await directory.find(slackId);
  if (member.standing === 'bot') throw new UserError(`${actor.name} is a bot. Name a person.`, { code: 'is-bot' });
  const email = typed ?? actor.email?.toLowerCase();
  if (email === undefined) {
    throw new UserError(
      `Slack shows no e-mail address for ${actor.name}. Type their address instead: \`/ocs-access otp name@organisation.org\`.`,
      { code: 'no-address' },
    );
  }
  const { slackId: reachable } = asReachable({ email, name: actor.name, slackId }, member);
  const profile = { name: actor.name, email: actor.email };
  return { email, name: actor.name, profile, ...(reachable === undefined ? {} : { slackId: reachable }) };
}

async function ofAddress(email: string, desk: Desk): Promise<Subject> {
  const found = await readInTime(lookUp(email, desk), 'Slack', desk);
  if ('problem' in found) return { email, name: email, profile: undefined, problem: found.problem };
  if (found.value === undefined) return { email, name: email, profile: 'nobody' };
  const { actor, member } = found.value;
  const { slackId } = asReachable({ email, slackId: actor.slackId }, member);
  const profile = { name: actor.name, email: actor.email };
  return { email, name: actor.name, profile, ...(slackId === undefined ? {} : { slackId }) };
}

async function lookUp(email: string, { directory }: Desk) {
  const known = await directory.byEmail(email);
  return known && directory.find(known.slackId);
}
