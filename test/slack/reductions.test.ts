import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/core/plan.ts';
import { hashPlan } from '../../src/core/plan.ts';
import type { Request } from '../../src/core/request.ts';
import { SYSTEM } from '../../src/core/person.ts';
import { approvalCard } from '../../src/slack/approval-card.ts';
import { auditSummary } from '../../src/slack/audit-summary.ts';
import { detailsView } from '../../src/slack/details-view.ts';
import { outcomeMessage } from '../../src/slack/outcome-message.ts';
import { requesterCard } from '../../src/slack/requester-card.ts';
import { ANA, ASKED_AT, aRecord, aRequest, aStep, CARA } from '../builders/a-request.ts';
import { read, readView } from './read.ts';

const plan: Plan = {
  stages: [
    [
      aStep({ step: 'policy-emails', says: `Take ${ANA.email} out of the policy “Team” (Open Chat Studio)`, args: {} }),
      aStep({ step: 'list-items', says: 'Take serial C02XK0AZJG5J out of the list “Laptops”', args: {} }),
    ],
    [aStep({ step: 'prove-out', says: 'Make sure that Ana Souza can’t get in', args: {} })],
  ],
  warnings: [],
};
const PROOF = 'Read back at the end: no policy lets Ana Souza in, 0 devices, 0 sessions.';
const BY_HAND = 'Check by hand: the policy “Team” may let Ana Souza in by a rule that can’t be read from here (okta).';

/** Cara revokes Ana’s access, and confirmed it herself. */
function aRevocation(changes: Partial<Request> = {}): Request {
  const given = changes.plan ?? plan;
  return aRequest({
    action: 'revoke',
    effect: 'reduce',
    says: 'Revoke all access of Ana Souza',
    reason: 'She leaves the organisation.',
    requester: CARA,
    beneficiaries: [],
    about: [ANA],
    approvalsNeeded: 0,
    plan: given,
    planHash: hashPlan(given),
    steps: given.stages.flat().map(() => aRecord()),
    ...changes,
  });
}

const times = { startedAt: ASKED_AT, finishedAt: ASKED_AT + 9000 };
const changed = aRecord({ state: 'done', changed: true });
const over: Partial<Request> = {
  ...times,
  status: 'done',
  steps: [changed, changed, aRecord({ state: 'done', notes: [PROOF, BY_HAND] })],
};
const trying: Partial<Request> = {
  status: 'running',
  startedAt: ASKED_AT,
  steps: [changed, aRecord({ tries: 3, problem: 'Cloudflare did not answer.' }), aRecord()],
};
const halfDone: Partial<Request> = {
  ...times,
  status: 'failed',
  problem: 'It could not be finished within 24 hours.',
  steps: [changed, aRecord({ state: 'failed', problem: 'Cloudflare did not answer.' }), aRecord({ state: 'skipped' })],
};

describe('a revocation', () => {
  it('that is over says who did it, whom it is about, and what was proved', () => {
    expect(read(approvalCard(aRevocation(over)))).toMatchInlineSnapshot(`
      "# ✅ REQ-0142 is done
      Revoke all access of Ana Souza
      Started by @cara, no approval needed
      About @ana (ana.souza@lanternhealth.example)
      Reason:
      > She leaves the organisation.
      Done in 9 s
      [x] Take ana.souza@lanternhealth.example out of the policy “Team” (Open Chat Studio)
          14 → 15 serials
      [x] Take serial C02XK0AZJG5J out of the list “Laptops”
          14 → 15 serials
      [x] Make sure that Ana Souza can’t get in: checked
      What was found
      • Read back at the end: no policy lets Ana Souza in, 0 devices, 0 sessions.
      • Check by hand: the policy “Team” may let Ana Souza in by a rule that can’t be read from here (okta).
      [Details]
      (Asked 2026-11-21 11:00 UTC. Finished 2026-11-21 11:00 UTC after 9 s.)"
    `);
  });

  it('that has trouble says that it is trying again', () => {
    expect(read(approvalCard(aRevocation(trying)))).toMatchInlineSnapshot(`
      "# ⏳ REQ-0142 is trying again what has not worked yet
      Revoke all access of Ana Souza
      Started by @cara, no approval needed
      About @ana (ana.souza@lanternhealth.example)
      Reason:
      > She leaves the organisation.
      1 of 3 steps done, 1 being tried again
      [x] Take ana.souza@lanternhealth.example out of the policy “Team” (Open Chat Studio)
          14 → 15 serials
      [>] Trying again: Take serial C02XK0AZJG5J out of the list “Laptops”
          14 → 15 serials
          Cloudflare did not answer.
      [ ] Make sure that Ana Souza can’t get in
          14 → 15 serials
      [Details]
      (Asked 2026-11-21 11:00 UTC.)"
    `);
    expect(read(requesterCard(aRevocation(trying)))).toContain('I keep trying until it does');
  });

  it('that was done only in part says so, and what is left', () => {
    expect(read(outcomeMessage(aRevocation(halfDone)))).toMatchInlineSnapshot(`
      "❌ REQ-0142 could be done only in part: Revoke all access of Ana Souza.
      What failed
      • It could not be finished within 24 hours.
      • Take serial C02XK0AZJG5J out of the list “Laptops”: Cloudflare did not answer.
      What was not done
      • Make sure that Ana Souza can’t get in
      What was done
      • Take ana.souza@lanternhealth.example out of the policy “Team” (Open Chat Studio)"
    `);
  });

  it('tells its requester the proof and what to check by hand', () => {
    const text = read(outcomeMessage(aRevocation(over)));

    expect(text).toContain(PROOF);
    expect(text).toContain(BY_HAND);
  });

  it('can be read months later', () => {
    expect(read(auditSummary(aRevocation(over)))).toMatchInlineSnapshot(`
      "# ✅ REQ-0142 is done
      Revoke all access of Ana Souza
      Action: revoke
      Asked by: @cara (U05CARA0001), 2026-11-21 11:00 UTC
      About: Ana Souza (ana.souza@lanternhealth.example)
      Approval: none needed
      Outcome: done, 2026-11-21 11:00 UTC, 9 s after it started
      Reason given:
      > She leaves the organisation.
      Steps
      1. Take ana.souza@lanternhealth.example out of the policy “Team” (Open Chat Studio): done
      2. Take serial C02XK0AZJG5J out of the list “Laptops”: done
      3. Make sure that Ana Souza can’t get in: checked
      What was found
      • Read back at the end: no policy lets Ana Souza in, 0 devices, 0 sessions.
      • Check by hand: the policy “Team” may let Ana Souza in by a rule that can’t be read from here (okta).
      (Plan 311095175bb0. The audit log holds every step.)"
    `);
  });

  it('that the bot began by itself names nobody else', () => {
    expect(read(approvalCard(aRevocation({ ...over, requester: SYSTEM })))).toContain('Started by ocs-access itself');
  });

  it('that waits for an approver is still asked for', () => {
    expect(read(approvalCard(aRevocation({ approvalsNeeded: 1 })))).toContain('Asked by @cara\nAbout @ana');
  });

  it('shows what each step found among the details', () => {
    expect(readView(detailsView(aRevocation(over)))).toContain(`Found: ${BY_HAND}`);
  });

  it('names a step that is tried again in its details, with the reason', () => {
    const text = readView(detailsView(aRevocation(trying)));

    expect(text).toContain('“Laptops”: 14 → 15 serials – being tried again');
    expect(text).toContain('Problem: Cloudflare did not answer.');
  });
});

describe('a list of people', () => {
  const items = Array.from({ length: 200 }, (_, index) => `C02XK0AZ${index} (Person ${index})`);
  const leftOut = Array.from({ length: 13 }, (_, index) => ({
    line: `Line ${index + 1}, Person ${index}`,
    why: 'They have no access here.',
  }));
  const many = aRevocation({
    status: 'pending',
    approvalsNeeded: 1,
    about: Array.from({ length: 200 }, (_, index) => ({ email: `p${index}@lantern.example`, name: `Person ${index}` })),
    plan: { stages: [[aStep({ says: 'Take 200 serials out of the list “Laptops”', items })]], warnings: [], leftOut },
    steps: [aRecord()],
  });

  it('is a sample on the card, with the lines that are left out', () => {
    const text = read(approvalCard(many));

    expect(text).toContain(
      '“Laptops”: 14 → 15 serials (C02XK0AZ0 (Person 0), C02XK0AZ1 (Person 1), C02XK0AZ2 (Person 2) and 197 more)',
    );
    expect(text).toContain('13 lines are left out\n• Line 1, Person 0: They have no access here.');
    expect(text).toContain('and 3 more; Details shows them');
    expect(text).toContain('and 190 more');
  });

  it('is whole among the details', () => {
    const text = readView(detailsView(many));

    expect(text).toContain('C02XK0AZ199 (Person 199)');
    expect(text).toContain('Line 13, Person 12: They have no access here.');
    expect(text).toContain('About 200 people');
  });

  it('is summed up at the end with what was left out and why', () => {
    const message = outcomeMessage({ ...many, ...over, steps: [changed] });

    expect(message.text).toContain('13 lines of the list were left out.');
    expect(read(message)).toContain('Line 1, Person 0: They have no access here.');
  });
});
