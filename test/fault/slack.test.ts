import { expect, it } from 'vitest';
import { asksForAna, cardOf, cardSays, dmSays, fillsForm, SERIAL } from '../flow/onboarding-driver.ts';
import { useSandbox } from '../harness/use-sandbox.ts';

const start = useSandbox();

it('shows progress in plain sections where Slack refuses the new blocks', async () => {
  const sandbox = await start();
  const { slack } = sandbox;
  slack.faults.refuseBlock('plan');
  slack.faults.refuseBlock('task_card');
  await asksForAna(sandbox);

  await slack.as('cara').clicks(cardOf(sandbox), 'Approve');

  const card = await cardSays(sandbox, /✅ REQ-0001/);
  expect(cardOf(sandbox).blocks.some((block) => block['type'] === 'plan')).toBe(false);
  expect(card).toMatchInlineSnapshot(`
    "# ✅ REQ-0001 is done
    Give Ana Souza access with their device (serial number C02XK0AZJG5J)
    Asked by @ben
    For @ana (ana.souza@lanternhealth.example)
    Reason:
    “Joins the clinic team on Monday”
    Approved by @cara, 2026-11-21 12:04 UTC
    Done in 1 s
    ✅ Done: Put serial C02XK0AZJG5J into the list “Lantern laptops” (15 → 16 serials)
    ✅ Done: Let ana.souza@lanternhealth.example in by the policy “Who may enrol” (device enrolment) (14 → 15 people)
    ✅ Done: Let ana.souza@lanternhealth.example in by the policy “Team access” (Open Chat Studio) (14 → 15 people)
    ✅ Done: Send Ana Souza the steps to sign in
    ✅ Done: Keep the access of Ana Souza without an end date: was so already
    [Details]
    (Asked 2026-11-21 12:04 UTC. Finished 2026-11-21 12:04 UTC after 1 s.)"
  `);
  slack.faultsSeen.splice(0); // The refused blocks are what this test is about.
});

it('delivers posts late but all, and in order, when Slack takes none for a while', async () => {
  const sandbox = await start();
  const { slack, cloudflare } = sandbox;
  await asksForAna(sandbox);
  slack.faults.add({ method: 'chat.postMessage', times: 3, status: 503 });
  slack.faults.add({ method: 'chat.update', times: 2, error: 'ratelimited', retryAfterSeconds: 1 });

  await slack.as('cara').clicks(cardOf(sandbox), 'Approve');

  await slack.until(() => cloudflare.account.serials().includes(SERIAL), { what: 'the action, whatever Slack does' });
  await cardSays(sandbox, /✅ REQ-0001/);
  await dmSays(sandbox, 'ana', /Connected/);
  await slack.until(() => slack.messages('ocs-audit').length === 1, { what: 'the audit summary', timeoutMs: 15_000 });
  slack.faultsSeen.splice(0);
});

it('goes on over a refreshed socket in the middle of a request', async () => {
  const sandbox = await start();
  const { slack } = sandbox;
  await fillsForm(sandbox, { person: 'ana', serial: SERIAL });

  slack.refresh();
  await slack.as('ben').submits();

  await cardSays(sandbox, /waiting for approval/);
  await slack.as('cara').clicks(cardOf(sandbox), 'Approve');
  await cardSays(sandbox, /✅ REQ-0001/);
});
