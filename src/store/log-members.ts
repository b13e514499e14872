import type { z } from 'zod';
import { AccessRow, type LogKind, type LogRows, NetworkRow } from '../core/log-row.ts';

/**
 * What is stored of a row beside its time, in this order. New fields go to the end: rows that are stored have the old
 * order.
 */
const SHAPES: {
  readonly [Kind in LogKind]: {
    readonly schema: z.ZodType<LogRows[Kind]>;
    readonly fields: readonly (keyof LogRows[Kind])[];
  };
} = {
  access: {
    schema: AccessRow,
    fields: ['id', 'email', 'allowed', 'app', 'ip', 'method', 'country', 'deviceId', 'withWarp', 'policyId'],
  },
  network: {
    schema: NetworkRow,
    fields: ['id', 'email', 'device', 'destination', 'port', 'transport', 'action', 'sessions', 'sent', 'received'],
  },
};

const DIGITS = 13;
const LATEST = 10 ** DIGITS - 1;

/** Behind everything that can follow the prefix of a member. */
export const END = '~';

/** A moment so that the order of the texts is the order of time. */
export function stampOf(at: number): string {
  return String(Math.min(LATEST, Math.max(0, Math.ceil(at)))).padStart(DIGITS, '0');
}

export function momentOfStamp(member: string): number {
  return Number(member.slice(0, DIGITS));
}

/** A row as a text such as `1763600000000["8c6f2e",…]`: sorted by time, then by id, and found by both. */
export function packRow<Kind extends LogKind>(kind: Kind, row: LogRows[Kind]): string {
  const values = SHAPES[kind].fields.map((field) => row[field] ?? null);
  while (values.at(-1) === null) values.pop();
  return `${stampOf(row.at)}${JSON.stringify(values)}`;
}

/** Undefined: no row of this version of the bot. */
export function unpackRow<Kind extends LogKind>(kind: Kind, member: string): LogRows[Kind] | undefined {
  const values = parseJson(member.slice(DIGITS));
  if (!Array.isArray(values)) return undefined;
  const row: Record<PropertyKey, unknown> = { at: momentOfStamp(member) };
  for (const [index, field] of SHAPES[kind].fields.entries()) {
    const value: unknown = values[index];
    if (value !== undefined && value !== null) row[field] = value;
  }
  return SHAPES[kind].schema.safeParse(row).data;
}

/** The beginning that a row has whatever else is known of it. */
export function prefixOf({ at, id }: { readonly at: number; readonly id: string }): string {
  return `${stampOf(at)}[${JSON.stringify(id)},`;
}

/** The same, of a member. Undefined if nobody packed it. */
export function prefixOfMember(member: string): string | undefined {
  return /^\d{13}\["(?:[^"\\]|\\.)*",/.exec(member)?.[0];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
