import { Queue } from 'bullmq';
import { expect, it, vi } from 'vitest';
import { boundsOf, dayAfter, dayOf, momentOf } from '../../src/core/day.ts';
import { passTime } from '../harness/pass-time.ts';
import { useSandbox, type TestSandbox } from '../harness/use-sandbox.ts';
import { withRedis } from './end-dates-driver.ts';
import { BEN, letIn, NO_TRACE, tracesOf } from './leaving-driver.ts';
import { asksForAna, auditAll, cardOf, cardSays, withoutTimes } from './onboarding-driver.ts';
import { ends, readsPlan } from './revoke-driver.ts';

const ZONE = 'Europe/Berlin';
const FORGOTTEN = { who: 'nobody', name: 'Forgotten', email: 'forgotten@partner.example', serial: 'FORGOTTEN1' };

const starting = useSandbox();
const start: typeof starting = (options) =>
  starting({ rounds: ['sweep', 'review'], env: { TIMEZONE: ZONE }, ...options });

/** The look comes now, so many times at once, and is over when this resolves. */
async function looks(sandbox: TestSandbox, times = 1): Promise<void> {
  await withRedis(sandbox, async (connection) => {
    const prefix = `${sandbox.env['REDIS_PREFIX'] ?? ''}:queue`;
    const queue = new Queue('review', { connection, prefix, skipVersionCheck: true });
    const opts = { removeOnComplete: true, removeOnFail: true };
    const jobs = await queue.addBulk(Array.from({ length: times }, () => ({ name: 'review', data: {}, opts })));
    for (const { id = '' } of jobs) {
      await vi.waitUntil(async () => (await queue.getJob(id)) === undefined, { timeout: 20_000 });
    }
    await queue.close();
  });
}

/** A few minutes after 8 on the next Monday that is to come. Resolves to its date. */
async function becomesMonday(sandbox: TestSandbox): Promise<string> {
  const now = sandbox.clock.now();
  let day = dayOf(now, ZONE);
  const at = () => momentOf(day, { hour: 8, minute: 5 }, ZONE);
  while (at() <= now || new Date(boundsOf(day, 'UTC').from).getUTCDay() !== 1) day = dayAfter(day);
  await passTime(sandbox, at() - now);
  return day;
}

const reviewsIn = ({ slack }: TestSandbox) =>
  slack.messages('ocs-audit').filter((message) => slack.text(message).startsWith('# Review of'));

/** The one review, once its list is in the thread. */
async function reviewOf(sandbox: TestSandbox) {
  const { slack } = sandbox;
  const message = await slack.until(
    () => reviewsIn(sandbox).find(({ replies }) => replies.some(({ files }) => files.length > 0)),
    { what: 'a review with its list', timeoutMs: 20_000 },
  );
  const [file, ...more] = message.replies.flatMap(({ files }) => files);
  if (file === undefined || more.length > 0) throw new Error('there is not one list');
  return { message, text: withoutDates(slack.text(message)), file };
}

function withoutDates(text: string): string {
  return withoutTimes(text)
    .replaceAll(/Monday \d+ \w+/g, 'Monday 23 November')
    .replaceAll(/\d{4}-\d\d-\d\d\b/g, '2026-11-23');
}

it('on Monday the channel says who has access, and whoever needs none any more is out with two presses', async () => {
  const sandbox = await start();
  const { slack, cloudflare } = sandbox;
  const { account } = cloudflare;
  await looks(sandbox);
  letIn(sandbox, BEN);
  account.addPerson(FORGOTTEN.email);
  account.addListItem(account.ids.serialList, 'SPARE0001', 'In the cupboard');
  await asksForAna(sandbox);
  await slack.as('cara').clicks(cardOf(sandbox), 'Approve');
  await cardSays(sandbox, /✅ REQ-0001/);
  await looks(sandbox);
  expect(reviewsIn(sandbox)).toEqual([]);

  const monday = await becomesMonday(sandbox);
  await sandbox.start(['worker']);
  await looks(sandbox, 3);
  const { message, text, file } = await reviewOf(sandbox);
  expect(text).toMatchInlineSnapshot(`
    "# Review of Monday 23 November: 17 people have access
    No policy lets anybody else in.
    Not seen in 30 days: 1 person. Do they need their access?
    forgotten@partner.example
    Never seen  [Revoke]
    Serial numbers without an owner: 2ZW8RT3, 5CD9265KLW, FVFJR30TQ6L4, SPARE0001, 5CD1342ZTP, 5CG2081XQ7, 7HX2KQ3, 8KJ5MN3, C02DV7QPML7J, C02FJ1XQMD6T and 6 more. 12 are in use: the file says by whom. In the list “Lantern laptops”, write the owner’s address into the description, or take out what nobody uses.
    (The file in the thread lists everybody: since when, last seen, and by which policy.)
      | Who has access, as of 2026-11-23 12:04 UTC: 17 people; 16 serial numbers without an owner. These are personal data: keep the file no longer than you need it.
      | (file: Access review, week of 2026-11-23)"
  `);
  expect(file.name).toBe(`access-review-${monday}.csv`);
  const lines = file.text.split('\r\n').map((line) => line.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'T'));
  const about = (words: string) => lines.filter((line) => line.includes(words));
  expect([...about(BEN.email), ...about('ana.souza'), ...about(FORGOTTEN.email), ...about('SPARE')])
    .toMatchInlineSnapshot(`
    [
      "person,ben.okafor@lanternhealth.example,ben.okafor,,"before this bot, or by hand",T,sign-in at Cloudflare,,ben.okafor-laptop (5CG0917BEN),5CG0917BEN,Who may enrol (device enrolment): the rule for ben.okafor@lanternhealth.example; Team access (Open Chat Studio): the rule for ben.okafor@lanternhealth.example,",
      "person,ana.souza@lanternhealth.example,,T,REQ-0001,,never seen,,,C02XK0AZJG5J,Who may enrol (device enrolment): the rule for ana.souza@lanternhealth.example; Team access (Open Chat Studio): the rule for ana.souza@lanternhealth.example,",
      "person,forgotten@partner.example,,,"before this bot, or by hand",,never seen,,,,Team access (Open Chat Studio): the rule for forgotten@partner.example,",
      "serial number without an owner,,,,,,,,,SPARE0001,,In the cupboard",
    ]
  `);
  expect((await auditAll(sandbox)).filter((line) => line.startsWith('review')).map(withoutDates))
    .toMatchInlineSnapshot(`
    [
      "review.sent: The review of the week of 2026-11-23 was sent. Can come in: 17. Of them not seen in 30 days: 1. Serial numbers without an owner: 16.",
    ]
  `);

  const cara = slack.as('cara');
  await cara.clicks(message, 'Revoke');
  await slack.until(() => cara.view()?.submit, { what: 'the form' });
  await cara.sets('reason', 'Nobody has seen them');
  expect(await readsPlan(sandbox, 'cara')).toContain(`Revoke all access of ${FORGOTTEN.email}?`);
  await cara.submits();
  await ends(sandbox, /✅ REQ-0002/);
  expect(tracesOf(sandbox, FORGOTTEN)).toEqual(NO_TRACE);
  expect(tracesOf(sandbox, BEN)).not.toEqual(NO_TRACE);

  await looks(sandbox, 2);
  expect(reviewsIn(sandbox)).toHaveLength(1);
});

it('somebody whom a domain lets in is in the list once they have come, and the rule is named', async () => {
  const sandbox = await start({ cloudflare: { people: 3, laptops: 3, accessDomain: true } });
  const { account } = sandbox.cloudflare;
  await looks(sandbox);
  const serial = 'OLU0000001';
  account.addPerson('olu.adeyemi@lanternhealth.example', account.ids.enrolmentPolicy);
  account.addListItem(account.ids.serialList, serial, 'Olu Adeyemi <olu.adeyemi@lanternhealth.example>');
  account.enrol('olu.adeyemi@lanternhealth.example', serial);
  sandbox.clock.forward(6 * 60_000);
  account.login('olu.adeyemi@lanternhealth.example', serial);

  await becomesMonday(sandbox);
  await looks(sandbox);
  const { text, file } = await reviewOf(sandbox);

  expect(text).toMatchInlineSnapshot(`
    "# Review of Monday 23 November: 4 people have access
    Everybody is new or was seen in the last 30 days.
    Serial numbers without an owner: 2ZW8RT3, 5CD1342ZTP, 5CD9265KLW, 5CG2081XQ7, 8KJ5MN3, C02DV7QPML7J, C02ZR4T8LVDL, FVFGH81KQ05N, FVFHC2YQ1WFV, FVFJR30TQ6L4 and 5 more. 3 are in use: the file says by whom. In the list “Lantern laptops”, write the owner’s address into the description, or take out what nobody uses.
    1 policy also lets in people whom it does not name: “Team access” (Open Chat Studio) by the rule for everybody at lanternhealth.example. Whoever comes in that way is counted from then on.
    (The file in the thread lists everybody: since when, last seen, and by which policy.)
      | Who has access, as of 2026-11-23 12:04 UTC: 4 people; 15 serial numbers without an owner. These are personal data: keep the file no longer than you need it.
      | (file: Access review, week of 2026-11-23)"
  `);
  expect(file.text.split('\r\n').find((line) => line.includes('olu.adeyemi'))).toContain(
    'the rule for everybody at lanternhealth.example',
  );
});

it('Cloudflare is down on Monday and back on Wednesday: the review comes late, and says so', async () => {
  const sandbox = await start();
  await looks(sandbox);
  await becomesMonday(sandbox);
  sandbox.cloudflare.faults.add({ path: '/', status: 503, times: 1000 });
  await looks(sandbox);
  expect(reviewsIn(sandbox)).toEqual([]);

  sandbox.cloudflare.faults.clear();
  await passTime(sandbox, 2 * 24 * 60 * 60_000);
  await looks(sandbox);

  expect((await reviewOf(sandbox)).text).toContain('(This comes late: it was due on Monday.');
  expect(sandbox.slack.messages('ocs-ops')).toEqual([]);
});
