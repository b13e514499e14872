import { describe, expect, it } from 'vitest';
import { ticketOf } from '../../src/core/request.ts';
import { approvalCard } from '../../src/slack/approval-card.ts';
import { ids } from '../../src/slack/ids.ts';
import { plainly } from '../../src/slack/plainly.ts';
import {
  ANA,
  ASKED_AT,
  approvedBy,
  aRecord,
  aRequest,
  aStep,
  BEN,
  CARA,
  done,
  failed,
  running,
} from '../builders/a-request.ts';
import { read } from './read.ts';

describe('the card in the approvals channel', () => {
  it('shows an approver what they decide about', () => {
    expect(read(approvalCard(aRequest()))).toMatchInlineSnapshot(`
      "# 🔔 REQ-0142 is waiting for approval
      Give Ana Souza access with a macOS device, serial C02XK0AZJG5J
      Asked by @ben
      For @ana (ana.souza@lanternhealth.example)
      Reason:
      > She joins the support team on Monday.
      What will be done, in 3 steps
      1. Put serial C02XK0AZJG5J into the list “Laptops”: 14 → 15 serials
      2. Let ana.souza@lanternhealth.example in by the policy “Team” (Open Chat Studio): so already
      3. Send Ana Souza the steps to sign in
      ⚠️ Warning: The policy “Team” does not ask for a known device, so the serial number protects nothing yet.
      [Approve] [Deny] [Details]
      (Asked 2026-11-21 11:00 UTC. Expires 2026-11-22 11:00 UTC if nobody decides.)"
    `);
  });

  it('says it all in the notification too', () => {
    expect(approvalCard(aRequest()).text).toMatchInlineSnapshot(
      `"REQ-0142 needs your approval. Ben Okafor asks: Give Ana Souza access with a macOS device, serial C02XK0AZJG5J. Reason: She joins the support team on Monday."`,
    );
  });

  it('has buttons that carry the ticket and nothing else', () => {
    const request = aRequest();
    const actions = approvalCard(request).blocks.find((block) => block.type === 'actions');

    expect(actions).toMatchObject({
      elements: [
        { action_id: ids.approve, value: ticketOf(request), style: 'primary' },
        { action_id: ids.deny, value: ticketOf(request), style: 'danger' },
        { action_id: ids.details, value: ticketOf(request) },
      ],
    });
  });

  it('counts the approvals that are there', () => {
    const card = approvalCard(aRequest({ approvalsNeeded: 2, approvals: [approvedBy(CARA)] }));

    expect(read(card)).toContain('Approval 1 of 2 by @cara, 2026-11-21 11:05 UTC');
    expect(read(card)).toContain('[Approve] [Deny] [Details]');
    expect(card.text).toContain('needs one more approval');
  });

  it('shows the progress step by step in place of the buttons', () => {
    expect(read(approvalCard(aRequest(running)))).toMatchInlineSnapshot(`
      "# ⏳ REQ-0142 is in progress
      Give Ana Souza access with a macOS device, serial C02XK0AZJG5J
      Asked by @ben
      For @ana (ana.souza@lanternhealth.example)
      Reason:
      > She joins the support team on Monday.
      Approved by @cara, 2026-11-21 11:05 UTC
      1 of 3 steps done
      [x] Put serial C02XK0AZJG5J into the list “Laptops”
          14 → 15 serials
      [>] Let ana.souza@lanternhealth.example in by the policy “Team” (Open Chat Studio)
      [ ] Send Ana Souza the steps to sign in
      ⚠️ Warning: The policy “Team” does not ask for a known device, so the serial number protects nothing yet.
      [Details]
      (Asked 2026-11-21 11:00 UTC.)"
    `);
  });

  it('shows which step is being looked at before it is written', () => {
    const steps = [aRecord({ state: 'done', changed: true }), aRecord(), aRecord()];

    expect(read(approvalCard(aRequest({ ...running, steps })))).toContain('[>] Let ana.souza');
  });

  it('says what it waits for', () => {
    const card = approvalCard(aRequest({ ...running, waitingUntil: ASKED_AT + 64 * 60_000 }));

    expect(read(card)).toContain('(Waiting for Cloudflare until 2026-11-21 12:04 UTC. It goes on by itself.)');
    expect(JSON.stringify(card)).toContain('<!date^1795262640^{date_short_pretty} at {time}|2026-11-21 12:04 UTC>');
  });

  it('shows the outcome with times', () => {
    expect(read(approvalCard(aRequest(done)))).toMatchInlineSnapshot(`
      "# ✅ REQ-0142 is done
      Give Ana Souza access with a macOS device, serial C02XK0AZJG5J
      Asked by @ben
      For @ana (ana.souza@lanternhealth.example)
      Reason:
      > She joins the support team on Monday.
      Approved by @cara, 2026-11-21 11:05 UTC
      Done in 8 s
      [x] Put serial C02XK0AZJG5J into the list “Laptops”
          14 → 15 serials
      [x] Let ana.souza@lanternhealth.example in by the policy “Team” (Open Chat Studio): was so already
      [x] Send Ana Souza the steps to sign in
      ⚠️ Warning: The policy “Team” does not ask for a known device, so the serial number protects nothing yet.
      [Details]
      (Asked 2026-11-21 11:00 UTC. Finished 2026-11-21 11:05 UTC after 8 s.)"
    `);
  });

  it('says what failed, what was taken back and what somebody has to do by hand', () => {
    expect(read(approvalCard(aRequest(failed)))).toMatchInlineSnapshot(`
      "# ❌ REQ-0142 could not be done
      Give Ana Souza access with a macOS device, serial C02XK0AZJG5J
      Asked by @ben
      For @ana (ana.souza@lanternhealth.example)
      Reason:
      > She joins the support team on Monday.
      Approved by @cara, 2026-11-21 11:05 UTC
      Failed: not everything could be taken back
      [!] Could not be taken back: Put serial C02XK0AZJG5J into the list “Laptops”
      [!] Failed: Let ana.souza@lanternhealth.example in by the policy “Team” (Open Chat Studio)
      [ ] Not done: Send Ana Souza the steps to sign in
      What failed
      Cloudflare does not allow our token to write policies.
      Do this by hand:
      • Undo: Put serial C02XK0AZJG5J into the list “Laptops”. Cloudflare did not answer. By hand: Zero Trust dashboard → Reusable components → Lists → Laptops.
      ⚠️ Warning: The policy “Team” does not ask for a known device, so the serial number protects nothing yet.
      [Details]
      (Asked 2026-11-21 11:00 UTC. Finished 2026-11-21 11:05 UTC after 8 s.)"
    `);
  });

  it('gives the cause whole and once, down to what to do about it', () => {
    const problem = `${'The Cloudflare API token lacks a permission. '.repeat(12)}Add it at dash.cloudflare.com.`;
    const steps = [
      aRecord({ state: 'undone', changed: true }),
      aRecord({ state: 'failed', problem }),
      aRecord({ state: 'skipped' }),
    ];
    const text = read(approvalCard(aRequest({ ...failed, problem, steps })));

    expect(text).toContain(`What failed\n${problem}\n`);
    expect(text.split(problem)).toHaveLength(2);
  });

  it('names each step and its cause when several failed for different reasons', () => {
    const steps = [
      aRecord({ state: 'failed', problem: 'The list is full.' }),
      aRecord({ state: 'failed', problem: 'The policy is gone.' }),
      aRecord({ state: 'failed', problem: 'The policy is gone.' }),
    ];

    expect(read(approvalCard(aRequest({ ...failed, problem: 'The list is full.', steps })))).toContain(
      [
        'What failed',
        '• Put serial C02XK0AZJG5J into the list “Laptops”: The list is full.',
        '• Let ana.souza@lanternhealth.example in by the policy “Team” (Open Chat Studio) and 1 more: The policy is gone.',
      ].join('\n'),
    );
  });

  it('ticks nothing that was taken back', () => {
    const steps = [
      aRecord({ state: 'undone', changed: true }),
      aRecord({ state: 'failed', problem: 'No.' }),
      aRecord({ state: 'skipped' }),
    ];
    const card = aRequest({ ...failed, steps });

    expect(read(approvalCard(card))).toContain(
      '[!] Taken back: Put serial C02XK0AZJG5J into the list “Laptops”\n[!] Failed:',
    );
    expect(read(plainly(approvalCard(card)))).toContain('❌ Taken back: Put serial');
  });

  it('does not say that nothing changed when something stays', () => {
    const steps = [
      aRecord({ state: 'done', changed: true }),
      aRecord({ state: 'failed' }),
      aRecord({ state: 'skipped' }),
    ];
    const text = read(approvalCard(aRequest({ ...failed, steps })));

    expect(text).toContain('Failed in part: what was done stays\n[x] Put serial');
    expect(text).not.toContain('nothing was changed');
  });

  it('says that nothing changed when the first step failed', () => {
    const steps = [aRecord({ state: 'failed' }), aRecord({ state: 'skipped' }), aRecord({ state: 'skipped' })];

    expect(read(approvalCard(aRequest({ ...failed, steps })))).toContain('Failed: nothing was changed');
  });

  it('replaces the buttons by who denied, when and why', () => {
    const denial = { by: CARA, at: ASKED_AT, reason: 'She *has* access <!here>' };
    const card = approvalCard(aRequest({ status: 'denied', denial, finishedAt: ASKED_AT }));

    expect(read(card)).toContain(
      'Denied by @cara, 2026-11-21 11:00 UTC\nReason of the denial:\n> She *has* access <!here>',
    );
    expect(read(card)).not.toContain('[Approve]');
    expect(card.text).toContain('She *has* access &lt;!here&gt;');
  });

  it('says who withdrew it', () => {
    const card = approvalCard(aRequest({ status: 'withdrawn', finishedAt: ASKED_AT }));

    expect(read(card)).toContain('Withdrawn by @ben, 2026-11-21 11:00 UTC');
    expect(read(card)).toContain('What would have been done, in 3 steps');
    expect(read(card)).not.toContain('[Approve]');
  });

  it('says that it expired', () => {
    const card = approvalCard(aRequest({ status: 'expired', finishedAt: ASKED_AT }));

    expect(read(card)).toContain('Nobody decided in time.');
    expect(read(card)).not.toContain('[Approve]');
  });

  it('flags an approval by somebody who gains by it', () => {
    const card = approvalCard(aRequest({ ...done, approvals: [approvedBy(BEN, 5, true)] }));

    expect(read(card)).toContain('Approved by @ben, 2026-11-21 11:05 UTC, their own request');
  });

  it('has a form made of old blocks only', () => {
    const card = plainly(approvalCard(aRequest(failed)));
    const types = new Set(card.blocks.map(({ type }) => type));

    expect(types).toEqual(new Set(['header', 'section', 'actions', 'context']));
    expect(read(card)).toMatchInlineSnapshot(`
      "# ❌ REQ-0142 could not be done
      Give Ana Souza access with a macOS device, serial C02XK0AZJG5J
      Asked by @ben
      For @ana (ana.souza@lanternhealth.example)
      Reason:
      “She joins the support team on Monday.”
      Approved by @cara, 2026-11-21 11:05 UTC
      Failed: not everything could be taken back
      ❌ Could not be taken back: Put serial C02XK0AZJG5J into the list “Laptops”
      ❌ Failed: Let ana.souza@lanternhealth.example in by the policy “Team” (Open Chat Studio)
      ⚪ Not done: Send Ana Souza the steps to sign in
      What failed
      Cloudflare does not allow our token to write policies.
      Do this by hand:
      • Undo: Put serial C02XK0AZJG5J into the list “Laptops”. Cloudflare did not answer. By hand: Zero Trust dashboard → Reusable components → Lists → Laptops.
      ⚠️ Warning: The policy “Team” does not ask for a known device, so the serial number protects nothing yet.
      [Details]
      (Asked 2026-11-21 11:00 UTC. Finished 2026-11-21 11:05 UTC after 8 s.)"
    `);
  });

  it('keeps what a step changes on its own line in the old form', () => {
    expect(read(plainly(approvalCard(aRequest(running))))).toContain(
      '✅ Done: Put serial C02XK0AZJG5J into the list “Laptops” (14 → 15 serials)\n⏳ In progress: Let',
    );
  });

  it('interprets nothing that somebody typed, in the old form either', () => {
    const reason = '*bold* <!channel> `code` :tada: <https://evil.example|click>';
    const card = plainly(approvalCard(aRequest({ reason })));
    const typed = card.blocks.filter((block) => JSON.stringify(block).includes('evil.example'));

    expect(typed).toMatchObject([{ text: { type: 'plain_text', emoji: false } }]);
  });

  it('counts no kind of step of which there are but a few', () => {
    const many = Array.from({ length: 11 }, (_, index) => aStep({ says: `Put serial ${index} into the list` }));
    const few = Array.from({ length: 4 }, (_, index) => aStep({ step: 'allow-email', says: `Let ${index} in` }));
    const text = read(approvalCard(aRequest({ plan: { stages: [many, few], warnings: [] } })));

    expect(text).toContain('4. and 8 more like these\n5. Let 0 in: 14 → 15 serials');
    expect(text).toContain('8. Let 3 in: 14 → 15 serials\n[Approve]');
  });

  it('groups and counts the steps of a plan for 200 people', () => {
    const people = Array.from({ length: 200 }, (_, index) => ({
      ...ANA,
      name: `Person ${index}`,
      slackId: `U0${index}AAAA`,
    }));
    const serials = people.map(({ name }) => aStep({ says: `Put a serial of ${name} into the list` }));
    const rules = people.map(({ name }) => aStep({ step: 'allow-email', says: `Let ${name} in`, already: true }));
    const plan = { stages: [serials, rules], warnings: [] };
    const pending = aRequest({ plan, beneficiaries: people });
    const steps = [...serials.map(() => aRecord({ state: 'done', changed: true })), ...rules.map(() => aRecord())];

    expect(read(approvalCard(pending))).toMatchInlineSnapshot(`
      "# 🔔 REQ-0142 is waiting for approval
      Give Ana Souza access with a macOS device, serial C02XK0AZJG5J
      Asked by @ben
      For @U00AAAA (ana.souza@lanternhealth.example), @U01AAAA (ana.souza@lanternhealth.example), @U02AAAA (ana.souza@lanternhealth.example), @U03AAAA (ana.souza@lanternhealth.example), @U04AAAA (ana.souza@lanternhealth.example), @U05AAAA (ana.souza@lanternhealth.example), @U06AAAA (ana.souza@lanternhealth.example), @U07AAAA (ana.souza@lanternhealth.example), @U08AAAA (ana.souza@lanternhealth.example), @U09AAAA (ana.souza@lanternhealth.example) and 190 more
      Reason:
      > She joins the support team on Monday.
      What will be done, in 400 steps
      1. Put a serial of Person 0 into the list: 14 → 15 serials
      2. Put a serial of Person 1 into the list: 14 → 15 serials
      3. Put a serial of Person 2 into the list: 14 → 15 serials
      4. and 197 more like these
      5. Let Person 0 in: so already
      6. Let Person 1 in: so already
      7. Let Person 2 in: so already
      8. and 197 more like these, all of them so already
      [Approve] [Deny] [Details]
      (Asked 2026-11-21 11:00 UTC. Expires 2026-11-22 11:00 UTC if nobody decides.)"
    `);
    expect(read(approvalCard({ ...pending, ...running, steps }))).toContain(
      'Put a serial of Person 0 into the list and 199 more like it: 200 of 200 done',
    );
  });
});
