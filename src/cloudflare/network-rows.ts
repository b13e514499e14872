import { foldAddress } from '../core/address.ts';
import type { NetworkRow } from '../core/log-row.ts';
import { settledHour, wholeHour } from '../core/pull.ts';
import { rowId } from '../core/row-id.ts';
import type { Account } from './client.ts';
import { readDataset, type Stretch, type Wanted } from './dataset.ts';
import { readDatasetSettings } from './dataset-settings.ts';
import { noSuchData, type Group } from './graphql.ts';
import { momentIn, numberIn, textIn } from './liberal.ts';
import { withBytes } from './network-bytes.ts';

const ABOUT = 'network sessions';
const HOUR_MS = 3_600_000;

const SESSIONS: Wanted = {
  dataset: 'gatewayL4SessionsAdaptiveGroups',
  does: 'read the analytics of network sessions',
  needed: ['count', 'dimensions_datetimeHour', 'dimensions_destinationIp'],
  tries: [['dimensions_email', 'dimensions_destinationPort', 'dimensions_transport', 'dimensions_action']],
  rare: ['dimensions_deviceName', 'dimensions_deviceId'],
};

/**
 * What goes from Cloudflare to the destination and comes back from it: seen from the device, `bytesSent` is sent. The other
 * leg, in a dataset of its own, counts the same bytes once more. The name of what is received differs by source.
 */
const BYTES: Wanted = {
  dataset: 'gatewayL4UpstreamSessionsAdaptiveGroups',
  does: 'read the bytes of network sessions',
  needed: ['dimensions_datetimeHour', 'dimensions_destinationIp', 'sum_bytesSent'],
  tries: [
    ['sum_bytesReceived', 'dimensions_email', 'dimensions_destinationPort'],
    ['sum_bytesRecvd', 'dimensions_email', 'dimensions_destinationPort'],
  ],
  rare: ['dimensions_transport', 'dimensions_deviceName', 'dimensions_deviceId'],
};

/**
 * Network sessions between two moments (epoch milliseconds), counted per whole hour: every hour that the stretch touches,
 * without those that are not settled yet. So an hour is only ever told whole; whoever reads on from
 * where they were asks for the last hour again.
 *
 * Three queries of the 300 that analytics allow in five minutes, and up to twice as many as answers of 10,000 rows are full.
 * Throws PermanentError `no-such-data` where plan or token have none; bytes that can't be had are undefined.
 */
export async function readNetworkRows(
  account: Account,
  { since, until }: { readonly since: number; readonly until: number },
): Promise<NetworkRow[]> {
  const over = settledHour(account.clock.now());
  const stretch: Stretch = { from: wholeHour(since), to: Math.min(wholeHour(until + HOUR_MS - 1), over) };
  if (stretch.from >= stretch.to) return [];
  const settings = await readDatasetSettings(account, [SESSIONS.dataset, BYTES.dataset]);
  if (settings === 'token') throw noSuchData('token', ABOUT);
  const sessions = await readDataset(account, SESSIONS, settings.get(SESSIONS.dataset), stretch);
  if (typeof sessions === 'string') throw noSuchData(sessions, ABOUT);
  const rows = mergeSame(sessions.flatMap((group) => readRow(group) ?? []));
  if (rows.length === 0) return [];
  const bytes = await readDataset(account, BYTES, settings.get(BYTES.dataset), stretch);
  const counted =
    typeof bytes === 'string'
      ? rows
      : withBytes(
          rows,
          bytes.flatMap((group) => readRow(group) ?? []),
        );
  return counted.toSorted((one, other) => one.at - other.at);
}

function readRow({ count, dimensions, sum }: Group): NetworkRow | undefined {
  const at = momentIn(dimensions['datetimeHour']);
  if (at === undefined) return undefined;
  const email = foldAddress(textIn(dimensions['email']) ?? '');
  const device = textIn(dimensions['deviceName']) ?? textIn(dimensions['deviceId']);
  const destination = textIn(dimensions['destinationIp']) ?? '';
  const port = numberIn(dimensions['destinationPort']);
  const transport = readTransport(dimensions['transport']);
  const action = textIn(dimensions['action'])?.toLowerCase();
  return {
    id: rowId([at, email, device, destination, port, transport, action]),
    at,
    email,
    ...(device === undefined ? {} : { device }),
    destination,
    ...(port === undefined ? {} : { port }),
    ...(transport === undefined ? {} : { transport }),
    ...(action === undefined ? {} : { action }),
    sessions: numberIn(count) ?? 0,
    ...readBytes(sum),
  };
}

function readBytes(sum: Group['sum']): Pick<NetworkRow, 'sent' | 'received'> {
  const sent = numberIn(sum['bytesSent']);
  const received = numberIn(sum['bytesReceived']) ?? numberIn(sum['bytesRecvd']);
  return { ...(sent === undefined ? {} : { sent }), ...(received === undefined ? {} : { received }) };
}

/** By name or by the number of the protocol. */
function readTransport(value: unknown): string | undefined {
  const number = numberIn(value);
  if (number === undefined) return textIn(value)?.toLowerCase();
  return { 1: 'icmp', 6: 'tcp', 17: 'udp' }[number] ?? String(number);
}

function mergeSame(rows: readonly NetworkRow[]): NetworkRow[] {
  const byId = new Map<string, NetworkRow>();
  for (const row of rows) byId.set(row.id, { ...row, sessions: row.sessions + (byId.get(row.id)?.sessions ?? 0) });
  return [...byId.values()];
}
