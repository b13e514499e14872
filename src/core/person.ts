import { z } from 'zod';
import { foldAddress } from './address.ts';

/** Lower-cased: Cloudflare compares addresses case-insensitively at login, so one spelling is kept everywhere. */
export const EmailAddress = z
  .string()
  .trim()
  .toLowerCase()
  .pipe(z.email({ error: 'That is not an e-mail address. The valid form is name@organisation.org.' }).max(254));

/** Somebody whom an action is about. Without `slackId` they are not (known to be) in Slack. */
export const Person = z.object({
  email: EmailAddress,
  name: z.string().optional(),
  slackId: z.string().optional(),
});
export type Person = z.infer<typeof Person>;

/** Somebody who acts. Authority hangs on `slackId` and `teamId` alone; the rest is for reading. */
export interface Actor {
  readonly slackId: string;
  readonly teamId: string;
  readonly name: string;
  readonly email?: string | undefined;
}

/** Somebody who acted, as the audit log and the request keep them. */
export function signatureOf({ slackId, teamId, name }: Actor): Pick<Actor, 'slackId' | 'teamId' | 'name'> {
  return { slackId, teamId, name };
}

/** The bot itself: an end date reached, a sweep, a healed tunnel. */
export const SYSTEM: Actor = { slackId: 'system', teamId: 'system', name: 'ocs-access' };

export function isSystem({ slackId, teamId }: Pick<Actor, 'slackId' | 'teamId'>): boolean {
  return slackId === SYSTEM.slackId && teamId === SYSTEM.teamId;
}

/** The name if there is one, else the address: for sentences. */
export function nameOf(person: { readonly name?: string | undefined; readonly email?: string | undefined }): string {
  return person.name ?? person.email ?? 'somebody';
}

export function isSamePerson(
  one: { readonly slackId?: string | undefined; readonly email?: string | undefined },
  other: { readonly slackId?: string | undefined; readonly email?: string | undefined },
): boolean {
  if (one.slackId !== undefined && one.slackId === other.slackId) return true;
  if (one.email === undefined || other.email === undefined) return false;
  return foldAddress(one.email) === foldAddress(other.email);
}
