import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { inject } from 'vitest';
import { z } from 'zod';
import { ids } from '../../sandbox/cloudflare/seed-ids.ts';
import type { CloudflareSandbox } from '../../sandbox/cloudflare/server.ts';
import { actions } from '../../src/actions/registry.ts';
import { createClient } from '../../src/cloudflare/client.ts';
import { createCloudflare } from '../../src/cloudflare/cloudflare.ts';
import { createAsk } from '../../src/core/ask.ts';
import type { AuditEntry } from '../../src/core/audit.ts';
import { createDecide } from '../../src/core/decide.ts';
import type { Cloudflare } from '../../src/core/ports.ts';
import { parseRedisTarget } from '../../src/core/redis-target.ts';
import type { Request } from '../../src/core/request.ts';
import { createPosts, createQueues } from '../../src/jobs/queues.ts';
import { createRunRequest, type RunResult } from '../../src/jobs/run-request.ts';
import { createTimers } from '../../src/jobs/timers.ts';
import { steps } from '../../src/steps/registry.ts';
import { connectForAnswers } from '../../src/store/connect.ts';
import { createLocks } from '../../src/store/locks.ts';
import { createStore } from '../../src/store/store.ts';
import { createVault } from '../../src/store/vault.ts';
import { createSecret } from '../../src/core/secret.ts';
import type { Vault } from '../../src/core/vault.ts';
import type { MovableClock } from '../builders/a-clock.ts';
import { presses, seen } from '../builders/a-house.ts';
import { CARA, DINA } from '../builders/a-request.ts';
import { SESSION_LIMITS } from '../builders/a-plan.ts';
import type { Server } from '../../src/core/server.ts';
import { createMemoryServer } from '../builders/memory-server.ts';
import { aFuse, Killed, type Fuse } from '../builders/fuse.ts';

export interface Asking {
  readonly action: 'lost' | 'revoke' | 'session' | 'tunnel-restart' | 'export-r2' | 'export-s3' | 'export-confirm';
  /** What Cara types, of what she sees in the account. */
  readonly input: (cloudflare: Cloudflare) => Promise<Record<string, unknown>>;
}

const NEVER = Infinity;

/**
 * A request on an account that answers as Cloudflare does and in a real Redis, and workers that carry it out and can be
 * killed: from the burning point on neither a call to Cloudflare nor a command to Redis of theirs gets through.
 */
export async function aKillableHouse(
  cf: CloudflareSandbox,
  clock: MovableClock,
  server: Server = createMemoryServer(),
) {
  const prefix = `{test-${randomBytes(6).toString('hex')}}`;
  const bugs: unknown[] = [];
  const own = await openRedis();
  const store = createStore({ redis: own, prefix });
  const queues = createQueues({ connection: own, prefix, onError: (error) => bugs.push(error) });
  const cloudflare = cloudflareBy(fetch);
  const posts = createPosts({ queues });
  const timers = createTimers({ queues, clock });

  function cloudflareBy(send: typeof fetch): Cloudflare {
    return createCloudflare({
      client: createClient({ apiToken: cf.token, baseURL: cf.url, fetch: send }),
      accountId: cf.accountId,
      clock,
      // Of several Allow policies the operator has named the one that people are put into.
      deciders: { app: 'Open Chat Studio', policy: ids.policy },
    });
  }

  const directory = { approvers: async () => new Set([CARA.slackId, DINA.slackId]) };
  const settings = {
    approvalsNeeded: 1,
    allowSelfApproval: false,
    requestTtlMs: 86_400_000,
    timeZone: 'Europe/Berlin',
    appUrl: 'http://ocs.lantern.example:8000',
    revokeSeat: true,
    sessionLimits: SESSION_LIMITS,
  };
  const locks = createLocks({ redis: own, prefix });
  const asking = createAsk({ actions, store, stays: store, locks, cloudflare, server, directory, clock, settings });
  const deciding = createDecide({ store, directory, clock, settings });

  /** Cara asks, and Dina approves it if that is needed. */
  async function asks({ action, input }: Pick<Asking, 'input'> & { readonly action: string }): Promise<Request> {
    const asked = await asking.ask(action, await input(cloudflare), CARA);
    return asked.status === 'pending' ? deciding.approve(asked.id, seen(asked), presses(DINA)) : asked;
  }

  /** As if the time had passed for which a killed worker's locks stand in the way of the next one. */
  async function runOutLocks(): Promise<void> {
    const left = z.array(z.string()).parse(await own.call('KEYS', `${prefix}:lock:*`));
    await Promise.all(left.map((key) => own.call('DEL', key)));
  }

  /** One process, from taking the request up until it is over, or is killed. True: it was killed. */
  async function work(requestId: string, at: number): Promise<boolean> {
    const redis = await openRedis();
    const fuse: Fuse = aFuse(at, () => redis.disconnect());
    const sending = fuse.wrap({ fetch: (...given: Parameters<typeof fetch>) => fetch(...given) });
    const memory = createStore({ redis, prefix });
    const runRequest = createRunRequest({
      steps,
      store: fuse.wrap({ ...memory }),
      stays: fuse.wrap({ ...memory }),
      cloudflare: cloudflareBy(sending.fetch),
      server: fuse.wrap(server),
      vault: vaultOf(fuse.wrap({ ...memory })),
      posts: fuse.wrap(posts),
      timers: fuse.wrap(timers),
      locks: createLocks({ redis, prefix }),
      clock,
      onBug: (error) => {
        if (!(error instanceof Killed)) bugs.push(error);
      },
    });
    try {
      for (let goes = 0; goes < 20; goes += 1) {
        const result: RunResult = await runRequest(requestId);
        if (result.kind === 'over') return false;
        clock.advanceTo(result.at);
      }
      throw new Error('The run does not end.');
    } catch (error) {
      if (!fuse.hasBurnt) throw error;
      await runOutLocks();
      return true;
    } finally {
      redis.disconnect();
    }
  }

  return {
    store,
    vault: vaultOf(store),
    bugs,
    asks,
    /** Killed at this point, counted from 1. */
    killedAt: (requestId: string, at: number) => work(requestId, at),
    toTheEnd: (requestId: string) => work(requestId, NEVER),
    audit: async (): Promise<AuditEntry[]> => {
      const entries: AuditEntry[] = [];
      for await (const entry of store.auditEntries()) entries.push(entry);
      return entries;
    },
    /** Kinds of what waits to be sent or to be done later. */
    left: async (): Promise<string[]> => {
      const jobs = [...(await queues.posts.getJobs()), ...(await queues.timers.getJobs())];
      return jobs.map(({ name }) => name).toSorted();
    },
    close: async () => {
      await queues.close();
      own.disconnect();
    },
  };
}

async function openRedis() {
  const redis = connectForAnswers(parseRedisTarget(inject('redisUrl')), { onError: () => undefined });
  await once(redis, 'ready');
  return redis;
}

function vaultOf(store: Parameters<typeof createVault>[0]['store']): Vault {
  return createVault({ key: createSecret('5a'.repeat(32)), store, ttlMs: 2 * 86_400_000 });
}
