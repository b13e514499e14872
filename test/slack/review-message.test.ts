import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSlack, type Slack } from '../../sandbox/slack/start-slack.ts';
import { keepReviewList } from '../../src/core/review-list.ts';
import type { Notifier } from '../../src/core/ports.ts';
import type { Review } from '../../src/core/review.ts';
import { createClients } from '../../src/slack/client.ts';
import { createNotifier } from '../../src/slack/notifier.ts';
import { plainly, textOnly } from '../../src/slack/plainly.ts';
import { reviewCsv } from '../../src/slack/review-file.ts';
import { reviewMessage } from '../../src/slack/review-message.ts';
import { aReview, aReviewedPerson, aReviewList, WEEK } from '../builders/a-review.ts';
import { createMemoryStore, type MemoryStore } from '../builders/memory-store.ts';
import { quietLogger } from './quiet-logger.ts';
import { expectWithinLimits, read } from './read.ts';

const MAY = Date.parse('2026-05-12T22:30:00Z');
const JANUARY = Date.parse('2026-01-03T10:00:00Z');

/** Of a large organisation, with as much as is ever shown. */
function aFullReview(changes: Partial<Review> = {}): Review {
  return aReview({
    people: 1000,
    ending: 40,
    leftovers: 12,
    unseen: Array.from({ length: 10 }, (_, index) => ({
      email: `somebody.number-${index}@lanternhealth.example`,
      ...(index === 0 ? {} : { name: `Somebody Number-${index}`, since: { at: JANUARY, requestId: 'REQ-0007' } }),
      ...(index < 2 ? {} : { seen: { at: MAY, from: 'Access log' } }),
    })),
    moreUnseen: 113,
    ownerless: Array.from({ length: 10 }, (_, index) => `PF1ABC${index}`),
    moreOwnerless: 4,
    ownerlessInUse: 1,
    wide: [
      { name: 'Team', opens: 'Open Chat Studio', rules: ['the rule for everybody at lanternhealth.example'] },
      { name: 'Who may enrol', opens: 'device enrolment', rules: ['the group “Staff”', 'the rule for everyone'] },
    ],
    moreWide: 1,
    ...changes,
  });
}

describe('the message', () => {
  it('of a small team that has nothing to do is three lines', () => {
    const message = reviewMessage(aReview());

    expect(read(message)).toMatchInlineSnapshot(`
      "# Review of Monday 23 November: 5 people have access
      Everybody is new or was seen in the last 30 days. Every serial number has an owner. No policy lets anybody else in.
      (The file in the thread lists everybody: since when, last seen, and by which policy.)"
    `);
    expect(message.text).toMatchInlineSnapshot(
      `"Review of Monday 23 November: 5 people have access. Everybody is new or was seen in the last 30 days. Every serial number has an owner. No policy lets anybody else in. The file in the thread lists everybody: since when, last seen, and by which policy."`,
    );
  });

  it('of a large organisation has what asks for a decision, and counts the rest', () => {
    expect(read(reviewMessage(aFullReview()))).toMatchInlineSnapshot(`
      "# Review of Monday 23 November: 1,000 people have access
      40 people have an end date. 12 other people can’t come in, but still have a seat, a device or a serial number.
      Not seen in 30 days: 123 people. These are the 10 longest away; 113 more are in the file. Do they need their access?
      somebody.number-0@lanternhealth.example
      Never seen  [Revoke]
      Somebody Number-1
      Never seen, access since 3 Jan 2026  [Revoke]
      Somebody Number-2
      Last seen 13 May 2026, access since 3 Jan 2026  [Revoke]
      Somebody Number-3
      Last seen 13 May 2026, access since 3 Jan 2026  [Revoke]
      Somebody Number-4
      Last seen 13 May 2026, access since 3 Jan 2026  [Revoke]
      Somebody Number-5
      Last seen 13 May 2026, access since 3 Jan 2026  [Revoke]
      Somebody Number-6
      Last seen 13 May 2026, access since 3 Jan 2026  [Revoke]
      Somebody Number-7
      Last seen 13 May 2026, access since 3 Jan 2026  [Revoke]
      Somebody Number-8
      Last seen 13 May 2026, access since 3 Jan 2026  [Revoke]
      Somebody Number-9
      Last seen 13 May 2026, access since 3 Jan 2026  [Revoke]
      Serial numbers without an owner: PF1ABC0, PF1ABC1, PF1ABC2, PF1ABC3, PF1ABC4, PF1ABC5, PF1ABC6, PF1ABC7, PF1ABC8, PF1ABC9 and 4 more. 1 is in use: the file says by whom. In the list “Laptops”, write the owner’s address into the description, or take out what nobody uses.
      3 policies also let in people whom they do not name: “Team” (Open Chat Studio) by the rule for everybody at lanternhealth.example; “Who may enrol” (device enrolment) by the group “Staff” and the rule for everyone; and 1 more. Whoever comes in that way is counted from then on.
      (The file in the thread lists everybody: since when, last seen, and by which policy.)"
    `);
  });

  it('says all of it in the text as well', () => {
    expect(reviewMessage(aFullReview()).text).toMatchInlineSnapshot(
      `"Review of Monday 23 November: 1,000 people have access. 40 people have an end date. 12 other people can’t come in, but still have a seat, a device or a serial number. Not seen in 30 days: 123 people. These are the 10 longest away; 113 more are in the file: somebody.number-0@lanternhealth.example, never seen; Somebody Number-1, never seen, access since 3 Jan 2026; Somebody Number-2, last seen 13 May 2026, access since 3 Jan 2026; Somebody Number-3, last seen 13 May 2026, access since 3 Jan 2026; Somebody Number-4, last seen 13 May 2026, access since 3 Jan 2026; Somebody Number-5, last seen 13 May 2026, access since 3 Jan 2026; Somebody Number-6, last seen 13 May 2026, access since 3 Jan 2026; Somebody Number-7, last seen 13 May 2026, access since 3 Jan 2026; Somebody Number-8, last seen 13 May 2026, access since 3 Jan 2026; Somebody Number-9, last seen 13 May 2026, access since 3 Jan 2026. Open the message to revoke the access of those who need none any more. Serial numbers without an owner: PF1ABC0, PF1ABC1, PF1ABC2, PF1ABC3, PF1ABC4, PF1ABC5, PF1ABC6, PF1ABC7, PF1ABC8, PF1ABC9 and 4 more. 1 is in use: the file says by whom. In the list “Laptops”, write the owner’s address into the description, or take out what nobody uses. 3 policies also let in people whom they do not name: “Team” (Open Chat Studio) by the rule for everybody at lanternhealth.example; “Who may enrol” (device enrolment) by the group “Staff” and the rule for everyone; and 1 more. Whoever comes in that way is counted from then on. The file in the thread lists everybody: since when, last seen, and by which policy."`,
    );
  });

  it('of one of each reads well', () => {
    const { unseen, ownerless, wide } = aFullReview();
    const review = aReview({
      people: 1,
      ending: 1,
      leftovers: 1,
      unseen: unseen.slice(0, 1),
      ownerless: ownerless.slice(0, 1),
      wide: wide.slice(0, 1),
    });

    expect(read(reviewMessage(review))).toMatchInlineSnapshot(`
      "# Review of Monday 23 November: 1 person has access
      1 person has an end date. 1 other person can’t come in, but still has a seat, a device or a serial number.
      Not seen in 30 days: 1 person. Do they need their access?
      somebody.number-0@lanternhealth.example
      Never seen  [Revoke]
      Serial numbers without an owner: PF1ABC0. In the list “Laptops”, write the owner’s address into the description, or take out what nobody uses.
      1 policy also lets in people whom it does not name: “Team” (Open Chat Studio) by the rule for everybody at lanternhealth.example. Whoever comes in that way is counted from then on.
      (The file in the thread lists everybody: since when, last seen, and by which policy.)"
    `);
  });

  it('of an account without people and without a list of serial numbers says so, and what is missing', () => {
    const review = aReview({
      people: 0,
      serialList: undefined,
      isLate: true,
      notes: ['Since when people have access may be out of date. Entry 4 of the audit log can’t be read.'],
    });

    expect(read(reviewMessage(review))).toMatchInlineSnapshot(`
      "# Review of Monday 23 November: nobody has access
      No policy lets anybody in.
      Serial numbers: there is no list of them.
      ⚠️ Note: Since when people have access may be out of date. Entry 4 of the audit log can’t be read.
      (This comes late: it was due on Monday. The file in the thread lists everybody: since when, last seen, and by which policy.)"
    `);
  });

  it('takes two screens of a phone at most', () => {
    const shown = read(reviewMessage(aFullReview()))
      .replaceAll(/\s*\[Revoke\]/g, '')
      .split('\n');
    const lines = shown.map((line) => Math.ceil(line.length / 42)).reduce((sum, one) => sum + one, 0);

    // Of 28 lines with 42 characters.
    expect(lines).toBeLessThanOrEqual(2 * 28);
  });

  it('tells two people of one name apart by their addresses', () => {
    const unseen = ['one', 'other'].map((who) => ({ email: `${who}@a.example`, name: 'Sam Lee' }));
    const shown = read(reviewMessage(aReview({ unseen })));

    expect(shown).toContain('Sam Lee (one@a.example)');
    expect(shown).toContain('Sam Lee (other@a.example)');
  });

  it('has a button for each that opens the form for this person, and says so to a screen reader', () => {
    const [first, second] = reviewMessage(aFullReview()).blocks.flatMap((block) =>
      block.type === 'section' && block.accessory !== undefined ? [block.accessory] : [],
    );

    expect(first).toMatchObject({ action_id: 'open:revoke', value: 'somebody.number-0@lanternhealth.example' });
    expect(second).toMatchObject({
      accessibility_label: 'Revoke the access of somebody.number-1@lanternhealth.example',
    });
  });

  it('has no button for what can’t be an address', () => {
    const unseen = ['', '<!here>', 'no-address', `${'x'.repeat(9000)}@a.example`].map((email) => ({ email }));

    expect(read(reviewMessage(aReview({ unseen })))).not.toContain('[Revoke]');
  });

  it('is within Slack’s limits whatever the account says, in each of its looks', () => {
    const text = fc.oneof(
      fc.constantFrom('', ' ', '\u202E', '<!here>', '*x* `y`', '&'.repeat(4000), `${'x'.repeat(240)}@a.example`),
      fc.string({ unit: 'grapheme', maxLength: 4000 }),
    );
    fc.assert(
      fc.property(text, fc.constantFrom(0, 1, 10), fc.nat(), (words, many, count) => {
        const some = <T>(one: T): T[] => Array.from({ length: many }, () => one);
        const message = reviewMessage(
          aReview({
            people: count,
            ending: count,
            leftovers: count,
            unseen: some({
              email: words,
              name: words,
              since: { at: count, requestId: words },
              seen: { at: 0, from: words },
            }),
            moreUnseen: count,
            serialList: words,
            ownerless: some(words),
            ownerlessInUse: count,
            moreOwnerless: count,
            wide: some({ name: words, opens: words, rules: some(words) }).slice(0, 3),
            moreWide: count,
            notes: some(words),
          }),
        );
        expectWithinLimits(message);
        expectWithinLimits(plainly(message));
        expectWithinLimits(textOnly(message));
      }),
      { numRuns: 60 },
    );
  });
});

describe('the file', () => {
  it('has a line for each person, and then one for each serial number without an owner', () => {
    const list = aReviewList({
      people: [
        aReviewedPerson({ endsAt: MAY }),
        aReviewedPerson({
          email: 'x@a.example',
          name: undefined,
          since: undefined,
          seen: undefined,
          devices: [],
          serials: [],
        }),
        aReviewedPerson({ email: 'gone@a.example', name: 'Gone, Long', since: undefined, policies: [] }),
      ],
      ownerless: [
        { serial: 'PF1', description: 'Spare', usedBy: ['x@a.example', 'y@a.example'] },
        { serial: 'PF2', description: '', usedBy: [] },
      ],
    });

    expect(reviewCsv(list).replaceAll('\r\n', '\n')).toMatchInlineSnapshot(`
      "kind,email,name,access_since_utc,access_from,last_seen_utc,last_seen_from,ends_utc,devices,serial_numbers,policies,note
      person,ben.okafor@lanternhealth.example,Ben Okafor,2026-11-21T11:00:00.000Z,REQ-0007,2026-11-21T11:00:00.000Z,Access log,2026-05-12T22:30:00.000Z,ben-thinkpad (5CG0917BEN),5CG0917BEN,Team (Open Chat Studio): the rule for ben.okafor@lanternhealth.example,
      person,x@a.example,,,"before this bot, or by hand",,never seen,,,,Team (Open Chat Studio): the rule for ben.okafor@lanternhealth.example,
      person,gone@a.example,"Gone, Long",,,2026-11-21T11:00:00.000Z,Access log,,ben-thinkpad (5CG0917BEN),5CG0917BEN,,no policy lets them in
      serial number without an owner,,,,,,,,,PF1,,"used by x@a.example, y@a.example; Spare"
      serial number without an owner,,,,,,,,,PF2,,
      "
    `);
  });

  it('is no formula to a spreadsheet', () => {
    const people = [aReviewedPerson({ name: '=HYPERLINK("http://evil.example")', devices: ['+1'] })];
    const ownerless = [{ serial: '-1', description: '@SUM(A1)', usedBy: [] }];
    const csv = reviewCsv(aReviewList({ people, ownerless }));

    expect(csv).toContain(`"'=HYPERLINK(""http://evil.example"")"`);
    expect(csv).toContain(`,'+1,`);
    expect(csv).toContain(`,'-1,,'@SUM(A1)`);
  });

  it('has as many cells in each line', () => {
    const ownerless = [{ serial: 'PF1', description: 'Spare', usedBy: [] }];
    const cells = reviewCsv(aReviewList({ ownerless }))
      .trimEnd()
      .split('\r\n')
      .map((line) => line.split(',').length);

    expect(new Set(cells).size).toBe(1);
    expect(cells).toHaveLength(3);
  });
});

describe('on its way to Slack', () => {
  const CHANNELS = {
    approvals: 'C05APPROVE1',
    audit: 'C05AUDIT001',
    ops: 'C05SECURE01',
    security: 'C05SECURE01',
    digest: 'C05AUDIT001',
  };
  const post = { kind: 'review', data: aReview() } as const;
  const DAY = 24 * 60 * 60 * 1000;
  let slack: Slack;
  let store: MemoryStore;
  let notifier: Notifier;
  let now: number;

  function aNotifier(from: MemoryStore = store): Notifier {
    const { bulk } = createClients(slack.botToken, { apiUrl: slack.apiUrl, logger: quietLogger });
    return createNotifier({
      client: bulk,
      store: from,
      directory: {
        find: async () => Promise.reject(new Error('nobody asks')),
        approvers: async () => new Set(),
        approversMention: async () => undefined,
      },
      channels: CHANNELS,
      homesOf: async () => ({ homes: [], failures: [] }),
    });
  }

  const messages = () => slack.messages('ocs-audit');
  const inThread = () => messages().flatMap(({ replies }) => replies);
  const filesIn = (all: ReturnType<typeof messages>) => all.flatMap(({ files }) => files);

  beforeEach(async () => {
    slack = await startSlack();
    now = Date.now();
    store = createMemoryStore({ now: () => now });
    notifier = aNotifier();
    await keepReviewList(store, WEEK, aReviewList());
  });
  afterEach(() => slack.stop());

  it('the file stands in the thread of the message, once, however often the post comes', async () => {
    await notifier.deliver(post);
    await notifier.deliver(post);
    await aNotifier().deliver(post);

    expect(messages()).toHaveLength(1);
    expect(filesIn(messages())).toEqual([]);
    expect(filesIn(inThread())).toMatchObject([
      { name: 'access-review-2026-11-23.csv', title: 'Access review, week of 2026-11-23' },
    ]);
    expect(filesIn(inThread())[0]?.text).toContain('person,ben.okafor@lanternhealth.example,Ben Okafor');
    expect(slack.text(inThread()[0] ?? fail()).replace(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/, 'then')).toMatchInlineSnapshot(`
      "Who has access, as of then: 1 person. These are personal data: keep the file no longer than you need it.
      (file: Access review, week of 2026-11-23)"
    `);
  });

  it('the file counts those who have access apart from those of whom only something is left, as the message does', async () => {
    const left = ['x@a.example', 'y@a.example'].map((email) => aReviewedPerson({ email, policies: [] }));
    const ownerless = [{ serial: 'PF1', description: 'Spare', usedBy: [] }];
    await keepReviewList(store, WEEK, aReviewList({ people: [aReviewedPerson(), ...left], ownerless }));

    await notifier.deliver(post);

    expect(slack.text(inThread()[0] ?? fail())).toContain(
      ': 1 person; 2 others without a policy, so only a seat, a device or a serial number is left; 1 serial number without an owner.',
    );
  });

  it('the list is not kept after it was sent', async () => {
    await notifier.deliver(post);

    expect(await store.recall(`review-list:${WEEK}`)).toEqual({ state: 'sent' });
  });

  it('a file that Slack does not take now comes later, without a second message', async () => {
    slack.faults.add({ method: 'upload', status: 503, times: 1 });

    await expect(notifier.deliver(post)).rejects.toMatchObject({ name: 'TransientError' });
    await notifier.deliver(post);

    expect(messages()).toHaveLength(1);
    expect(filesIn(inThread())).toHaveLength(1);
  });

  it('a message that somebody has deleted keeps nobody from the file', async () => {
    slack.faults.add({ method: 'files.completeUploadExternal', error: 'invalid_thread_ts', times: 1 });

    await notifier.deliver(post);

    expect(filesIn(messages())).toHaveLength(1);
  });

  it('a permission that is missing is named, and the message stands nevertheless', async () => {
    slack.faults.add({ method: 'files.getUploadURLExternal', error: 'missing_scope' });

    await expect(notifier.deliver(post)).rejects.toThrow(/could not be sent after it\. The app lacks the permission/);
    expect(messages()).toHaveLength(1);
  });

  it('a list that was kept for longer than a day is told to be gone, after the message', async () => {
    now += DAY;

    await expect(notifier.deliver(post)).rejects.toMatchObject({
      code: 'review-list-gone',
      message:
        'The review of the week of 2026-11-23 is in its channel, but the file with the whole list could not be sent after it. It is kept for a day, and Slack did not take it for longer than that. The next review brings a new one.',
    });
    expect(messages()).toHaveLength(1);
    expect(inThread()).toEqual([]);
  });
});

function fail(): never {
  throw new Error('there is nothing');
}
