import { expect, it } from 'vitest';
import { startCloudflare } from '../../sandbox/cloudflare/server.ts';
import { verifyChain } from '../../src/core/audit.ts';
import { createSecret } from '../../src/core/secret.ts';
import { vaultKey, type SecretReference } from '../../src/core/vault.ts';
import { aClock } from '../builders/a-clock.ts';
import { aKillableHouse } from './a-killable-house.ts';

const KEY = 'r2/secret+key=0123456789ABCDEFabcdef';

async function begin(cf: Awaited<ReturnType<typeof startCloudflare>>, clock: ReturnType<typeof aClock>) {
  cf.reset();
  const house = await aKillableHouse(cf, clock);
  const typed: SecretReference[] = [];
  const { id } = await house.asks({
    action: 'export-r2',
    input: async () => {
      typed.push(await house.vault.put(createSecret('r2id-0123456789')), await house.vault.put(createSecret(KEY)));
      const [accessKeyId, secretAccessKey] = typed;
      const where = { accountId: '0123456789abcdef0123456789abcdef', bucket: 'lantern-logs' };
      return { logs: 'gateway', ...where, accessKeyId, secretAccessKey, reason: 'For the auditor.' };
    },
  });
  return { house, id, typed };
}

/** What counts in the end. The house is closed after that. */
async function ending(
  cf: Awaited<ReturnType<typeof startCloudflare>>,
  { house, id, typed }: Awaited<ReturnType<typeof begin>>,
) {
  const request = await house.store.load(id);
  const audit = await house.audit();
  const jobs = cf.account.logpushJobs().map(({ body, conf }) => `${body.name} ${body.enabled} ${conf}`);
  const end = {
    status: request?.status,
    jobs: jobs.toSorted(),
    kept: (await Promise.all(typed.map((one) => house.store.recall(vaultKey(one))))).filter((one) => one !== undefined),
    isChainWhole: verifyChain(audit).ok,
    told: JSON.stringify([request, audit]).includes(KEY),
    bugs: house.bugs,
  };
  await house.close();
  return end;
}

it(
  'a worker that is killed anywhere leaves each export made once, and no key behind',
  { timeout: 180_000 },
  async () => {
    const clock = aClock();
    const cf = await startCloudflare({ now: () => clock.now(), openapi: '' });
    const undisturbed = await begin(cf, clock);
    await undisturbed.house.toTheEnd(undisturbed.id);
    const expected = await ending(cf, undisturbed);
    expect(expected).toMatchObject({ status: 'done', kept: [], isChainWhole: true, told: false, bugs: [] });
    expect(expected.jobs).toHaveLength(4);

    let point = 0;
    for (let isKilled = true; isKilled;) {
      point += 1;
      const tried = await begin(cf, clock);
      isKilled = await tried.house.killedAt(tried.id, point);
      if (isKilled) await tried.house.toTheEnd(tried.id);
      expect({ point, ...(await ending(cf, tried)) }).toEqual({ point, ...expected });
    }

    expect(point).toBeGreaterThan(40);
    await cf.stop();
  },
);

it('a worker that is killed while it puts back leaves no export and no key behind', { timeout: 180_000 }, async () => {
  const clock = aClock();
  const cf = await startCloudflare({ now: () => clock.now(), openapi: '' });

  let point = 0;
  for (let isKilled = true; isKilled;) {
    point += 1;
    const tried = await begin(cf, clock);
    // Of one of the four logs Cloudflare allows no more exports.
    for (let other = 0; other < 5; other += 1) {
      cf.account.addLogpushJob({ conf: 'r2://other', dataset: 'zero_trust_network_sessions', name: `other-${other}` });
    }
    isKilled = await tried.house.killedAt(tried.id, point);
    if (isKilled) await tried.house.toTheEnd(tried.id);
    const end = await ending(cf, tried);
    expect({ point, ...end, jobs: end.jobs.length }).toEqual({
      point,
      status: 'failed',
      jobs: 5,
      kept: [],
      isChainWhole: true,
      told: false,
      bugs: [],
    });
    // Every third point: the ways forward were tried above.
    point += 2;
  }

  expect(point).toBeGreaterThan(40);
  await cf.stop();
});
