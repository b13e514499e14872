import type { LogKind } from '../core/log-row.ts';
import type { Logs } from '../core/logs.ts';
import type { RedisConnection } from './connect.ts';
import { createKeys } from './keys.ts';
import { createLogNotes } from './log-notes.ts';
import { createLogRows } from './log-rows.ts';
import { createRedisCall } from './redis-call.ts';

export interface LogsDependencies {
  /** From `connectForAnswers`. */
  readonly redis: RedisConnection;
  /** Such as `{ocs-access}`; see `createKeys`. */
  readonly prefix: string;
  /** Told how many rows were left out of a page because this version of the bot can't read them. */
  readonly onUnreadable?: (kind: LogKind, rows: number) => void;
}

/** The rows of Cloudflare's logs, in Redis. */
export function createLogs({ redis, prefix, onUnreadable = () => undefined }: LogsDependencies): Logs {
  const keys = createKeys(prefix);
  return {
    ...createLogRows({ redis, keys, onUnreadable }),
    ...createLogNotes(createRedisCall(redis), keys),
  };
}
