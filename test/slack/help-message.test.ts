import { describe, expect, it } from 'vitest';
import { actions } from '../../src/actions/registry.ts';
import { helpMessage } from '../../src/slack/help-message.ts';
import { commandOf, listedActions } from '../../src/slack/listed-actions.ts';
import { aCut, anAction } from '../builders/an-action.ts';
import { aLengthChange, aRestart } from '../builders/quick-actions.ts';
import { read } from './read.ts';

const some = [anAction(), aRestart(), aLengthChange()];

describe('help', () => {
  it('shows a member what they can do, with two real examples', () => {
    expect(read(helpMessage({ actions: some, isApprover: false }))).toMatchInlineSnapshot(`
      "# What you can do here
      • /ocs-access add [@person|e-mail] [serial] Give a colleague access to Open Chat Studio with their device. An approver decides.
      • /ocs-access engine restart Restart the engine and wait until it runs. An approver decides.
      • /ocs-access whoami See your access, until when, and your devices.
      • /ocs-access otp [@person|e-mail] Find out why no sign-in code arrives.
      • /ocs-access tunnel See how the tunnel to the app is.
      • /ocs-access requests See what is open, for how long, and who can decide it.
      • /ocs-access status See whether Slack, Cloudflare and the tunnel are well.
      For example: /ocs-access add @ana C02XK0AZJG5J or /ocs-access add sam@partner.example
      [Add a colleague] [Restart the engine]
      (Type a command in any channel or in a message to me. It does not work inside a thread: Slack allows no commands there.)"
    `);
  });

  it('shows an approver more', () => {
    expect(read(helpMessage({ actions: some, isApprover: true }))).toMatchInlineSnapshot(`
      "# What you can do here
      • /ocs-access add [@person|e-mail] [serial] Give a colleague access to Open Chat Studio with their device. An approver decides.
      • /ocs-access engine restart Restart the engine and wait until it runs.
      • /ocs-access lengths [app 12h] Change how long sessions last. Another approver decides. For approvers.
      • /ocs-access whoami See your access, until when, and your devices.
      • /ocs-access otp [@person|e-mail] Find out why no sign-in code arrives.
      • /ocs-access tunnel See how the tunnel to the app is.
      • /ocs-access logs access|gateway|digest|export See who came in, who was turned away and why, what a day brought; deliver logs elsewhere. For approvers.
      • /ocs-access audit [request|@person|e-mail] [since] See who asked, decided and did what, and whether that record is whole. For approvers.
      • /ocs-access requests See what is open, for how long, and who can decide it.
      • /ocs-access panel Post a button for lost devices into this channel, to be pinned. For approvers.
      • /ocs-access status See whether Slack, Cloudflare and the tunnel are well.
      For example: /ocs-access add @ana C02XK0AZJG5J or /ocs-access add sam@partner.example
      You are an approver: requests come to the approvals channel with buttons to approve and to deny. Nobody approves their own request, nor their own access.
      [Add a colleague] [Restart the engine] [Change lengths]
      (Type a command in any channel or in a message to me. It does not work inside a thread: Slack allows no commands there.)"
    `);
  });

  it.each([
    ['a grant', anAction(), ' An approver decides.', ' An approver decides.'],
    ['what approvers do alone', aRestart(), ' An approver decides.', ''],
    [
      'what is decided by another one, for approvers',
      aLengthChange(),
      undefined,
      ' Another approver decides. For approvers.',
    ],
    [
      'what an owner does at once',
      aCut({ approvalsSay: 'none for the owner of the device or an approver; 1 else' }),
      '',
      '',
    ],
    ['what nobody decides', anAction({ approvals: () => 0, approvalsSay: 'none' }), '', ''],
    [
      'a reduction that always waits',
      anAction({ effect: 'reduce', approvalsSay: '1' }),
      ' An approver decides.',
      ' An approver decides.',
    ],
  ])('says who decides: %s', (_what, action, forMember, forApprover) => {
    const after = (isApprover: boolean): string | undefined =>
      read(helpMessage({ actions: [action], isApprover }))
        .split('\n')
        .find((line) => line.includes(action.summary))
        ?.split(action.summary)[1];

    expect(after(false)).toBe(forMember);
    expect(after(true)).toBe(forApprover);
  });

  describe.each([true, false])('with everything that the bot can do (for an approver: %s)', (isApprover) => {
    const tenMore = Array.from({ length: 10 }, (_, index) =>
      anAction({ id: `more-${index}`, title: `Do more, part ${index}`, examples: [] }),
    );

    it.each([
      ['today', actions],
      ['and ten more', [...actions, ...tenMore]],
    ])('stays short, and leaves no command out: %s', (_when, all) => {
      const help = read(helpMessage({ actions: all, isApprover }));

      expect(help.split('\n').length).toBeLessThanOrEqual(22);
      const allowed = listedActions(all).filter(({ mayAsk }) => mayAsk === 'member' || isApprover);
      expect(allowed.filter((action) => !help.includes(`/ocs-access ${commandOf(action)} `))).toEqual([]);
    });

    it('gives those a line of their own that come first', () => {
      expect(read(helpMessage({ actions: [...tenMore, ...actions], isApprover }))).toMatch(
        /^• And: .*\/ocs-access revoke \(Revoke access\), \/ocs-access lost \(Report a lost device\), .*\.$/m,
      );
    });
  });

  it('says “none” first wherever approvers decide alone', () => {
    for (const { approvalsSay = 'as many as configured' } of actions) {
      expect(approvalsSay).toMatch(/^(none\b|as many|\d)/);
    }
  });
});
