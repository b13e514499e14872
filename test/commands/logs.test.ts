import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Desk } from '../../src/commands/desk.ts';
import { pressOf } from '../../src/commands/presses.ts';
import { slash } from '../../src/commands/slash.ts';
import { PermanentError, TransientError, UserError } from '../../src/core/errors.ts';
import type { AccessRow, NetworkRow } from '../../src/core/log-row.ts';
import type { Message } from '../../src/slack/message.ts';
import { aCall, aDesk, aDirectory, type DeskOptions } from '../builders/a-desk.ts';
import { refusal } from '../builders/a-house.ts';
import { aPolicy, email } from '../builders/a-policy.ts';
import { ANA, ASKED_AT, BEN, CARA, DINA } from '../builders/a-request.ts';
import { aDevice, anItem, aSerialList, aSnapshot } from '../builders/a-snapshot.ts';
import { read } from '../slack/read.ts';

afterEach(() => {
  vi.useRealTimers();
});

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const EVE = 'eve@elsewhere.example';

function aRow(number: number, changes: Partial<AccessRow> = {}): AccessRow {
  return {
    id: `8c3e1f20a1b2c3${String(number).padStart(2, '0')}`,
    at: ASKED_AT - number * MINUTE,
    email: ANA.email,
    allowed: true,
    app: 'ocs.lantern.example',
    ip: '203.0.113.7',
    method: 'onetimepin',
    country: 'DE',
    ...changes,
  };
}

function aSession(number: number, changes: Partial<NetworkRow> = {}): NetworkRow {
  return {
    id: `session-${number}`,
    at: Math.floor(ASKED_AT / HOUR) * HOUR - number * HOUR,
    email: ANA.email,
    destination: '172.18.0.7',
    port: 8000,
    transport: 'tcp',
    action: 'allow',
    sessions: 3,
    sent: 12_345_678,
    received: 987,
    device: 'device-1',
    ...changes,
  };
}

/** Ana has a Mac that the list knows; Eve has nothing. */
const ACCOUNT = aSnapshot({
  allow: aPolicy({ include: [email(ANA.email)] }),
  posture: { ruleId: 'posture-serials', name: 'Known laptops', list: aSerialList([anItem('C02XK0AZJG5J')]) },
  devices: [aDevice()],
});

interface Kept {
  readonly access?: readonly AccessRow[];
  readonly network?: readonly NetworkRow[];
}

async function aHouse({ access = [], network = [] }: Kept = {}, options: DeskOptions = {}) {
  const house = aDesk({ snapshot: ACCOUNT, ...options });
  await house.logs.addRows('access', access);
  await house.logs.addRows('network', network);
  await house.logs.keepPulled('access', { until: ASKED_AT - 5 * MINUTE, gaps: [] });
  await house.logs.keepPulled('network', { until: ASKED_AT - 5 * MINUTE, gaps: [] });
  return house;
}

async function types(desk: Desk, words: string, who: { readonly slackId: string } = CARA): Promise<Message> {
  const { call, replies } = aCall(who, words);
  await slash(desk, call);
  const last = replies.at(-1);
  if (last === undefined) throw new Error('Nobody answered.');
  return last;
}

async function presses(desk: Desk, message: Message, label: string, who: { readonly slackId: string } = CARA) {
  const buttons = message.blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));
  const found = buttons.find((one) => one.type === 'button' && one.text.text === label);
  if (found?.type !== 'button') throw new Error(`There is no ${label}.`);
  const { call, replies } = aCall(who, found.value ?? '');
  await pressOf(desk, found.action_id ?? '')?.(desk, call);
  return replies.at(-1);
}

function linesOf(message: Message | undefined): string[] {
  return message === undefined ? [] : read(message).split('\n');
}

function raysOf(message: Message | undefined): string[] {
  return linesOf(message).flatMap((line) => /ray (\S+)/.exec(line)?.[1] ?? []);
}

async function unpulled(options: DeskOptions = {}) {
  const house = aDesk({ snapshot: ACCOUNT, ...options });
  house.account.setLogs({
    access: [aRow(1), aRow(100, { email: EVE, allowed: false }), aRow(20 * 60), aRow(30 * 60)],
  });
  return house;
}

describe('`logs access`', () => {
  it('shows an approver who came in and who was turned away, and likely why', async () => {
    const { desk } = await aHouse({
      access: [
        aRow(10, { deviceId: 'registration-1', withWarp: true, policyId: 'policy-team' }),
        aRow(20, { email: EVE, allowed: false, ip: '198.51.100.9', country: 'XX' }),
        aRow(30, { allowed: false, deviceId: 'device-1', withWarp: true }),
        aRow(40, { allowed: false, withWarp: false }),
      ],
    });

    expect(read(await types(desk, 'logs access'))).toMatchInlineSnapshot(`
      "# Access log
      Everybody, since 2026-11-20 11:00 UTC, as of 2026-11-21 10:55 UTC.
      Access log, newest first
      Time | Person | Allowed? | From where, how
      2026-11-21 10:50 UTC | ana.souza@lanternhealth.example | Allowed | 203.0.113.7 (DE) · code by e-mail · serial C02XK0AZJG5J · ocs.lantern.example · ray 8c3e1f20…
      2026-11-21 10:40 UTC | eve@elsewhere.example | Not allowed: No policy lets this address in now | 198.51.100.9 · code by e-mail · ocs.lantern.example · ray 8c3e1f20…
      2026-11-21 10:30 UTC | ana.souza@lanternhealth.example | Not allowed: A code that was wrong or not entered (likely) | 203.0.113.7 (DE) · code by e-mail · serial C02XK0AZJG5J · ocs.lantern.example · ray 8c3e1f20…
      2026-11-21 10:20 UTC | ana.souza@lanternhealth.example | Not allowed: WARP was off, so no device was checked | 203.0.113.7 (DE) · code by e-mail · WARP off · ocs.lantern.example · ray 8c3e1f20…
      (Cloudflare’s log gives no reasons. These follow from the policies, lists and devices as they are now; “(likely)” means: not for certain.)
      [Download CSV] [Download NDJSON]"
    `);
  });

  it('says all of it in the text as well', async () => {
    const { desk } = await aHouse({ access: [aRow(1), aRow(2, { email: EVE, allowed: false })] });

    expect((await types(desk, 'logs access')).text).toMatchInlineSnapshot(`
      "Access log: Everybody, since <!date^1795172400^{date_short_pretty} at {time}|2026-11-20 11:00 UTC>, as of <!date^1795258500^{date_short_pretty} at {time}|2026-11-21 10:55 UTC>:
      <!date^1795258740^{date_short_pretty} at {time}|2026-11-21 10:59 UTC> ana.souza@lanternhealth.example: allowed; 203.0.113.7 (DE) · code by e-mail · ocs.lantern.example · ray 8c3e1f20…
      <!date^1795258680^{date_short_pretty} at {time}|2026-11-21 10:58 UTC> eve@elsewhere.example: not allowed: No policy lets this address in now; 203.0.113.7 (DE) · code by e-mail · ocs.lantern.example · ray 8c3e1…"
    `);
  });

  it('says so when there is nothing, and offers no file then', async () => {
    const { desk } = await aHouse();

    expect(read(await types(desk, 'logs access nobody@lanternhealth.example'))).toMatchInlineSnapshot(`
      "# Access log
      nobody@lanternhealth.example, since 2026-11-20 11:00 UTC, as of 2026-11-21 10:55 UTC.
      Nothing in the log matches."
    `);
  });

  it('takes its words in any order', async () => {
    const { desk } = await aHouse({
      access: [
        aRow(10),
        aRow(20, { allowed: false }),
        aRow(30, { email: EVE, allowed: false }),
        aRow(3 * 24 * 60, { allowed: false }),
      ],
    });

    for (const words of [
      `denied ${ANA.email} 2d`,
      `since 2d <@${ANA.slackId}|ana> DENIED`,
      `2d <mailto:${ANA.email}|x> denied`,
    ]) {
      const shown = linesOf(await types(desk, `logs access ${words}`));
      expect(shown.filter((line) => line.includes('Not allowed'))).toHaveLength(1);
      expect(shown[1]).toContain(`${ANA.email}, only those turned away, since`);
    }
    const allowed = linesOf(await types(desk, 'logs access allowed'));
    expect(allowed.filter((line) => line.includes('| Allowed |'))).toHaveLength(1);
    expect(allowed.join()).not.toContain('Not allowed');
  });

  it('takes days as whoever reads means them', async () => {
    const directory = aDirectory([{ ...CARA, email: 'cara@lanternhealth.example', timeZone: 'America/Sao_Paulo' }]);
    const { desk } = await aHouse({}, { directory });

    expect(linesOf(await types(desk, 'logs access 2026-11-20'))[1]).toContain('since 2026-11-20 03:00 UTC');
  });

  it.each([
    ['lgos', 'I don’t know “lgos”.'],
    ['denid', 'I don’t know “denid”. Did you mean `denied`?'],
    ['2026-02-30', '“2026-02-30” is not a time that I can read. Valid are'],
    ['25:00', '“25:00” is not a time that I can read.'],
    ['3days', '“3days” is not a time that I can read.'],
    ['0d', '“0d” is no time at all.'],
    ['2027-01-01', '“2027-01-01” is still to come.'],
    ['today yesterday', 'Name one time at a time.'],
    [`${ANA.email} ${EVE}`, 'Name one person at a time.'],
    ['10.0.0.5', '“10.0.0.5”'],
  ])('refuses `%s` and shows the valid forms', async (words, says) => {
    const { desk } = await aHouse();

    const error = await refusal(types(desk, `logs access ${words}`));

    expect(error).toBeInstanceOf(UserError);
    expect(error.message).toContain(says);
  });

  it('writes down who looked at whose log, before it is shown', async () => {
    const { desk, store } = await aHouse({ access: [aRow(1)] });

    await types(desk, `logs access ${ANA.email} denied`);

    expect(store.entries).toMatchObject([
      {
        kind: 'logs.read',
        actor: { slackId: CARA.slackId },
        people: [ANA.email],
        says: 'Cara Lindqvist looked at the Access log of ana.souza@lanternhealth.example since 2026-11-20 11:00 UTC.',
        facts: { log: 'access', outcome: 'denied' },
      },
    ]);
  });

  it('is for approvers: a refusal is written down and shows nothing', async () => {
    const { desk, store } = await aHouse({ access: [aRow(1)] });

    const error = await refusal(types(desk, 'logs access', BEN));

    expect(error.message).toBe('Only approvers can read the logs. Your own access is under `/ocs-access whoami`.');
    expect(store.entries.map(({ says }) => says)).toEqual([
      'Ben Okafor tried to read the Access log without being an approver.',
    ]);
  });

  it('says from when rows are kept, what is missing, and since when', async () => {
    const { desk, logs } = await aHouse({ access: [aRow(1)] });
    await logs.keepPulled('access', {
      until: ASKED_AT - 2 * HOUR,
      gaps: [{ from: ASKED_AT - 9 * HOUR, to: ASKED_AT - 8 * HOUR, why: 'Nothing ran then.' }],
      problem: 'The token may not read the Access log.',
      details: { none: { why: 'Countries and devices are missing: the plan has no analytics.', askAt: 0 } },
    });

    const shown = linesOf(await types(desk, 'logs access 5w'));

    expect(shown.filter((line) => line.startsWith('Note:'))).toMatchInlineSnapshot(`
      [
        "Note: The token may not read the Access log.",
        "Note: Countries and devices are missing: the plan has no analytics.",
        "Note: No rows from 2026-11-21 02:00 UTC to 2026-11-21 03:00 UTC. Nothing ran then.",
        "Note: Rows are kept for 30 days, so there are none from before 2026-10-22 11:00 UTC.",
        "Note: There are rows from 2026-11-21 10:59 UTC on.",
      ]
    `);
  });

  it('shows the rows without serial numbers and reasons where the account can’t be read', async () => {
    const { desk } = await aHouse(
      { access: [aRow(1, { email: EVE, allowed: false })] },
      {
        cloudflare: {
          snapshot: async () => {
            throw new TransientError('Cloudflare is out of order (502).', { code: 'cloudflare-unavailable' });
          },
        },
      },
    );

    const shown = read(await types(desk, 'logs access'));

    expect(shown).toContain(`| ${EVE} | Not allowed |`);
    expect(shown).toContain('Note: Serial numbers and reasons are missing. Cloudflare is out of order (502).');
  });

  it('does not read the account for rows that need nothing of it', async () => {
    const { desk, account } = await aHouse({ access: [aRow(1)] });

    await types(desk, 'logs access');

    expect(account.calls).toEqual([]);
  });

  it('asks the account once, for the people of the page alone', async () => {
    const scopes: unknown[] = [];
    const { desk } = await aHouse(
      { access: [aRow(1, { allowed: false }), aRow(2, { deviceId: 'x' }), aRow(3, { email: EVE })] },
      {
        cloudflare: {
          snapshot: async (scope) => {
            scopes.push(scope);
            return ACCOUNT;
          },
        },
      },
    );

    await types(desk, 'logs access');

    expect(scopes).toEqual([{ devicesOf: [ANA.email], loginMethods: true, undecided: 'first' }]);
  });
});

describe('before anything was pulled', () => {
  it('reads the last hours from Cloudflare itself, newest first', async () => {
    const { desk } = await unpulled({
      cloudflare: { loginDetails: async () => new Map([[aRow(1).id, { country: 'FR', withWarp: false }]]) },
    });

    const shown = linesOf(await types(desk, 'logs access 3d'));

    expect(
      shown
        .filter((line) => line.includes(' | '))
        .slice(1)
        .map((line) => line.split(' | ')[1]),
    ).toEqual([ANA.email, EVE, ANA.email]);
    // Analytics add what the log does not tell, and what it tells stays.
    expect(shown.find((line) => line.includes('WARP off'))).toContain('203.0.113.7 (DE)');
    expect(shown).toContain(
      'Note: Nothing is kept here yet, so this comes from Cloudflare just now: the last 24 hours at most.',
    );
  });

  it('says why that can’t be had', async () => {
    const { desk } = await unpulled({
      cloudflare: {
        accessRows: async () => {
          throw new PermanentError('The token may not read the Access log.', { code: 'cloudflare-forbidden' });
        },
      },
    });

    expect(read(await types(desk, 'logs access'))).toContain(
      'Note: The Access log could not be read. The token may not read the Access log.',
    );
  });

  it('does not wait for a Cloudflare that hangs', async () => {
    vi.useFakeTimers();
    const { desk } = await unpulled({ cloudflare: { accessRows: () => new Promise<never>(() => undefined) } });
    const answered = types(desk, 'logs access');

    await vi.advanceTimersByTimeAsync(6_000);

    expect(read(await answered)).toContain('Cloudflare does not answer. Try again in a minute.');
  });
});

describe('the pages', () => {
  /** Many of one second, so that a page ends in the middle of it. */
  const MANY = Array.from({ length: 40 }, (_, index) => aRow(index, { at: ASKED_AT - Math.floor(index / 20) * HOUR }));

  it('go back and forth without losing or doubling a row', async () => {
    const rows = MANY.map((row, index) => ({ ...row, id: `r${index}` }));
    const { desk, logs } = await aHouse({ access: rows });

    const first = await types(desk, 'logs access');
    const second = await presses(desk, first, 'Older');
    // Somebody comes in meanwhile: the pages stay as they were.
    await logs.addRows('access', [aRow(0, { id: 'new', at: ASKED_AT + 5 * MINUTE })]);
    const third = second && (await presses(desk, second, 'Older'));
    const seen = [first, second, third].flatMap(raysOf);

    expect(seen).toHaveLength(40);
    expect(new Set(seen).size).toBe(40);
    expect(third && read(third)).toContain('[Newer] [Download CSV]');
    expect(linesOf(third)[1]).toContain('Page 3.');
    const back = third && (await presses(desk, third, 'Newer'));
    expect(raysOf(back)).toEqual(raysOf(second));
    const start = back && (await presses(desk, back, 'Newer'));
    expect(raysOf(start)).toEqual(raysOf(first));
    expect(start && read(start)).not.toContain('[Newer]');
  });

  it('lose none of the same second after the row at which a page ended was dropped', async () => {
    const rows = Array.from({ length: 20 }, (_, index) => aRow(0, { id: `r${String(index).padStart(2, '0')}` }));
    const { desk, logs } = await aHouse({ access: rows });
    const first = await types(desk, 'logs access');
    const last = raysOf(first).at(-1);
    const dropped: Desk = {
      ...desk,
      logs: {
        ...logs,
        async *rows(kind, query) {
          for await (const page of logs.rows(kind, query)) yield page.filter(({ id }) => id !== last);
        },
      },
    };

    const second = await presses(dropped, first, 'Older');
    const third = second && (await presses(dropped, second, 'Older'));

    expect(new Set([first, second, third].flatMap(raysOf))).toEqual(new Set(rows.map(({ id }) => id)));
  });

  it('say so when nothing older is left', async () => {
    const { desk, logs } = await aHouse({ access: Array.from({ length: 20 }, (_, index) => aRow(index)) });
    const first = await types(desk, 'logs access');
    await logs.dropRows({ before: ASKED_AT - 14 * MINUTE, most: 1000 });

    expect(linesOf(await presses(desk, first, 'Older'))).toContain('Nothing in the log matches.');
  });

  it('are opaque, kept for an hour, and then say so', async () => {
    const { desk, clock } = await aHouse({ access: MANY });
    const first = await types(desk, 'logs access');
    expect(JSON.stringify(first.blocks.at(-1))).not.toContain(ANA.email);
    clock.advance(HOUR + 1);

    const error = await refusal(presses(desk, first, 'Older'));

    expect(error.message).toMatchInlineSnapshot(
      `"This page is more than an hour old, so its buttons are spent. Type the command again."`,
    );
  });

  it('are for nobody else, and for nobody who is an approver no more', async () => {
    const { desk } = await aHouse({ access: MANY });
    const first = await types(desk, 'logs access');

    expect((await refusal(presses(desk, first, 'Older', DINA))).message).toContain(
      'Somebody else asked for this page.',
    );
    const { directory } = desk;
    const demoted = { ...desk, directory: { ...directory, approvers: async () => new Set<string>() } };
    expect((await refusal(presses(demoted, first, 'Older'))).message).toContain('Only approvers can read the logs.');
    expect((await refusal(presses(demoted, first, 'Download CSV'))).message).toContain('Only approvers');
  });

  it('say how far was looked, where rare rows are among very many', async () => {
    const access = Array.from({ length: 1200 }, (_, index) =>
      aRow(0, { id: `r${index}`, at: ASKED_AT - index * 1000 }),
    );
    const { desk, logs } = await aHouse({ access: [...access, aRow(600, { email: EVE, allowed: false })] });
    vi.useFakeTimers({ toFake: ['performance'] });
    const slow: Desk = {
      ...desk,
      logs: {
        ...logs,
        async *rows(kind, query) {
          for await (const page of logs.rows(kind, query)) {
            vi.advanceTimersByTime(4_000);
            yield page;
          }
        },
      },
    };

    const first = await types(slow, `logs access ${EVE}`);
    expect(linesOf(first).find((line) => line.startsWith('Note:'))).toMatchInlineSnapshot(
      `"Note: There is much to search: looked back to 2026-11-21 10:43 UTC so far. “Older” goes on from there."`,
    );
    const second = await presses(slow, first, 'Older');
    expect(second && read(second)).toContain(`| ${EVE} | Not allowed: No policy lets this address in now |`);
  });
});

describe('a file', () => {
  it('has every row that was asked for, joined, and reaches only whoever asked', async () => {
    const { desk, files, store } = await aHouse({
      access: [
        aRow(1, { deviceId: 'registration-1', withWarp: true }),
        aRow(2, { email: EVE, allowed: false, ip: '=HYPERLINK("http://x")', app: '+1,2' }),
        ...Array.from({ length: 20 }, (_, index) => aRow(index + 3)),
      ],
    });

    const page = await types(desk, 'logs access');
    const answer = await presses(desk, page, 'Download CSV');

    expect(answer && read(answer)).toBe('I sent you the file in a direct message: 22 rows.');
    const [file] = files;
    expect(file).toMatchObject({ slackId: CARA.slackId, name: 'access-log-2026-11-20-to-2026-11-21.csv' });
    expect(file?.says).toMatchInlineSnapshot(
      `"Access log from 2026-11-20 to 2026-11-21. Everybody: 22 rows, newest first. These are personal data: delete the file when you are done with it."`,
    );
    expect(file?.content.split('\r\n').slice(0, 3)).toMatchInlineSnapshot(`
      [
        "time_utc,person,allowed,reason,reason_basis,ip,country,method,application,device,serial_number,warp,policy_id,ray_id",
        "2026-11-21T10:59:00.000Z,ana.souza@lanternhealth.example,true,,,203.0.113.7,DE,onetimepin,ocs.lantern.example,Ana’s MacBook,C02XK0AZJG5J,true,,8c3e1f20a1b2c301",
        "2026-11-21T10:58:00.000Z,eve@elsewhere.example,false,"Cloudflare does not say, and the policies there are not read",inference,"'=HYPERLINK(""http://x"")",DE,onetimepin,"'+1,2",,,,,8c3e1f20a1b2c302",
      ]
    `);
    expect(file?.content.split('\r\n')).toHaveLength(24);
    expect(store.entries.at(-1)).toMatchObject({
      kind: 'logs.read',
      says: 'Cara Lindqvist took away, as a file, the Access log of everybody since 2026-11-20 11:00 UTC.',
      facts: { format: 'csv', rows: 22, isCut: false },
    });
  });

  it('has the rows as they are kept in NDJSON, with the filters of the page', async () => {
    const { desk, files } = await aHouse({ access: [aRow(1), aRow(2, { email: EVE, allowed: false })] });

    await presses(desk, await types(desk, 'logs access denied'), 'Download NDJSON');

    expect(files[0]?.name).toBe('access-log-2026-11-20-to-2026-11-21.ndjson');
    expect(
      files[0]?.content
        .split('\n')
        .filter((line) => line !== '')
        .map((line): unknown => JSON.parse(line)),
    ).toEqual([aRow(2, { email: EVE, allowed: false })]);
  });

  it('is cut at 50,000 rows and says so', async () => {
    const { desk, files } = await aHouse({
      access: Array.from({ length: 50_001 }, (_, index) => aRow(0, { id: `r${index}`, at: ASKED_AT - index })),
    });

    const answer = await presses(desk, await types(desk, 'logs access'), 'Download NDJSON');

    expect(answer && read(answer)).toBe('I sent you the file in a direct message: 50,000 rows, cut there.');
    expect(files[0]?.content.split('\n')).toHaveLength(50_001);
    expect(files[0]?.says).toContain(
      'There are more: a file takes 50,000 rows. Ask for a shorter time to get the rest.',
    );
  });

  it('is written down before Slack refuses it', async () => {
    const { desk, store } = await aHouse({ access: [aRow(1)] });
    const page = await types(desk, 'logs access');
    const refusing: Desk = {
      ...desk,
      sendFile: async () => {
        throw new PermanentError('The Slack app lacks the scope files:write.', { code: 'missing-scope' });
      },
    };

    await expect(presses(refusing, page, 'Download CSV')).rejects.toThrow('files:write');
    expect(store.entries.at(-1)?.says).toContain('took away, as a file,');
  });
});

describe('`logs gateway`', () => {
  it('shows what was reached, how much, and from which device', async () => {
    const { desk } = await aHouse({
      network: [
        aSession(1),
        aSession(2, {
          device: 'Ana’s MacBook',
          destination: 'wiki.internal',
          port: 443,
          sent: undefined,
          received: undefined,
        }),
        aSession(3, { email: EVE, action: 'block', sessions: 1, device: undefined }),
      ],
    });

    expect(read(await types(desk, 'logs gateway'))).toMatchInlineSnapshot(`
      "# Gateway log
      Everybody, since 2026-11-20 11:00 UTC, as of 2026-11-21 10:55 UTC.
      Gateway log, newest first
      Hour | Person | Destination | How much, from which device
      2026-11-21 10:00 UTC | ana.souza@lanternhealth.example | 172.18.0.7 port 8000 (tcp) | 3 connections · 12 MB sent · 987 bytes received · Ana’s MacBook, serial C02XK0AZJG5J
      2026-11-21 09:00 UTC | ana.souza@lanternhealth.example | wiki.internal port 443 (tcp) | 3 connections · Ana’s MacBook, serial C02XK0AZJG5J
      2026-11-21 08:00 UTC | eve@elsewhere.example | Blocked: 172.18.0.7 port 8000 (tcp) | 1 connection · 12 MB sent · 987 bytes received
      [Download CSV] [Download NDJSON]"
    `);
  });

  it('takes a destination, with or without its port, also as the link that Slack makes of it', async () => {
    const { desk } = await aHouse({
      network: [aSession(1), aSession(2, { destination: 'wiki.internal', port: 443 })],
    });
    const found = async (words: string) =>
      linesOf(await types(desk, `logs gateway ${words}`)).filter((line) => line.includes('3 connections')).length;

    expect(await found('172.18.')).toBe(1);
    expect(await found(':443')).toBe(1);
    expect(await found('<http://wiki.internal|wiki.internal> 2d')).toBe(1);
    expect(await found('172.18.0.7:443')).toBe(0);
    expect((await refusal(types(desk, 'logs gateway 14:00'))).message).toContain(
      '“14:00” is not a time that I can read.',
    );
    expect((await refusal(types(desk, 'logs gateway denied'))).message).toContain('I don’t know “denied”.');
  });

  it('says in one sentence where there is no such data', async () => {
    const { desk, logs } = await aHouse();
    await logs.keepPulled('network', { until: ASKED_AT, gaps: [], problem: 'This plan has no network analytics.' });

    expect(linesOf(await types(desk, 'logs gateway'))).toContain('Note: This plan has no network analytics.');
  });
});

describe('`logs`', () => {
  it('says what can follow', async () => {
    const { desk } = await aHouse();

    expect(read(await types(desk, 'logs'))).toMatchInlineSnapshot(
      `"Type /ocs-access logs access to see who came in and who was turned away, logs gateway for what was reached, logs digest for what a day brought, or logs export to have logs delivered elsewhere. To the first two you can add a person, a time and denied: /ocs-access logs access @ana 3d denied."`,
    );
  });

  it.each([
    ['logs acces', 'I don’t know the log “acces”. Did you mean /ocs-access logs access? Type'],
    ['logs gatway 3d', 'I don’t know the log “gatway”. Did you mean /ocs-access logs gateway? Type'],
    ['logs __proto__', 'I don’t know the log “__proto__”. Type'],
    ['logs frobnicate now', 'I don’t know the log “frobnicate”. Type'],
  ])('%s: names the nearest that can follow', async (words, says) => {
    const { desk } = await aHouse();

    expect(read(await types(desk, words))).toContain(says);
  });
});
