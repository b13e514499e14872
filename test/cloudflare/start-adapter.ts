import { startCheckedCloudflare } from '../../sandbox/cloudflare/start-checked.ts';
import type { CloudflareOptions, CloudflareSandbox } from '../../sandbox/cloudflare/server.ts';
import { createClient, type Account } from '../../src/cloudflare/client.ts';
import { createCloudflare } from '../../src/cloudflare/cloudflare.ts';
import type { Deciders } from '../../src/cloudflare/discover.ts';
import { isKnownError, type KnownError } from '../../src/core/errors.ts';
import type { Cloudflare } from '../../src/core/ports.ts';

export const NOW = Date.parse('2026-03-02T09:00:00Z');

export interface Started {
  readonly cf: CloudflareSandbox;
  /** How resources are called. */
  readonly account: Account;
  readonly cloudflare: Cloudflare;
  /** The same account seen by an operator who decided otherwise. */
  readonly decided: (deciders: Partial<Deciders>) => Cloudflare;
  /** `GET access/apps` and so on, in order of arrival. */
  readonly routes: () => string[];
}

/** The adapter, pointed at a sandbox of its own. */
export async function startAdapter(options: CloudflareOptions = {}): Promise<Started> {
  const cf = await startCheckedCloudflare(options);
  const account = accountAt(cf.url, { apiToken: cf.token, accountId: cf.accountId });
  const decided = (deciders: Partial<Deciders>): Cloudflare =>
    createCloudflare({ ...account, deciders: { app: 'Open Chat Studio', ...deciders } });
  const prefix = `/accounts/${cf.accountId}/`;
  return {
    cf,
    account,
    cloudflare: decided({}),
    decided,
    routes: () => cf.calls.map(({ method, path }) => `${method} ${path.replace(prefix, '')}`),
  };
}

export function accountAt(baseURL: string, { apiToken = 'token-of-nobody', accountId = 'a1' } = {}): Account {
  return { client: createClient({ apiToken, baseURL }), accountId, clock: { now: () => NOW } };
}

/** The same account with less patience, in milliseconds for one call. */
export function impatient(account: Account, timeout: number): Account {
  return { ...account, client: account.client.withOptions({ timeout }) };
}

/** What the promise was refused with; fails if it was not, or with an error that is none of ours. */
export async function failureOf(promise: Promise<unknown>): Promise<KnownError> {
  const outcome = await promise.then(
    () => new Error('it did not fail'),
    (error: unknown) => error,
  );
  if (isKnownError(outcome)) return outcome;
  throw outcome;
}
