import { describe, expect, it } from 'vitest';
import { hashPlan, type Plan } from '../../src/core/plan.ts';
import type { Request } from '../../src/core/request.ts';
import { approvalCard } from '../../src/slack/approval-card.ts';
import { auditSummary } from '../../src/slack/audit-summary.ts';
import { detailsView } from '../../src/slack/details-view.ts';
import { outcomeMessage } from '../../src/slack/outcome-message.ts';
import { plainly } from '../../src/slack/plainly.ts';
import { requesterCard } from '../../src/slack/requester-card.ts';
import { approvedBy, ASKED_AT, aRecord, aRequest, aStep, DINA } from '../builders/a-request.ts';
import { read, readView } from './read.ts';

const LESS_OFTEN = 'People are asked for a code less often: after 12 h and no longer after 8 h.';
const HOUR = 60 * 60 * 1000;

const plan: Plan = {
  stages: [
    [
      aStep({
        step: 'set-session',
        says: 'Set the WARP sign-in session to 24 h',
        change: '8 h → 24 h',
        args: { place: { kind: 'warp-sign-in' }, name: 'WARP sign-in', ms: 24 * HOUR, from: 8 * HOUR },
      }),
    ],
    [
      aStep({
        step: 'set-session',
        says: 'Set the app session to 12 h',
        change: '8 h → 12 h',
        args: { place: { kind: 'app', id: 'app-ocs' }, name: 'Open Chat Studio', ms: 12 * HOUR, from: 8 * HOUR },
      }),
    ],
  ],
  warnings: [LESS_OFTEN],
  afterwards: [LESS_OFTEN],
};

/** Dina changes the session lengths, and Cara approved it. */
function aChange(changes: Partial<Request> = {}): Request {
  return aRequest({
    action: 'session',
    effect: 'change',
    says: 'Set the app session to 12 h and the WARP sign-in session to 24 h',
    reason: 'The on-call team works in 12 hour shifts.',
    requester: DINA,
    beneficiaries: [],
    about: [],
    plan,
    planHash: hashPlan(plan),
    approvals: [
      { ...approvedBy({ ...DINA, slackId: 'U05CARA0001', name: 'Cara Lindqvist' }), planHash: hashPlan(plan) },
    ],
    startedAt: ASKED_AT,
    ...changes,
  });
}

const PROBLEM = 'Cloudflare does not allow our token to write applications.';
const changed = aRecord({ state: 'done', changed: true });
const notDone = aRecord({ state: 'failed', problem: PROBLEM });
const over = { startedAt: ASKED_AT, finishedAt: ASKED_AT + 9000 };
const done: Partial<Request> = { ...over, status: 'done', steps: [changed, changed] };
const goingBack: Partial<Request> = {
  status: 'running',
  direction: 'back',
  problem: PROBLEM,
  steps: [aRecord({ state: 'undoing', changed: true }), notDone],
};
const putBack: Partial<Request> = {
  ...over,
  status: 'failed',
  direction: 'back',
  problem: PROBLEM,
  steps: [aRecord({ state: 'undone', changed: true }), notDone],
};
const stuck: Partial<Request> = {
  ...putBack,
  steps: [
    aRecord({
      state: 'undo-failed',
      changed: true,
      problem: 'Cloudflare did not answer. By hand: Zero Trust dashboard.',
    }),
    notDone,
  ],
};
const GRANT_WORDS = /taken back|taking back|take back|given|gave/i;

describe('a change that is done', () => {
  it('says what people notice from now on', () => {
    expect(read(outcomeMessage(aChange(done)))).toMatchInlineSnapshot(`
      "✅ REQ-0142 is done: Set the app session to 12 h and the WARP sign-in session to 24 h.
      What was done
      • Set the WARP sign-in session to 24 h
      • Set the app session to 12 h
      From now on
      • People are asked for a code less often: after 12 h and no longer after 8 h.
      (It took 9 s, and everything was checked afterwards.)"
    `);
  });
});

describe('a change that fails', () => {
  it('puts back what it had changed, on the cards of approver and asker', () => {
    expect(read(approvalCard(aChange(goingBack)))).toMatchInlineSnapshot(`
      "# ⏳ REQ-0142 went wrong: putting back what it changed
      Set the app session to 12 h and the WARP sign-in session to 24 h
      Asked by @dina
      Reason:
      > The on-call team works in 12 hour shifts.
      Approved by @cara, 2026-11-21 11:05 UTC
      Something failed: putting back what it changed
      [>] Being put back: Set the WARP sign-in session to 24 h
      [!] Failed: Set the app session to 12 h
          Cloudflare does not allow our token to write applications.
      ⚠️ Warning: People are asked for a code less often: after 12 h and no longer after 8 h.
      [Details]
      (Asked 2026-11-21 11:00 UTC.)"
    `);
    expect(read(requesterCard(aChange(goingBack)))).toMatchInlineSnapshot(`
      "# ⏳ REQ-0142 went wrong: putting back what it changed
      Set the app session to 12 h and the WARP sign-in session to 24 h
      A step failed. I am putting back what it changed, so that nothing is left half done.
      Approved by @cara, 2026-11-21 11:05 UTC
      Something failed: putting back what it changed
      [>] Being put back: Set the WARP sign-in session to 24 h
      [!] Failed: Set the app session to 12 h
          Cloudflare does not allow our token to write applications."
    `);
  });

  it('has put it back', () => {
    expect(read(approvalCard(aChange(putBack)))).toMatchInlineSnapshot(`
      "# ❌ REQ-0142 could not be done
      Set the app session to 12 h and the WARP sign-in session to 24 h
      Asked by @dina
      Reason:
      > The on-call team works in 12 hour shifts.
      Approved by @cara, 2026-11-21 11:05 UTC
      Failed: what it had changed was put back
      [!] Put back: Set the WARP sign-in session to 24 h
      [!] Failed: Set the app session to 12 h
      What failed
      Cloudflare does not allow our token to write applications.
      [Details]
      (Asked 2026-11-21 11:00 UTC. Finished 2026-11-21 11:00 UTC after 9 s.)"
    `);
    expect(outcomeMessage(aChange(putBack)).text).toMatchInlineSnapshot(
      `"REQ-0142 could not be done: Set the app session to 12 h and the WARP sign-in session to 24 h. Cloudflare does not allow our token to write applications. What it had changed was put back."`,
    );
    expect(read(outcomeMessage(aChange(putBack)))).toMatchInlineSnapshot(`
      "❌ REQ-0142 could not be done: Set the app session to 12 h and the WARP sign-in session to 24 h.
      What failed
      • Set the app session to 12 h: Cloudflare does not allow our token to write applications.
      What was put back
      • Set the WARP sign-in session to 24 h (8 h → 24 h)"
    `);
    expect(read(auditSummary(aChange(putBack)))).toMatchInlineSnapshot(`
      "# ❌ REQ-0142 could not be done
      Set the app session to 12 h and the WARP sign-in session to 24 h
      Action: session
      Asked by: @dina (U05DINA0001), 2026-11-21 11:00 UTC
      Approved by: @cara (U05CARA0001), 2026-11-21 11:05 UTC
      Outcome: failed, 2026-11-21 11:00 UTC, 9 s after it started
      Reason given:
      > The on-call team works in 12 hour shifts.
      Steps
      1. Set the WARP sign-in session to 24 h: done, then put back
      2. Set the app session to 12 h: failed
      Why it failed: Cloudflare does not allow our token to write applications.
      ⚠️ Warning: People are asked for a code less often: after 12 h and no longer after 8 h.
      (Plan 1cbf9ff4434b. The audit log holds every step.)"
    `);
  });

  it('could not put it back', () => {
    expect(read(approvalCard(aChange(stuck)))).toMatchInlineSnapshot(`
      "# ❌ REQ-0142 could not be done
      Set the app session to 12 h and the WARP sign-in session to 24 h
      Asked by @dina
      Reason:
      > The on-call team works in 12 hour shifts.
      Approved by @cara, 2026-11-21 11:05 UTC
      Failed: not everything could be put back
      [!] Could not be put back: Set the WARP sign-in session to 24 h
      [!] Failed: Set the app session to 12 h
      What failed
      Cloudflare does not allow our token to write applications.
      Do this by hand:
      • Undo: Set the WARP sign-in session to 24 h. Cloudflare did not answer. By hand: Zero Trust dashboard.
      [Details]
      (Asked 2026-11-21 11:00 UTC. Finished 2026-11-21 11:00 UTC after 9 s.)"
    `);
    expect(outcomeMessage(aChange(stuck)).text).toMatchInlineSnapshot(
      `"REQ-0142 could not be done: Set the app session to 12 h and the WARP sign-in session to 24 h. Cloudflare does not allow our token to write applications. 1 change could not be put back and must be undone by hand."`,
    );
    expect(readView(detailsView(aChange(stuck)))).toMatchInlineSnapshot(`
      "== REQ-0142 ==
      Set the app session to 12 h and the WARP sign-in session to 24 h
      Asked by @dina
      Reason:
      > The on-call team works in 12 hour shifts.
      Approved by @cara, 2026-11-21 11:05 UTC
      ⚠️ Warning: People are asked for a code less often: after 12 h and no longer after 8 h.
      The plan: 2 steps, in 2 stages one after another
      1. Set the WARP sign-in session to 24 h: 8 h → 24 h – could not be put back
      Problem: Cloudflare did not answer. By hand: Zero Trust dashboard.
      2. Set the app session to 12 h: 8 h → 12 h – failed
      • Name: Open Chat Studio
      Problem: Cloudflare does not allow our token to write applications.
      What happened so far
      2026-11-21 11:00 UTC: asked by @dina
      2026-11-21 11:05 UTC: approved by @cara
      2026-11-21 11:00 UTC: started
      2026-11-21 11:00 UTC: could not be done
      (Plan 1cbf9ff4434b: an approval is for exactly this plan. Version 3.)
      (For your operator: place app-ocs.)
      [Close]"
    `);
  });

  it('is nowhere told in the words of a grant', () => {
    for (const request of [goingBack, putBack, stuck].map(aChange)) {
      const texts = [
        read(approvalCard(request)),
        read(plainly(approvalCard(request))),
        read(requesterCard(request)),
        read(outcomeMessage(request)),
        outcomeMessage(request).text,
        read(auditSummary(request)).replace('Reason given:', ''),
        readView(detailsView(request)),
      ];
      for (const text of texts) expect(text).not.toMatch(GRANT_WORDS);
    }
  });

  it('says the outcome once where Slack shows plain sections', () => {
    expect(read(plainly(approvalCard(aChange(putBack))))).toContain('❌ Put back: Set the WARP sign-in session');
  });
});
