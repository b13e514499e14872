import { deviceWord, EnrolledDevice } from '../core/fields.ts';
import { nameOf } from '../core/person.ts';
import type { Request } from '../core/request.ts';
import { PLATFORM_NAMES } from '../core/serial.ts';
import { fit } from './fit.ts';

/** The device that an incident is about, as it was when it was reported; undefined if the request names none. */
export function incidentDevice({ input }: Request): EnrolledDevice | undefined {
  return EnrolledDevice.safeParse(input['device']).data;
}

/** `Ana Souza’s Mac` */
export function ownedDevice(device: EnrolledDevice | undefined): string {
  return device === undefined ? 'A device' : `${fit(nameOf(device.owner), 60)}’s ${deviceWord(device)}`;
}

/** `ana-laptop, macOS, serial number C02XK0AZJG5J`, or `not connected, serial number C02XK0AZJG5J` */
export function deviceFacts({ id, name, platform, serial }: EnrolledDevice): string {
  return [
    id === undefined ? 'not connected' : fit(name, 80) || 'Unnamed device',
    ...(platform === undefined ? [] : [PLATFORM_NAMES[platform]]),
    serial === undefined ? 'no serial number known' : `serial number ${fit(serial, 64)}`,
  ].join(', ');
}
