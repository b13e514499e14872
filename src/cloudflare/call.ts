import { z } from 'zod';
import type { Account } from './client.ts';
import {
  translateBodyError,
  translateError,
  translateFailure,
  unexpectedAnswer,
  type Call,
} from './translate-error.ts';

const ResultInfo = z.object({
  per_page: z.number().nullish(),
  total_count: z.number().nullish(),
  total_pages: z.number().nullish(),
  cursor: z.string().nullish(),
});
type ResultInfo = z.infer<typeof ResultInfo>;

/** What is around every answer. `result` stays unread until `success` has been looked at. */
const Envelope = z.object({
  success: z.boolean(),
  // A few answers are short: success and the result alone.
  errors: z.unknown().optional(),
  result: z.unknown().optional(),
  result_info: ResultInfo.nullish().catch(undefined),
});

export interface CallOptions {
  readonly signal: AbortSignal;
}

/** What each method of the official client returns: unread, so that the flag in the body can be looked at. */
interface Sent {
  asResponse(): Promise<Response>;
}

export type Send = (options: CallOptions) => Sent;

/**
 * Makes one call. The only way to Cloudflare: statuses, broken connections, time-outs and `success: false` all become
 * TransientError or PermanentError here.
 */
export async function call<T>(account: Account, what: Call, result: z.ZodType<T>, send: Send): Promise<T> {
  const envelope = await exchange(account, what, send);
  return read(what, result, envelope.result);
}

/** More pages than any list of an account can fill: an endpoint that ignores `page` would be asked for ever. */
const MOST_PAGES = 50;

/**
 * Reads a collection page by page. Not by the client's own iterator, which asks on until a page is empty: one call more
 * every time, and no end where `page` is ignored.
 */
export async function callPages<T>(
  account: Account,
  what: Call,
  row: z.ZodType<T>,
  perPage: number,
  send: (query: { readonly page: number; readonly per_page: number }, options: CallOptions) => Sent,
): Promise<T[]> {
  const rows: T[] = [];
  for (let page = 1; page <= MOST_PAGES; page++) {
    // Whether there is a next page is known only from this one.
    // oxlint-disable-next-line no-await-in-loop
    const envelope = await exchange(account, what, (options) => send({ page, per_page: perPage }, options));
    const found = read(what, z.array(row), envelope.result ?? []);
    rows.push(...found);
    if (isLastPage(envelope.result_info ?? {}, { page, perPage, found: found.length, soFar: rows.length })) return rows;
  }
  throw unexpectedAnswer(what, `more than ${MOST_PAGES} pages`);
}

/** Enough for 50,000 devices in pages of 50. */
const MOST_STRETCHES = 1000;

/** Reads a collection that is paged by cursor. An empty cursor, or none, is the end; how much comes with each does not matter. */
export async function callCursor<T>(
  account: Account,
  what: Call,
  row: z.ZodType<T>,
  send: (query: { readonly cursor?: string }, options: CallOptions) => Sent,
): Promise<T[]> {
  const rows: T[] = [];
  const seen = new Set<string>();
  let query: { readonly cursor?: string } = {};
  while (seen.size < MOST_STRETCHES) {
    const here = query;
    // Where to go on is known only from this answer.
    // oxlint-disable-next-line no-await-in-loop
    const envelope = await exchange(account, what, (options) => send(here, options));
    rows.push(...read(what, z.array(row), envelope.result ?? []));
    const cursor = envelope.result_info?.cursor ?? '';
    if (cursor === '') return rows;
    if (seen.has(cursor)) throw unexpectedAnswer(what, 'the same cursor again');
    seen.add(cursor);
    query = { cursor };
  }
  throw unexpectedAnswer(what, `more than ${MOST_STRETCHES} cursors`);
}

interface Position {
  readonly page: number;
  readonly perPage: number;
  /** Rows on this page, and on this and all before. */
  readonly found: number;
  readonly soFar: number;
}

/** A number of rows below what was asked for is no proof of the end where the far end has a lower limit of its own. */
function isLastPage(info: ResultInfo, { page, perPage, found, soFar }: Position): boolean {
  if (found === 0) return true;
  if (typeof info.total_pages === 'number') return page >= info.total_pages;
  if (typeof info.total_count === 'number') return soFar >= info.total_count;
  return found < (info.per_page ?? perPage);
}

async function exchange(account: Account, what: Call, send: Send): Promise<z.infer<typeof Envelope>> {
  // The client's own timeout ends with the headers; this one covers the body too.
  const signal = AbortSignal.timeout(account.client.timeout);
  const response = await send({ signal })
    .asResponse()
    .catch((error: unknown) => {
      throw translateError(error, what, account.clock.now());
    });
  const body: unknown = await response.json().catch((error: unknown) => {
    throw translateBodyError(error, what);
  });
  const envelope = read(what, Envelope, body);
  if (!envelope.success) throw translateFailure(envelope.errors, response, what, account.clock.now());
  return envelope;
}

function read<T>(what: Call, schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.map((part) => (typeof part === 'number' ? '[]' : String(part))) ?? [];
  throw unexpectedAnswer(what, where.length === 0 ? 'the result' : `field ${where.join('.')}`);
}
