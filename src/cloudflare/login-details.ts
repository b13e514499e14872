import type { AccessRow } from '../core/log-row.ts';
import type { Account } from './client.ts';
import { readDataset, type Wanted } from './dataset.ts';
import { readDatasetSettings } from './dataset-settings.ts';
import { noSuchData, type Group } from './graphql.ts';
import { flagIn, textIn } from './liberal.ts';

const ABOUT = 'sign-ins';
/** Analytics are written with times of their own, so the window is a little wider than the log's. */
const MARGIN_MS = 60_000;

const LOGINS: Wanted = {
  dataset: 'accessLoginRequestsAdaptiveGroups',
  does: 'read the analytics of sign-ins',
  needed: ['dimensions_cfRayId'],
  tries: [
    [
      'dimensions_country',
      'dimensions_deviceId',
      'dimensions_hasWarpEnabled',
      'dimensions_approvingPolicyId',
      'dimensions_identityProvider',
    ],
    ['dimensions_country'],
  ],
};

export type LoginDetails = Pick<AccessRow, 'country' | 'deviceId' | 'withWarp' | 'policyId' | 'method'>;

/**
 * What analytics know of the logins between two moments (epoch milliseconds, both included), by ray id. They are sampled: a
 * login may be missing. Two queries of the 300 that analytics allow in five minutes for up to 10,000 logins, about 30 for
 * 100,000. Throws PermanentError `no-such-data` where plan or token have none.
 */
export async function readLoginDetails(
  account: Account,
  { since, until }: { readonly since: number; readonly until: number },
): Promise<Map<string, LoginDetails>> {
  const settings = await readDatasetSettings(account, [LOGINS.dataset]);
  if (settings === 'token') throw noSuchData('token', ABOUT);
  const groups = await readDataset(account, LOGINS, settings.get(LOGINS.dataset), {
    from: Math.floor((since - MARGIN_MS) / 1000) * 1000,
    to: Math.floor((until + MARGIN_MS) / 1000) * 1000 + 1000,
  });
  if (typeof groups === 'string') throw noSuchData(groups, ABOUT);
  const details = new Map<string, LoginDetails>();
  for (const group of groups) {
    const ray = textIn(group.dimensions['cfRayId']);
    if (ray !== undefined) details.set(ray, { ...readDetails(group), ...details.get(ray) });
  }
  return details;
}

function readDetails({ dimensions }: Group): LoginDetails {
  const country = textIn(dimensions['country'])?.toUpperCase();
  const deviceId = textIn(dimensions['deviceId']);
  const withWarp = flagIn(dimensions['hasWarpEnabled']);
  const policyId = textIn(dimensions['approvingPolicyId']);
  const method = textIn(dimensions['identityProvider']);
  return {
    ...(country === undefined ? {} : { country }),
    ...(deviceId === undefined ? {} : { deviceId }),
    ...(withWarp === undefined ? {} : { withWarp }),
    ...(policyId === undefined ? {} : { policyId }),
    ...(method === undefined ? {} : { method }),
  };
}
