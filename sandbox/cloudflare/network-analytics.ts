import type { Dataset } from './analytics-dataset.ts';
import type { Quirks } from './quirks.ts';

/** One network session through the Gateway. */
export interface NetworkSession {
  at: number;
  email: string;
  /** An address. */
  destination: string;
  port: number;
  transport: 'tcp' | 'udp';
  action: 'allow' | 'block';
  deviceId: string;
  deviceName: string;
  /** Bytes, as the device sees them. */
  sent: number;
  received: number;
}

type Read = (row: NetworkSession) => string | number;

const day = 86_400_000;
/** Assumptions: only what holds for the logs is documented, and no width at all. */
const limits = { notOlderThan: 30 * day, maxDuration: day };

const shared: readonly (readonly [string, Read])[] = [
  ['destinationIp', ({ destination }) => destination],
  ['destinationPort', ({ port }) => port],
  ['transport', ({ transport }) => transport],
  ['email', ({ email }) => email],
  ['sourceIp', () => '198.51.100.77'],
  ['deviceId', ({ deviceId }) => deviceId],
  ['deviceName', ({ deviceName }) => deviceName],
];

/** How many sessions there were. Bytes are told by the two other datasets only. */
export const sessionDataset: Dataset<NetworkSession> = {
  name: 'gatewayL4SessionsAdaptiveGroups',
  at: ({ at }) => at,
  dimensions: new Map([
    ...shared,
    ['action', ({ action }) => action],
    ['srcIpCountry', () => 'DE'],
    ['dstIpCountry', () => ''],
  ]),
  sums: new Map(),
  ...limits,
};

type Bytes = (row: NetworkSession) => number;
const up: Bytes = ({ sent }) => sent;
const down: Bytes = ({ received }) => received;

/** The bytes of one leg, seen from the Gateway, which stands between device and destination. */
function leg(name: string, bytes: { sent: Bytes; received: Bytes }, received: string | undefined) {
  const sums =
    received === undefined
      ? []
      : ([
          ['bytesSent', bytes.sent],
          [received, bytes.received],
        ] as const);
  return {
    name,
    at: ({ at }: NetworkSession) => at,
    dimensions: new Map(shared),
    sums: new Map<string, Bytes>(sums),
    ...limits,
  };
}

/** The datasets as the quirks have them. */
export function networkDatasets({ bytesField }: Quirks): Dataset<NetworkSession>[] {
  const received = bytesField === 'none' ? undefined : bytesField;
  return [
    sessionDataset,
    leg('gatewayL4UpstreamSessionsAdaptiveGroups', { sent: up, received: down }, received),
    leg('gatewayL4DownstreamSessionsAdaptiveGroups', { sent: down, received: up }, received),
  ];
}
