import { describe, expect, it } from 'vitest';
import { auditSummary } from '../../src/slack/audit-summary.ts';
import { denyView, readDenyReason } from '../../src/slack/deny-view.ts';
import { detailsView } from '../../src/slack/details-view.ts';
import { ids } from '../../src/slack/ids.ts';
import { operatorAlert } from '../../src/slack/operator-alert.ts';
import { panelMessage } from '../../src/slack/panel-message.ts';
import { refusal } from '../../src/slack/refusal.ts';
import { requestsMessage } from '../../src/slack/requests-message.ts';
import { statusMessage } from '../../src/slack/status-message.ts';
import { duration } from '../../src/core/duration.ts';
import { ANA, approvedBy, aRecord, aRequest, ASKED_AT, aStep, BEN, CARA, done, failed } from '../builders/a-request.ts';
import { read, readView } from './read.ts';

describe('the audit summary', () => {
  it('can be read months later', () => {
    expect(read(auditSummary(aRequest(done)))).toMatchInlineSnapshot(`
      "# ✅ REQ-0142 is done
      Give Ana Souza access with a macOS device, serial C02XK0AZJG5J
      Action: add
      Asked by: @ben (U05BEN00001), 2026-11-21 11:00 UTC
      For: Ana Souza (ana.souza@lanternhealth.example)
      Approved by: @cara (U05CARA0001), 2026-11-21 11:05 UTC
      Outcome: done, 2026-11-21 11:05 UTC, 8 s after it started
      Reason given:
      > She joins the support team on Monday.
      Steps
      1. Put serial C02XK0AZJG5J into the list “Laptops”: done
      2. Let ana.souza@lanternhealth.example in by the policy “Team” (Open Chat Studio): was so already
      3. Send Ana Souza the steps to sign in: done
      ⚠️ Warning: The policy “Team” does not ask for a known device, so the serial number protects nothing yet.
      (Plan 9165dbb40795. Decided 5 min after it was asked. The audit log holds every step.)"
    `);
  });

  it('names every step that failed or could not be taken back', () => {
    const text = read(auditSummary(aRequest(failed)));

    expect(text).toContain('done, and could not be taken back (Cloudflare did not answer.');
    expect(text).toContain('Why it failed: Cloudflare does not allow our token to write policies.');
  });

  it('gives the cause whole and once', () => {
    const problem = `${'The Cloudflare API token lacks a permission. '.repeat(12)}Add it at dash.cloudflare.com.`;
    const steps = [aRecord({ state: 'undone', changed: true }), aRecord({ state: 'failed', problem }), aRecord()];

    expect(read(auditSummary(aRequest({ ...failed, problem, steps }))).split(problem)).toHaveLength(2);
  });

  it('flags an approval by somebody who gains by it', () => {
    const message = auditSummary(aRequest({ ...done, approvals: [approvedBy(CARA), approvedBy(BEN, 6, true)] }));

    expect(read(message)).toContain('⚠️ Warning: It was approved by somebody who asked for it or gains by it.');
    expect(message.text).toContain('It was approved by somebody who asked for it or gains by it.');
    expect(read(auditSummary(aRequest(done)))).not.toContain('gains by it');
  });
});

describe('the open requests', () => {
  const now = ASKED_AT + 3 * 60 * 60_000;

  it('are listed with their age and who can decide', () => {
    const waiting = aRequest({ id: 'REQ-0143', status: 'waiting', waitsFor: { field: 'device', from: ANA } });
    const requests = [aRequest(), aRequest({ id: 'REQ-0144', approvalsNeeded: 2 }), waiting];

    expect(read(requestsMessage({ requests, mention: '<!subteam^S05APPROVER>', now }))).toMatchInlineSnapshot(`
      "# 3 requests are open
      REQ-0142: Give Ana Souza access with a macOS device, serial C02XK0AZJG5J.
      Asked by Ben Okafor 3 h ago, expires in 21 h. Waits for an approver.  [Details]
      REQ-0144: Give Ana Souza access with a macOS device, serial C02XK0AZJG5J.
      Asked by Ben Okafor 3 h ago, expires in 21 h. Waits for 2 approvers.  [Details]
      REQ-0143: Give Ana Souza access with a macOS device, serial C02XK0AZJG5J.
      Asked by Ben Okafor 3 h ago, expires in 21 h. Waits for Ana Souza to type what is missing.  [Details]
      @S05APPROVER can decide. Nobody approves what they asked for themselves, nor their own access."
    `);
  });

  it('are none, and that is said', () => {
    expect(read(requestsMessage({ requests: [], mention: undefined, now }))).toContain('No request is open.');
  });

  it('are counted where they are too many', () => {
    const requests = Array.from({ length: 200 }, () => aRequest());

    expect(read(requestsMessage({ requests, mention: undefined, now }))).toContain('And 180 more, asked later');
  });
});

describe('the message to be pinned', () => {
  it('is one sentence and a red button', () => {
    expect(read(panelMessage())).toMatchInlineSnapshot(`
      "Is a laptop lost or stolen? Press the button at once, at any hour: it is cut off from Open Chat Studio within seconds.
      [Report a lost device]"
    `);
    expect(panelMessage().blocks[1]).toMatchObject({ elements: [{ action_id: 'open:lost', style: 'danger' }] });
  });
});

describe('status', () => {
  it('puts first what is not well, in words', () => {
    const message = statusMessage([
      { name: 'Slack', ok: true, says: 'connected' },
      { name: 'Tunnel ocs-prod', ok: false, says: 'down' },
    ]);

    expect(read(message)).toMatchInlineSnapshot(`
      "# ⚠️ 1 of 2 is not well.
      • ❌ Tunnel ocs-prod: not well, down
      • ✅ Slack: well, connected
      (Tell your operator about what is not well.)"
    `);
    expect(message.text).toBe('1 of 2 is not well. Tunnel ocs-prod: not well, down. Slack: connected.');
  });

  it('is short when everything works', () => {
    expect(read(statusMessage([{ name: 'Slack', ok: true, says: 'connected' }]))).toBe(
      '# ✅ Everything works\n• ✅ Slack: well, connected',
    );
  });
});

describe('small messages', () => {
  it('shows words between backticks as something to type', () => {
    expect(refusal('Did you mean `/ocs-access add`?').blocks).toMatchObject([
      {
        elements: [
          {
            elements: [{ text: 'Did you mean ' }, { text: '/ocs-access add', style: { code: true } }, { text: '?' }],
          },
        ],
      },
    ]);
  });

  it('interprets nothing else in a refusal', () => {
    const message = refusal('I don’t know “<!here> *x*”, nor a lone `.');

    expect(read(message)).toBe('I don’t know “<!here> *x*”, nor a lone `.');
    expect(message.text).toContain('&lt;!here&gt;');
  });

  it('tells the operator what to mend', () => {
    expect(read(operatorAlert({ says: 'The token is gone.', requestId: 'REQ-0142' }))).toBe(
      '# 🔧 ocs-access needs its operator\nThe token is gone. It is about REQ-0142.',
    );
  });

  it('says durations as people do', () => {
    expect([400, 8_000, 60_000, 125_000, 3_600_000, 11_400_000].map(duration)).toEqual([
      '1 s',
      '8 s',
      '1 min',
      '2 min 5 s',
      '1 h',
      '3 h 10 min',
    ]);
  });
});

describe('details', () => {
  it('shows the whole plan with what each step is given, and what happened', () => {
    expect(readView(detailsView(aRequest(failed)))).toMatchInlineSnapshot(`
      "== REQ-0142 ==
      Give Ana Souza access with a macOS device, serial C02XK0AZJG5J
      Asked by @ben
      For @ana (ana.souza@lanternhealth.example)
      Reason:
      > She joins the support team on Monday.
      Approved by @cara, 2026-11-21 11:05 UTC
      ⚠️ Warning: The policy “Team” does not ask for a known device, so the serial number protects nothing yet.
      The plan: 3 steps, in 3 stages one after another
      1. Put serial C02XK0AZJG5J into the list “Laptops”: 14 → 15 serials – could not be taken back
      Problem: Cloudflare did not answer. By hand: Zero Trust dashboard → Reusable components → Lists → Laptops.
      2. Let ana.souza@lanternhealth.example in by the policy “Team” (Open Chat Studio): so already – failed
      Problem: Cloudflare does not allow our token to write policies.
      3. Send Ana Souza the steps to sign in – not done
      What happened so far
      2026-11-21 11:00 UTC: asked by @ben
      2026-11-21 11:05 UTC: approved by @cara
      2026-11-21 11:05 UTC: started
      2026-11-21 11:05 UTC: could not be done
      (Plan 9165dbb40795: an approval is for exactly this plan. Version 3.)
      (For your operator: list list-1, policy policy-team.)
      [Close]"
    `);
  });

  it('keeps what only machines read out of the steps', () => {
    const policy = { kind: 'app', appId: 'a0-1', id: 'p0-1' };
    const note = 'Ana Souza <ana.souza@lanternhealth.example> · REQ-0142 · 2026-11-21';
    const value = 'C02XK0AZJG5J';
    const steps = [
      aStep({ args: { listId: 'l0-1', listName: 'Laptops', what: 'serial', value, description: note } }),
      aStep({
        step: 'allow-email',
        says: 'Let a@b.example in by the policy “Team”',
        args: { policy, email: 'a@b.example' },
      }),
    ];
    const text = readView(detailsView(aRequest({ plan: { stages: [steps], warnings: [] } })));

    expect(text).toContain(`14 → 15 serials\n• Noted beside it: ${note}\n2. Let`);
    expect(text).toContain('(For your operator: list l0-1, app a0-1, policy p0-1.)');
    expect(text).not.toContain('listId');
    expect(text).not.toContain('{');
  });

  it('says so when there is no plan yet', () => {
    expect(readView(detailsView(aRequest({ plan: undefined, status: 'waiting' })))).toContain('The plan is made once');
  });
});

describe('denying', () => {
  it('asks for a reason', () => {
    expect(readView(denyView(aRequest()))).toMatchInlineSnapshot(`
      "== Deny REQ-0142 ==
      Give Ana Souza access with a macOS device, serial C02XK0AZJG5J
      Why do you deny it?: <empty>
        Ben Okafor reads this, and so does everybody in this channel.
      [Deny] [Cancel]"
    `);
  });

  it('reads the reason back', () => {
    expect(readDenyReason(state('  Not needed. '))).toBe('Not needed.');
    expect(readDenyReason(state(null))).toBe('');
  });
});

function state(value: string | null): unknown {
  return { [ids.denyReason]: { [ids.denyReason]: { type: 'plain_text_input', value } } };
}
