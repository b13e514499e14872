import { randomBytes } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import { startRedis, type OwnRedis } from '../../sandbox/redis/start-redis.ts';
import { startSandbox, type Sandbox } from '../../sandbox/start-sandbox.ts';

const running: (Sandbox | OwnRedis)[] = [];
afterEach(async () => {
  for (const one of running.splice(0).toReversed()) await one.stop();
});

async function startWithOwnRedis(): Promise<{ sandbox: Sandbox; redis: OwnRedis }> {
  const redis = await startRedis({ kind: process.env['OCS_TEST_REDIS'] === 'embedded' ? 'embedded' : 'server' }).catch(
    () => startRedis({ kind: 'embedded' }),
  );
  running.push(redis);
  const sandbox = await startSandbox({ redisUrl: redis.url, prefix: `{test-${randomBytes(4).toString('hex')}}` });
  running.push(sandbox);
  return { sandbox, redis };
}

it('answers within 3 s that it can’t take requests while Redis is down, and takes them when it is back', async () => {
  const { sandbox, redis } = await startWithOwnRedis();
  const { slack } = sandbox;
  const ben = slack.as('ben');
  await redis.kill();

  const started = performance.now();
  const typed = await ben.types('/ocs-access add @ana');
  const answer = await slack.until(() => ben.ephemerals().at(-1), { what: 'an answer' });
  const took = performance.now() - started;

  expect(typed.acked).toBe(true);
  expect(answer.text).toMatchInlineSnapshot(
    `"I can’t take requests right now. The memory of the bot (Redis) does not answer. Nothing was changed unless a message here says so; please try again in a minute."`,
  );
  expect(took).toBeLessThan(3000);

  await redis.restart();
  await expect
    .poll(
      async () => {
        await ben.types('/ocs-access add @ana');
        return ben.view()?.submit;
      },
      { timeout: 15_000, interval: 500 },
    )
    .toBeDefined();
});
