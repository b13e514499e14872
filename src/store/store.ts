import { z } from 'zod';
import { callOperatorOnce } from '../core/call-operator.ts';
import { PermanentError } from '../core/errors.ts';
import type { StagedEffects, Stays, Store } from '../core/ports.ts';
import { isOver, Request, requestId } from '../core/request.ts';
import { createAuditReader } from './audit-log.ts';
import { brokenLogInWords } from './broken-log.ts';
import { createCommit } from './commit.ts';
import type { RedisConnection } from './connect.ts';
import { createKeys } from './keys.ts';
import { createRedisCall, createRedisScript } from './redis-call.ts';
import { readStaged } from './staged-effects.ts';
import { createStays } from './stays.ts';

const Texts = z.array(z.string());
const MaybeText = z.string().nullable();

const CALLED_FOR_MS = 24 * 60 * 60 * 1000;

export interface StoreDependencies {
  /** From `connectForAnswers`: a store that waits for Redis breaks the promise of the port. */
  readonly redis: RedisConnection;
  /** Such as `{ocs-access}`; see `createKeys`. */
  readonly prefix: string;
}

/** Mostly the effects are the oldest ones, so each is found at the head. KEYS: staged effects. ARGV: their texts. */
const UNSTAGE_LUA = `
for i = 1, #ARGV do
  if redis.call('LINDEX', KEYS[1], 0) == ARGV[i] then
    redis.call('LPOP', KEYS[1])
  else
    redis.call('LREM', KEYS[1], 1, ARGV[i])
  end
end
return #ARGV
`;

/** Everything that the bot remembers, in Redis. */
export function createStore({ redis, prefix }: StoreDependencies): Store & StagedEffects & Stays {
  const keys = createKeys(prefix);
  const call = createRedisCall(redis);
  const unstage = createRedisScript(redis, UNSTAGE_LUA);

  async function load(id: string): Promise<Request | undefined> {
    const json = MaybeText.parse(await call('HGET', keys.request(id), 'json'));
    return json === null ? undefined : readRequest(id, json);
  }

  const notes: Pick<Store, 'claim' | 'release' | 'keep' | 'recall' | 'forget'> = {
    async claim(key, ttlMs) {
      return (await call('SET', keys.claim(key), '1', 'PX', lifetime(ttlMs), 'NX')) === 'OK';
    },
    async release(key) {
      await call('DEL', keys.claim(key));
    },

    async keep(key, value, ttlMs) {
      await call('SET', keys.kept(key), JSON.stringify(value) ?? 'null', 'PX', lifetime(ttlMs));
    },
    async recall(key) {
      const json = MaybeText.parse(await call('GET', keys.kept(key)));
      return json === null ? undefined : (JSON.parse(json) as unknown);
    },
    async forget(key) {
      await call('DEL', keys.kept(key));
    },
  };

  const commit = createCommit(redis, keys, (why) =>
    callOperatorOnce({ ...notes, commit }, { key: 'audit-broken', forMs: CALLED_FOR_MS, says: brokenLogInWords(why) }),
  );

  return {
    load,
    commit,
    ...notes,
    ...createAuditReader(call, keys),
    ...createStays(call, keys),

    async ping() {
      await call('PING');
    },

    async nextRequestId() {
      return requestId(z.number().parse(await call('INCR', keys.requestNumber)));
    },

    async unfinished() {
      const ids = Texts.parse(await call('ZRANGE', keys.unfinished, 0, -1));
      const requests = await Promise.all(ids.map(load));
      // One that ended between the two reads is gone from the index by now.
      return requests.flatMap((request) => (request === undefined || isOver(request) ? [] : [request]));
    },

    async staged(limit) {
      return Texts.parse(await call('LRANGE', keys.staged, 0, limit - 1)).map(readStaged);
    },
    async unstage(effects) {
      await unstage(
        [keys.staged],
        effects.map(({ receipt }) => receipt),
      );
    },
  };
}

/** Redis takes whole milliseconds above zero. */
function lifetime(ttlMs: number): number {
  return Math.max(1, Math.ceil(ttlMs));
}

function readRequest(id: string, json: string): Request {
  try {
    return Request.parse(JSON.parse(json));
  } catch (cause) {
    throw new PermanentError(`What is stored about ${id} can't be read by this version of the bot.`, {
      code: 'stored-unreadable',
      cause,
    });
  }
}
