import { bytesInWords } from '../core/bytes.ts';
import { reasonInWords, type DenialReason } from '../core/explain-denial.ts';
import type { AccessRow, NetworkRow } from '../core/log-row.ts';
import type { Device } from '../core/snapshot.ts';
import { escapeToFit } from './escape.ts';
import { fit } from './fit.ts';
import { bold, when, type Part } from './rich.ts';
import { time } from './time.ts';

/** A row with what the account knows of it. */
export interface SeenAccess {
  readonly row: AccessRow;
  /** Undefined: the log names none, or the account does not know it (any more). */
  readonly device: Device | undefined;
  /** Of one that was turned away; undefined: the account could not be read. */
  readonly reason: DenialReason | undefined;
}

export interface SeenNetwork {
  readonly row: NetworkRow;
  readonly device: Device | undefined;
}

/** What a row says: its four cells, and the same as one line of text without the time. */
export interface ShownRow {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly cells: readonly (readonly Part[])[];
  readonly hasReason: boolean;
  /** Not escaped. */
  readonly says: string;
}

export const ACCESS_COLUMNS = ['Time', 'Person', 'Allowed?', 'From where, how'] as const;
export const NETWORK_COLUMNS = ['Hour', 'Person', 'Destination', 'How much, from which device'] as const;

export function shownAccess({ row, device, reason }: SeenAccess): ShownRow {
  const who = fit(row.email, 60) || 'Nobody named';
  const outcome = row.allowed ? 'Allowed' : 'Not allowed';
  const why = reason === undefined ? '' : fit(reasonInWords(reason), 200);
  const details = accessDetails(row, device);
  return {
    at: row.at,
    cells: [[when(row.at)], [who], why === '' ? [outcome] : [bold(outcome), `: ${why}`], [details]],
    hasReason: why !== '',
    says: `${who}: ${outcome.toLowerCase()}${why === '' ? '' : `: ${why}`}; ${details}`,
  };
}

function accessDetails({ ip, country, method, app, id, withWarp }: AccessRow, device: Device | undefined): string {
  const place = country === undefined || country === NOWHERE ? '' : ` (${fit(country, 20)})`;
  const parts = [
    `${fit(ip, 45) || 'unknown address'}${place}`,
    ...(method === undefined ? [] : [methodInWords(method)]),
    ...(device === undefined ? [] : [deviceInWords(device)]),
    ...(withWarp === false ? ['WARP off'] : []),
    ...(app === '' ? [] : [fit(app, 60)]),
    `ray ${shortRay(id)}`,
  ];
  return parts.join(' · ');
}

/** What Cloudflare says where it does not know the country. */
const NOWHERE = 'XX';
const RAY_CHARACTERS = 8;

function shortRay(id: string): string {
  return id.length <= RAY_CHARACTERS ? id : `${id.slice(0, RAY_CHARACTERS)}…`;
}

function methodInWords(method: string): string {
  return method === 'onetimepin' ? 'code by e-mail' : fit(method, 40);
}

function deviceInWords({ serial, name }: Device): string {
  return serial === undefined ? `“${fit(name, 40)}” without serial number` : `serial ${fit(serial, 40)}`;
}

export function shownNetwork({ row, device }: SeenNetwork): ShownRow {
  const who = fit(row.email, 60) || 'Nobody named';
  const port = row.port === undefined ? '' : ` port ${row.port}`;
  const verdict = verdictOf(row);
  const destination = `${fit(row.destination, 80) || 'unknown'}${port}`;
  const to = `${destination}${row.transport === undefined ? '' : ` (${fit(row.transport, 10)})`}`;
  const details = networkDetails(row, device);
  return {
    at: row.at,
    cells: [[when(row.at)], [who], verdict === '' ? [to] : [bold(verdict), `: ${to}`], [details]],
    hasReason: false,
    says: `${who} to ${to}${verdict === '' ? '' : `, ${verdict.toLowerCase()}`}; ${details}`,
  };
}

/** Empty for what was let through. */
function verdictOf({ action = 'allow' }: NetworkRow): string {
  if (action.startsWith('allow')) return '';
  return action === 'block' ? 'Blocked' : fit(action, 20);
}

function networkDetails({ sessions, sent, received, device: named }: NetworkRow, device: Device | undefined): string {
  const parts = [
    `${sessions} ${sessions === 1 ? 'connection' : 'connections'}`,
    ...(sent === undefined ? [] : [`${bytesInWords(sent)} sent`]),
    ...(received === undefined ? [] : [`${bytesInWords(received)} received`]),
    ...(device === undefined ? (named === undefined ? [] : [fit(named, 60)]) : [nameAndSerial(device)]),
  ];
  return parts.join(' · ');
}

function nameAndSerial(device: Device): string {
  return device.serial === undefined ? deviceInWords(device) : `${fit(device.name, 40)}, ${deviceInWords(device)}`;
}

/** For the text of a message: at most `max` long, with the time in mrkdwn. */
export function lineOf({ at, says }: ShownRow, max: number): string {
  const moment = time(at);
  return `${moment} ${escapeToFit(says, Math.max(20, max - moment.length - 1))}`;
}
