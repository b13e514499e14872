import { z } from 'zod';

/** The logs that can be exported, by Cloudflare’s names. */
export const Dataset = z.enum([
  'access_requests',
  'gateway_dns',
  'gateway_http',
  'gateway_network',
  'zero_trust_network_sessions',
]);
export type Dataset = z.infer<typeof Dataset>;

/** What people choose from. */
export const EXPORTED_LOGS = ['access', 'gateway', 'both'] as const;
export type ExportedLogs = (typeof EXPORTED_LOGS)[number];

const GATEWAY: readonly Dataset[] = ['gateway_dns', 'gateway_http', 'gateway_network', 'zero_trust_network_sessions'];

const DATASETS: Readonly<Record<ExportedLogs, readonly Dataset[]>> = {
  access: ['access_requests'],
  gateway: GATEWAY,
  both: ['access_requests', ...GATEWAY],
};

export function datasetsOf(logs: ExportedLogs): readonly Dataset[] {
  return DATASETS[logs];
}

const NAMES: Readonly<Record<Dataset, string>> = {
  access_requests: 'Access log',
  gateway_dns: 'Gateway log of DNS queries',
  gateway_http: 'Gateway log of HTTP requests',
  gateway_network: 'Gateway log of network traffic',
  zero_trust_network_sessions: 'log of network sessions',
};

/** For sentences: `Access log`. One that we do not export goes by its own name. */
export function datasetName(dataset: string): string {
  const known = Dataset.safeParse(dataset).data;
  return known === undefined ? dataset : NAMES[known];
}

/** Cloudflare wants the fields named one by one. Those that tell who, when, from where, to what, and with which outcome. */
export const WANTED_FIELDS: Readonly<Record<Dataset, readonly string[]>> = {
  access_requests: [
    'CreatedAt',
    'Email',
    'Allowed',
    'Action',
    'AppDomain',
    'AppUUID',
    'Connection',
    'Country',
    'IPAddress',
    'RayID',
    'UserUID',
    'PurposeJustificationPrompt',
    'PurposeJustificationResponse',
    'TemporaryAccessApprovers',
    'TemporaryAccessDuration',
  ],
  gateway_dns: [
    'Datetime',
    'Email',
    'UserID',
    'DeviceID',
    'DeviceName',
    'QueryName',
    'QueryTypeName',
    'ResolverDecision',
    'RCode',
    'ResolvedIPs',
    'PolicyID',
    'PolicyName',
    'Location',
    'SrcIP',
    'Protocol',
  ],
  gateway_http: [
    'Datetime',
    'Email',
    'UserID',
    'DeviceID',
    'DeviceName',
    'Action',
    'HTTPHost',
    'HTTPMethod',
    'HTTPStatusCode',
    'URL',
    'PolicyID',
    'PolicyName',
    'SourceIP',
    'SourcePort',
    'DestinationIP',
    'DestinationPort',
    'RequestID',
    'SessionID',
    'UserAgent',
  ],
  gateway_network: [
    'Datetime',
    'Email',
    'UserID',
    'DeviceID',
    'DeviceName',
    'Action',
    'SourceIP',
    'SourcePort',
    'DestinationIP',
    'DestinationPort',
    'TransportProtocol',
    'SNI',
    'PolicyID',
    'PolicyName',
    'SessionID',
  ],
  zero_trust_network_sessions: [
    'SessionStartTime',
    'SessionEndTime',
    'SessionID',
    'Email',
    'UserID',
    'DeviceID',
    'DeviceName',
    'RegistrationID',
    'SourceIP',
    'SourcePort',
    'OriginIP',
    'OriginPort',
    'Protocol',
    'BytesSent',
    'BytesReceived',
    'DestinationTunnelID',
    'Offramp',
    'ConnectionCloseReason',
  ],
};

/** The fields that we want of a dataset, as far as it has them. */
export function fieldsToExport(dataset: Dataset, there: readonly string[]): string[] {
  const known = new Set(there);
  return WANTED_FIELDS[dataset].filter((field) => known.has(field));
}

/** Jobs of one dataset that Cloudflare usually allows. */
export const USUAL_JOB_LIMIT = 5;

/** An export as Cloudflare carries it out: a Logpush job. Nothing in it is secret. */
export interface ExportJob {
  readonly id: number;
  /** Not unique, and may be empty. */
  readonly name: string;
  /** Of any kind, also those that we do not export. */
  readonly dataset: string;
  /** Where it goes, without keys: `s3://lantern-logs/access`. */
  readonly place: string;
  readonly isOn: boolean;
  readonly fields: readonly string[];
  /** Epoch milliseconds: up to when logs were delivered. Undefined: none were. */
  readonly deliveredUntil: number | undefined;
  /** What the last delivery failed with, in Cloudflare’s words without what may be secret. Undefined: it did not fail. */
  readonly failure: { readonly at: number | undefined; readonly says: string } | undefined;
}

/** What planning an export needs to know. */
export interface Exports {
  readonly jobs: readonly ExportJob[];
  /** Names of the fields that each dataset has, as far as it was asked for. */
  readonly fields: Readonly<Partial<Record<Dataset, readonly string[]>>>;
}

/** The name by which our own jobs are known: `ocs-access-access-requests-s3`. One for each dataset and kind of destination. */
export function jobName(dataset: Dataset, kind: string): string {
  return `ocs-access-${dataset.replaceAll('_', '-')}-${kind}`;
}
