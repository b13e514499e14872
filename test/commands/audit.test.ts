import { describe, expect, it } from 'vitest';
import type { Desk } from '../../src/commands/desk.ts';
import { slash } from '../../src/commands/slash.ts';
import type { AuditEntry, AuditFacts } from '../../src/core/audit.ts';
import { PermanentError } from '../../src/core/errors.ts';
import type { Store } from '../../src/core/ports.ts';
import type { Message } from '../../src/slack/message.ts';
import { aCall, aDesk, aDirectory, type DeskOptions } from '../builders/a-desk.ts';
import { refusal } from '../builders/a-house.ts';
import { alertsIn, anAuditEntry } from '../builders/a-morning.ts';
import { ANA, BEN, CARA, DINA } from '../builders/a-request.ts';
import { read } from '../slack/read.ts';

function asked(at: string, changes: Partial<AuditFacts> = {}): AuditFacts {
  return anAuditEntry(at, {
    kind: 'request.asked',
    actor: BEN,
    requestId: 'REQ-0142',
    action: 'add',
    says: 'Ben Okafor asked: Give Ana Souza access.',
    ...changes,
  });
}

const STORY = [
  asked('2026-11-17T09:00Z'),
  anAuditEntry('2026-11-17T10:00Z', {
    kind: 'request.approved',
    requestId: 'REQ-0142',
    actor: CARA,
    says: 'Cara Lindqvist approved <b>REQ-0142</b>.',
  }),
  asked('2026-11-20T09:00Z', {
    requestId: 'REQ-0143',
    people: ['nils@elsewhere.example'],
    says: 'Ben asked for Nils.',
  }),
  anAuditEntry('2026-11-20T10:00Z', { actor: DINA, people: [], requestId: 'REQ-0144', says: 'Dina did something.' }),
];

async function aHouse(entries: readonly AuditFacts[] = STORY, options: DeskOptions = {}) {
  const house = aDesk(options);
  await house.store.commit({ audit: entries, effects: [] });
  return house;
}

async function types(desk: Desk, words: string, who: { readonly slackId: string } = CARA): Promise<Message> {
  const { call, replies } = aCall(who, words);
  await slash(desk, call);
  const [only, ...more] = replies;
  if (only === undefined || more.length > 0) throw new Error(`There were ${replies.length} answers.`);
  return only;
}

/** The numbers of the entries that are shown, as they stand there. */
async function numbersOf(desk: Desk, words: string): Promise<string[]> {
  return [...read(await types(desk, words)).matchAll(/^• ([\d,]+) · /gm)].map(([, number = '']) => number);
}

/** Somebody with access to Redis changes what is read. */
function tampered(desk: Desk, change: (entry: AuditEntry) => AuditEntry): Desk {
  const { store } = desk;
  const altered: Pick<Store, 'auditEntries' | 'auditEntriesBack'> = {
    async *auditEntries(from) {
      for await (const entry of store.auditEntries(from)) yield change(entry);
    },
    async *auditEntriesBack(from) {
      for await (const entry of store.auditEntriesBack(from)) yield change(entry);
    },
  };
  return { ...desk, store: { ...store, ...altered } };
}

describe('`audit`', () => {
  it('shows an approver the newest entries, and that the log is whole', async () => {
    const { desk } = await aHouse();
    const message = await types(desk, 'audit');

    expect(read(message)).toMatchInlineSnapshot(`
      "# Audit log
      Everything, newest first.
      • 4 · 2026-11-20 10:00 UTC · Dina Haddad: Dina did something.
      • 3 · 2026-11-20 09:00 UTC · Ben Okafor: Ben asked for Nils.
      • 2 · 2026-11-17 10:00 UTC · Cara Lindqvist approved <b>REQ-0142</b>.
      • 1 · 2026-11-17 09:00 UTC · Ben Okafor asked: Give Ana Souza access.
      Entries 1 to 5 were checked and are in order.
      (On the server, npx ocs-access audit verify checks the whole log, and npx ocs-access audit export gives all of it out.)"
    `);
    expect(message.text).toMatchInlineSnapshot(`
      "Audit log:
      4 <!date^1795168800^{date_short_pretty} at {time}|2026-11-20 10:00 UTC> Dina Haddad: Dina did something.
      3 <!date^1795165200^{date_short_pretty} at {time}|2026-11-20 09:00 UTC> Ben Okafor: Ben asked for Nils.
      2 <!date^1794909600^{date_short_pretty} at {time}|2026-11-17 10:00 UTC> Cara Lindqvist approved &lt;b&gt;REQ-0142&lt;/b&gt;.
      1 <!date^1794906000^{date_short_pretty} at {time}|2026-11-17 09:00 UTC> Ben Okafor asked: Give Ana Souza access.
      Entries 1 to 5 were checked and are in order."
    `);
  });

  it('names whoever did it once, and does not take a longer name for theirs', async () => {
    const { desk } = await aHouse([
      asked('2026-11-20T08:00Z', { actor: { ...BEN, name: 'Ben' }, says: 'Benjamin was asked for.' }),
      asked('2026-11-20T09:00Z', { actor: { ...BEN, name: 'Ben' }, says: 'Ben’s computer was asked for.' }),
      asked('2026-11-20T10:00Z', { actor: { ...BEN, name: '' }, says: 'Nobody knows who asked.' }),
    ]);

    expect(
      read(await types(desk, 'audit'))
        .split('\n')
        .slice(2, 5),
    ).toEqual([
      '• 3 · 2026-11-20 10:00 UTC · somebody: Nobody knows who asked.',
      '• 2 · 2026-11-20 09:00 UTC · Ben’s computer was asked for.',
      '• 1 · 2026-11-20 08:00 UTC · Ben: Benjamin was asked for.',
    ]);
  });

  it('writes the look down, which the next one shows', async () => {
    const { desk, store } = await aHouse();

    expect(await numbersOf(desk, 'audit')).toEqual(['4', '3', '2', '1']);
    expect(store.entries.at(-1)).toMatchObject({
      kind: 'audit.read',
      actor: { slackId: CARA.slackId },
      says: 'Cara Lindqvist looked at the audit log of everybody.',
    });
    expect(await numbersOf(desk, 'audit')).toEqual(['5', '4', '3', '2', '1']);
  });

  it.each([
    ['REQ-0142', ['2', '1']],
    ['req-142', ['2', '1']],
    [`<@${BEN.slackId}|ben>`, ['3', '1']],
    [`<@${ANA.slackId}>`, ['2', '1']],
    ['<mailto:Nils@Elsewhere.example|Nils@Elsewhere.example>', ['3']],
    ['dina.haddad@lanternhealth.example', ['4']],
    ['3d', ['4', '3']],
    ['since 2026-11-20', ['4', '3']],
    ['2026-11-20 10:30', ['4']],
    [`<@${BEN.slackId}> 3d`, ['3']],
    ['REQ-0999', []],
  ])('%s: only what is about that', async (words, numbers) => {
    const { desk } = await aHouse();

    expect(await numbersOf(desk, `audit ${words}`)).toEqual(numbers);
  });

  it('writes down whose entries were looked at', async () => {
    const { desk, store } = await aHouse();
    await types(desk, `audit <@${ANA.slackId}> REQ-0142 2026-11-17`);

    expect(store.entries.at(-1)).toMatchObject({
      people: [ANA.email],
      says: `Cara Lindqvist looked at the audit log of REQ-0142, ${ANA.email}, since 2026-11-16 23:00 UTC.`,
      facts: { request: 'REQ-0142' },
    });
  });

  it('takes days as whoever reads means them', async () => {
    const directory = aDirectory([{ ...CARA, email: 'cara@lanternhealth.example', timeZone: 'America/Sao_Paulo' }]);
    const { desk, store } = await aHouse(STORY, { directory });
    await types(desk, 'audit 2026-11-17');

    expect(store.entries.at(-1)?.says).toContain('since 2026-11-17 03:00 UTC');
  });

  it.each([
    [
      'nonsense',
      'I don’t know “nonsense”. What you can add: a request (`REQ-0142`), a person (`@ana` or an e-mail address), or a time (`today`, `yesterday`, `12h`, `3d`, `2w`, `2026-11-20` or `2026-11-20 14:00`).',
    ],
    [
      '2027-01-01',
      '“2027-01-01” is still to come. Valid are `today`, `yesterday`, `12h`, `3d`, `2w`, `2026-11-20` or `2026-11-20 14:00`.',
    ],
    ['REQ-0142 REQ-0143', 'Name one request at a time.'],
  ])('says what is wrong with %j', async (words, says) => {
    const { desk, store } = await aHouse();
    const { call } = aCall(CARA, `audit ${words}`);

    expect((await refusal(slash(desk, call))).message).toBe(says);
    expect(store.entries).toHaveLength(STORY.length);
  });

  it('is for approvers, and who is none is written down', async () => {
    const { desk, store } = await aHouse();
    const { call } = aCall(BEN, 'audit');

    expect((await refusal(slash(desk, call))).message).toBe(
      'Only approvers can read the audit log. Your own requests are on my Home tab.',
    );
    expect(store.entries.at(-1)).toMatchObject({
      kind: 'request.refused',
      says: 'Ben Okafor tried to read the audit log without being an approver.',
    });
  });

  it('shows twenty, and says how many more there are', async () => {
    const many = Array.from({ length: 45 }, (_, index) =>
      asked('2026-11-20T09:00Z', { requestId: `REQ-0${index % 2}` }),
    );
    const { desk } = await aHouse(many);

    const all = read(await types(desk, 'audit'));
    expect(all.match(/^• /gm)).toHaveLength(20);
    expect(all).toContain('There are 25 more entries.');
    expect(read(await types(desk, `audit <@${BEN.slackId}>`))).toContain('There are 25 more entries.');
  });

  it('fits into a message whatever people typed', async () => {
    const long = Array.from({ length: 30 }, () => asked('2026-11-20T09:00Z', { says: '<!channel> *&* '.repeat(400) }));
    const { desk } = await aHouse(long);
    const message = await types(desk, 'audit');

    // `read` fails for what Slack refuses.
    expect(read(message)).toContain('<!channel>');
    expect(message.text).not.toContain('<!channel>');
    expect(message.text.length).toBeLessThan(4000);
  });

  it('says so where there is nothing', async () => {
    const { desk } = await aHouse([]);

    expect(read(await types(desk, 'audit REQ-0142'))).toContain('There is no such entry.');
  });
});

/** Entry 2 says something else than it did. */
function lie(entry: AuditEntry): AuditEntry {
  return entry.seq === 2 ? { ...entry, says: 'Nobody approved it.' } : entry;
}

describe('an audit log that was altered', () => {
  it('is said first, and told to the operators once', async () => {
    const { desk, store } = await aHouse();
    const altered = tampered(desk, lie);

    expect(
      read(await types(altered, 'audit'))
        .split('\n')
        .slice(0, 3),
    ).toMatchInlineSnapshot(`
      [
        "# Audit log",
        "⚠️ Warning: The audit log is not whole: entry 2 is the first in doubt. Entry 2 was altered. Leave Redis as it is, save its data folder, and go on with docs/audit.md, “Verify”. The operators are told.",
        "Everything, newest first.",
      ]
    `);
    await types(altered, 'audit', DINA);

    expect(alertsIn(store)).toEqual([
      'The audit log is not whole: entry 2 is the first in doubt. Entry 2 was altered. Leave Redis as it is, save its data folder, and go on with docs/audit.md, “Verify”.',
    ]);
  });

  it('is shown up to an entry that can’t be read', async () => {
    const { desk } = await aHouse();
    const altered = tampered(desk, (entry) => {
      if (entry.seq !== 2) return entry;
      throw new PermanentError('Entry 2 of the audit log can’t be read: it was altered in Redis.', {
        code: 'audit-unreadable',
      });
    });

    const shown = read(await types(altered, 'audit'));
    expect(shown).toContain('Warning: The audit log is not whole: entry 2 is the first in doubt.');
    expect(shown).toContain('• 3 · ');
    expect(shown).toContain(
      'Entry 2 of the audit log can’t be read: it was altered in Redis. What is before it is not',
    );
  });

  it('is shown also when it takes no more entries', async () => {
    const { desk, store } = await aHouse();
    const full: Pick<Store, 'commit'> = {
      commit: async (change) => {
        if (change.audit.length === 0) return store.commit(change);
        throw new PermanentError('The audit log goes on past entry 4.', { code: 'audit-broken' });
      },
    };
    const altered = tampered({ ...desk, store: { ...store, ...full } }, lie);

    expect(read(await types(altered, 'audit'))).toContain('Entry 2 was altered.');
    expect(alertsIn(store)).toHaveLength(1);
  });
});
