import type { Account } from './client.ts';
import { askAnalytics, readGroups, rowsIn } from './graphql.ts';
import { textIn } from './liberal.ts';

/** Milliseconds. Nobody who waits for a log waits longer for its countries. */
const PATIENCE_MS = 2_000;
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

interface Login {
  /** Of its ray. */
  readonly id: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/**
 * Where logins came from, by the id of their ray. A courtesy: a refusal, a time-out and an answer of another form all
 * mean that the countries stay unknown, and nothing else.
 */
export async function readCountries(account: Account, logins: readonly Login[]): Promise<Map<string, string>> {
  const rays = [...new Set(logins.map(({ id }) => id))];
  if (rays.length === 0) return new Map();
  const times = logins.map(({ at }) => at);
  const variables = {
    since: new Date(Math.min(...times) - MARGIN_MS).toISOString(),
    until: new Date(Math.max(...times) + MARGIN_MS).toISOString(),
    rays,
  };
  try {
    const asked = await askAnalytics(account, { does: 'read countries', query: QUERY, variables }, PATIENCE_MS);
    const groups =
      asked.kind === 'answer' ? readGroups(rowsIn(asked.account, 'accessLoginRequestsAdaptiveGroups')) : [];
    return new Map(
      groups.flatMap(({ dimensions: { cfRayId, country } }) => {
        const [ray, where] = [textIn(cfRayId), textIn(country)];
        return ray === undefined || where === undefined ? [] : [[ray, where.toUpperCase()]];
      }),
    );
  } catch {
    return new Map();
  }
}
