import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { otpHelpMessage } from '../../src/slack/otp-help-message.ts';
import { otpMessage, type OtpReport } from '../../src/slack/otp-message.ts';
import { ANA } from '../builders/a-request.ts';
import { expectWithinLimits, read } from './read.ts';

const help = {
  kind: 'otp-help' as const,
  slackId: ANA.slackId,
  email: ANA.email,
  appUrl: 'http://ocs.lantern.example:8000',
  wasReset: false,
};

describe('the message to somebody who gets no code', () => {
  it('says where to look, in the order in which it helps', () => {
    const message = otpHelpMessage(help);
    expect(read(message)).toMatchInlineSnapshot(`
      "# ✉️ No sign-in code?
      One of these almost always helps:
      1. Open http://ocs.lantern.example:8000 with WARP switched on, and type exactly this address: ana.souza@lanternhealth.example.
      2. Look in the spam folder too, for an e-mail from noreply@notify.cloudflare.com.
      3. Nothing after 60 seconds? Press Resend code once, and wait 60 seconds more.
      4. Use only the newest code, within 10 minutes.
      Still no code? Your IT people can see whether they hold back e-mail from noreply@notify.cloudflare.com. Or ask an approver for a reset:
      [Still no code: ask for a reset]"
    `);
    expect(message.text).toMatchInlineSnapshot(
      `"No sign-in code? It goes to ana.souza@lanternhealth.example, from noreply@notify.cloudflare.com. Look in the spam folder, press “Resend code”, wait 60 seconds and use only the newest code. Open this message for the details."`,
    );
  });

  it('has a button that opens the form about them', () => {
    expect(JSON.stringify(otpHelpMessage(help).blocks)).toContain(
      `"action_id":"open:otp-reset","value":"<@${ANA.slackId}>"`,
    );
  });

  it('says who had it sent, if that is somebody else', () => {
    const askedBy = 'Cara Lindqvist';
    expect(read(otpHelpMessage({ ...help, askedBy }))).toContain('Cara Lindqvist asked me to send you this. One of');
    expect(read(otpHelpMessage({ ...help, wasReset: true, askedBy }))).toContain(
      'Cara Lindqvist asked for it. You are',
    );
  });

  it('after a reset begins with the minute to wait', () => {
    const message = otpHelpMessage({ ...help, wasReset: true, requestId: 'REQ-0142' });
    expect(read(message)).toMatchInlineSnapshot(`
      "# 🔄 Your sign-in was reset
      You are signed out everywhere. WARP stays connected. Wait a minute, and then:
      1. Open http://ocs.lantern.example:8000 with WARP switched on, and type exactly this address: ana.souza@lanternhealth.example.
      2. Look in the spam folder too, for an e-mail from noreply@notify.cloudflare.com.
      3. Nothing after 60 seconds? Press Resend code once, and wait 60 seconds more.
      4. Use only the newest code, within 10 minutes.
      Still no code? Tell an approver that REQ-0142 did not help. Your IT people can see whether they hold back e-mail from noreply@notify.cloudflare.com."
    `);
    expect(message.text).toMatchInlineSnapshot(
      `"Your sign-in was reset, so you are signed out. Wait a minute, open http://ocs.lantern.example:8000 with WARP switched on and ask for a new code. It goes to ana.souza@lanternhealth.example."`,
    );
  });
});

const report: OtpReport = {
  person: ANA,
  isForReader: false,
  outcome: 'admitted',
  findings: [
    { verdict: 'ok', says: 'The address is in the policy “Team”, letter for letter.' },
    { verdict: 'warning', says: 'Nobody in Slack has this address.', fix: 'Compare it.' },
    { verdict: 'failure', says: 'The address is written with a blank.', fix: 'Take the entry out.' },
  ],
  gaps: ['The log of the last day could not be read: Cloudflare did not answer in time.'],
  told: 'directly',
  isApprover: true,
};

const actions = (changes: Partial<OtpReport>): string[] =>
  [...JSON.stringify(otpMessage({ ...report, ...changes }).blocks).matchAll(/open:[a-z-]+/g)].map(([id]) => id);
expect(actions({})).toEqual(['open:otp-reset']);

describe('the report to whoever asked', () => {
  it('has the worst first, each with a word, and what could not be read', () => {
    expect(read(otpMessage(report))).toMatchInlineSnapshot(`
      "# ❌ Something is wrong
      Sign-in of @ana (ana.souza@lanternhealth.example): Cloudflare sends codes to this address.
      • ❌ Wrong: The address is written with a blank. Next: Take the entry out.
      • ⚠️ Worth a look: Nobody in Slack has this address. Next: Compare it.
      • ✅ Fine: The address is in the policy “Team”, letter for letter.
      ⚠️ Not checked: The log of the last day could not be read: Cloudflare did not answer in time.
      @ana has a direct message from me with what to do next.
      [Reset]
      (It signs out everywhere. You read the plan before anything happens.)"
    `);
  });

  it('says in its notification what came of it', () => {
    const outcomes = ['admitted', 'unsure', 'not-admitted', 'no-code', 'not-read'] as const;
    expect(outcomes.map((outcome) => otpMessage({ ...report, outcome, told: 'nobody' }).text)).toMatchInlineSnapshot(`
      [
        "Sign-in of ana.souza@lanternhealth.example: Cloudflare sends codes to this address. Open this message for the details.",
        "Sign-in of ana.souza@lanternhealth.example: I can’t tell whether Cloudflare sends codes to this address. Open this message for the details.",
        "Sign-in of ana.souza@lanternhealth.example: Cloudflare sends it no code, though the sign-in page says so. Open this message for the details.",
        "Sign-in of ana.souza@lanternhealth.example: there is no code to wait for. Open this message for the details.",
        "Sign-in of ana.souza@lanternhealth.example: Cloudflare could not be asked. Open this message for the details.",
      ]
    `);
    expect(outcomes.map((outcome) => read(otpMessage({ ...report, outcome, findings: [] })).split('\n')[0]))
      .toMatchInlineSnapshot(`
      [
        "# ✅ A code can be sent",
        "# ⚠️ Worth a look",
        "# ❌ No code is sent to this address",
        "# ❌ Nobody gets a code now",
        "# ⚠️ The sign-in could not be checked",
      ]
    `);
  });

  it('is about you where it is about you', () => {
    expect(otpMessage({ ...report, isForReader: true }).text).toContain('in my direct message to you');
  });

  it('offers no reset to somebody who may not carry it out at once, nor where it is of no use', () => {
    expect(actions({ isApprover: false })).toEqual([]);
    expect(actions({ outcome: 'no-code' })).toEqual([]);
    expect(actions({ outcome: 'not-read' })).toEqual([]);
    expect(actions({ outcome: 'not-admitted' })).toEqual(['open:add']);
  });
});

/** As long as an address may be. */
const LONGEST = `${'x'.repeat(64)}@${'y'.repeat(185)}.org`;

describe('whatever stands in the account', () => {
  const text = fc.oneof(
    fc.constantFrom('', ' ', '\n', '\u202E', '<!here>', '*x* `y`', '&'.repeat(4000), 'x'.repeat(9000)),
    fc.string({ unit: 'grapheme', maxLength: 3000 }),
  );

  it('stays within what Slack takes', () => {
    fc.assert(
      fc.property(
        fc.array(text, { maxLength: 40 }),
        text,
        fc.constantFrom('admitted', 'unsure', 'not-admitted', 'no-code', 'not-read'),
        fc.constantFrom('directly', 'by-reader', 'nobody'),
        fc.boolean(),
        (texts, word, outcome, told, flag) => {
          const verdicts = ['ok', 'warning', 'failure'] as const;
          const findings = texts.map((says, at) => ({ verdict: verdicts[at % 3] ?? 'ok', says, fix: word }));
          const person = { name: word, email: flag ? ANA.email : LONGEST, ...(flag ? { slackId: ANA.slackId } : {}) };
          const given = { outcome, told, findings, gaps: texts, person, isForReader: flag, isApprover: !flag };
          expectWithinLimits(otpMessage(given));
          expectWithinLimits(otpHelpMessage({ ...help, email: word, appUrl: word, wasReset: flag, requestId: word }));
        },
      ),
    );
  });
});
