import type { PlainTextOption } from '@slack/types';
import { foldSerial } from '../core/belongings.ts';
import type { EnrolledDevice } from '../core/fields.ts';
import { nameOf } from '../core/person.ts';
import { lastFour, PLATFORM_NAMES } from '../core/serial.ts';
import { plain } from './blocks.ts';
import { OPTION_MAX } from './fields/option.ts';
import { fit } from './fit.ts';

/** The answer to Slack when it asks what a picker offers. */
export type Suggestions =
  | { readonly options: PlainTextOption[] }
  | { readonly option_groups: { readonly label: PlainTextOption['text']; readonly options: PlainTextOption[] }[] };

/** The most that Slack shows. */
const MOST = 100;

/** People by a part of their name or address. An address that is too long for an option has to be typed whole. */
export function personOptions(
  people: readonly { readonly email: string; readonly name?: string | undefined }[],
  query: string,
): Suggestions {
  const options = people
    .filter(({ email, name = '' }) => email.length <= OPTION_MAX && holds(`${name} ${email}`, query))
    .slice(0, MOST)
    .map(({ email, name }) => option(name === undefined ? email : `${fit(name, 70)} · ${email}`, email));
  return { options };
}

/** One's own devices first; those of others with their owners. */
export function deviceOptions(
  own: readonly EnrolledDevice[],
  others: readonly EnrolledDevice[],
  query: string,
): Suggestions {
  const mine = offered(own, query, deviceLabel).slice(0, MOST);
  const theirs = offered(others, query, othersLabel).slice(0, MOST - mine.length);
  if (theirs.length === 0) return { options: mine };
  const groups = [
    { label: plain('Your devices', OPTION_MAX), options: mine },
    { label: plain('Devices of others', OPTION_MAX), options: theirs },
  ];
  return { option_groups: groups.filter(({ options }) => options.length > 0) };
}

/** `ana-laptop · macOS · …K0AZ`, or `C02XK0AZJG5J` */
export function deviceLabel({ name, platform, serial }: EnrolledDevice): string {
  // One that was never connected is called by its serial number.
  const isNamed = serial === undefined || foldSerial(name) !== foldSerial(serial);
  const words = [
    fit(name, 30) || 'Unnamed device',
    ...(platform === undefined ? [] : [PLATFORM_NAMES[platform]]),
    ...(serial === undefined || !isNamed ? [] : [lastFour(serial)]),
  ];
  return words.join(' · ');
}

/** What stands in a form for this device: its id at the far end, or its serial number if it was never connected. */
export function deviceId({ id, serial }: EnrolledDevice): string | undefined {
  if (id !== undefined) return `device:${id}`;
  return serial === undefined ? undefined : `serial:${serial}`;
}

function othersLabel(device: EnrolledDevice): string {
  return `${deviceLabel(device)} · ${nameOf(device.owner)}`;
}

function offered(
  devices: readonly EnrolledDevice[],
  query: string,
  label: (device: EnrolledDevice) => string,
): PlainTextOption[] {
  return devices.flatMap((device) => {
    const id = deviceId(device);
    if (id === undefined || id.length > OPTION_MAX || !holds(wordsOf(device), query)) return [];
    return [option(label(device), id)];
  });
}

function wordsOf({ name, serial = '', platform, owner, others }: EnrolledDevice): string {
  const system = platform === undefined ? '' : PLATFORM_NAMES[platform];
  return [name, serial, system, owner.name ?? '', owner.email, ...others].join(' ');
}

function holds(text: string, query: string): boolean {
  const folded = text.toLowerCase();
  const words = query.toLowerCase().split(/\s+/);
  return words.every((word) => folded.includes(word));
}

function option(text: string, value: string): PlainTextOption {
  return { text: plain(text, OPTION_MAX), value };
}
