import { describe, expect, it } from 'vitest';
import { useSandbox, type TestSandbox } from '../harness/use-sandbox.ts';
import { asksForAna, auditAll, auditOf, cardOf, cardSays, fillsForm, hasCard, SERIAL } from './onboarding-driver.ts';

const start = useSandbox();

async function lastWord({ slack }: TestSandbox, who: string): Promise<string> {
  const said = await slack.until(() => slack.as(who).ephemerals().at(-1), { what: `an answer to ${who}` });
  return said.text;
}

describe('in the form', () => {
  it.each([
    ['To be filled by O.E.M.', /maker left the serial number out/],
    ['Default string', /maker left the serial number out/],
    ['0', /maker left the serial number out/],
    ['С02XK0AZJG5J', /only looks like an ordinary letter/],
    ['4C4C4544-0043-4A10-8052-B4C04F4E3032', /hardware UUID/],
  ])('marks the serial “%s” with the reason, and stores nothing', async (serial, reason) => {
    const sandbox = await start();
    await fillsForm(sandbox, { person: 'ana', serial });

    const sent = await sandbox.slack.as('ben').submits();

    expect(sent.errors?.['device.serial']).toMatch(reason);
    expect(await auditAll(sandbox)).toEqual([]);
    expect(hasCard(sandbox)).toBe(false);
  });

  it('says whose a serial is that is registered already', async () => {
    const sandbox = await start();
    const [taken = ''] = sandbox.cloudflare.account.serials();
    await fillsForm(sandbox, { person: 'ana', serial: taken });

    const sent = await sandbox.slack.as('ben').submits();

    expect(sent.errors).toMatchInlineSnapshot(`
      {
        "device.serial": "C02FJ1XQMD6T is registered already, as “Amina Diallo, since 2025”. Check the number. If the device really is Ana Souza’s now, have the old entry removed first.",
      }
    `);
    expect(hasCard(sandbox)).toBe(false);
  });

  it('wants one person: picked or typed, not both, not none', async () => {
    const sandbox = await start();
    const ben = sandbox.slack.as('ben');
    await fillsForm(sandbox, { serial: SERIAL });

    expect((await ben.submits()).errors).toMatchInlineSnapshot(`
      {
        "person.slackId": "Pick a colleague here, or type an e-mail address below.",
      }
    `);
    await ben.sets('person.slackId', sandbox.slack.as('ana').id);
    await ben.sets('person.email', 'ana@lanternhealth.example');
    expect((await ben.submits()).errors).toMatchInlineSnapshot(`
      {
        "person.email": "Pick a colleague or type an address, not both.",
      }
    `);
  });

  it('asks nobody for a serial who is not in Slack', async () => {
    const sandbox = await start();
    await fillsForm(sandbox, { email: 'sam@partner.example', ask: true });

    expect((await sandbox.slack.as('ben').submits()).errors).toMatchInlineSnapshot(`
      {
        "device.ask": "They are not in Slack, so they can’t be asked here. Ask them yourself and type the serial number.",
      }
    `);
  });

  it('says that there is nothing to do for somebody who has it all', async () => {
    const sandbox = await start();
    await asksForAna(sandbox);
    await sandbox.slack.as('cara').clicks(cardOf(sandbox), 'Approve');
    await cardSays(sandbox, /✅ REQ-0001/);
    await sandbox.slack.as('ben').closes({ all: true });
    await fillsForm(sandbox, { person: 'ana', serial: SERIAL });

    expect((await sandbox.slack.as('ben').submits()).errors).toMatchInlineSnapshot(`
      {
        "person.email": "Ana Souza has access with this device already: there is nothing to do.",
      }
    `);
  });

  it('makes one request of a form that is sent twice at once', async () => {
    const sandbox = await start();
    const ben = sandbox.slack.as('ben');
    await fillsForm(sandbox, { person: 'ana', serial: SERIAL });
    sandbox.slack.faults.duplicateDeliveries(1);

    await ben.submits();
    await cardSays(sandbox, /waiting for approval/);

    await sandbox.slack.until(() => /REQ-0001/.test(viewText(sandbox, 'ben')), {
      what: 'the answer',
    });
    expect((await auditAll(sandbox)).filter((line) => line.startsWith('request.asked'))).toHaveLength(1);
  });

  it('keeps what was typed when the form is closed by mistake', async () => {
    const sandbox = await start();
    const ben = sandbox.slack.as('ben');
    await fillsForm(sandbox, { person: 'ana', serial: SERIAL });

    await ben.closes();
    await ben.types('/ocs-access add');
    await sandbox.slack.until(() => ben.view()?.submit, { what: 'the form' });
    expect(viewText(sandbox, 'ben')).toContain(SERIAL);
  });
});

describe('who may do what', () => {
  it.each([
    ['gus', 'Guests of this workspace can’t use ocs-access. Ask a full member to do it.'],
    ['mika', 'Only members of this workspace can use ocs-access, not people from a connected one.'],
  ])('turns %s away, and writes it down', async (who, words) => {
    const sandbox = await start();
    const { slack } = sandbox;

    await slack.as(who).types('/ocs-access add');

    await slack.until(() => viewText(sandbox, who).includes(words), { what: 'the refusal' });
    expect(await auditAll(sandbox)).toEqual([expect.stringMatching(/^request\.refused: .+ was turned away: /)]);
  });

  it('lets nobody approve their own request', async () => {
    const sandbox = await start();
    await asksForAna(sandbox, { by: 'cara' });

    await sandbox.slack.as('cara').clicks(cardOf(sandbox), 'Approve');

    expect(await lastWord(sandbox, 'cara')).toBe('Nobody approves their own request. Ask another approver.');
    expect(await auditOf(sandbox, 'REQ-0001')).toContain(
      'request.refused: Cara Lindqvist could not decide REQ-0001: Nobody approves their own request. Ask another approver.',
    );
  });

  it('lets nobody approve access for themselves', async () => {
    const sandbox = await start({ cloudflare: { people: 3 } });
    await asksForAna(sandbox, { person: 'cara' });

    await sandbox.slack.as('cara').clicks(cardOf(sandbox), 'Approve');

    expect(await lastWord(sandbox, 'cara')).toBe('Nobody approves access for themselves. Ask another approver.');
  });

  it('lets them where the operator switched it on, and the audit log says so', async () => {
    const sandbox = await start({ env: { ALLOW_SELF_APPROVAL: 'true' } });
    await asksForAna(sandbox, { by: 'cara' });

    await sandbox.slack.as('cara').clicks(cardOf(sandbox), 'Approve');

    await cardSays(sandbox, /✅ REQ-0001/);
    expect(await auditOf(sandbox, 'REQ-0001')).toContainEqual(
      expect.stringMatching(/^request\.approved: Cara Lindqvist approved REQ-0001, their own request: /),
    );
  });

  it('refuses a member who is no approver', async () => {
    const sandbox = await start();
    await asksForAna(sandbox);

    await sandbox.slack.as('ana').clicks(cardOf(sandbox), 'Approve');

    expect(await lastWord(sandbox, 'ana')).toBe(
      'Only approvers can decide, and you are not in their group (any more). Ask one of them: they all see this request.',
    );
  });

  it('refuses an approver who was taken out of the group a second ago', async () => {
    const sandbox = await start();
    const { slack } = sandbox;
    await asksForAna(sandbox);

    await slack.groups.remove('ocs-approvers', 'cara', { emit: false });
    await slack.as('cara').clicks(cardOf(sandbox), 'Approve');

    expect(await lastWord(sandbox, 'cara')).toBe(
      'Only approvers can decide, and you are not in their group (any more). Ask one of them: they all see this request.',
    );
    expect(sandbox.cloudflare.account.serials()).not.toContain(SERIAL);
  });

  it('does not take a request that nobody could approve', async () => {
    const sandbox = await start({ env: { APPROVERS: 'U05CARA0001,U05DINA0001', APPROVALS_NEEDED: '2' } });
    await fillsForm(sandbox, { by: 'cara', person: 'ana', serial: SERIAL });

    await sandbox.slack.as('cara').submits();

    const view = await sandbox.slack.until(() => sandbox.slack.as('cara').view());
    expect(sandbox.slack.text(view)).toContain(
      'This needs 2 approvers who neither asks nor gains by it, and there is only 1.',
    );
    expect(await auditAll(sandbox)).toEqual([
      'request.refused: Cara Lindqvist tried to use “add” with too few approvers left who could decide it.',
    ]);
  });
});

describe('one decision wins', () => {
  it('when two approvers press in the same moment', async () => {
    const sandbox = await start();
    const { slack } = sandbox;
    await asksForAna(sandbox);
    const card = cardOf(sandbox);

    await Promise.all(['cara', 'dina'].map((who) => slack.as(who).clicks(card, 'Approve')));

    await cardSays(sandbox, /✅ REQ-0001/);
    const told = await slack.until(() => [...slack.as('cara').ephemerals(), ...slack.as('dina').ephemerals()].at(-1));
    expect(told.text).toMatch(/^REQ-0001 was already approved by (Cara Lindqvist|Dina Haddad)\.$/);
    expect((await auditOf(sandbox, 'REQ-0001')).filter((line) => line.startsWith('request.approved'))).toHaveLength(1);
  });

  it('when one approver presses twice', async () => {
    const sandbox = await start();
    await asksForAna(sandbox);
    const card = cardOf(sandbox);

    await sandbox.slack.as('cara').clicks(card, 'Approve');
    await cardSays(sandbox, /✅ REQ-0001/);
    await sandbox.slack.as('cara').clicks(card, 'Approve', { stale: true });

    expect(await lastWord(sandbox, 'cara')).toBe('REQ-0001 was already approved by Cara Lindqvist.');
  });

  it('when Slack delivers the press three times', async () => {
    const sandbox = await start();
    await asksForAna(sandbox);
    sandbox.slack.faults.duplicateDeliveries(2);

    await sandbox.slack.as('cara').clicks(cardOf(sandbox), 'Approve');

    await cardSays(sandbox, /✅ REQ-0001/);
    const lines = await auditOf(sandbox, 'REQ-0001');
    expect(lines.filter((line) => /^request\.(approved|refused)/.test(line))).toHaveLength(1);
  });

  it('when it comes after the request has expired', async () => {
    const sandbox = await start();
    await asksForAna(sandbox);
    sandbox.clock.forward(24 * 60 * 60_000 + 1);

    await sandbox.slack.as('cara').clicks(cardOf(sandbox), 'Approve');

    expect(await lastWord(sandbox, 'cara')).toBe('REQ-0001 expired before it was decided. It has to be asked again.');
    expect(sandbox.cloudflare.account.serials()).not.toContain(SERIAL);
  });

  it('when the message is from before a restart', async () => {
    const sandbox = await start({ parts: [] });
    const first = await sandbox.start(['bot', 'worker']);
    await asksForAna(sandbox);
    await first.stop();
    await sandbox.start(['bot', 'worker']);

    await sandbox.slack.as('cara').clicks(cardOf(sandbox), 'Approve');

    await cardSays(sandbox, /✅ REQ-0001/);
  });
});

function viewText({ slack }: TestSandbox, who: string): string {
  const view = slack.as(who).view();
  return view === undefined ? '' : slack.text(view);
}
