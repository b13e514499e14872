import type { Digest } from '../../src/core/digest/digest.ts';

const HOUR = 60 * 60 * 1000;
const MINUTE = HOUR / 60;

/** The first moment of Friday 20 November 2026 in Zurich. */
export const DAY_FROM = Date.UTC(2026, 10, 19, 23);
export const HEAD = { seq: 1204, hash: '5f2c9a1e'.repeat(8) };

/** A moment of that day by the clock there. */
export function at(hour: number, minute = 0): number {
  return DAY_FROM + hour * HOUR + minute * MINUTE;
}

/** Two numbers for each hour that is named, by the clock. */
export function hoursWith(
  named: Readonly<Record<number, readonly [signIns: number, denied: number]>>,
): Digest['access']['hours'] {
  return Array.from({ length: 24 }, (_, hour) => {
    const [signIns, denied] = named[hour] ?? [0, 0];
    return { label: `${String(hour).padStart(2, '0')}:00`, signIns, denied };
  });
}

const QUIET_HOURS = hoursWith({ 7: [4, 0], 8: [21, 0], 9: [18, 0], 11: [9, 0], 13: [17, 0], 14: [11, 0], 17: [3, 0] });

/** A day on which nothing was out of the ordinary; with other facts for some. */
export function aDigest(changes: Partial<Digest> = {}): Digest {
  return {
    day: '2026-11-20',
    timeZone: 'Europe/Zurich',
    from: DAY_FROM,
    to: DAY_FROM + 24 * HOUR,
    access: {
      signIns: 83,
      denied: 0,
      people: 31,
      devices: 34,
      before: { signIns: 79.3, denied: 1.4, people: 30.1, devices: 33 },
      hours: QUIET_HOURS,
    },
    denials: [],
    moreDenials: 0,
    revoked: [],
    unusual: [],
    moreUnusual: 0,
    network: {
      sessions: 1840,
      sent: 210_000_000,
      received: 3_400_000_000,
      destinations: [
        { name: '10.20.0.5:443', sessions: 1500, bytes: 3_100_000_000 },
        { name: '10.20.0.9:5432', sessions: 200, bytes: 400_000_000 },
        { name: '10.20.0.12:22', sessions: 90, bytes: 92_000_000 },
        { name: '10.20.0.7:8000', sessions: 50, bytes: 18_000_000 },
      ],
      devices: [
        { name: 'ana-macbook', email: 'ana.souza@lanternhealth.example', bytes: 1_800_000_000 },
        { name: 'ben-thinkpad', email: 'ben.okoro@lanternhealth.example', bytes: 640_000_000 },
      ],
    },
    tunnel: { down: 0, outages: [] },
    bot: { asked: 2, done: 2, denied: 0, failed: 0, open: [] },
    ending: [],
    gaps: [],
    head: HEAD,
    ...changes,
  };
}

const BUSY: Partial<Digest> = {
  access: {
    signIns: 118,
    denied: 31,
    people: 42,
    devices: 51,
    before: { signIns: 110.4, denied: 2.4, people: 40, devices: 49 },
    hours: hoursWith({
      6: [2, 0],
      7: [9, 1],
      8: [31, 4],
      9: [22, 12],
      10: [8, 6],
      11: [6, 2],
      13: [19, 3],
      14: [12, 0],
      16: [7, 3],
      21: [2, 0],
    }),
  },
  denials: [
    {
      email: 'mika.lind@lanternhealth.example',
      count: 14,
      reason: 'The serial number C02XK0AZJG5J is not in the list “OCS serials” now',
      basis: 'fact',
      lastAt: at(10, 12),
    },
    {
      email: 'gus@partner.example',
      count: 9,
      reason: 'No policy lets this address in now',
      basis: 'fact',
      lastAt: at(13, 44),
    },
    {
      email: 'dina.haddad@lanternhealth.example',
      count: 5,
      reason: 'A code that was wrong or not entered',
      basis: 'inference',
      lastAt: at(16, 3),
    },
    {
      email: 'pat.moore@lanternhealth.example',
      count: 3,
      reason: 'No policy lets this address in now',
      basis: 'fact',
      lastAt: at(8, 5),
    },
  ],
  revoked: [{ email: 'pat.moore@lanternhealth.example', count: 3, letIn: 0, requestId: 'REQ-0131', lastAt: at(8, 5) }],
  unusual: [
    {
      kind: 'impossible-travel',
      email: 'ben.okoro@lanternhealth.example',
      says: 'Signed in from Switzerland and, 22 min later, from Kenya. A VPN or a phone network can look like that.',
      basis: 'inference',
      at: at(14, 31),
    },
    {
      kind: 'first-country',
      email: 'ana.souza@lanternhealth.example',
      says: 'Portugal. So far from Brazil and Switzerland.',
      basis: 'fact',
      at: at(9, 2),
    },
    {
      kind: 'first-device',
      email: 'olu.adeyemi@lanternhealth.example',
      says: '“olu-framework”. It may be a known one that was enrolled again.',
      basis: 'inference',
      at: at(11, 20),
    },
  ],
  tunnel: {
    down: 14 * MINUTE,
    outages: [
      { name: 'lantern-ocs', from: at(3, 10), to: at(3, 18) },
      { name: 'lantern-ocs', from: at(19, 40), to: at(19, 46) },
    ],
  },
  bot: {
    asked: 6,
    done: 4,
    denied: 1,
    failed: 0,
    open: [{ id: 'REQ-0147', says: 'Give Noor Patel access to Open Chat Studio' }],
  },
  ending: [
    { person: { email: 'sam@partner.example', name: 'Sam Reyes' }, endsAt: at(72) },
    { person: { email: 'gus@partner.example' }, endsAt: at(120) },
  ],
};

export function aBusyDigest(changes: Partial<Digest> = {}): Digest {
  return aDigest({ ...BUSY, ...changes });
}

/** Thousands of tries with made-up addresses, and somebody came in who should not. */
export function anAttackDigest(changes: Partial<Digest> = {}): Digest {
  return aBusyDigest({
    access: {
      signIns: 96,
      denied: 48_210,
      people: 38,
      devices: 44,
      before: { signIns: 110.4, denied: 2.4, people: 40, devices: 49 },
      hours: hoursWith({ 1: [0, 9100], 2: [1, 20_400], 3: [0, 18_650], 8: [40, 22], 9: [30, 18], 14: [25, 20] }),
    },
    denials: Array.from({ length: 25 }, (_, index) => ({
      email: `a${index}@spray.example`,
      count: 190 - index,
      reason: 'No policy lets this address in now',
      basis: 'fact' as const,
      lastAt: at(3, index),
    })),
    moreDenials: 6240,
    moreTries: 43_000,
    denialsAreRough: true,
    revoked: [
      { email: 'eve.stone@lanternhealth.example', count: 4, letIn: 1, requestId: 'REQ-0140', lastAt: at(2, 50) },
      { email: 'pat.moore@lanternhealth.example', count: 3, letIn: 0, requestId: 'REQ-0131', lastAt: at(8, 5) },
      {
        email: 'ana.souza@lanternhealth.example',
        count: 2,
        letIn: 0,
        requestId: 'REQ-0138',
        because: 'lost',
        lastAt: at(9, 1),
      },
    ],
    ...changes,
  });
}

/** The bot was down for some hours, and could not store all rows afterwards. */
export function aDigestAfterDowntime(changes: Partial<Digest> = {}): Digest {
  return aDigest({
    gaps: [{ from: at(-3), to: at(6, 40), why: 'Cloudflare had dropped the rows by the time that the bot was back' }],
    dropped: { rows: 12_450, upTo: at(-60) },
    network: {
      sessions: 0,
      sent: 0,
      received: 0,
      destinations: [],
      devices: [],
      problem: 'The token may not read analytics.',
    },
    ...changes,
  });
}

/** Sunday 25 October 2026 in Zurich: at 3 the clocks are put back to 2. */
export function aDigestOf25Hours(): Digest {
  const from = Date.UTC(2026, 9, 24, 22);
  const hours = hoursWith({ 1: [1, 0], 2: [2, 0], 9: [4, 0], 20: [3, 1] });
  return aDigest({
    day: '2026-10-25',
    from,
    to: from + 25 * HOUR,
    access: {
      signIns: 15,
      denied: 1,
      people: 7,
      devices: 7,
      before: { signIns: 79.3, denied: 1.4, people: 30.1, devices: 33 },
      hours: [...hours.slice(0, 3), { label: '02:00 again', signIns: 5, denied: 0 }, ...hours.slice(3)],
    },
    denials: [
      {
        email: 'dina.haddad@lanternhealth.example',
        count: 1,
        reason: 'A code that was wrong or not entered',
        basis: 'inference',
        lastAt: from + 21.5 * HOUR,
      },
    ],
  });
}
