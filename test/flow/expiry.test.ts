import { once } from 'node:events';
import { expect, it } from 'vitest';
import { parseRedisTarget } from '../../src/core/redis-target.ts';
import { sweep } from '../../src/jobs/sweep.ts';
import { connectForAnswers } from '../../src/store/connect.ts';
import { createStore } from '../../src/store/store.ts';
import { useSandbox } from '../harness/use-sandbox.ts';
import { asksForAna, auditOf, cardOf, cardSays, dmSays } from './onboarding-driver.ts';

const start = useSandbox();

it('ends a request that nobody decided, takes its buttons away and tells whoever asked', async () => {
  const sandbox = await start();
  await asksForAna(sandbox);
  sandbox.clock.forward(24 * 60 * 60_000 + 1);
  const redis = connectForAnswers(parseRedisTarget(sandbox.env['REDIS_URL'] ?? ''), { onError: () => undefined });
  await once(redis, 'ready');

  const swept = await sweep(createStore({ redis, prefix: sandbox.env['REDIS_PREFIX'] ?? '' }), sandbox.clock);

  redis.disconnect();
  expect(swept.expired).toEqual(['REQ-0001']);
  await cardSays(sandbox, /expired/);
  expect(JSON.stringify(cardOf(sandbox).blocks)).not.toMatch(/"Approve"|"Deny"/);
  expect(await dmSays(sandbox, 'ben', /# ⌛/)).toMatchInlineSnapshot(`
    "# ⌛ REQ-0001 expired before it was decided
    Give Ana Souza access with their device (serial number C02XK0AZJG5J)
    Nothing has been changed. You can ask again at any time.
    Expired, 2026-11-21 12:04 UTC. Nobody decided in time."
  `);
  expect(await auditOf(sandbox, 'REQ-0001')).toContainEqual(
    expect.stringMatching(/^request\.expired: REQ-0001 expired undecided: /),
  );
});
