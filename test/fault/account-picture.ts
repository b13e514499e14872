import type { CloudflareSandbox } from '../../sandbox/cloudflare/server.ts';

function asSet(things: readonly unknown[]): string[] {
  return things.map((thing) => JSON.stringify(thing)).toSorted();
}

/** What the account says of everybody and of every rule, without the times of changes. */
export function picture({ account }: Pick<CloudflareSandbox, 'account'>) {
  const { state } = account;
  const people = [...state.users.values()].map(({ email }) => ({
    email,
    waysIn: account.waysIn(email),
    sessions: account.sessionsOf(email).length,
    registrations: [...state.registrations.values()].filter(
      ({ userId }) => state.users.get(userId)?.email.toLowerCase() === email,
    ).length,
    hasSeat: account.hasSeat(email),
  }));
  const policies = [...state.policies.values()].map(({ id, precedence, body }) => {
    const { include, exclude, require, ...rest } = body;
    return { id, precedence, ...rest, rules: { in: asSet(include), out: asSet(exclude), and: asSet(require) } };
  });
  const lists = [...state.lists.values()].map(({ id, items }) => ({ id, items: asSet(items) }));
  return { people, policies, lists, devices: [...state.devices.keys()].toSorted() };
}

/** What a second time would be wrong of, and what is not done if it was not sent: the writes that Cloudflare took. */
export function writtenOnce({ calls }: Pick<CloudflareSandbox, 'calls'>): string[] {
  return calls
    .filter(({ status }) => status === 200)
    .map(({ method, path }) => `${method} ${path.split('/').slice(3).join('/')}`)
    .filter((call) => /^(PATCH gateway|PUT access|PATCH access\/seats|DELETE devices\/physical)/.test(call))
    .toSorted();
}
