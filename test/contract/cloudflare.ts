import { afterEach, describe, expect, it } from 'vitest';
import { isKnownError } from '../../src/core/errors.ts';
import type { Cloudflare } from '../../src/core/ports.ts';
import { withWrite, type SessionPlace } from '../../src/core/sessions.ts';
import { admittedBy, emailRules, ruleContext, type PolicyRef } from '../../src/core/snapshot.ts';
import { admitting, barring, dropping } from '../builders/a-policy.ts';
import { placesOf } from '../builders/any-sessions.ts';
import { HOUR_MS } from '../builders/memory-settings.ts';

const GONE = '6a1c5c1e-0000-4000-a000-000000000000';

/** One account to hold the port against: 14 people, 15 serial numbers, an Allow policy of the application's own. */
export interface Subject {
  readonly cloudflare: Cloudflare;
  readonly serialList: string;
  readonly policy: PolicyRef;
  /** Somebody with one laptop, one live session and a seat, who came twice since `since`. */
  readonly person: { readonly email: string; readonly serial: string; readonly since: number };
  /** The same of somebody else. */
  readonly other: { readonly email: string };
  /** Everything from now on is refused, for good or for the moment. */
  refuse(how: 'permanently' | 'for now'): void;
  stop(): Promise<void>;
}

async function active(cloudflare: Cloudflare, email: string): Promise<string[]> {
  const devices = await cloudflare.devices({ of: [email] });
  const registrations = devices.flatMap((device) => device.registrations);
  return registrations.filter((one) => one.email === email && one.isActive).map(({ id }) => id);
}

/** What steps, plans and checks rely on. Holds for anything that is handed to them as `Cloudflare`. */
export function describeCloudflarePort(name: string, start: () => Promise<Subject>): void {
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

      await house.cloudflare.addToList(house.serialList, [{ value: 'C02NEW', description: 'Ada, REQ-0001' }]);

      expect(await valuesOf(house)).toEqual([...before, 'C02NEW'].toSorted());
      const { items } = await house.cloudflare.readList(house.serialList);
      expect(items).toContainEqual({ value: 'C02NEW', description: 'Ada, REQ-0001' });
    });

    it('holds a value once', async () => {
      const house = await started();
      await house.cloudflare.addToList(house.serialList, [{ value: 'C02NEW', description: 'first' }]);

      const again = house.cloudflare.addToList(house.serialList, [{ value: 'C02NEW', description: 'second' }]);

      await expect(again).rejects.toMatchObject({ name: 'PermanentError' });
      expect((await valuesOf(house)).filter((value) => value === 'C02NEW')).toHaveLength(1);
    });

    it('keeps every entry of those who add at the same moment', async () => {
      const house = await started();
      const before = await valuesOf(house);
      const added = ['C02A', 'C02B', 'C02C'];

      await Promise.all(
        added.map((value) => house.cloudflare.addToList(house.serialList, [{ value, description: '' }])),
      );

      expect(await valuesOf(house)).toEqual([...before, ...added].toSorted());
    });

    it('removes an entry, and is content when it is gone already', async () => {
      const house = await started();
      const before = await valuesOf(house);
      await house.cloudflare.addToList(house.serialList, [{ value: 'C02NEW', description: '' }]);

      await house.cloudflare.removeFromList(house.serialList, ['C02NEW']);
      await house.cloudflare.removeFromList(house.serialList, ['C02NEW']);

      expect(await valuesOf(house)).toEqual(before);
    });

    it('admits somebody, and takes it back, and nothing else changes', async () => {
      const house = await started();
      const { cloudflare, policy } = house;
      const before = await cloudflare.readPolicy(policy);
      const emails = await emailsOf(house);

      await cloudflare.writePolicy(before, admitting('ada@x.org'));
      expect(await emailsOf(house)).toEqual([...emails, 'ada@x.org'].toSorted());
      const snapshot = await cloudflare.snapshot();
      expect(admittedBy(snapshot.policies, 'ada@x.org', ruleContext(snapshot))).toBe('yes');

      await cloudflare.writePolicy(await cloudflare.readPolicy(policy), dropping('ADA@x.org'));
      const after = await cloudflare.readPolicy(policy);
      expect(new Set(after.include)).toEqual(new Set(before.include));
      expect({ exclude: after.exclude, require: after.require }).toEqual({
        exclude: before.exclude,
        require: before.require,
      });
    });

    it('bars somebody whom the policy names', async () => {
      const { cloudflare, policy, person } = await started();
      const before = await cloudflare.readPolicy(policy);

      await cloudflare.writePolicy(before, barring(person.email));

      const snapshot = await cloudflare.snapshot();
      expect(admittedBy(snapshot.policies, person.email, ruleContext(snapshot))).toBe('no');
      expect(new Set(snapshot.allow.include)).toEqual(new Set(before.include));
    });

    it('shows people and devices in a snapshot as it does on their own, and only those asked for', async () => {
      const { cloudflare, person } = await started();
      const of = [person.email];

      const bare = await cloudflare.snapshot();
      const whole = await cloudflare.snapshot({ users: of, devicesOf: of });

      expect([bare.users, bare.devices]).toEqual([[], []]);
      expect(whole.users).toMatchObject([{ email: person.email, hasSeat: true }]);
      expect(whole.devices).toMatchObject([{ serial: person.serial, emails: of, registrations: [{ isActive: true }] }]);
      expect(await cloudflare.users(of)).toEqual(whole.users);
      expect(await cloudflare.devices({ of })).toEqual(whole.devices);
      expect(await cloudflare.devices({ ids: whole.devices.map(({ id }) => id) })).toEqual(whole.devices);
      expect(await cloudflare.devices({ matching: person.serial.slice(-6) })).toEqual(whole.devices);
      expect((await cloudflare.devices({ of: 'all' })).length).toBeGreaterThan(1);
      expect((await cloudflare.users('all')).length).toBeGreaterThan(1);
    });

    it('ends the sessions of one person, with the registrations, and says so when asked', async () => {
      const { cloudflare, person, other } = await started();
      const users = await cloudflare.users([person.email, other.email]);
      const sessions = () => Promise.all(users.map(({ id }) => cloudflare.sessions(id)));
      expect((await sessions()).every((count) => count > 0)).toBe(true);

      await cloudflare.revokeSessions(person.email.toUpperCase());
      await cloudflare.revokeSessions(person.email);

      const [mine, theirs = 0] = await sessions();
      expect(mine).toBe(0);
      expect(theirs).toBeGreaterThan(0);
      expect(await active(cloudflare, person.email)).toEqual([]);
      expect(await active(cloudflare, other.email)).toHaveLength(1);
    });

    it('knows no session of somebody who is gone, and revokes those of a stranger without a word', async () => {
      const { cloudflare } = await started();

      await expect(cloudflare.sessions(GONE)).resolves.toBe(0);
      await expect(cloudflare.revokeSessions('stranger@x.org')).resolves.toBeUndefined();
    });

    it('deletes a device and what is registered on it, twice as well as once', async () => {
      const { cloudflare, person, other } = await started();
      const [device] = await cloudflare.devices({ of: [person.email] });

      await cloudflare.deleteDevice(device?.id ?? '');
      await cloudflare.deleteDevice(device?.id ?? '');

      expect(await active(cloudflare, person.email)).toEqual([]);
      expect(await cloudflare.devices({ matching: person.serial })).toEqual([]);
      expect(await active(cloudflare, other.email)).toHaveLength(1);
    });

    it('deletes registrations, and is content with those that are gone already', async () => {
      const { cloudflare, person, other } = await started();
      const mine = await active(cloudflare, person.email);

      await cloudflare.deleteRegistrations([...mine, 'gone']);
      await cloudflare.deleteRegistrations(mine);

      expect(await active(cloudflare, person.email)).toEqual([]);
      expect(await active(cloudflare, other.email)).toHaveLength(1);
    });

    it('frees a seat, which takes the registrations along, and is content with one that is gone', async () => {
      const { cloudflare, person } = await started();
      const [user] = await cloudflare.users([person.email]);

      await cloudflare.freeSeats([user?.seatUid ?? '', 'gone']);
      await cloudflare.freeSeats([user?.seatUid ?? '']);

      await expect(cloudflare.users([person.email])).resolves.toMatchObject([{ hasSeat: false }]);
      expect(await active(cloudflare, person.email)).toEqual([]);
    });

    it('tells who came, newest first, as far back and as much as asked', async () => {
      const { cloudflare, person } = await started();
      const { email: address, since } = person;

      const events = await cloudflare.accessEvents({ email: address, since });

      expect(events).toMatchObject([
        { email: address, allowed: true },
        { email: address, allowed: true },
      ]);
      expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).toSorted((one, next) => next - one));
      await expect(cloudflare.accessEvents({ email: address, since, limit: 1 })).resolves.toEqual(events.slice(0, 1));
      await expect(cloudflare.accessEvents({ email: address, since: since + 3_600_000 })).resolves.toEqual([]);
      await expect(cloudflare.accessEvents({ email: 'stranger@x.org', since })).resolves.toEqual([]);
    });

    it('does not leave a policy that lets nobody in', async () => {
      const house = await started();
      const { cloudflare, policy } = house;
      const [last, ...others] = await emailsOf(house);
      for (const one of others) {
        // oxlint-disable-next-line no-await-in-loop -- each write is made from what the last one left
        await cloudflare.writePolicy(await cloudflare.readPolicy(policy), dropping(one));
      }

      const emptied = cloudflare.writePolicy(await cloudflare.readPolicy(policy), dropping(last ?? ''));

      await expect(emptied).rejects.toMatchObject({ name: 'PermanentError', code: 'would-empty-policy' });
      expect(await emailsOf(house)).toEqual([last]);
    });

    it.each([
      ['permanently', 'PermanentError'],
      ['for now', 'TransientError'],
    ] as const)('says by the error whether another try can help, refused %s', async (how, name_) => {
      const house = await started();
      const { cloudflare, serialList, policy, person } = house;
      const file = await cloudflare.readPolicy(policy);
      house.refuse(how);

      const outcomes = await Promise.allSettled([
        cloudflare.snapshot(),
        cloudflare.readList(serialList),
        cloudflare.addToList(serialList, [{ value: 'C02NEW', description: '' }]),
        cloudflare.removeFromList(serialList, ['C02NEW']),
        cloudflare.readPolicy(policy),
        cloudflare.writePolicy(file, admitting('ada@x.org')),
        cloudflare.tunnels(),
        cloudflare.devices({ of: [person.email] }),
        cloudflare.users([person.email]),
        cloudflare.sessions('user'),
        cloudflare.revokeSessions(person.email),
        cloudflare.deleteDevice('device'),
        cloudflare.deleteRegistrations(['registration']),
        cloudflare.freeSeats(['seat']),
        cloudflare.accessEvents({ email: person.email, since: 0 }),
        cloudflare.connectors('tunnel'),
        cloudflare.usedTunnels(),
        cloudflare.appTunnels(),
        cloudflare.sessionLengths(),
        cloudflare.writeSessionLength({ place: { kind: 'warp-sign-in' }, ms: 12 * HOUR_MS }),
      ]);

      const names = outcomes.map((outcome) => {
        if (outcome.status === 'fulfilled') return 'fulfilled';
        return isKnownError(outcome.reason) ? outcome.reason.name : 'unknown';
      });
      expect(names).toEqual(Array.from({ length: 20 }, () => name_));
      await expect(cloudflare.checkToken()).resolves.toMatchObject({ ok: false });
    });

    it('knows the health of the tunnel and of the token', async () => {
      const { cloudflare } = await started();

      await expect(cloudflare.tunnels()).resolves.toMatchObject([{ name: 'lantern-ocs', status: 'healthy' }]);
      await expect(cloudflare.checkToken()).resolves.toMatchObject({ ok: true });
    });

    it('knows what serves a tunnel, and of one that is gone that nothing does', async () => {
      const { cloudflare } = await started();
      const [tunnel] = await cloudflare.tunnels();

      const connectors = await cloudflare.connectors(tunnel?.id ?? '');

      expect(connectors).toMatchObject([
        { id: expect.any(String), version: expect.stringMatching(/^\d{4}\./), connections: expect.any(Array) },
      ]);
      expect(connectors[0]?.connections.length).toBeGreaterThan(0);
      expect(await cloudflare.usedTunnels()).toEqual([tunnel]);
      expect((await cloudflare.appTunnels()).tunnels).toEqual([{ ...tunnel, connectors }]);
      expect((await cloudflare.snapshot({ tunnels: true })).tunnels?.tunnels).toEqual([{ ...tunnel, connectors }]);
      await expect(cloudflare.connectors(GONE)).resolves.toEqual([]);
    });

    it('shows the session lengths on their own as in a snapshot that was asked for them', async () => {
      const { cloudflare } = await started();

      const lengths = await cloudflare.sessionLengths();

      expect(lengths).toMatchObject({
        app: { ms: 8 * HOUR_MS },
        policies: [{ ms: undefined, sharedWith: [] }],
        warpSignIn: { ms: 24 * HOUR_MS, isUsed: false },
        warpNetwork: [{ ms: 24 * HOUR_MS }],
      });
      expect((await cloudflare.snapshot({ sessions: true })).sessions).toEqual(lengths);
      expect((await cloudflare.snapshot()).sessions).toBeUndefined();
    });

    it('sets one session length after another, and nothing else changes', async () => {
      const { cloudflare, policy } = await started();
      const rules = await cloudflare.readPolicy(policy);
      let expected = await cloudflare.sessionLengths();

      for (const place of placesOf(expected)) {
        for (const ms of [12 * HOUR_MS, 2.5 * HOUR_MS]) {
          // oxlint-disable no-await-in-loop -- each is compared with what the last one left
          await cloudflare.writeSessionLength({ place, ms });
          await cloudflare.writeSessionLength({ place, ms });
          expected = withWrite(expected, { place, ms });
          expect(await cloudflare.sessionLengths()).toEqual(expected);
          // oxlint-enable no-await-in-loop
        }
      }

      const { include, exclude, require } = await cloudflare.readPolicy(policy);
      expect({ include, exclude, require }).toEqual({
        include: rules.include,
        exclude: rules.exclude,
        require: rules.require,
      });
    });

    it('says of a place that is gone that it is gone, whichever it is', async () => {
      const { cloudflare } = await started();
      const before = await cloudflare.sessionLengths();
      const gone: SessionPlace[] = [
        { kind: 'app', id: GONE },
        { kind: 'policy', policy: { kind: 'app', appId: before.app.id, id: GONE } },
        { kind: 'policy', policy: { kind: 'reusable', id: GONE } },
        { kind: 'warp-network', ruleId: GONE },
      ];

      const outcomes = await Promise.allSettled(
        gone.map((place) => cloudflare.writeSessionLength({ place, ms: 12 * HOUR_MS })),
      );

      expect(outcomes).toMatchObject(
        gone.map(() => ({ reason: { name: 'PermanentError', code: 'session-place-gone' } })),
      );
      expect(await cloudflare.sessionLengths()).toEqual(before);
    });
  });
}
