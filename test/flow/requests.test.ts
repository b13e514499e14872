import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { parseRedisTarget } from '../../src/core/redis-target.ts';
import { sweep, type Swept } from '../../src/jobs/sweep.ts';
import { connectForAnswers } from '../../src/store/connect.ts';
import { createStore } from '../../src/store/store.ts';
import { useSandbox, type TestSandbox } from '../harness/use-sandbox.ts';
import { newestSaid, says } from './answer-driver.ts';
import { asksForAna, auditOf, cardOf, cardSays, dmSays, fillsForm, withoutTimes } from './onboarding-driver.ts';

const start = useSandbox();
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** What is done every half minute, done now. */
async function sweeps(sandbox: TestSandbox): Promise<Swept> {
  const { env, clock } = sandbox;
  const redis = connectForAnswers(parseRedisTarget(env['REDIS_URL'] ?? ''), { onError: () => undefined });
  await once(redis, 'ready');
  try {
    return await sweep(createStore({ redis, prefix: env['REDIS_PREFIX'] ?? '' }), clock);
  } finally {
    redis.disconnect();
  }
}

/** The replies under the only card; what is also sent to the channel stands there as a message of its own. */
function thread({ slack }: TestSandbox): string[] {
  return (slack.messages('ocs-approvals')[0]?.replies ?? []).map((reply) => withoutTimes(slack.text(reply)));
}

async function replySays(sandbox: TestSandbox, words: RegExp): Promise<string> {
  return sandbox.slack.until(() => thread(sandbox).find((text) => words.test(text)), {
    what: `a reply that says ${String(words)}`,
    timeoutMs: 15_000,
  });
}

function viewOf({ slack }: TestSandbox, who: string): string {
  const view = slack.as(who).view();
  return view === undefined ? '' : slack.text(view);
}

describe('/ocs-access requests', () => {
  it('says that nothing is open', async () => {
    const sandbox = await start();
    expect(await says(sandbox, 'ben', '/ocs-access requests')).toMatchInlineSnapshot(
      `"No request is open. Whatever is asked shows up here until it is decided."`,
    );
  });

  it('lists what is open with its age and who can decide', async () => {
    const sandbox = await start();
    const { slack, clock } = sandbox;
    await asksForAna(sandbox);
    clock.forward(90 * MINUTE);
    await slack.as('ben').closes({ all: true });
    await fillsForm(sandbox, { person: 'ana', ask: true });
    await slack.as('ben').submits();
    await dmSays(sandbox, 'ana', /I need the serial number/);
    clock.forward(30 * MINUTE);

    expect(await says(sandbox, 'dina', '/ocs-access requests')).toMatchInlineSnapshot(`
      "# 2 requests are open
      REQ-0001: Give Ana Souza access with their device (serial number C02XK0AZJG5J).
      Asked by Ben Okafor 2 h ago, expires in 22 h. Waits for an approver.  [Details]
      REQ-0002: Give Ana Souza access with a device whose serial they type themselves.
      Asked by Ben Okafor 30 min ago, expires in 23 h 30 min. Waits for Ana Souza to type what is missing.  [Details]
      @ocs-approvers can decide. Nobody approves what they asked for themselves, nor their own access."
    `);
    expect(await says(sandbox, 'ana', '/ocs-access REQUESTS')).toContain('2 requests are open');
  });

  it('shows the details of one, and leaves out what is over', async () => {
    const sandbox = await start();
    const { slack } = sandbox;
    await asksForAna(sandbox);
    await says(sandbox, 'dina', '/ocs-access requests');

    await slack.as('dina').clicks(newestSaid(sandbox, 'dina'), 'Details of REQ-0001');

    await slack.until(() => viewOf(sandbox, 'dina').includes('Joins the clinic team on Monday'), {
      what: 'the details',
    });
    await slack.as('dina').closes({ all: true });
    await slack.as('cara').clicks(cardOf(sandbox), 'Approve');
    await cardSays(sandbox, /✅ REQ-0001/);
    expect(await says(sandbox, 'dina', '/ocs-access requests')).toContain('No request is open.');
  });

  it('is not for guests', async () => {
    const sandbox = await start();
    await asksForAna(sandbox);
    const said = await says(sandbox, 'gus', '/ocs-access requests');
    expect(said).toMatch(/Guests of this workspace can’t use ocs-access/);
    expect(said).not.toContain('REQ-');
  });
});

describe('a request that nobody decides', () => {
  it('is reminded of once, after a quarter of its time, in the thread of its card', async () => {
    const sandbox = await start();
    await asksForAna(sandbox);
    sandbox.clock.forward(6 * HOUR - MINUTE);
    expect((await sweeps(sandbox)).reminded).toEqual([]);
    sandbox.clock.forward(2 * MINUTE);

    expect((await sweeps(sandbox)).reminded).toEqual(['REQ-0001']);

    expect(await replySays(sandbox, /REQ-0001/)).toMatchInlineSnapshot(`
      "⏰ @ocs-approvers this still waits for a decision.
      REQ-0001: Give Ana Souza access with their device (serial number C02XK0AZJG5J).
      (Asked by Ben Okafor 2026-11-21 12:04 UTC. Expires 2026-11-21 12:04 UTC if nobody decides. The buttons are on the message that this answers.)"
    `);
    sandbox.clock.forward(12 * HOUR);
    expect((await sweeps(sandbox)).reminded).toEqual([]);
    expect(thread(sandbox)).toHaveLength(1);
    expect(await auditOf(sandbox, 'REQ-0001')).toContainEqual(expect.stringMatching(/^request\.reminded: /));
  });

  it('is reminded of sooner where requests live shorter', async () => {
    const sandbox = await start({ env: { REQUEST_TTL: '2h' } });
    await asksForAna(sandbox);
    sandbox.clock.forward(31 * MINUTE);

    expect((await sweeps(sandbox)).reminded).toEqual(['REQ-0001']);
    expect(await says(sandbox, 'dina', '/ocs-access requests')).toMatch(/expires in 1 h (28|29|30) min/);
  });

  it('is not reminded of once it is decided', async () => {
    const sandbox = await start();
    await asksForAna(sandbox);
    await sandbox.slack.as('cara').clicks(cardOf(sandbox), 'Approve');
    await cardSays(sandbox, /✅ REQ-0001/);
    sandbox.clock.forward(7 * HOUR);

    expect(await sweeps(sandbox)).toMatchObject({ reminded: [], expired: [] });
  });

  it('is reminded of by one of several workers that look at the same moment', async () => {
    const sandbox = await start();
    await asksForAna(sandbox);
    sandbox.clock.forward(7 * HOUR);

    const swept = await Promise.all([1, 2, 3, 4].map(() => sweeps(sandbox)));

    expect(swept.flatMap(({ reminded }) => reminded)).toEqual(['REQ-0001']);
    await replySays(sandbox, /REQ-0001/);
    expect(thread(sandbox)).toHaveLength(1);
  });

  it('expires: the card says so, loses its buttons, and a press that comes too late is told', async () => {
    const sandbox = await start();
    const { slack, clock } = sandbox;
    await asksForAna(sandbox);
    const stale = cardOf(sandbox);
    clock.forward(24 * HOUR + 1);

    // Before the sweep came by.
    await slack.as('cara').clicks(stale, 'Approve');
    const late = await slack.until(() => slack.as('cara').ephemerals().at(-1), { what: 'an answer' });
    expect(slack.text(late)).toMatchInlineSnapshot(
      `"REQ-0001 expired before it was decided. It has to be asked again."`,
    );
    expect(await says(sandbox, 'dina', '/ocs-access requests')).toContain('No request is open.');

    expect((await sweeps(sandbox)).expired).toEqual(['REQ-0001']);
    expect(await cardSays(sandbox, /expired/)).toMatchInlineSnapshot(`
      "# ⌛ REQ-0001 expired before it was decided
      Give Ana Souza access with their device (serial number C02XK0AZJG5J)
      Asked by @ben
      For @ana (ana.souza@lanternhealth.example)
      Reason:
      > Joins the clinic team on Monday
      Expired, 2026-11-21 12:04 UTC. Nobody decided in time.
      What would have been done, in 5 steps
      1. Put serial C02XK0AZJG5J into the list “Lantern laptops”: 15 → 16 serials
      2. Let ana.souza@lanternhealth.example in by the policy “Who may enrol” (device enrolment): 14 → 15 people
      3. Let ana.souza@lanternhealth.example in by the policy “Team access” (Open Chat Studio): 14 → 15 people
      4. Send Ana Souza the steps to sign in
      5. Keep the access of Ana Souza without an end date: so already
      [Details]
      (Asked 2026-11-21 12:04 UTC. Finished 2026-11-21 12:04 UTC.)"
    `);
    await slack.as('cara').clicks(stale, 'Approve', { stale: true });
    await slack.until(() => slack.as('cara').ephemerals().length === 2, { what: 'a second answer' });
    expect(slack.text(newestSaid(sandbox, 'cara'))).toMatch(/expired before it was decided/);
    expect(sandbox.cloudflare.account.serials()).not.toContain('C02XK0AZJG5J');
  });

  it('expires while it waits for a colleague, whose form then says so', async () => {
    const sandbox = await start();
    const { slack, clock } = sandbox;
    await fillsForm(sandbox, { person: 'ana', ask: true });
    await slack.as('ben').submits();
    await dmSays(sandbox, 'ana', /I need the serial number/);
    clock.forward(24 * HOUR + 1);

    expect(await sweeps(sandbox)).toMatchObject({ expired: ['REQ-0001'], reminded: [] });

    await dmSays(sandbox, 'ana', /expired/);
    expect(JSON.stringify(slack.dms('ana').at(-1)?.blocks)).not.toContain('"button"');
    await dmSays(sandbox, 'ben', /# ⌛ REQ-0001 expired/);
    expect(slack.messages('ocs-approvals')).toEqual([]);
  });
});
