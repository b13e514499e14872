import { createHash } from 'node:crypto';
import { TransientError } from '../core/errors.ts';
import type { RedisConnection } from './connect.ts';

type Argument = string | number;

/** Runs one command; the reply is for the caller to parse. Throws TransientError (`store-down`) only. */
export type RedisCall = (command: string, ...args: readonly Argument[]) => Promise<unknown>;

export function createRedisCall(redis: RedisConnection): RedisCall {
  return async (command, ...args) => {
    try {
      return await redis.call(command, ...args);
    } catch (error) {
      throw storeDown(error);
    }
  };
}

/** Runs one Lua script, all of it or nothing. Throws TransientError (`store-down`) only. */
export type RedisScript = (keys: readonly string[], args: readonly Argument[]) => Promise<unknown>;

export function createRedisScript(redis: RedisConnection, lua: string): RedisScript {
  const sha = createHash('sha1').update(lua).digest('hex');
  return async (keys, args) => {
    const rest = [keys.length, ...keys, ...args];
    try {
      return await redis.call('EVALSHA', sha, ...rest).catch((error: unknown) => {
        // Redis answers with this word until it has seen the script, and again after a restart.
        if (error instanceof Error && error.message.startsWith('NOSCRIPT')) return redis.call('EVAL', lua, ...rest);
        throw error;
      });
    } catch (error) {
      throw storeDown(error);
    }
  };
}

/** Of an error of these: what is stored there is of another kind than the command is for. */
export function isOtherKind(error: unknown): boolean {
  const cause = error instanceof TransientError ? error.cause : undefined;
  return cause instanceof Error && cause.message.startsWith('WRONGTYPE');
}

function storeDown(cause: unknown): TransientError {
  return new TransientError('The memory of the bot (Redis) does not answer.', { code: 'store-down', cause });
}
