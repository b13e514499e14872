import { describe, expect, it } from 'vitest';
import type { AccessEvent } from '../../src/core/access-event.ts';
import { ticketOf } from '../../src/core/request.ts';
import { attemptsMessage } from '../../src/slack/attempts-message.ts';
import { deviceReported } from '../../src/slack/device-reported.ts';
import { doneView } from '../../src/slack/form-view.ts';
import { incidentCard } from '../../src/slack/incident-card.ts';
import { incidentEvents } from '../../src/slack/incident-events.ts';
import { plainly } from '../../src/slack/plainly.ts';
import { reminderMessage } from '../../src/slack/reminder-message.ts';
import { stuckMessage } from '../../src/slack/stuck-message.ts';
import { ANA, ASKED_AT, CARA } from '../builders/a-request.ts';
import { anIncident, cutOff, failing } from './an-incident.ts';
import { read, readView } from './read.ts';

const MENTION = '<!subteam^S05APPROVER>';

function anEvent(changes: Partial<AccessEvent> = {}): AccessEvent {
  return {
    at: ASKED_AT,
    email: ANA.email,
    allowed: true,
    app: 'ocs.lantern.internal',
    ip: '203.0.113.7',
    country: 'DE',
    ...changes,
  };
}

describe('the card of an incident', () => {
  it('says while it runs what was done and when, and what has not worked yet', () => {
    expect(read(incidentCard(anIncident(failing)))).toMatchInlineSnapshot(`
      "# 🚨 Ana Souza’s Mac was reported lost
      Reported by: @ben, 2026-11-21 11:00 UTC
      Device: ana-laptop, macOS, serial number C02XK0AZJG5J
      Owner: @ana (ana.souza@lanternhealth.example)
      What happened:
      > Left on the train to Berlin.
      ⏳ REQ-0142 is trying again what has not worked yet
      What was done
      • 2026-11-21 11:00 UTC: Remove the device ana-laptop
      • 2026-11-21 11:00 UTC: End every session of ana.souza@lanternhealth.example
      • 2026-11-21 11:00 UTC: Make sure that no session of ana.souza@lanternhealth.example is left
      What has not worked yet, and is tried again
      • Take serial C02XK0AZJG5J out of the list “Laptops”: Cloudflare did not answer. By hand: Zero Trust dashboard → Reusable components → Lists → Laptops.
      Left to do by hand
      • Lock or erase the device from afar: with your device management, or the finder of its maker.
      • Change the passwords that were saved on it, and sign the owner out everywhere at your sign-in provider.
      • Tell the police and the insurance, as your rules say.
      ⚠️ Warning: The policy “Team” asks for no known device: Ana Souza is barred until an approver lifts it.
      [Device found] [Also revoke the person] [Details]
      (REQ-0142. Reported 2026-11-21 11:00 UTC. The thread has who came in before it, and whoever tries to since.)"
    `);
  });

  it('says at the end what is left to do, and has the two buttons', () => {
    expect(read(incidentCard(anIncident(cutOff)))).toMatchInlineSnapshot(`
      "# 🚨 Ana Souza’s Mac was reported lost
      Reported by: @ben, 2026-11-21 11:00 UTC
      Device: ana-laptop, macOS, serial number C02XK0AZJG5J
      Owner: @ana (ana.souza@lanternhealth.example)
      What happened:
      > Left on the train to Berlin.
      ✅ REQ-0142 is done: the device is cut off, and that was read back.
      What was done
      • 2026-11-21 11:00 UTC: Take serial C02XK0AZJG5J out of the list “Laptops”
      • 2026-11-21 11:00 UTC: Remove the device ana-laptop
      • 2026-11-21 11:00 UTC: End every session of ana.souza@lanternhealth.example
      • 2026-11-21 11:00 UTC: Make sure that no session of ana.souza@lanternhealth.example is left: checked
      What was found
      • Read back: 0 sessions of ana.souza@lanternhealth.example.
      Left to do by hand
      • Lock or erase the device from afar: with your device management, or the finder of its maker.
      • Change the passwords that were saved on it, and sign the owner out everywhere at your sign-in provider.
      • Tell the police and the insurance, as your rules say.
      ⚠️ Warning: The policy “Team” asks for no known device: Ana Souza is barred until an approver lifts it.
      [Device found] [Also revoke the person] [Details]
      (REQ-0142. Reported 2026-11-21 11:00 UTC. The thread has who came in before it, and whoever tries to since.)"
    `);
  });

  it('says it all in the notification', () => {
    expect(incidentCard(anIncident(cutOff)).text).toMatchInlineSnapshot(
      `"🚨 Ana Souza’s Mac was reported lost by Ben Okafor. REQ-0142 is done."`,
    );
  });

  it('claims nothing while it waits for an approver, and can’t be undone yet', () => {
    const text = read(incidentCard(anIncident({ status: 'pending', approvalsNeeded: 1 })));

    expect(text).toContain('Nothing is cut off yet.');
    expect(text).toContain('What it would do');
    expect(text).not.toMatch(/Device found|Left to do by hand/);
  });

  it('has buttons that carry the ticket and nothing else', () => {
    const request = anIncident(cutOff);
    const actions = incidentCard(request).blocks.find((block) => block.type === 'actions');

    expect(actions).toMatchObject({
      elements: [
        { action_id: 'open:restore', value: ticketOf(request) },
        { action_id: 'open:revoke', value: ticketOf(request), style: 'danger' },
        { action_id: 'details', value: ticketOf(request) },
      ],
    });
  });

  it('keeps the times in an older form of the message', () => {
    expect(JSON.stringify(plainly(incidentCard(anIncident(cutOff))))).toContain('<!date^');
  });

  it('shows a request whose device can’t be read', () => {
    expect(read(incidentCard(anIncident({ input: {} })))).toContain('# 🚨 A device was reported lost');
  });
});

describe('whoever was at the door before', () => {
  const report = { email: ANA.email, since: ASKED_AT - 24 * 60 * 60_000, events: [] };

  it('is listed with time, outcome, address and country', () => {
    const events = [anEvent(), anEvent({ allowed: false, ip: '198.51.100.9', country: undefined })];

    expect(read(incidentEvents(anIncident(), { ...report, events }))).toMatchInlineSnapshot(`
      "Who came in with this address: ana.souza@lanternhealth.example
      1 time let in, 1 time turned away, from 2 addresses.
      • 2026-11-21 11:00 UTC: let in, from 203.0.113.7 (DE), ocs.lantern.internal
      • 2026-11-21 11:00 UTC: turned away, from 198.51.100.9 (country not known), ocs.lantern.internal
      Ask the owner which of these were theirs. If one was not, revoke the person too.
      (From 2026-11-20 11:00 UTC until it was cut off. An attempt of the last minute may be missing.)"
    `);
  });

  it('was nobody, and that is said', () => {
    expect(read(incidentEvents(anIncident(), report))).toContain('Nobody came in, and nobody was turned away.');
  });

  it('is not known when the log can’t be read; then it is said where to look', () => {
    const problem = 'The token lacks “Access: Audit Logs → Read”.';
    const text = read(incidentEvents(anIncident(), { ...report, problem }));

    expect(text).toContain(`could not be read: ${problem} Look there by hand: Zero Trust dashboard`);
    expect(text).not.toContain('Nobody came in');
  });

  it('is counted where there are too many', () => {
    const events = Array.from({ length: 100 }, () => anEvent());

    expect(read(incidentEvents(anIncident(), { ...report, events }))).toContain('And 55 more before these');
  });
});

describe('an attempt after it was cut off', () => {
  it('that was turned away calls nobody', () => {
    expect(read(attemptsMessage(anIncident(), { events: [anEvent({ allowed: false })] }, MENTION)))
      .toMatchInlineSnapshot(`
      "🛡️ Turned away: since it was cut off, somebody tried to come in as ana.souza@lanternhealth.example.
      • 2026-11-21 11:00 UTC: turned away, from 203.0.113.7 (DE), ocs.lantern.internal
      It holds. There is nothing to do, but the owner may want to know."
    `);
  });

  it('that was let in calls the approvers', () => {
    const message = attemptsMessage(anIncident(), { events: [anEvent()] }, MENTION);

    expect(message.text).toContain(`${MENTION} REQ-0142: somebody came in as ${ANA.email} after it was cut off.`);
    expect(read(message)).toMatchInlineSnapshot(`
      "@S05APPROVER please look at this now.
      ⚠️ Let in after it was cut off: somebody came in as ana.souza@lanternhealth.example.
      1 time let in, 0 times turned away, from 1 address.
      • 2026-11-21 11:00 UTC: let in, from 203.0.113.7 (DE), ocs.lantern.internal
      Another rule or a session that was still valid let them in. Revoke the person again, and read in its report what has to be checked by hand."
    `);
  });
});

describe('an attempt while something of the cut keeps failing', () => {
  it('that was turned away is not said to be over', () => {
    const message = attemptsMessage(
      anIncident(failing),
      { events: [anEvent({ allowed: false })], isPartly: true },
      MENTION,
    );

    expect(read(message)).toMatchInlineSnapshot(`
      "🛡️ Turned away: since it was cut off, somebody tried to come in as ana.souza@lanternhealth.example.
      • 2026-11-21 11:00 UTC: turned away, from 203.0.113.7 (DE), ocs.lantern.internal
      Not everything could be cut off yet: the message above says what, and how to do it by hand."
    `);
  });

  it('that was let in calls the approvers to what is left to do', () => {
    const message = attemptsMessage(anIncident(failing), { events: [anEvent()], isPartly: true }, MENTION);

    expect(message.text).toContain(
      `${MENTION} REQ-0142: somebody came in as ${ANA.email} before everything was cut off.`,
    );
    expect(read(message)).toMatchInlineSnapshot(`
      "@S05APPROVER please look at this now.
      ⚠️ Let in before everything was cut off: somebody came in as ana.souza@lanternhealth.example.
      1 time let in, 0 times turned away, from 1 address.
      • 2026-11-21 11:00 UTC: let in, from 203.0.113.7 (DE), ocs.lantern.internal
      Something has not worked yet and is tried again: the message above says what, and how to do it by hand. Do that now."
    `);
  });
});

describe('the call to the approvers', () => {
  it('to something that can’t wait', () => {
    const request = anIncident({ status: 'pending', approvalsNeeded: 1 });

    expect(read(reminderMessage(request, { mention: MENTION, isFirst: true }))).toMatchInlineSnapshot(`
      "🚨 @S05APPROVER this can’t wait. Please decide now.
      REQ-0142: Cut off Ana Souza’s Mac (ana-laptop, …K0AZ).
      (Asked by Ben Okafor 2026-11-21 11:00 UTC. Expires 2026-11-22 11:00 UTC if nobody decides. The buttons are on the message that this answers.)"
    `);
  });

  it('to something that still waits, even if their group can’t be told', () => {
    const message = reminderMessage(anIncident({ status: 'pending' }), { mention: undefined, isFirst: false });

    expect(message.text).toContain('Approvers: this still waits for a decision.');
  });

  it('to what keeps failing, with the place to do it by hand', () => {
    const message = stuckMessage(anIncident(failing), MENTION);

    expect(message && read(message)).toMatchInlineSnapshot(`
      "🆘 @S05APPROVER access is not taken away yet: 1 step keeps failing since 2026-11-21 11:00 UTC. Please do it by hand.
      REQ-0142: Cut off Ana Souza’s Mac (ana-laptop, …K0AZ).
      • Take serial C02XK0AZJG5J out of the list “Laptops”: Cloudflare did not answer. By hand: Zero Trust dashboard → Reusable components → Lists → Laptops.
      (Everything else goes on, and these are tried again until they hold. What you do by hand is noticed.)"
    `);
  });

  it('is not made when nothing fails any more', () => {
    expect(stuckMessage(anIncident(cutOff), MENTION)).toBeUndefined();
  });

  it('mentions nobody whom somebody typed', () => {
    const request = anIncident({
      status: 'pending',
      says: 'Cut off <!channel>',
      requester: { ...CARA, name: '<!here>' },
    });
    const message = reminderMessage(request, { mention: MENTION, isFirst: true });

    expect(JSON.stringify(message)).not.toContain('<!here>');
    expect(message.text).not.toContain('<!channel>');
  });
});

describe('the owner', () => {
  it('hears that somebody else reported the device, and what to do now', () => {
    expect(read(deviceReported(anIncident()))).toMatchInlineSnapshot(`
      "# 🚨 Your Mac was reported lost
      @ben reported it, so it is cut off from Open Chat Studio. You can’t get in with it any more.
      ana-laptop, macOS, serial number C02XK0AZJG5J
      If it is gone
      1. Change the passwords that were saved on it, the one of your e-mail first.
      2. Tell your IT people, so that they lock or erase it.
      3. To work on another computer, ask for a replacement here: /ocs-access replace.
      If you have it
      • Tell an approver. They press “Device found”, and you are let in again after a second look.
      (REQ-0142. Reported 2026-11-21 11:00 UTC.)"
    `);
  });
});

describe('whoever reports it', () => {
  it('is told at once that it is being cut off, and where to follow it', () => {
    expect(readView(doneView(anIncident({ status: 'approved' }), 'C05SECURE01'))).toMatchInlineSnapshot(`
      "== Sent ==
      It is being cut off now.
      REQ-0142: Cut off Ana Souza’s Mac (ana-laptop, …K0AZ).
      Follow it in #C05SECURE01. You get a direct message when it is done.
      [Close]"
    `);
  });

  it('is told that somebody else’s device needs a yes', () => {
    expect(readView(doneView(anIncident({ status: 'pending', approvalsNeeded: 1 })))).toContain(
      'The approvers are being called now.',
    );
  });
});
