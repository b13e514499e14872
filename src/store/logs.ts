import type { Logs } from '../core/logs.ts';
import type { RedisConnection } from './connect.ts';

export interface LogsDependencies {
  /** From `connectForAnswers`. */
  readonly redis: RedisConnection;
  /** Such as `{ocs-access}`; see `createKeys`. */
  readonly prefix: string;
}

/** The rows of Cloudflare's logs, in Redis. */
export function createLogs(_dependencies: LogsDependencies): Logs {
  throw new Error('not there yet');
}
