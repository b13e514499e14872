import type { ProvidedContext } from 'vitest';
import type { TestProject } from 'vitest/node';
import { type RunningRedis, startRedis } from '../../sandbox/redis/start-redis.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** One Redis for the whole run, shared by test files that run side by side: use a prefix of your own. */
    redisUrl: string;
    /** Tests of durability and restarts need `server`. */
    redisKind: RunningRedis['kind'];
  }
}

/** Starts one Redis for the whole run; tests reach it by `inject('redisUrl')`. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const redis = await startRedis();
  process.stdout.write(`\n Tests use Redis: ${redis.kind}, ${redis.version}\n`);
  const context: Pick<ProvidedContext, 'redisUrl' | 'redisKind'> = { redisUrl: redis.url, redisKind: redis.kind };
  project.provide('redisUrl', context.redisUrl);
  project.provide('redisKind', context.redisKind);
  return () => redis.stop();
}
