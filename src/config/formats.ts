import ms, { type StringValue } from 'ms';
import { isTimeZone } from '../core/local-time.ts';

/** Who may approve: the members of a user group, by id or by handle (without `@`), or the people listed. */
export type Approvers =
  | { readonly kind: 'group'; readonly id: string }
  | { readonly kind: 'group-handle'; readonly handle: string }
  | { readonly kind: 'users'; readonly ids: readonly string[] };

/** @throws Error with the reason. */
export function readApprovers(text: string): Approvers {
  const items = text.split(',').map((item) => item.trim());
  if (items.every((item) => /^[UW][A-Z0-9]{2,}$/.test(item))) return { kind: 'users', ids: [...new Set(items)] };
  const [only = '', second] = items;
  if (second !== undefined) throw new Error('takes one user group or several user ids, and holds something else');
  if (/^S[A-Z0-9]{2,}$/.test(only)) return { kind: 'group', id: only };
  if (/^@?[\p{Ll}\p{Lo}\p{N}._-]+$/u.test(only)) return { kind: 'group-handle', handle: only.replace(/^@/, '') };
  throw new Error('is neither a user group nor a list of user ids');
}

/**
 * Reads `90m`, `24h`, `7d`.
 *
 * @returns Milliseconds.
 * @throws Error with the reason.
 */
export function readDuration(text: string, { least, most }: { least: StringValue; most: StringValue }): number {
  const value = hasUnit(text) ? ms(text) : Number.NaN;
  if (!(value >= ms(least) && value <= ms(most))) {
    throw new Error(`must be a duration such as 24h, from ${least} to ${most}`);
  }
  return value;
}

/** A number alone would be milliseconds, which nobody means. */
function hasUnit(text: string): text is StringValue {
  return text.length < 30 && /^\d+(\.\d+)?\s*[a-z]+$/i.test(text);
}

export function faultOfBotToken(token: string): string | undefined {
  if (/^xoxb-\S+$/.test(token)) return undefined;
  if (token.startsWith('xapp-')) return 'is an app-level token, which belongs in SLACK_APP_TOKEN';
  if (token.startsWith('xoxp-')) return 'is a user token; the token of the bot is needed';
  if (token.startsWith('xoxe')) return 'is a token that expires; create the app with token rotation off';
  return 'is not a bot token';
}

export function faultOfSigningSecret(secret: string): string | undefined {
  return /^(xox|xapp-)|\s/.test(secret) ? 'is not a signing secret' : undefined;
}

export function faultOfCloudflareToken(token: string): string | undefined {
  if (/^[0-9a-f]{37}$/.test(token)) return 'is the Global API Key, which may do everything; a token is needed';
  return /^[\w-]{20,200}$/.test(token) ? undefined : 'is not an API token';
}

/** 32 bytes. */
export function faultOfExportKey(key: string): string | undefined {
  if (/^[0-9a-f]{64}$/i.test(key) || /^[A-Za-z0-9+/]{43}=$/.test(key)) return undefined;
  return 'must be 32 bytes: 64 characters of 0-9 and a-f, or the same in base64 (44 characters)';
}

export function faultOfHostname(host: string): string | undefined {
  if (/^[a-z]+:\/\/|\//i.test(host)) return 'must be a name alone, without http:// and without a path';
  if (/:\d+$/.test(host)) return 'must be a name alone; the port belongs in APP_PORT';
  if (/(^|\.)local\.?$/i.test(host)) {
    return 'must not end in .local: computers look such names up by multicast (mDNS) on their own network and never ask WARP';
  }
  const labels = host.split('.');
  const valid = host.length <= 253 && labels.every((label) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i.test(label));
  if (!valid) return 'is not a host name';
  return /^\d+$/.test(labels.at(-1) ?? '') ? 'is an address; a name is needed' : undefined;
}

export function faultOfTimeZone(name: string): string | undefined {
  return isTimeZone(name) ? undefined : 'must be an IANA name such as Europe/Zurich';
}

/** Milliseconds. */
export function hours(least: number, most: number): { readonly least: number; readonly most: number } {
  return { least: least * 3_600_000, most: most * 3_600_000 };
}

/**
 * Reads a range of hours: `4-24`.
 *
 * @returns Milliseconds.
 * @throws Error with the reason.
 */
export function readHours(text: string, bounds: { least: number; most: number }): ReturnType<typeof hours> {
  const [, from, to] = /^(\d{1,3})\s*-\s*(\d{1,3})$/.exec(text) ?? [];
  const [least, most] = [Number(from), Number(to)];
  if (!(least >= bounds.least && most <= bounds.most && least <= most)) {
    throw new Error(`must be a range of hours such as 4-24, from ${bounds.least} to ${bounds.most}`);
  }
  return hours(least, most);
}

/**
 * Reads `08:00`.
 *
 * @throws Error with the reason.
 */
export function readTimeOfDay(text: string): { readonly hour: number; readonly minute: number } {
  const [, hour, minute] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  if (hour === undefined) throw new Error('must be a time of day such as 08:00');
  return { hour: Number(hour), minute: Number(minute) };
}
