import { z } from 'zod';
import { foldAddress } from '../core/address.ts';
import type { AccessUser } from '../core/snapshot.ts';
import { call, callPages } from './call.ts';
import type { Account } from './client.ts';
import { FEW } from './few.ts';
import { Moment } from './moment.ts';
import { isNotFound } from './translate-error.ts';

const User = z
  .object({
    id: z.string(),
    email: z.string().nullish(),
    name: z.string().nullish(),
    seat_uid: z.string().nullish(),
    access_seat: z.boolean().nullish(),
    gateway_seat: z.boolean().nullish(),
    last_successful_login: Moment,
  })
  .transform((raw): AccessUser => ({
    id: raw.id,
    email: foldAddress(raw.email ?? ''),
    name: raw.name || undefined,
    seatUid: raw.seat_uid || undefined,
    hasSeat: raw.access_seat === true || raw.gateway_seat === true,
    ...(raw.last_successful_login === undefined ? {} : { lastLoginAt: raw.last_successful_login }),
  }));

/** Up to 10 people with one call each, side by side; more, or all, by reading all, 1,000 in one call. */
export async function readUsers(account: Account, query: readonly string[] | 'all'): Promise<AccessUser[]> {
  if (query === 'all') return listUsers(account);
  const emails = [...new Set(query.map(foldAddress))];
  if (emails.length === 0) return [];
  const found =
    emails.length > FEW
      ? await listUsers(account)
      : (await Promise.all(emails.map((email) => listUsers(account, email)))).flat();
  const wanted = found.filter(({ email }) => emails.includes(email));
  return [...new Map(wanted.map((user) => [user.id, user])).values()];
}

function listUsers(account: Account, email?: string): Promise<AccessUser[]> {
  const { client, accountId } = account;
  const filter = email === undefined ? {} : { email };
  return callPages(
    account,
    { route: 'GET access/users', does: 'read the users', area: 'auditLogs' },
    User,
    1000,
    (query, options) => client.zeroTrust.access.users.list({ account_id: accountId, ...filter, ...query }, options),
  );
}

/** Epoch seconds. */
const Session = z.object({
  expiration: z.number().nullish(),
  metadata: z.object({ expires: z.number().nullish() }).nullish(),
});

/** Sessions that have not run out; one that does not say when it does counts. 0 for a user who is gone. */
export async function countSessions(account: Account, userId: string): Promise<number> {
  const { client, accountId, clock } = account;
  try {
    const sessions = await call(
      account,
      { route: 'GET access/users/:id/active_sessions', does: 'read the sessions of a user', area: 'auditLogs' },
      z.array(Session).nullish(),
      (options) => client.zeroTrust.access.users.activeSessions.list(userId, { account_id: accountId }, options),
    );
    const now = clock.now();
    const isAlive = ({ expiration, metadata }: z.infer<typeof Session>): boolean =>
      (expiration ?? metadata?.expires ?? Infinity) * 1000 > now;
    return (sessions ?? []).filter(isAlive).length;
  } catch (error) {
    if (isNotFound(error)) return 0;
    throw error;
  }
}

/**
 * Ends a person's Access sessions and, unless told to keep them, revokes their registrations. The answer's boolean is not looked at: what it says of
 * somebody who never logged in is not documented, and the sessions themselves tell more.
 */
export async function revokeSessions(
  account: Account,
  email: string,
  { keepDevices = false }: { readonly keepDevices?: boolean } = {},
): Promise<void> {
  const { client, accountId } = account;
  const devices = keepDevices ? {} : { query_devices: true };
  await call(
    account,
    { route: 'POST access/organizations/revoke_user', does: 'revoke the sessions of a user', area: 'organization' },
    z.unknown(),
    // The client's `body_devices` arrives under a name that Cloudflare does not know; this one is understood.
    (options) => client.zeroTrust.organizations.revokeUsers({ account_id: accountId, email, ...devices }, options),
  );
}

/** Takes the registrations of the people along. Returns normally for seats that are gone. */
export async function freeSeats(account: Account, seatUids: readonly string[]): Promise<void> {
  const { client, accountId } = account;
  const seats = [...new Set(seatUids)];
  if (seats.length === 0) return;
  try {
    await call(account, { route: 'PATCH access/seats', does: 'free seats', area: 'seats' }, z.unknown(), (options) =>
      client.zeroTrust.seats.edit(
        {
          account_id: accountId,
          body: seats.map((seat) => ({ seat_uid: seat, access_seat: false, gateway_seat: false })),
        },
        options,
      ),
    );
  } catch (error) {
    if (!isNotFound(error)) throw error;
    // One that is gone is not to keep the others.
    if (seats.length > 1) await Promise.all(seats.map((seat) => freeSeats(account, [seat])));
  }
}
