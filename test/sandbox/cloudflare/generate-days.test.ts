import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CloudflareSandbox } from '../../../sandbox/cloudflare/server.ts';
import { startCloudflare } from '../../../sandbox/cloudflare/server.ts';
import { clientFor } from './client.ts';

const now = Date.parse('2026-11-02T09:00:00Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const span = { from: now - DAY, to: now };
const amina = 'amina.diallo@lanternhealth.example';

let cf: CloudflareSandbox;
beforeEach(async () => {
  cf = await startCloudflare({ now: () => now });
});
afterEach(() => cf.stop());

const inside = (rows: readonly { at: number }[]): boolean => rows.every(({ at }) => at >= span.from && at < span.to);

/** How many have the same as one before. */
const repeated = (values: readonly unknown[]): number => values.length - new Set(values).size;

describe('a generated day', () => {
  it('is the same each time, and another one with another seed or at another time', async () => {
    const days = [
      cf.account.generateDay('busy', span),
      cf.account.generateDay('busy', span),
      cf.account.generateDay('busy', { ...span, seed: 2 }),
      cf.account.generateDay('busy', { from: span.from - DAY, to: span.to - DAY }),
    ].map(({ access, network }) => ({ access, network }));

    expect(days[1]).toEqual(days[0]);
    const rays = [days[0], days[2], days[3]].flatMap((day) => day?.access.map(({ rayId }) => rayId) ?? []);
    expect(repeated(rays)).toBe(0);
  });

  it('is in the Access log and in the analytics', async () => {
    cf.account.generateDay('quiet', span);
    const account_id = cf.accountId;
    const since = new Date(span.from + 1000).toISOString();

    const log = await clientFor(cf).zeroTrust.access.logs.accessRequests.list({ account_id, since });

    expect(log).toHaveLength(4);
    expect(cf.account.state.networkSessions).toHaveLength(4);
  });

  it('lies between its two moments, oldest first', () => {
    for (const kind of ['quiet', 'busy', 'attack'] as const) {
      const { access, network } = cf.account.generateDay(kind as 'busy', span);
      expect(inside(access) && inside(network)).toBe(true);
      expect(access.map(({ at }) => at)).toEqual(access.map(({ at }) => at).toSorted((a, b) => a - b));
    }
  });

  it('has people of the account with their devices first, and makes up the rest', () => {
    const { access, network } = cf.account.generateDay('busy', { ...span, people: 100, signIns: 5000 });

    const people = new Set(access.map(({ email }) => email));
    expect(people.size).toBe(100);
    expect(people).toContain(amina);
    const [registration] = [...cf.account.state.registrations.values()].filter(
      ({ userId }) => userId === access.find(({ email }) => email === amina)?.userId,
    );
    expect(access.find(({ email, allowed }) => email === amina && allowed)?.registrationId).toBe(registration?.id);
    expect(network.find(({ email }) => email === amina)).toMatchObject({
      deviceId: registration?.deviceId,
      deviceName: 'amina-laptop',
    });
    const denied = access.filter(({ allowed }) => !allowed).length / access.length;
    expect(denied).toBeGreaterThan(0.02);
    expect(denied).toBeLessThan(0.04);
  });

  it('of 100,000 rows takes no time to speak of', () => {
    const started = performance.now();

    const { access, network } = cf.account.generateDay('busy', {
      ...span,
      people: 1000,
      signIns: 100_000,
      networkSessions: 100_000,
    });

    expect([access.length, network.length, repeated(access.map(({ rayId }) => rayId))]).toEqual([100_000, 100_000, 0]);
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});

it('a quiet day has no denial', () => {
  const { access } = cf.account.generateDay('quiet', span);

  expect(access.map(({ allowed }) => allowed)).toEqual([true, true, true, true]);
});

it('an attack has strangers, somebody who was revoked, and two countries within an hour', () => {
  const { access, revoked, strangers, traveller } = cf.account.generateDay('attack', {
    ...span,
    revoked: 'noah.fischer@lanternhealth.example',
  });

  const denied = access.filter(({ allowed }) => !allowed);
  expect(denied.filter(({ email }) => strangers.includes(email))).toHaveLength(240);
  const tries = denied.filter(({ email }) => email === revoked);
  expect(tries).toHaveLength(20);
  expect(tries[0]).toMatchObject({ email: 'noah.fischer@lanternhealth.example', policyId: '', registrationId: '' });
  expect(tries[0]?.userId).not.toBe('');
  const abroad = access.findIndex(({ email, country }) => email === traveller && country === 'BR');
  const before = access.findLast(({ email, at }, index) => index < abroad && email === traveller && at > now - DAY);
  expect(before).toMatchObject({ country: 'DE', allowed: true });
  expect((access[abroad]?.at ?? 0) - (before?.at ?? 0)).toBeLessThan(HOUR);
});

it('a row that somebody adds has what the account knows of the person', () => {
  cf.account.addAccessRows([
    { at: now, email: amina, allowed: true },
    { at: now, email: 'stranger@elsewhere.example', allowed: false, country: 'BR' },
  ]);

  const [hers, theirs] = cf.account.state.accessLog.slice(-2);
  expect(hers).toMatchObject({ policyId: cf.account.ids.policy, country: 'DE', ip: '198.51.100.77' });
  expect(cf.account.state.registrations.has(hers?.registrationId ?? '')).toBe(true);
  expect(theirs).toMatchObject({ userId: '', policyId: '', registrationId: '', country: 'BR' });
  expect(hers?.rayId).not.toBe(theirs?.rayId);
});
