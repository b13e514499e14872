import { afterEach, describe, expect, it } from 'vitest';
import { ids } from '../../sandbox/cloudflare/seed-ids.ts';
import { startCheckedCloudflare } from '../../sandbox/cloudflare/start-checked.ts';
import { createClient } from '../../src/cloudflare/client.ts';
import { createCloudflare } from '../../src/cloudflare/cloudflare.ts';
import { isKnownError } from '../../src/core/errors.ts';
import type { Cloudflare } from '../../src/core/ports.ts';
import { admittedBy, emailRules, ruleContext, type PolicyRef } from '../../src/core/snapshot.ts';

/** One account to hold the port against: 14 people, 15 serial numbers, an Allow policy of the application's own. */
interface Subject {
  readonly cloudflare: Cloudflare;
  readonly serialList: string;
  readonly policy: PolicyRef;
  /** Everything from now on is refused, for good or for the moment. */
  refuse(how: 'permanently' | 'for now'): void;
  stop(): Promise<void>;
}

/** What steps, plans and checks rely on. Holds for anything that is handed to them as `Cloudflare`. */
function describeCloudflarePort(name: string, start: () => Promise<Subject>): void {
  describe(name, () => {
    let subject: Subject | undefined;
    afterEach(() => subject?.stop());

    async function started(): Promise<Subject> {
      subject = await start();
      return subject;
    }

    const valuesOf = async ({ cloudflare, serialList }: Subject): Promise<string[]> =>
      (await cloudflare.readList(serialList)).items.map((item) => item.value).toSorted();

    const emailsOf = async ({ cloudflare, policy }: Subject): Promise<string[]> =>
      emailRules((await cloudflare.readPolicy(policy)).include).toSorted();

    it('takes a snapshot that agrees with its own single reads', async () => {
      const { cloudflare, serialList, policy } = await started();

      const snapshot = await cloudflare.snapshot();

      const list = await cloudflare.readList(serialList);
      expect(snapshot.posture?.list).toMatchObject({ id: serialList, name: list.name });
      expect(new Set(snapshot.posture?.list.items)).toEqual(new Set(list.items));
      const file = await cloudflare.readPolicy(policy);
      expect(snapshot.allow).toMatchObject({ ref: policy, name: file.name });
      expect(new Set(snapshot.allow.include)).toEqual(new Set(file.include));
      expect(snapshot.policies).toContain(snapshot.allow);
    });

    it('adds an entry with its description, and the next read has it', async () => {
      const house = await started();
      const before = await valuesOf(house);

      await house.cloudflare.addToList(house.serialList, { value: 'C02NEW', description: 'Ada, REQ-0001' });

      expect(await valuesOf(house)).toEqual([...before, 'C02NEW'].toSorted());
      const { items } = await house.cloudflare.readList(house.serialList);
      expect(items).toContainEqual({ value: 'C02NEW', description: 'Ada, REQ-0001' });
    });

    it('holds a value once', async () => {
      const house = await started();
      await house.cloudflare.addToList(house.serialList, { value: 'C02NEW', description: 'first' });

      const again = house.cloudflare.addToList(house.serialList, { value: 'C02NEW', description: 'second' });

      await expect(again).rejects.toMatchObject({ name: 'PermanentError' });
      expect((await valuesOf(house)).filter((value) => value === 'C02NEW')).toHaveLength(1);
    });

    it('keeps every entry of those who add at the same moment', async () => {
      const house = await started();
      const before = await valuesOf(house);
      const added = ['C02A', 'C02B', 'C02C'];

      await Promise.all(added.map((value) => house.cloudflare.addToList(house.serialList, { value, description: '' })));

      expect(await valuesOf(house)).toEqual([...before, ...added].toSorted());
    });

    it('removes an entry, and is content when it is gone already', async () => {
      const house = await started();
      const before = await valuesOf(house);
      await house.cloudflare.addToList(house.serialList, { value: 'C02NEW', description: '' });

      await house.cloudflare.removeFromList(house.serialList, 'C02NEW');
      await house.cloudflare.removeFromList(house.serialList, 'C02NEW');

      expect(await valuesOf(house)).toEqual(before);
    });

    it('admits somebody, and takes it back, and nothing else changes', async () => {
      const house = await started();
      const { cloudflare, policy } = house;
      const before = await cloudflare.readPolicy(policy);
      const emails = await emailsOf(house);

      await cloudflare.writePolicy(before, { addEmail: 'ada@x.org' });
      expect(await emailsOf(house)).toEqual([...emails, 'ada@x.org'].toSorted());
      const snapshot = await cloudflare.snapshot();
      expect(admittedBy(snapshot.policies, 'ada@x.org', ruleContext(snapshot))).toBe('yes');

      await cloudflare.writePolicy(await cloudflare.readPolicy(policy), { removeEmail: 'ADA@x.org' });
      const after = await cloudflare.readPolicy(policy);
      expect(new Set(after.include)).toEqual(new Set(before.include));
      expect({ exclude: after.exclude, require: after.require }).toEqual({
        exclude: before.exclude,
        require: before.require,
      });
    });

    it('does not leave a policy that lets nobody in', async () => {
      const house = await started();
      const { cloudflare, policy } = house;
      const [last, ...others] = await emailsOf(house);
      for (const email of others) {
        // oxlint-disable-next-line no-await-in-loop -- each write is made from what the last one left
        await cloudflare.writePolicy(await cloudflare.readPolicy(policy), { removeEmail: email });
      }

      const emptied = cloudflare.writePolicy(await cloudflare.readPolicy(policy), { removeEmail: last ?? '' });

      await expect(emptied).rejects.toMatchObject({ name: 'PermanentError', code: 'would-empty-policy' });
      expect(await emailsOf(house)).toEqual([last]);
    });

    it.each([
      ['permanently', 'PermanentError'],
      ['for now', 'TransientError'],
    ] as const)('says by the error whether another try can help, refused %s', async (how, name_) => {
      const house = await started();
      const { cloudflare, serialList, policy } = house;
      const file = await cloudflare.readPolicy(policy);
      house.refuse(how);

      const outcomes = await Promise.allSettled([
        cloudflare.snapshot(),
        cloudflare.readList(serialList),
        cloudflare.addToList(serialList, { value: 'C02NEW', description: '' }),
        cloudflare.removeFromList(serialList, 'C02NEW'),
        cloudflare.readPolicy(policy),
        cloudflare.writePolicy(file, { addEmail: 'ada@x.org' }),
        cloudflare.tunnels(),
      ]);

      const names = outcomes.map((outcome) => {
        if (outcome.status === 'fulfilled') return 'fulfilled';
        return isKnownError(outcome.reason) ? outcome.reason.name : 'unknown';
      });
      expect(names).toEqual(Array.from({ length: 7 }, () => name_));
      await expect(cloudflare.checkToken()).resolves.toMatchObject({ ok: false });
    });

    it('knows the health of the tunnel and of the token', async () => {
      const { cloudflare } = await started();

      await expect(cloudflare.tunnels()).resolves.toEqual([{ name: 'lantern-ocs', status: 'healthy' }]);
      await expect(cloudflare.checkToken()).resolves.toMatchObject({ ok: true });
    });
  });
}

describeCloudflarePort('the official client against the sandbox', async () => {
  const cf = await startCheckedCloudflare();
  const client = createClient({ apiToken: cf.token, baseURL: cf.url });
  return {
    cloudflare: createCloudflare({
      client,
      accountId: cf.accountId,
      clock: { now: Date.now },
      deciders: { app: 'Open Chat Studio' },
    }),
    serialList: ids.serialList,
    policy: { kind: 'app', appId: ids.app, id: ids.policy },
    refuse: (how) => {
      cf.faults.add({ status: how === 'for now' ? 503 : 403, times: Infinity });
    },
    stop: () => cf.stop(),
  };
});
