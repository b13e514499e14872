import { afterEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../sandbox/cloudflare/faults.ts';
import type { Quirks } from '../../sandbox/cloudflare/quirks.ts';
import { emailOf } from '../../sandbox/cloudflare/seed-people.ts';
import type { CloudflareOptions } from '../../sandbox/cloudflare/server.ts';
import { createCloudflare } from '../../src/cloudflare/cloudflare.ts';
import type { NetworkRow } from '../../src/core/log-row.ts';
import type { Cloudflare } from '../../src/core/ports.ts';
import { failureOf, NOW, startAdapter, type Started } from './start-adapter.ts';

const AMINA = emailOf('Amina Diallo');
const BRUNO = emailOf('Bruno Keller');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** The hour that ended at nine, which is counted when `NOW` has moved on a little. */
const EIGHT = NOW - HOUR;
const SESSIONS = 'gatewayL4SessionsAdaptiveGroups';
const BYTES = 'gatewayL4UpstreamSessionsAdaptiveGroups';

let started: Started | undefined;
afterEach(async () => {
  await started?.cf.stop();
  started = undefined;
});

async function start(options: CloudflareOptions = {}): Promise<Started> {
  started = await startAdapter({ now: () => NOW, ...options });
  return started;
}

/** Two people between seven and eight: three sessions with the application, one refused, one with a database. */
async function withSessions(quirks: Partial<Quirks> = {}): Promise<Started> {
  const house = await start({ quirks });
  const at = EIGHT - HOUR;
  house.cf.account.addNetworkSessions([
    { at: at + MINUTE, email: AMINA, sent: 100, received: 1000 },
    { at: at + 59 * MINUTE, email: AMINA, sent: 20, received: 200 },
    { at: at + 30 * MINUTE, email: BRUNO, sent: 3, received: 30 },
    { at: at + 31 * MINUTE, email: BRUNO, action: 'block', sent: 0, received: 0 },
    { at: at + 32 * MINUTE, email: BRUNO, destination: '10.20.0.12', port: 5432, sent: 4, received: 40 },
  ]);
  return house;
}

const read = (cloudflare: Cloudflare, since = EIGHT - HOUR, until = EIGHT): Promise<readonly NetworkRow[]> =>
  cloudflare.networkRows({ since, until });

/** `amina 10.20.0.5:443 allow x2, 120/1200 by amina-laptop` */
function inWords(rows: readonly NetworkRow[]): string[] {
  return rows
    .map(({ email, destination, port, action, sessions, sent, received, device }) => {
      const who = email.split('.')[0] || 'nobody';
      return `${who} ${destination}:${port} ${action} x${sessions}, ${sent}/${received} by ${device}`;
    })
    .toSorted();
}

describe('network sessions', () => {
  it('are counted per hour, person, device and destination, with their bytes, after three queries', async () => {
    const { cloudflare, routes } = await withSessions();

    const rows = await read(cloudflare);

    expect(inWords(rows)).toEqual([
      'amina 10.20.0.5:443 allow x2, 120/1200 by amina-laptop',
      'bruno 10.20.0.12:5432 allow x1, 4/40 by bruno-laptop',
      'bruno 10.20.0.5:443 allow x1, 3/30 by bruno-laptop',
      'bruno 10.20.0.5:443 block x1, undefined/undefined by bruno-laptop',
    ]);
    expect(rows[0]).toMatchObject({ at: EIGHT - HOUR, transport: 'tcp' });
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
    expect(routes()).toEqual(['POST /graphql', 'POST /graphql', 'POST /graphql']);
  });

  it('are the same rows with the same ids when they are read again', async () => {
    const { cloudflare } = await withSessions();

    expect(await read(cloudflare)).toEqual(await read(cloudflare, EIGHT - 30 * MINUTE, NOW));
  });

  it('are told hour by whole hour, at whatever times they are asked for', async () => {
    let now = NOW;
    const { cf, account } = await start({ now: () => now });
    const cloudflare = createCloudflare({ ...account, clock: { now: () => now }, deciders: { app: 'x' } });
    const at = Array.from({ length: 300 }, (_, index) => NOW + index * MINUTE);
    cf.account.addNetworkSessions(at.map((moment) => ({ at: moment, email: AMINA })));
    const seen = new Map<string, number>();

    for (let last = NOW; now < NOW + 6 * HOUR; last = now) {
      now += 20 * MINUTE;
      // oxlint-disable-next-line no-await-in-loop -- one pull after the other
      for (const row of await read(cloudflare, last - HOUR, now)) {
        expect(seen.get(row.id) ?? row.sessions).toBe(row.sessions);
        seen.set(row.id, row.sessions);
      }
    }

    expect([...seen.values()]).toEqual([60, 60, 60, 60, 60]);
  });

  it('are not told of an hour that is not over, nor of one that ended just now', async () => {
    const { cf, cloudflare } = await start();
    cf.account.addNetworkSessions([EIGHT, NOW - MINUTE].map((at) => ({ at, email: AMINA })));

    await expect(read(cloudflare, EIGHT, NOW)).resolves.toEqual([]);
  });

  it('may be none', async () => {
    const { cloudflare } = await withSessions({ analyticsNetwork: 'none' });

    await expect(read(cloudflare)).resolves.toEqual([]);
  });

  it('are asked for no further back and no wider than the plan allows', async () => {
    const { cf, cloudflare } = await start();
    const days = [40, 20, 3];
    cf.account.addNetworkSessions(days.map((ago) => ({ at: NOW - ago * DAY, email: AMINA })));

    const rows = await read(cloudflare, NOW - 50 * DAY, NOW);

    expect(rows.map(({ at }) => (NOW - at) / DAY)).toEqual([20, 3]);
  });
});

describe('bytes', () => {
  it.each<[string, Partial<Quirks>]>([
    ['bytesRecvd', { bytesField: 'bytesRecvd' }],
    ['bytesRecvd, without settings', { bytesField: 'bytesRecvd', analyticsSettings: 'refused' }],
    ['bytesReceived, without settings', { bytesField: 'bytesReceived', analyticsSettings: 'refused' }],
  ])('are found under the name %s', async (_how, quirks) => {
    const { cloudflare } = await withSessions(quirks);

    const rows = await read(cloudflare);

    expect(rows.find(({ email }) => email === AMINA)).toMatchObject({ sessions: 2, sent: 120, received: 1200 });
  });

  it.each(['told', 'refused'] as const)('stay untold where there are none, settings %s', async (analyticsSettings) => {
    const { cloudflare } = await withSessions({ bytesField: 'none', analyticsSettings });

    const rows = await read(cloudflare);

    expect(rows).toHaveLength(4);
    expect(rows.every((row) => !('sent' in row) && !('received' in row))).toBe(true);
  });

  it('are put down to nobody where they could be anybody’s, and all are there', async () => {
    const analyticsWithout = [`${BYTES}.email`, `${BYTES}.deviceId`, `${BYTES}.deviceName`];
    const { cloudflare } = await withSessions({ analyticsWithout });

    expect(inWords(await read(cloudflare))).toEqual([
      'amina 10.20.0.5:443 allow x2, undefined/undefined by amina-laptop',
      'bruno 10.20.0.12:5432 allow x1, 4/40 by bruno-laptop',
      'bruno 10.20.0.5:443 allow x1, undefined/undefined by bruno-laptop',
      'bruno 10.20.0.5:443 block x1, undefined/undefined by bruno-laptop',
      'nobody 10.20.0.5:443 undefined x0, 123/1230 by undefined',
    ]);
  });
});

describe('a field that the plan does not have', () => {
  it('is the device', async () => {
    const { cloudflare } = await withSessions({ analyticsWithout: ['deviceId', 'deviceName'] });

    expect(inWords(await read(cloudflare))).toContain('amina 10.20.0.5:443 allow x2, 120/1200 by undefined');
  });

  it.each(['told', 'refused'] as const)('is the person, settings %s', async (analyticsSettings) => {
    const { cloudflare } = await withSessions({ analyticsWithout: [`${SESSIONS}.email`], analyticsSettings });

    const rows = await read(cloudflare);

    expect(new Set(rows.map(({ email }) => email))).toContain('');
    expect(rows.reduce((sum, { sessions }) => sum + sessions, 0)).toBe(5);
    expect(rows.reduce((sum, { received }) => sum + (received ?? 0), 0)).toBe(1270);
  });

  it('is one without which the rows are of no use', async () => {
    const { cloudflare } = await withSessions({ analyticsWithout: [`${SESSIONS}.destinationIp`] });

    expect(await failureOf(read(cloudflare))).toMatchObject({ name: 'PermanentError', code: 'no-such-data' });
  });
});

describe('where analytics tell nothing', () => {
  it('says so of a plan without them', async () => {
    const { cloudflare } = await withSessions({ analyticsNetwork: 'refused' });

    expect(await failureOf(read(cloudflare))).toMatchObject({
      name: 'PermanentError',
      code: 'no-such-data',
      message:
        'Cloudflare’s analytics of network sessions can’t be read: the plan of the account does not have them, or the API token lacks the permission “Account Analytics → Read”.',
    });
  });

  it('says so of a token without the permission', async () => {
    const { cf, cloudflare } = await withSessions();
    cf.account.removePermission('Account Analytics Read');

    expect(await failureOf(read(cloudflare))).toMatchObject({
      code: 'no-such-data',
      message:
        'Cloudflare’s analytics of network sessions can’t be read: add the permission “Account Analytics → Read” to the API token.',
    });
  });

  it.each<[number, Fault]>([
    [1, { status: 503 }],
    [2, { status: 429 }],
    [3, { dropConnection: true }],
  ])('gives no half of the truth when query %s fails for the moment', async (which, fault) => {
    const { cf, cloudflare } = await withSessions();
    let asked = 1;
    const plant = (): void => {
      asked += 1;
      if (asked === which) cf.faults.add({ path: '/graphql', ...fault });
    };
    if (which === 1) cf.faults.add({ path: '/graphql', ...fault });
    cf.after('POST', '/graphql', plant, { times: 3 });

    expect((await failureOf(read(cloudflare))).name).toBe('TransientError');
    expect(cf.calls).toHaveLength(which);
  });

  it('reads on where rows are of another form', async () => {
    const { cf, cloudflare } = await withSessions({ bytesField: 'none' });
    cf.after('POST', '/graphql', () => {
      cf.faults.add({
        path: '/graphql',
        mangle: () => {
          const dimensions = { datetimeHour: '2026-03-02T07:00:00Z', destinationIp: '10.20.0.5' };
          const rows = [
            null,
            { count: 1, dimensions: { destinationIp: '10.20.0.5' } },
            { count: '7', dimensions: { ...dimensions, destinationPort: '443', transport: 17, action: 'ALLOW' } },
            { dimensions },
          ];
          return { data: { viewer: { accounts: [{ [SESSIONS]: rows }] } }, errors: null };
        },
      });
    });

    const rows = await read(cloudflare);

    expect(rows).toMatchObject([
      { at: EIGHT - HOUR, email: '', port: 443, transport: 'udp', action: 'allow', sessions: 7 },
      { at: EIGHT - HOUR, sessions: 0 },
    ]);
  });
});

it('tells of 100,000 sessions of a day with a tenth of what analytics allow in five minutes', async () => {
  const { cf, cloudflare } = await start({ quirks: { enforceBudget: true } });
  const { network } = cf.account.generateDay('busy', {
    from: NOW - 2 * DAY,
    to: NOW - DAY,
    people: 500,
    signIns: 0,
    networkSessions: 100_000,
  });

  const rows = await read(cloudflare, NOW - 2 * DAY, NOW - DAY);

  expect(rows.reduce((sum, { sessions }) => sum + sessions, 0)).toBe(network.length);
  expect(rows.reduce((sum, { received }) => sum + (received ?? 0), 0)).toBe(
    network.reduce((sum, { received }) => sum + received, 0),
  );
  expect(cf.calls.length).toBeLessThan(300 * 0.15);
});
