import { once } from 'node:events';
import { expect, it, vi } from 'vitest';
import { parseRedisTarget } from '../../src/core/redis-target.ts';
import { connectForAnswers } from '../../src/store/connect.ts';
import { createKeys } from '../../src/store/keys.ts';
import { useSandbox, type TestSandbox } from '../harness/use-sandbox.ts';
import { says } from './answer-driver.ts';
import { BEN, channelSays, letIn, NO_TRACE, tracesOf } from './leaving-driver.ts';
import { ANA, incidentSays, reportsLost } from './lost-driver.ts';
import { dmSays, fillsForm, SERIAL } from './onboarding-driver.ts';
import { ends, revokes } from './revoke-driver.ts';

const start = useSandbox();

vi.setConfig({ testTimeout: 60_000 });

/** Somebody who can write to Redis makes the head of the log useless. */
async function spoilHead({ env }: TestSandbox): Promise<void> {
  const redis = connectForAnswers(parseRedisTarget(env['REDIS_URL'] ?? ''), { onError: () => undefined });
  await once(redis, 'ready');
  await redis.call('HSET', createKeys(env['REDIS_PREFIX'] ?? '').auditHead, 'seq', 'many');
  redis.disconnect();
}

it('cuts off a lost device and a person also where somebody has been at the audit log, and calls the operator', async () => {
  const sandbox = await start();
  letIn(sandbox, ANA);
  letIn(sandbox, BEN);
  await spoilHead(sandbox);

  await reportsLost(sandbox);
  expect(await incidentSays(sandbox, /is done/)).toContain(
    '✅ REQ-0001 is done: the device is cut off, and that was read back.',
  );
  expect(tracesOf(sandbox, ANA)).toMatchObject({ hasSession: false, registrations: 0, serialListed: false });

  await revokes(sandbox);
  expect(await ends(sandbox, /✅ REQ-0002/)).toContain('REQ-0002 is done');
  expect(tracesOf(sandbox, BEN)).toEqual(NO_TRACE);

  expect(await channelSays(sandbox, 'ocs-ops', /needs its operator/)).toContain(
    'The stored head of the audit log can’t be read: it was changed in Redis.',
  );
  expect(sandbox.slack.messages('ocs-ops')).toHaveLength(1);
  expect(await says(sandbox, 'cara', '/ocs-access audit')).toContain(
    "The audit log is not whole: entry 1 is the first in doubt. The stored head can't be read: it was changed.",
  );
});

it('lets nobody in meanwhile, and says why', async () => {
  const sandbox = await start();
  await spoilHead(sandbox);

  await fillsForm(sandbox, { person: 'ana', serial: SERIAL });
  await sandbox.slack.as('ben').submits();

  const view = await sandbox.slack.until(() => sandbox.slack.as('ben').view(), { what: 'the answer' });
  expect(sandbox.slack.text(view)).toContain(
    'ocs-access gives nobody access and changes nothing. Devices can still be reported lost, and access can still be revoked.',
  );
  expect(sandbox.cloudflare.account.serials()).not.toContain(SERIAL);
});

it('goes on with everything else: it is well, says what is not, and makes digests', async () => {
  const sandbox = await start();
  await spoilHead(sandbox);
  const house = await sandbox.start(['worker']);

  expect(await house.isWell()).toBe(true);
  expect(await says(sandbox, 'cara', '/ocs-access status')).toContain(
    "❌ Audit log: not well, The stored head of the audit log can't be read",
  );
  await says(sandbox, 'cara', '/ocs-access logs digest today');
  expect(await dmSays(sandbox, 'cara', /By the clock/)).toContain(
    'Audit log: its head can’t be read, because somebody changed it in Redis. See docs/audit.md.',
  );
});
