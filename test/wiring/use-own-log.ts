import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, inject } from 'vitest';
import type { AuditFacts } from '../../src/core/audit.ts';
import type { Store } from '../../src/core/ports.ts';
import type { RedisConnection } from '../../src/store/connect.ts';
import { createKeys, type Keys } from '../../src/store/keys.ts';
import { createStore } from '../../src/store/store.ts';
import { runCli } from '../../src/wiring/run-cli.ts';
import { anEntry, collectAudit, connectToTestRedis, ownPrefix } from '../store/builders.ts';

export const DAY = 24 * 60 * 60 * 1000;
export const FIRST_AT = Date.parse('2026-11-01T00:00:00Z');

/** Id in the stream, and what it holds. */
export type Stored = readonly (readonly [string, string])[];

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** For each test a log of its own in the real Redis, and the command line on it. */
export interface OwnLog {
  redis: RedisConnection;
  store: Store;
  keys: Keys;
  /** For the command line. */
  env: NodeJS.ProcessEnv;
}

export function useOwnLog(): OwnLog {
  const log = {} as OwnLog;
  beforeEach(async () => {
    const prefix = ownPrefix();
    const redis = await connectToTestRedis();
    const env = { REDIS_URL: inject('redisUrl'), REDIS_PREFIX: prefix };
    Object.assign(log, { redis, store: createStore({ redis, prefix }), keys: createKeys(prefix), env });
  });
  afterEach(() => log.redis.disconnect());
  return log;
}

/** Runs words that are parted by blanks. */
export async function cli(line: string, env: NodeJS.ProcessEnv): Promise<Outcome> {
  const terminal = { out: new PassThrough(), err: new PassThrough() };
  const said = Promise.all([text(terminal.out), text(terminal.err)]);
  const words = line.split(' ').filter((word) => word !== '');
  const code = await runCli(words, terminal, env);
  terminal.out.end();
  terminal.err.end();
  const [out, err] = await said;
  return { code, out, err };
}

/** One a day, from 1 November on. */
export async function storeEntries(
  { store }: OwnLog,
  count: number,
  change: (number: number) => Partial<AuditFacts> = () => ({}),
): Promise<void> {
  const audit = Array.from({ length: count }, (_, index) =>
    anEntry({ at: FIRST_AT + index * DAY, says: `Sentence ${index + 1}.`, ...change(index + 1) }),
  );
  await store.commit({ audit, effects: [] });
}

/** As somebody does who can write to Redis: the stream anew, the head as it was. */
export async function rewrite({ redis, store, keys }: OwnLog, change: (stored: Stored) => Stored): Promise<void> {
  const stored = (await collectAudit(store)).map((entry) => [`${entry.seq}-0`, JSON.stringify(entry)] as const);
  await redis.call('DEL', keys.audit);
  for (const [id, json] of change(stored)) await redis.call('XADD', keys.audit, id, 'entry', json);
}
