import { describe, expect, it } from 'vitest';
import { ticketOf, type Request } from '../../src/core/request.ts';
import { endNotice } from '../../src/slack/end-notice.ts';
import { feedbackMessage } from '../../src/slack/feedback-message.ts';
import { inviteMessage } from '../../src/slack/invite-message.ts';
import { outcomeMessage } from '../../src/slack/outcome-message.ts';
import { requesterCard } from '../../src/slack/requester-card.ts';
import { welcomeMessage } from '../../src/slack/welcome-message.ts';
import { ANA, ASKED_AT, aRecord, aRequest, aStep, CARA, done, failed, running } from '../builders/a-request.ts';
import { expectWithinLimits, read } from './read.ts';

const waiting: Partial<Request> = { status: 'waiting', steps: [], waitsFor: { field: 'device', from: ANA } };
const denied: Partial<Request> = {
  status: 'denied',
  denial: { by: CARA, at: ASKED_AT, reason: 'She has access already.' },
  finishedAt: ASKED_AT,
};

describe('the card of whoever asked', () => {
  it('says what happens next and can be withdrawn while it is open', () => {
    expect(read(requesterCard(aRequest()))).toMatchInlineSnapshot(`
      "# 🔔 REQ-0142 is waiting for approval
      Give Ana Souza access with a macOS device, serial C02XK0AZJG5J
      For @ana (ana.souza@lanternhealth.example)
      The approvers see it now. I write to you when they have decided.
      [Withdraw]
      (Expires 2026-11-22 11:00 UTC if nobody decides.)"
    `);
  });

  it('says whom it waits for', () => {
    expect(read(requesterCard(aRequest(waiting)))).toContain('I have asked Ana Souza for what is missing.');
  });

  it('asks before it withdraws', () => {
    expect(JSON.stringify(requesterCard(aRequest()))).toContain('Withdraw REQ-0142?');
  });

  it.each([running, done, failed, denied])('has no button any more once it is decided', (changes) => {
    expect(read(requesterCard(aRequest(changes)))).not.toContain('[Withdraw]');
  });
});

describe('once it is over', () => {
  it('the card is short, because the outcome says what was done', () => {
    expect(read(requesterCard(aRequest(done)))).toMatchInlineSnapshot(`
      "# ✅ REQ-0142 is done
      Give Ana Souza access with a macOS device, serial C02XK0AZJG5J
      Everything is done and checked. A message below says what.
      Approved by @cara, 2026-11-21 11:05 UTC"
    `);
    expect(read(requesterCard(aRequest(failed)))).toMatchInlineSnapshot(`
      "# ❌ REQ-0142 could not be done
      Give Ana Souza access with a macOS device, serial C02XK0AZJG5J
      A message below says why. Ask again once that is mended, or ask your operator.
      Approved by @cara, 2026-11-21 11:05 UTC"
    `);
    expect(read(requesterCard(aRequest(denied)))).toMatchInlineSnapshot(`
      "# 🚫 REQ-0142 was denied by Cara Lindqvist
      Give Ana Souza access with a macOS device, serial C02XK0AZJG5J
      A message below says why. You can ask again with a better reason.
      Denied by @cara, 2026-11-21 11:00 UTC"
    `);
  });
});

describe('the outcome', () => {
  it('says what was done', () => {
    const message = outcomeMessage(aRequest(done));

    expect(message.text).toMatchInlineSnapshot(
      `"REQ-0142 is done: Give Ana Souza access with a macOS device, serial C02XK0AZJG5J. It took 8 s, and everything was checked afterwards."`,
    );
    expect(read(message)).toMatchInlineSnapshot(`
      "✅ REQ-0142 is done: Give Ana Souza access with a macOS device, serial C02XK0AZJG5J.
      What was done
      • Put serial C02XK0AZJG5J into the list “Laptops”
      • Let ana.souza@lanternhealth.example in by the policy “Team” (Open Chat Studio): was so already
      • Send Ana Souza the steps to sign in
      (It took 8 s, and everything was checked afterwards.)"
    `);
  });

  it('says what failed and what is left', () => {
    expect(read(outcomeMessage(aRequest(failed)))).toMatchInlineSnapshot(`
      "❌ REQ-0142 could not be done: Give Ana Souza access with a macOS device, serial C02XK0AZJG5J.
      What failed
      • Let ana.souza@lanternhealth.example in by the policy “Team” (Open Chat Studio): Cloudflare does not allow our token to write policies.
      Do this by hand:
      • Undo: Put serial C02XK0AZJG5J into the list “Laptops”. Cloudflare did not answer. By hand: Zero Trust dashboard → Reusable components → Lists → Laptops.
      What was not done
      • Send Ana Souza the steps to sign in"
    `);
  });

  it('shows ten before it counts, however long their names are', () => {
    const says = 'x'.repeat(190);
    const plan = {
      stages: [Array.from({ length: 10 }, (_, index) => aStep({ says: `${index} ${says}` }))],
      warnings: [],
    };
    const steps = plan.stages
      .flat()
      .map((_, index) => aRecord({ state: index === 0 ? 'failed' : 'undone', changed: true }));
    const text = read(outcomeMessage(aRequest({ ...failed, plan, steps })));

    expect(text.split('\n').filter((one) => one.startsWith('• '))).toHaveLength(10);
    expect(text).not.toMatch(/and \d+ more/);
  });

  it('says why it was denied', () => {
    expect(read(outcomeMessage(aRequest(denied)))).toMatchInlineSnapshot(`
      "🚫 REQ-0142 was denied by Cara Lindqvist: Give Ana Souza access with a macOS device, serial C02XK0AZJG5J.
      The reason:
      > She has access already."
    `);
  });

  it('says that it expired', () => {
    expect(read(outcomeMessage(aRequest({ status: 'expired' })))).toContain('Nothing has been changed.');
  });
});

describe('the invitation', () => {
  it('says who asks, why, and what to do', () => {
    expect(read(inviteMessage(aRequest(waiting)))).toMatchInlineSnapshot(`
      "@ben has asked that you get access to Open Chat Studio.
      The reason given:
      > She joins the support team on Monday.
      Only computers that we know are let in, so I need the serial number of yours. The form says where to find it. It takes about a minute.
      [Type my serial number]
      (REQ-0142. Please answer before 2026-11-22 11:00 UTC; after that it has to be asked again.)"
    `);
  });

  it('thanks once it is answered, without a button', () => {
    expect(read(inviteMessage(aRequest({ ...waiting, status: 'pending' })))).toMatchInlineSnapshot(`
      "Thank you, Ana Souza. Your serial number is in. Now an approver looks at it. I write to you when you can sign in.
      (REQ-0142)"
    `);
  });

  it('says that nothing has to be done once it is withdrawn', () => {
    expect(read(inviteMessage(aRequest({ ...waiting, status: 'withdrawn' })))).toMatchInlineSnapshot(`
      "This request was withdrawn. You need not do anything. Ask Ben Okafor if you have questions.
      (REQ-0142)"
    `);
  });
});

describe('the welcome', () => {
  const welcome = {
    isForReader: true,
    email: ANA.email,
    name: ANA.name,
    teamName: 'lantern-health',
    appUrl: 'http://ocs.lantern:8000',
    isReplacement: false,
  };

  it('takes the new colleague through every step', () => {
    expect(read(welcomeMessage(aRequest(done), welcome))).toMatchInlineSnapshot(`
      "# 👋 You have access to Open Chat Studio
      It is not on the open internet: a small program called WARP brings your computer to it. Once, on the computer whose serial number we have:
      1. Download WARP from https://one.one.one.one, install it and open it.
      2. In WARP choose Preferences > Account > Login with Cloudflare Zero Trust, and type the team name lantern-health.
      3. A page opens. Type your e-mail ana.souza@lanternhealth.example. You get a code by e-mail: type it in. If it does not come, look in the spam folder, wait 60 seconds and press Resend code.
      4. Switch WARP on. It has to say Connected.
      5. In your browser open http://ocs.lantern:8000 and sign in with the same e-mail.
      If it doesn’t work
      • Wait up to ten minutes after switching WARP on: the first check of a computer can take that long.
      • Switch WARP off and on again, then reload the page.
      • Use the same e-mail in both places: ana.souza@lanternhealth.example.
      • The page can’t be found? It exists only while WARP says Connected. Type the whole address, with the number after the colon.
      • Make sure that this is the computer whose serial number we have: no other is let in.
      [I’m in] [It doesn’t work]"
    `);
  });

  it('to a new device is shorter: its owner knows the rest', () => {
    expect(read(welcomeMessage(aRequest(done), { ...welcome, isReplacement: true }))).toMatchInlineSnapshot(`
      "# 💻 Your device is let in now
      Once, on the computer whose serial number we have now. Everything else is as you know it.
      1. Download WARP from https://one.one.one.one, install it and open it.
      2. In WARP choose Preferences > Account > Login with Cloudflare Zero Trust, and type the team name lantern-health. A page opens. Type your e-mail ana.souza@lanternhealth.example. You get a code by e-mail: type it in. If it does not come, look in the spam folder, wait 60 seconds and press Resend code.
      3. Switch WARP on. It has to say Connected.
      If it doesn’t work
      • Wait up to ten minutes after switching WARP on: the first check of a computer can take that long.
      • Switch WARP off and on again, then reload the page.
      • Use the same e-mail in both places: ana.souza@lanternhealth.example.
      • The page can’t be found? It exists only while WARP says Connected. Type the whole address, with the number after the colon.
      • Make sure that this is the computer whose serial number we have: no other is let in.
      [I’m in] [It doesn’t work]"
    `);
    const toPassOn = welcomeMessage(aRequest(done), { ...welcome, isReplacement: true, isForReader: false });
    expect(read(toPassOn)).toContain('# 👋 Ana Souza can connect their device: please pass this on');
  });

  it('has the essence in the notification', () => {
    expect(welcomeMessage(aRequest(done), welcome).text).toMatchInlineSnapshot(
      `"You have access to Open Chat Studio now. Five steps on your computer and you are in: install Cloudflare WARP from https://one.one.one.one, sign in to the team lantern-health as ana.souza@lanternhealth.example, switch it on, open http://ocs.lantern:8000. Open this message for the details."`,
    );
  });

  it('can be passed on to somebody outside Slack, without buttons', () => {
    const text = read(welcomeMessage(aRequest(done), { ...welcome, isForReader: false }));

    expect(text).toContain('Please send them what follows, to ana.souza@lanternhealth.example.');
    expect(text).toContain('4. Switch WARP on.');
    expect(text).not.toContain('[');
  });

  it('is passed on to several at once, with as many addresses as there is room for', () => {
    const emails = Array.from({ length: 250 }, (_, index) => `colleague-${index}@partner.example`);
    const many = { ...welcome, isForReader: false, email: '', name: '250 people', emails };
    const message = welcomeMessage(aRequest(done), many);

    expectWithinLimits(message);
    const text = read(message);
    expect(text).toContain('# 👋 250 people have access: please pass this on');
    expect(text).toMatch(/colleague-0@partner\.example, .* and \d+ more, as they stand in your list/);
    expect(text).toContain('Type your e-mail (the address that this was sent to).');
    expect(text).toContain('Use the same e-mail in both places.');
  });

  it('makes a link of nothing but a web address', () => {
    const message = welcomeMessage(aRequest(done), { ...welcome, appUrl: 'javascript:alert(1)' });

    expect(JSON.stringify(message.blocks)).not.toContain('"url":"javascript');
  });
});

describe('the answer to the welcome', () => {
  it('is good news', () => {
    expect(read(feedbackMessage(aRequest(done), { from: ANA, isIn: true }))).toMatchInlineSnapshot(
      `"🎉 It works: @ana is in. Your request REQ-0142 has done its work."`,
    );
  });

  it('says what to do when it does not work', () => {
    expect(read(feedbackMessage(aRequest(done), { from: ANA, isIn: false }))).toMatchInlineSnapshot(`
      "🆘 It does not work yet: @ana can’t get in (REQ-0142).
      Please get in touch with them, and go through this:
      1. Has it been less than ten minutes since they switched WARP on? The first check of a computer can take that long.
      2. Does WARP say Connected, and did they sign in with the address that you gave?
      3. Is the serial number that they read off their computer the one in the request?
      If it still does not work, tell your operator the number of the request."
    `);
  });
});

describe('the end of access', () => {
  const notice = { person: ANA, endsAt: Date.UTC(2026, 11, 24, 23), slackId: ANA.slackId };

  it('is told to the person, who can ask for a later one', () => {
    expect(read(endNotice(aRequest(done), notice))).toMatchInlineSnapshot(`
      "# ⏳ Your access ends soon
      Your access to Open Chat Studio ends 2026-12-24 22:59 UTC.
      If you need it longer, ask for a later end: an approver decides. If not, you need not do anything.
      [Extend]
      (The end was set by REQ-0142. After it, access is taken away by itself.)"
    `);
  });

  it('is told to the approvers with the name', () => {
    expect(read(endNotice(aRequest(done), { ...notice, slackId: undefined }))).toMatchInlineSnapshot(`
      "# ⏳ Access ends soon
      The access of @ana (ana.souza@lanternhealth.example) ends 2026-12-24 22:59 UTC.
      [Extend]
      (The end was set by REQ-0142. After it, access is taken away by itself.)"
    `);
  });

  it('opens the form of this very request', () => {
    const request = aRequest(done);
    const actions = endNotice(request, notice).blocks.find(({ type }) => type === 'actions');

    expect(actions).toMatchObject({ elements: [{ action_id: 'open:extend', value: ticketOf(request) }] });
  });
});
