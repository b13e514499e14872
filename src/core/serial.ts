import { z } from 'zod';
import { foldAddress } from './address.ts';

export const Platform = z.enum(['macos', 'windows', 'linux']);
export type Platform = z.infer<typeof Platform>;

export const PLATFORM_NAMES: Record<Platform, string> = { macos: 'macOS', windows: 'Windows', linux: 'Linux' };

/** What firmware says when nobody wrote a serial number into it, compared without spaces and punctuation. */
const PLACEHOLDERS = new Set([
  'TOBEFILLEDBYOEM',
  'TOBEFILLED',
  'DEFAULTSTRING',
  'DEFAULT',
  'SYSTEMSERIALNUMBER',
  'CHASSISSERIALNUMBER',
  'BASEBOARDSERIALNUMBER',
  'SERIALNUMBER',
  'SERIAL',
  'NOTSPECIFIED',
  'NOTAPPLICABLE',
  'NOTAVAILABLE',
  'NONE',
  'NULL',
  'NA',
  'OEM',
  'EMPTY',
  'INVALID',
  'UNKNOWN',
  'TEST',
  'NUMBER',
]);

const LABELS = /^(?:(?:serial\s*(?:number|no\.?)?(?:\s*\(system\))?|s\/n|sn)\s*[:=\s]\s*)+(?=\S)/i;
const UUID = /^[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}$/;
const MAC_ADDRESS = /^(?:[0-9A-F]{2}[:-]){5}[0-9A-F]{2}$/;
const ALLOWED = /^[A-Z0-9](?:[A-Z0-9 ._/+-]*[A-Z0-9])?$/;
const COUNTING = '01234567890123456789';

/** `ok` is the serial as it will be stored; otherwise a sentence that says what is wrong and what would be right. */
export type SerialCheck = { readonly ok: string } | { readonly problem: string };

/** Trims, drops pasted labels ("Serial Number (system): …") and upper-cases. Does not judge. Twice gives the same as once. */
export function normaliseSerial(typed: string): string {
  const bare = typed.normalize('NFKC').trim().replace(LABELS, '').replace(/\s+/g, ' ').trim();
  // Only A to Z: the upper case of some strangers is an ordinary letter (ß, ı), and they are to be refused, not changed.
  return bare.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
}

/** Last four characters, for lists and logs of a person's own devices. */
export function lastFour(serial: string): string {
  return `…${serial.slice(-4)}`;
}

const RULES: readonly ((serial: string, platform: Platform | undefined) => string | undefined)[] = [
  (serial) => (serial === '' ? 'Type the serial number of the device.' : undefined),
  // Before the placeholders, which are compared by their ordinary letters alone.
  function lookAlike(serial) {
    const stranger = /[^\x20-\x7E]/u.exec(serial)?.[0];
    if (stranger === undefined) return undefined;
    return `The character “${stranger}” only looks like an ordinary letter or dash. Type the serial by hand: A–Z, 0–9, dash, dot, slash.`;
  },
  function placeholder(serial) {
    const bare = serial.replace(/[^A-Z0-9]/g, '');
    if (!PLACEHOLDERS.has(bare) && !/^(.)\1*$/.test(bare) && !COUNTING.includes(bare)) return undefined;
    return `“${serial}” is what a computer says when its maker left the serial number out: thousands of devices share it, so it can’t tell this one apart. Look for the number on the label underneath the device or on its invoice.`;
  },
  (serial) =>
    UUID.test(serial)
      ? 'That is the hardware UUID, not the serial number. The serial is shorter, usually 7 to 14 letters and digits.'
      : undefined,
  (serial) => (MAC_ADDRESS.test(serial) ? 'That is a network (MAC) address, not the serial number.' : undefined),
  (serial) => (serial.includes('@') ? 'That is an e-mail address, not a serial number.' : undefined),
  (serial) =>
    serial.length < 4
      ? `“${serial}” is too short for a serial number. They have at least 4 characters, usually 7 to 14.`
      : undefined,
  (serial) =>
    serial.length > 64
      ? 'That is too long for a serial number (64 characters at most). Paste only the number itself.'
      : undefined,
  (serial) =>
    ALLOWED.test(serial)
      ? undefined
      : 'A serial number has only letters, digits, spaces, dash, dot, slash, plus and underscore, and begins and ends with a letter or digit.',
  function appleLetters(serial, platform) {
    if (platform !== 'macos' || !/[OI]/.test(serial)) return undefined;
    const meant = serial.replaceAll('O', '0').replaceAll('I', '1');
    return `Apple uses no letters O and I in serial numbers, because they look like 0 and 1. Did you mean ${meant}?`;
  },
];

/** Judges a typed serial number. Pure; the duplicate check needs the list and is the action's. */
export function checkSerial(typed: string, platform?: Platform): SerialCheck {
  const serial = normaliseSerial(typed);
  for (const rule of RULES) {
    const problem = rule(serial, platform);
    if (problem !== undefined) return { problem };
  }
  return { ok: serial };
}

/**
 * Who owns the device, from the description of its list item (`Ana Ruiz <ana@…> · REQ-0142 · 2026-11-21`); undefined if
 * it names nobody. The last address in angle brackets counts: people choose their names, and may choose an address.
 */
export function ownerOf(description: string): string | undefined {
  const inBrackets = [...description.matchAll(/<([^\s<>]+@[^\s<>]+)>/g)].at(-1)?.[1];
  const address = inBrackets ?? /[^\s<>()]+@[^\s<>()]+/.exec(description)?.[0];
  return address === undefined ? undefined : foldAddress(address);
}
