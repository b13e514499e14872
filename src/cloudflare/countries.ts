import { z } from 'zod';
import type { Account } from './client.ts';

/** Milliseconds. Nobody who waits for an incident's log waits longer for its countries. */
const PATIENCE_MS = 5_000;
/** Analytics are written with times of their own, so the window is a little wider than the log's. */
const MARGIN_MS = 60_000;

/** The types are the analytics' own: text is `string` there, and a time is one too. */
const QUERY = `query Countries($account: string, $since: string, $until: string, $rays: [string!]) {
  viewer {
    accounts(filter: { accountTag: $account }) {
      accessLoginRequestsAdaptiveGroups(
        limit: 1000
        filter: { datetime_geq: $since, datetime_leq: $until, cfRayId_in: $rays }
      ) {
        dimensions { cfRayId country }
      }
    }
  }
}`;

const Answer = z.object({
  data: z.object({
    viewer: z.object({
      accounts: z.array(
        z.object({
          accessLoginRequestsAdaptiveGroups: z.array(
            z.object({ dimensions: z.object({ cfRayId: z.string(), country: z.string().nullish() }) }),
          ),
        }),
      ),
    }),
  }),
});

interface Login {
  readonly rayId: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/**
 * Where logins came from, by the id of their ray. A courtesy: a refusal, a time-out and an answer of another form all
 * mean that the countries stay unknown, and nothing else.
 */
export async function readCountries(account: Account, logins: readonly Login[]): Promise<Map<string, string>> {
  const rays = [...new Set(logins.map(({ rayId }) => rayId).filter((ray) => ray !== ''))];
  if (rays.length === 0) return new Map();
  try {
    const parsed = Answer.safeParse(await ask(account, logins, rays));
    const groups = parsed.data?.data.viewer.accounts.flatMap((one) => one.accessLoginRequestsAdaptiveGroups) ?? [];
    return new Map(groups.flatMap(({ dimensions: { cfRayId, country } }) => (country ? [[cfRayId, country]] : [])));
  } catch {
    return new Map();
  }
}

async function ask({ client, accountId }: Account, logins: readonly Login[], rays: string[]): Promise<unknown> {
  const times = logins.map(({ at }) => at);
  const variables = {
    account: accountId,
    since: new Date(Math.min(...times) - MARGIN_MS).toISOString(),
    until: new Date(Math.max(...times) + MARGIN_MS).toISOString(),
    rays,
  };
  const signal = AbortSignal.timeout(Math.min(PATIENCE_MS, client.timeout));
  const response = await client.post('/graphql', { body: { query: QUERY, variables }, signal }).asResponse();
  return response.json();
}
