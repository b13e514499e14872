import type { HomeView } from '@slack/types';
import { describe, expect, it } from 'vitest';
import { checkView } from '../../sandbox/slack/check-view.ts';
import { stateOf } from '../../sandbox/slack/form-state.ts';
import { asObject, objectsOf } from '../../sandbox/slack/json.ts';
import { toText } from '../../sandbox/slack/to-text.ts';
import { readTicket, ticketOf } from '../../src/core/request.ts';
import { homeView } from '../../src/slack/home-view.ts';
import { aRequest, ASKED_AT, running } from '../builders/a-request.ts';
import { aStay } from '../builders/a-plan.ts';
import { aHome } from './a-home.ts';
import { ANAS_MAC } from './an-incident.ts';

/** As a person reads it; fails if Slack would refuse it. */
function readHome(view: HomeView): string {
  const given = asObject(JSON.parse(JSON.stringify(view)));
  expect(checkView(given)).toEqual([]);
  const blocks = objectsOf(given['blocks']);
  return toText({
    id: 'V1',
    type: 'home',
    title: '',
    callbackId: '',
    privateMetadata: '',
    blocks,
    values: stateOf(blocks),
    errors: {},
    submit: undefined,
    close: '',
    hash: 'h',
  });
}

describe('the Home tab', () => {
  it('explains itself to somebody who has nothing yet', () => {
    expect(readHome(homeView(aHome()))).toMatchInlineSnapshot(`
      "I give people and their computers access to Open Chat Studio, and take it away again.
      Ask here or with /ocs-access help. An approver decides about whatever lets somebody in.
      Is your laptop lost or stolen? Press the red button at once, at any hour: for your own it needs nobody’s approval.
      [Report a lost device] [Add a colleague]
      # Your devices
      None is known. Once one of yours is registered or connected, it shows up here.
      # Your open requests
      None. What you ask for shows up here until it is done."
    `);
  });

  it('shows a member what is theirs', () => {
    const own = [aRequest(), aRequest({ ...running, id: 'REQ-0143' })];
    const view = homeView(aHome({ devices: [ANAS_MAC], endsAt: Date.UTC(2026, 11, 24, 23), own }));

    expect(readHome(view)).toMatchInlineSnapshot(`
      "I give people and their computers access to Open Chat Studio, and take it away again.
      Ask here or with /ocs-access help. An approver decides about whatever lets somebody in.
      Is your laptop lost or stolen? Press the red button at once, at any hour: for your own it needs nobody’s approval.
      [Report a lost device] [Add a colleague]
      # Your devices
      • ana-laptop · macOS · …JG5J
      Your access ends 2026-12-24 22:59 UTC.
      [Extend]
      # Your open requests
      🔔 REQ-0142 is waiting for approval
      Give Ana Souza access with a macOS device, serial C02XK0AZJG5J.
      [Withdraw] [Details]
      ⏳ REQ-0143 is in progress
      Give Ana Souza access with a macOS device, serial C02XK0AZJG5J.
      [Details]"
    `);
  });

  it('shows an approver what waits for them, whose access ends and how the tunnel is', () => {
    const view = homeView(
      aHome({
        isApprover: true,
        waiting: [aRequest()],
        ending: [aStay('2026-11-20'), aStay('2026-11-30')],
        tunnels: [
          { id: 'tunnel-2', name: 'ocs', status: 'healthy' },
          { id: 'tunnel-2', name: 'ocs-old', status: 'down' },
        ],
      }),
    );

    expect(readHome(view)).toMatchInlineSnapshot(`
      "I give people and their computers access to Open Chat Studio, and take it away again.
      Ask here or with /ocs-access help. An approver decides about whatever lets somebody in.
      Is your laptop lost or stolen? Press the red button at once, at any hour: for your own it needs nobody’s approval.
      [Report a lost device] [Add a colleague]
      # Your devices
      None is known. Once one of yours is registered or connected, it shows up here.
      # Your open requests
      None. What you ask for shows up here until it is done.
      ---
      # Waiting for a decision
      REQ-0142: Give Ana Souza access with a macOS device, serial C02XK0AZJG5J.
      Asked by Ben Okafor.
      Reason: She joins the support team on Monday.
      ⚠️ Warning: The policy “Team” does not ask for a known device, so the serial number protects nothing yet.
      [Approve] [Deny] [Details]
      (3 steps; Details shows them. Asked 2026-11-21 11:00 UTC. Expires 2026-11-22 11:00 UTC if nobody decides.)
      # Access that ends within 14 days
      Ana Souza: has reached its end 2026-11-20 22:59 UTC  [Extend]
      Ana Souza: ends 2026-11-30 22:59 UTC  [Extend]
      # The tunnel to Open Chat Studio
      • “ocs” ✅ works
      • “ocs-old” ❌ is down: nobody can reach the app through it
      [Restart]"
    `);
  });

  it('says what an approver has nothing of', () => {
    const text = readHome(homeView(aHome({ isApprover: true, tunnels: [] })));

    expect(text).toContain('Nothing waits for you.');
    expect(text).toContain('Access that ends within 14 days\nNobody’s access ends soon.');
    expect(text).toContain('There is no tunnel in the account.');
  });

  it('says what could not be read', () => {
    const text = readHome(homeView(aHome({ devices: undefined, isApprover: true })));

    expect(text).toContain('I can’t read your devices from Cloudflare now.');
    expect(text).toContain('I can’t read it from Cloudflare now.');
  });

  it('shows nothing of an approver’s to a member', () => {
    expect(readHome(homeView(aHome()))).not.toMatch(/Approve|tunnel|14 days/);
  });

  it('decides with the ticket of the request, and extends with its number', () => {
    const request = aRequest();
    const json = JSON.stringify(
      homeView(aHome({ isApprover: true, waiting: [request], ending: [aStay('2026-11-30')] })),
    );

    expect(json).toContain(`"action_id":"approve","value":"${ticketOf(request)}"`);
    expect(json).toContain('"action_id":"open:extend","value":"REQ-0100."');
    expect(readTicket('REQ-0100.')).toEqual({ id: 'REQ-0100', plan: '' });
  });

  it('is within Slack’s limits with as much of everything as there can be', () => {
    const words = 'x & '.repeat(200);
    const request = aRequest({ says: words, reason: words, plan: { stages: [], warnings: [words, words, words] } });
    const long = { ...ANAS_MAC, name: words };
    const facts = aHome({
      isApprover: true,
      devices: Array.from({ length: 300 }, () => long),
      endsAt: ASKED_AT,
      own: Array.from({ length: 300 }, () => request),
      waiting: Array.from({ length: 300 }, () => request),
      ending: Array.from({ length: 300 }, () => aStay('2026-11-30', { person: { email: words, name: words } })),
      tunnels: Array.from({ length: 50 }, () => ({ id: 'tunnel-3', name: words, status: 'unknown' as const })),
    });

    expect(readHome(homeView(facts))).toContain('And 292 more.');
  });
});
