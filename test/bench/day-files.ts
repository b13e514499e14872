import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import type { AccessRow, NetworkRow } from '../../src/core/log-row.ts';

/** The day of the rows, in UTC. */
export const DAY = '2026-11-20';
const FROM = Date.UTC(2026, 10, 20);
const DAY_MS = 24 * 60 * 60 * 1000;

export interface DayFiles {
  readonly access: string;
  readonly network: string;
}

const PEOPLE = 1000;
const DESTINATIONS = 300;
/** Of a hundred rows of the Access log. */
const DENIED = 12;
const COUNTRIES = ['DE', 'DE', 'DE', 'KE', 'KE', 'IN', 'US'];

/** A busy day of a thousand people as lines of JSON, oldest first: three rows of the Access log to two of the network. The same each time. */
export async function writeDay(folder: string, rows: number): Promise<DayFiles> {
  const files = { access: join(folder, `access-${rows}.ndjson`), network: join(folder, `network-${rows}.ndjson`) };
  const accessRows = Math.round(rows * 0.6);
  await writeLines(files.access, accessRows, anAccessRow);
  await writeLines(files.network, rows - accessRows, aNetworkRow);
  return files;
}

async function writeLines(
  path: string,
  count: number,
  row: (at: number, random: () => number) => AccessRow | NetworkRow,
): Promise<void> {
  const random = createRandom(count);
  const stream = createWriteStream(path);
  for (let from = 0; from < count; from += 1000) {
    let text = '';
    for (let index = from; index < Math.min(count, from + 1000); index += 1) {
      text += `${JSON.stringify(row(FROM + Math.floor((index / count) * DAY_MS), random))}\n`;
    }
    if (!stream.write(text)) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'finish');
}

function anAccessRow(at: number, random: () => number): AccessRow {
  const person = Math.floor(random() * PEOPLE);
  const isDenied = random() * 100 < DENIED;
  const isStranger = isDenied && random() < 0.5;
  const isTold = random() < 0.9;
  return {
    id: hex(random, 16),
    at: Math.floor(at / 1000) * 1000,
    email: isStranger ? `visitor-${Math.floor(random() * 20_000)}@elsewhere.example` : emailOf(person),
    allowed: !isDenied,
    app: 'ocs.lantern.internal',
    ip: `198.51.${person % 100}.${person % 250}`,
    method: 'onetimepin',
    ...(isTold
      ? {
          country: COUNTRIES[person % COUNTRIES.length] ?? 'DE',
          ...(isStranger ? {} : { deviceId: uuidOf(2 * person + (random() < 0.2 ? 1 : 0)), withWarp: true }),
          ...(isDenied ? {} : { policyId: uuidOf(9_000_000) }),
        }
      : {}),
  };
}

function aNetworkRow(at: number, random: () => number): NetworkRow {
  const person = Math.floor(random() * PEOPLE);
  const destination = Math.floor(random() ** 3 * DESTINATIONS);
  return {
    id: hex(random, 16),
    at: Math.floor(at / 900_000) * 900_000,
    email: emailOf(person),
    device: uuidOf(2 * person),
    destination: destination === 0 ? 'ocs.lantern.internal' : `10.20.${destination % 20}.${destination}`,
    port: destination % 3 === 0 ? 5432 : 443,
    transport: 'tcp',
    action: 'allow',
    sessions: 1 + Math.floor(random() * 20),
    ...(random() < 0.9 ? { sent: Math.floor(random() * 1e6), received: Math.floor(random() * 1e7) } : {}),
  };
}

function emailOf(person: number): string {
  return `person-${person}@lanternhealth.example`;
}

/** Alike in nothing, as such ids are; the same for the same number. */
function uuidOf(number: number): string {
  return hex(createRandom(number), 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

function hex(random: () => number, digits: number): string {
  let text = '';
  while (text.length < digits)
    text += Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
  return text;
}

/** The same numbers from 0 to 1 for the same seed (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
