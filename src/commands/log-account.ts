import { denialExplainer, deviceFinder, type DenialReason } from '../core/explain-denial.ts';
import type { AccessRow, NetworkRow } from '../core/log-row.ts';
import type { Device } from '../core/snapshot.ts';
import type { SeenAccess, SeenNetwork } from '../slack/log-rows.ts';
import type { Desk } from './desk.ts';
import { gapIn, latestMoment, readInTime, valueIn } from './read-in-time.ts';

/** Joins rows with what the account knows now. */
export interface LogAccount {
  seenAccess(row: AccessRow): SeenAccess;
  seenNetwork(row: NetworkRow): SeenNetwork;
  /** What is missing from the join, in sentences. */
  readonly problems: readonly string[];
}

const NOT_NEEDED: LogAccount = { ...joining([], () => undefined), problems: [] };

/** For a page of rows: one look at the account, with the devices of the people in the rows, and none where nothing asks for it. */
export async function readAccountFor(rows: readonly (AccessRow | NetworkRow)[], desk: Desk): Promise<LogAccount> {
  const asking = rows.filter((row) =>
    'allowed' in row ? !row.allowed || row.deviceId !== undefined : row.device !== undefined,
  );
  if (asking.length === 0) return NOT_NEEDED;
  const emails = [...new Set(asking.map(({ email }) => email).filter((email) => email !== ''))];
  return readAccount(emails, desk);
}

/** `until`: as `performance.now()` counts. Never throws. */
export async function readAccount(
  devicesOf: readonly string[] | 'all',
  desk: Desk,
  until = latestMoment(),
): Promise<LogAccount> {
  const scope = { devicesOf, loginMethods: true, undecided: 'first' } as const;
  const read = await readInTime(desk.cloudflare.snapshot(scope), 'Cloudflare', desk, until);
  const snapshot = valueIn(read);
  const problems = gapIn(read, 'Serial numbers and reasons are missing');
  if (snapshot === undefined) return { ...NOT_NEEDED, problems };
  return { ...joining(snapshot.devices, denialExplainer({ snapshot })), problems };
}

function joining(
  devices: readonly Device[],
  explain: (row: AccessRow) => DenialReason | undefined,
): Pick<LogAccount, 'seenAccess' | 'seenNetwork'> {
  const findDevice = deviceFinder(devices);
  return {
    seenAccess: (row) => ({ row, device: findDevice(row), reason: row.allowed ? undefined : explain(row) }),
    seenNetwork: (row) => ({
      row,
      device: row.device === undefined ? undefined : (findDevice({ deviceId: row.device }) ?? byName(row, devices)),
    }),
  };
}

/** By its name, if only one device of theirs has it. */
function byName({ email, device }: NetworkRow, devices: readonly Device[]): Device | undefined {
  const [only, ...more] = devices.filter(({ name, emails }) => name === device && emails.includes(email));
  return more.length === 0 ? only : undefined;
}
