import { CHAIN_START } from '../../src/core/audit.ts';
import { buildDigest, type BuiltDigest } from '../../src/core/digest/build-digest.ts';
import type { AccessRow, NetworkRow } from '../../src/core/log-row.ts';
import { DAY, type DayFiles } from './day-files.ts';
import { readRows } from './read-rows.ts';

/** The digest of a day whose rows are read from files, with nothing else to tell. */
export function digestOf({ access, network }: DayFiles): Promise<BuiltDigest> {
  return buildDigest({
    day: DAY,
    timeZone: 'UTC',
    access: readRows<AccessRow>(access),
    network: readRows<NetworkRow>(network),
    audit: nothing(),
    revoked: new Map([['person-7@lanternhealth.example', { requestId: 'REQ-0007', at: 0 }]]),
    seenBefore: async (emails) =>
      emails.map((email) => ({ email, countries: ['DE', 'KE'], devices: ['an-old-one'], lastAt: 0 })),
    weekBefore: [],
    stays: [],
    open: [],
    gaps: [],
    head: CHAIN_START,
    explain: () => ({ reason: 'No policy lets this address in now', basis: 'fact' }),
  });
}

/** How many rows of the day have a field, and nothing else of them. */
export async function countOf({ access, network }: DayFiles): Promise<number> {
  let count = 0;
  for await (const rows of readRows<AccessRow>(access)) for (const row of rows) if (row.allowed) count += 1;
  for await (const rows of readRows<NetworkRow>(network))
    for (const row of rows) if (row.action === 'allow') count += 1;
  return count;
}

async function* nothing(): AsyncGenerator<never> {}
