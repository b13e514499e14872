import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** A refusal by the platform: HTTP status and the integer code of the error body. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: number;
  readonly pointer: string | undefined;

  constructor(status: number, code: number, message: string, pointer?: string) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.pointer = pointer;
  }
}

/*
 * The numbers below are of the platform's kind (integers of four or five digits). 10000, 1000, 7003 and 9109 are in
 * public reports; for the rest no number is documented, so nothing may be decided by them.
 */
export const codes = {
  authentication: 10000,
  invalidToken: 1000,
  wrongAccount: 9109,
  noRoute: 7003,
  invalidRequest: 12130,
  notFound: 12139,
  listRefused: 2007,
  listNotFound: 2010,
  deviceRefused: 2030,
  tunnelNotFound: 1033,
  rateLimited: 10429,
  internal: 10500,
} as const;

export const badRequest = (message: string, pointer?: string): ApiError =>
  new ApiError(400, codes.invalidRequest, `access.api.error.invalid_request: ${message}`, pointer);

export const notFound = (what: string): ApiError =>
  new ApiError(404, codes.notFound, `access.api.error.not_found: ${what}`);

export interface PageInfo {
  page: number;
  per_page: number;
  count: number;
  total_count: number;
  /** Gateway lists, tunnels and posture rules do not say it. */
  total_pages?: number;
}

export interface CursorInfo {
  count: number;
  per_page: number;
  /** Empty at the end. */
  cursor: string;
  total_count: number | null;
}

export function ok(
  c: Context,
  result: unknown,
  info?: PageInfo | CursorInfo,
  status: ContentfulStatusCode = 200,
): Response {
  const envelope = { success: true, errors: [], messages: [], result };
  return c.json(info === undefined ? envelope : { ...envelope, result_info: info }, status);
}

export function errorBody(code: number, message: string, pointer?: string): object {
  const error = pointer === undefined ? { code, message } : { code, message, source: { pointer } };
  return { success: false, errors: [error], messages: [], result: null };
}

function wholeNumber(c: Context, name: string, fallback: number): number {
  const text = c.req.query(name);
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw badRequest(`${name} must be a positive integer`);
  return value;
}

/**
 * Cuts one page out of the rows, by `page` and `per_page` of the query. A page past the end is empty, not an error:
 * the official client stops at the first empty page.
 */
export function onePage<Row>(
  c: Context,
  rows: readonly Row[],
  limits: { perPage: number; most: number; totalPages: boolean },
): { rows: Row[]; info: PageInfo } {
  const page = wholeNumber(c, 'page', 1);
  const perPage = Math.min(wholeNumber(c, 'per_page', limits.perPage), limits.most);
  const cut = rows.slice((page - 1) * perPage, page * perPage);
  const info = { page, per_page: perPage, count: cut.length, total_count: rows.length };
  if (!limits.totalPages) return { rows: cut, info };
  return { rows: cut, info: { ...info, total_pages: Math.ceil(rows.length / perPage) } };
}

/** The answer of a list that comes whole: it has a `result_info`, but no `total_pages`. */
export function whole(rows: readonly unknown[]): PageInfo {
  return { page: 1, per_page: rows.length, count: rows.length, total_count: rows.length };
}

/** Cuts one stretch out of the rows. The cursor is opaque to the caller; here it hides an offset. */
export function oneStretch<Row>(c: Context, rows: readonly Row[]): { rows: Row[]; info: CursorInfo } {
  // The upper bound of per_page is not documented. 50 is the largest number the public examples use, and a low bound
  // makes a caller that ignores the cursor fail here rather than in a large account.
  const perPage = Math.min(wholeNumber(c, 'per_page', 50), 50);
  const from = offsetIn(c.req.query('cursor'));
  const cut = rows.slice(from, from + perPage);
  const next = from + perPage < rows.length ? Buffer.from(`offset:${from + perPage}`).toString('base64url') : '';
  return { rows: cut, info: { count: cut.length, per_page: perPage, cursor: next, total_count: rows.length } };
}

function offsetIn(cursor: string | undefined): number {
  if (cursor === undefined || cursor === '') return 0;
  const match = /^offset:(\d+)$/.exec(Buffer.from(cursor, 'base64url').toString());
  if (match === null) throw badRequest('cursor is not valid');
  return Number(match[1]);
}

/** Milliseconds since 1970 as the API writes times: whole seconds, UTC. */
export const stamp = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
export const stampOrNull = (ms: number | null): string | null => (ms === null ? null : stamp(ms));

/** Reads a JSON body of any kind, or refuses. */
export async function jsonBody(c: Context): Promise<unknown> {
  const text = await c.req.text();
  try {
    const body: unknown = JSON.parse(text);
    return body;
  } catch {
    throw badRequest('the body must be JSON');
  }
}

/** Reads a JSON object body, or refuses. */
export async function objectBody(c: Context): Promise<Record<string, unknown>> {
  const body = await jsonBody(c);
  if (isObject(body)) return body;
  throw badRequest('the body must be a JSON object');
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
