import { asText, isObject, objectsOf, parseJson, type Json, type JsonObject } from './json.ts';
import type { Faults } from './faults.ts';
import type { Modals } from './modals.ts';
import type { ResponseUrls } from './response-urls.ts';
import type { TriggerIds } from './trigger-ids.ts';
import type { Workspace } from './workspace.ts';

/** What a Web API method may reach. */
export interface Platform {
  workspace: Workspace;
  modals: Modals;
  triggers: TriggerIds;
  responseUrls: ResponseUrls;
  faults: Faults;
  /** `http://127.0.0.1:PORT/` */
  base: () => string;
  inviteSocket: () => string;
}

export interface Method {
  name: string;
  tier: 1 | 2 | 3 | 4 | 'special';
  token: 'bot' | 'app';
  /** All of them are needed. */
  scopes: readonly string[];
  run: (platform: Platform, args: Args) => JsonObject;
}

/** A refused call: becomes `{ ok: false, error, ...extra }` with status 200, as Slack answers. */
export class Refusal extends Error {
  override name = 'Refusal';
  readonly error: string;
  readonly extra: JsonObject;

  constructor(error: string, extra: JsonObject = {}) {
    super(error);
    this.error = error;
    this.extra = extra;
  }
}

export function invalidArguments(...messages: string[]): Refusal {
  const metadata: JsonObject = { messages: messages.map((message) => `[ERROR] ${message}`) };
  return new Refusal('invalid_arguments', { response_metadata: metadata });
}

/** The arguments of a call: form fields hold JSON as text, JSON bodies hold it as it is. */
export function createArgs(raw: JsonObject) {
  function text(name: string): string {
    const value = raw[name];
    return typeof value === 'number' || typeof value === 'boolean' ? String(value) : asText(value);
  }

  function json(name: string): Json | undefined {
    const value = raw[name];
    if (value === undefined || value === '') return undefined;
    if (typeof value !== 'string') return value;
    const parsed = parseJson(value);
    if (parsed === undefined) throw new Refusal('invalid_json', { response_metadata: { messages: [name] } });
    return parsed;
  }

  return {
    raw,
    has: (name: string) => raw[name] !== undefined && raw[name] !== '',
    text,
    required(name: string): string {
      const value = text(name);
      if (value === '') throw invalidArguments(`missing required field: ${name}`);
      return value;
    },
    flag: (name: string) => ['true', '1'].includes(text(name)),
    json,
    /** `undefined` when it was not sent; refuses what is not a list of objects. */
    objects(name: string): JsonObject[] | undefined {
      const value = json(name);
      if (value === undefined || value === null) return undefined;
      if (!Array.isArray(value)) throw new Refusal(name === 'blocks' ? 'invalid_blocks_format' : 'invalid_arguments');
      return objectsOf(value);
    },
    object(name: string): JsonObject | undefined {
      const value = json(name);
      if (value === undefined) return undefined;
      if (!isObject(value)) throw invalidArguments(`must be an object [json-pointer:/${name}]`);
      return value;
    },
    limit: (most: number) => Math.min(Math.max(Number(text('limit')) || most, 1), most),
  };
}

export type Args = ReturnType<typeof createArgs>;

/** One page of a list, with the cursor that Slack gives for the next. */
export function page<T>(all: T[], args: Args, most: number): { items: T[]; response_metadata: JsonObject } {
  const start = Number(Buffer.from(args.text('cursor'), 'base64url').toString() || '0');
  if (Number.isNaN(start)) throw new Refusal('invalid_cursor');
  const end = start + args.limit(most);
  const cursor = end < all.length ? Buffer.from(String(end)).toString('base64url') : '';
  return { items: all.slice(start, end), response_metadata: { next_cursor: cursor } };
}
