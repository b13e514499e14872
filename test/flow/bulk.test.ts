import { describe, expect, it } from 'vitest';
import { passTime } from '../harness/pass-time.ts';
import { useSandbox } from '../harness/use-sandbox.ts';
import { callsByRoute, newColleagues, opensList, sends, serialFor, workspaceWith } from './bulk-driver.ts';
import { channelSays } from './leaving-driver.ts';
import { auditOf, cardOf, cardSays, dmSays, hasCard } from './onboarding-driver.ts';
import { ends } from './revoke-driver.ts';

const start = useSandbox();

const ANA = 'ana.souza@lanternhealth.example';
const BEN = 'ben.okafor@lanternhealth.example';
const AMINA = 'amina.diallo@lanternhealth.example';
const BRUNO = 'bruno.keller@lanternhealth.example';

describe('add', () => {
  it('takes a pasted list, with one approval for all, and says which lines are left out and why', async () => {
    const sandbox = await start();
    const { slack, cloudflare } = sandbox;
    const cara = slack.as('cara');
    await opensList(sandbox, 'cara', 'add');
    await cara.sets(
      'people.text',
      [
        `${ANA}, C02XK0AZJG5J, macos`,
        `Ben Okafor <${BEN}>; PF3ABC12`,
        'sam@partner.example\t7HX2KQ9\twindows',
        `${AMINA}, C02FJ1XQMD6T`,
        `${ANA}, C02XK0AZJG5J`,
        'kim@partner.example',
        'lee@partner.example, 7HX2KQ3',
      ].join('\n'),
    );
    await cara.sets('reason', 'The new clinic opens on Monday');

    expect(await sends(sandbox, 'cara')).toMatchInlineSnapshot(`
      "== Sent ==
      REQ-0001 is on its way.
      Give 3 people access (4 lines of the list are left out).
      The approvers see it now. You get a direct message when they have decided, and can withdraw it there.
      [Close]"
    `);
    expect(await cardSays(sandbox, /waiting for approval/)).toMatchInlineSnapshot(`
      "# 🔔 REQ-0001 is waiting for approval
      Give 3 people access (4 lines of the list are left out)
      Asked by @cara
      For @ana (ana.souza@lanternhealth.example), @ben (ben.okafor@lanternhealth.example), sam@partner.example
      Reason:
      > The new clinic opens on Monday
      What will be done, in 7 steps
      1. Put 3 serials into the list “Lantern laptops”: 15 → 18 serials (C02XK0AZJG5J (Ana Souza), PF3ABC12 (Ben Okafor) and 7HX2KQ9 (sam@partner.example))
      2. Let 3 people in by the policy “Who may enrol” (device enrolment): 14 → 17 people (Ana Souza (ana.souza@lanternhealth.example), Ben Okafor (ben.okafor@lanternhealth.example) and sam@partner.example)
      3. Let 3 people in by the policy “Team access” (Open Chat Studio): 14 → 17 people (Ana Souza (ana.souza@lanternhealth.example), Ben Okafor (ben.okafor@lanternhealth.example) and sam@partner.example)
      4. Send Ana Souza the steps to sign in
      5. Send Ben Okafor the steps to sign in
      6. Send the requester the steps to sign in, to pass on to sam@partner.example, who is not in Slack
      7. Keep the access of 3 people without an end date: so already
      4 lines are left out
      • Line 4, amina.diallo@lanternhealth.example: C02FJ1XQMD6T is registered already, as “Amina Diallo, since 2025”. Check the number. If the device really is amina.diallo@lanternhealth.example’s now, have the old entry removed first.
      • Line 5, Ana Souza: It says the same as line 1.
      • Line 6, kim@partner.example: There is no serial number, and without one kim@partner.example can’t get in. Add the serial number of their device.
      • Line 7, lee@partner.example: 7HX2KQ3 is registered already, as “Bruno Keller, since 2025”. Check the number. If the device really is lee@partner.example’s now, have the old entry removed first.
      [Approve] [Deny] [Details]
      (Asked 2026-11-21 12:04 UTC. Expires 2026-11-21 12:04 UTC if nobody decides.)"
    `);
    await slack.as('dina').clicks(cardOf(sandbox), 'Details');
    const details = await slack.until(
      () =>
        slack
          .as('dina')
          .views()
          .map(slack.text)
          .find((text) => /The plan/.test(text)),
      {
        what: 'the details',
      },
    );
    expect(details).toMatch(/4 lines are left out[^]*Line 7, lee@partner\.example/);
    expect(details).toMatch(/Put 3 serials[^]*C02XK0AZJG5J \(Ana Souza\)/);
    await slack.as('dina').closes();

    await slack.as('dina').clicks(cardOf(sandbox), 'Approve');
    expect(await ends(sandbox)).toMatchInlineSnapshot(`
      "# ✅ REQ-0001 is done
      Give 3 people access (4 lines of the list are left out)
      Asked by @cara
      For @ana (ana.souza@lanternhealth.example), @ben (ben.okafor@lanternhealth.example), sam@partner.example
      Reason:
      > The new clinic opens on Monday
      Approved by @dina, 2026-11-21 12:04 UTC
      Done in 1 s
      [x] Put 3 serials into the list “Lantern laptops”
          15 → 18 serials
      [x] Let 3 people in by the policy “Who may enrol” (device enrolment)
          14 → 17 people
      [x] Let 3 people in by the policy “Team access” (Open Chat Studio)
          14 → 17 people
      [x] Send Ana Souza the steps to sign in
      [x] Send Ben Okafor the steps to sign in
      [x] Send the requester the steps to sign in, to pass on to sam@partner.example, who is not in Slack
      [x] Keep the access of 3 people without an end date: was so already
      4 lines are left out
      • Line 4, amina.diallo@lanternhealth.example: C02FJ1XQMD6T is registered already, as “Amina Diallo, since 2025”. Check the number. If the device really is amina.diallo@lanternhealth.example’s now, have the old entry removed first.
      • Line 5, Ana Souza: It says the same as line 1.
      • Line 6, kim@partner.example: There is no serial number, and without one kim@partner.example can’t get in. Add the serial number of their device.
      • and 1 more; Details shows them
      [Details]
      (Asked 2026-11-21 12:04 UTC. Finished 2026-11-21 12:04 UTC after 1 s.)"
    `);
    expect(await dmSays(sandbox, 'cara', /It took/)).toMatchInlineSnapshot(`
      "✅ REQ-0001 is done: Give 3 people access (4 lines of the list are left out).
      What was done
      • Put 3 serials into the list “Lantern laptops”
      • Let 3 people in by the policy “Who may enrol” (device enrolment)
      • Let 3 people in by the policy “Team access” (Open Chat Studio)
      • Send Ana Souza the steps to sign in
      • Send Ben Okafor the steps to sign in
      • Send the requester the steps to sign in, to pass on to sam@partner.example, who is not in Slack
      • Keep the access of 3 people without an end date: was so already
      4 lines are left out
      • Line 4, amina.diallo@lanternhealth.example: C02FJ1XQMD6T is registered already, as “Amina Diallo, since 2025”. Check the number. If the device really is amina.diallo@lanternhealth.example’s now, have the old entry removed first.
      • Line 5, Ana Souza: It says the same as line 1.
      • Line 6, kim@partner.example: There is no serial number, and without one kim@partner.example can’t get in. Add the serial number of their device.
      • Line 7, lee@partner.example: 7HX2KQ3 is registered already, as “Bruno Keller, since 2025”. Check the number. If the device really is lee@partner.example’s now, have the old entry removed first.
      (It took 1 s, and everything was checked afterwards.)"
    `);
    expect(await channelSays(sandbox, 'ocs-audit', /REQ-0001 is done/)).toMatch(
      /Give 3 people access \(4 lines of the list are left out\)[^]*Line 7, lee@partner\.example/,
    );
    expect(await dmSays(sandbox, 'ana', /WARP/)).toContain('lantern-health');
    expect(cloudflare.account.emails()).toEqual(expect.arrayContaining([ANA, BEN, 'sam@partner.example']));
    expect(cloudflare.account.emails()).not.toContain('kim@partner.example');
    expect(cloudflare.account.serials()).toEqual(expect.arrayContaining(['C02XK0AZJG5J', 'PF3ABC12', '7HX2KQ9']));
  });

  it('names each line that is wrong and its valid form, and stores nothing', async () => {
    const sandbox = await start();
    const { slack } = sandbox;
    const cara = slack.as('cara');
    await opensList(sandbox, 'cara', 'add');
    await cara.sets(
      'people.text',
      [
        `${ANA}, C02XK0AZJG5J`,
        'ben.okafor, PF3ABC12',
        `${BEN}, To be filled by O.E.M.`,
        `${BEN}, PF3ABC12, amiga`,
      ].join('\n'),
    );
    await cara.sets('reason', 'The new clinic opens on Monday');
    const { errors } = await cara.submits();

    expect(errors).toMatchInlineSnapshot(`
      {
        "people.text": "Line 2: “ben.okafor” is not an e-mail address. Line 3: “TO BE FILLED BY O.E.M.” is what a computer says when its maker left the serial number out: thousands of devices share it, so it can’t tell this one apart. Look for the number on the label underneath the device or on its invoice. Line 4: “amiga” is not an operating system that I know. Write macos, windows or linux. The valid form of a line is: ana@organisation.org, C02XK0AZJG5J, macos",
      }
    `);
    expect(hasCard(sandbox)).toBe(false);
  });

  it('names the wrong lines of a file beside the file', async () => {
    const sandbox = await start();
    const cara = sandbox.slack.as('cara');
    await opensList(sandbox, 'cara', 'add');
    await cara.attaches('people.file', {
      name: 'clinic.csv',
      text: `Name;E-Mail;Serial\nAna;${ANA};C02XK0AZJG5J\nBen;ben(at)lantern;PF3ABC12\n`,
    });
    await cara.sets('reason', 'The new clinic opens on Monday');
    const { errors } = await cara.submits();

    expect(errors).toMatchInlineSnapshot(`
      {
        "people.file": "Line 3: “ben(at)lantern” is not an e-mail address. The valid form of a line is: ana@organisation.org, C02XK0AZJG5J, macos",
      }
    `);
    expect(hasCard(sandbox)).toBe(false);
  });

  it('brings 200 people in by a file, in one request with one approval', async () => {
    const people = newColleagues(200);
    const sandbox = await start({ slack: workspaceWith(people) });
    const { slack, cloudflare } = sandbox;
    const cara = slack.as('cara');
    await opensList(sandbox, 'cara', 'add');
    const rows = people.map(({ email }, index) => `${email},${serialFor(index)},windows`);
    await cara.attaches('people.file', { name: 'clinic.csv', text: ['email,serial,platform', ...rows].join('\r\n') });
    await cara.sets('reason', 'The new clinic opens on Monday');
    cloudflare.clearCalls();

    await sends(sandbox, 'cara');
    expect(await cardSays(sandbox, /waiting for approval/)).toMatchInlineSnapshot(`
      "# 🔔 REQ-0001 is waiting for approval
      Give 200 people access
      Asked by @cara
      For @new1 (new.colleague.1@lanternhealth.example), @new2 (new.colleague.2@lanternhealth.example), @new3 (new.colleague.3@lanternhealth.example), @new4 (new.colleague.4@lanternhealth.example), @new5 (new.colleague.5@lanternhealth.example), @new6 (new.colleague.6@lanternhealth.example), @new7 (new.colleague.7@lanternhealth.example), @new8 (new.colleague.8@lanternhealth.example), @new9 (new.colleague.9@lanternhealth.example), @new10 (new.colleague.10@lanternhealth.example) and 190 more
      Reason:
      > The new clinic opens on Monday
      What will be done, in 204 steps
      1. Put 200 serials into the list “Lantern laptops”: 15 → 215 serials (PF00000X (New Colleague 1), PF00001X (New Colleague 2), PF00002X (New Colleague 3) and 197 more)
      2. Let 200 people in by the policy “Who may enrol” (device enrolment): 14 → 214 people (New Colleague 1 (new.colleague.1@lanternhealth.example), New Colleague 2 (new.colleague.2@lanternhealth.example), New Colleague 3 (new.colleague.3@lanternhealth.example) and 197 more)
      3. Let 200 people in by the policy “Team access” (Open Chat Studio): 14 → 214 people (New Colleague 1 (new.colleague.1@lanternhealth.example), New Colleague 2 (new.colleague.2@lanternhealth.example), New Colleague 3 (new.colleague.3@lanternhealth.example) and 197 more)
      4. Send New Colleague 1 the steps to sign in
      5. Send New Colleague 2 the steps to sign in
      6. Send New Colleague 3 the steps to sign in
      7. and 197 more like these
      8. Keep the access of 200 people without an end date: so already
      [Approve] [Deny] [Details]
      (Asked 2026-11-21 12:04 UTC. Expires 2026-11-21 12:04 UTC if nobody decides.)"
    `);
    await slack.as('dina').clicks(cardOf(sandbox), 'Approve');
    await slack.until(() => slack.messages('ocs-audit').some((one) => /REQ-0001 is done/.test(slack.text(one))), {
      what: 'the end',
      timeoutMs: 60_000,
    });

    expect(await ends(sandbox)).toMatchInlineSnapshot(`
      "# ✅ REQ-0001 is done
      Give 200 people access
      Asked by @cara
      For @new1 (new.colleague.1@lanternhealth.example), @new2 (new.colleague.2@lanternhealth.example), @new3 (new.colleague.3@lanternhealth.example), @new4 (new.colleague.4@lanternhealth.example), @new5 (new.colleague.5@lanternhealth.example), @new6 (new.colleague.6@lanternhealth.example), @new7 (new.colleague.7@lanternhealth.example), @new8 (new.colleague.8@lanternhealth.example), @new9 (new.colleague.9@lanternhealth.example), @new10 (new.colleague.10@lanternhealth.example) and 190 more
      Reason:
      > The new clinic opens on Monday
      Approved by @dina, 2026-11-21 12:04 UTC
      Done in 1 s
      [x] Put 200 serials into the list “Lantern laptops”
          15 → 215 serials
      [x] Let 200 people in by the policy “Who may enrol” (device enrolment) and 1 more like it: 2 of 2 done
      [x] Send New Colleague 1 the steps to sign in and 199 more like it: 200 of 200 done
      [x] Keep the access of 200 people without an end date: was so already
      [Details]
      (Asked 2026-11-21 12:04 UTC. Finished 2026-11-21 12:04 UTC after 1 s.)"
    `);
    expect(await channelSays(sandbox, 'ocs-audit', /REQ-0001 is done/)).toMatchInlineSnapshot(`
      "# ✅ REQ-0001 is done
      Give 200 people access
      Action: add-many
      Asked by: @cara (U05CARA0001), 2026-11-21 12:04 UTC
      For: New Colleague 1 (new.colleague.1@lanternhealth.example), New Colleague 2 (new.colleague.2@lanternhealth.example), New Colleague 3 (new.colleague.3@lanternhealth.example), New Colleague 4 (new.colleague.4@lanternhealth.example), New Colleague 5 (new.colleague.5@lanternhealth.example), New Colleague 6 (new.colleague.6@lanternhealth.example), New Colleague 7 (new.colleague.7@lanternhealth.example), New Colleague 8 (new.colleague.8@lanternhealth.example), New Colleague 9 (new.colleague.9@lanternhealth.example), New Colleague 10 (new.colleague.10@lanternhealth.example) and 190 more
      Approved by: @dina (U05DINA0001), 2026-11-21 12:04 UTC
      Outcome: done, 2026-11-21 12:04 UTC, 1 s after it started
      Reason given:
      > The new clinic opens on Monday
      Steps
      1. Put 200 serials into the list “Lantern laptops”: done
      2. Let 200 people in by the policy “Who may enrol” (device enrolment) and 1 more like it: 2 done
      3. Send New Colleague 1 the steps to sign in and 199 more like it: 200 done
      4. Keep the access of 200 people without an end date: was so already
      (Plan 24011ea16ad5. Decided 1 s after it was asked. The audit log holds every step.)"
    `);
    const emails = new Set(cloudflare.account.emails());
    expect(people.filter(({ email }) => !emails.has(email))).toEqual([]);
    expect(cloudflare.account.serials()).toHaveLength(215);
    await slack.until(() => people.every(({ short }) => slack.dms(short).length === 1), {
      what: 'the steps to sign in, to each',
      timeoutMs: 60_000,
    });
    expect(callsByRoute(sandbox)).toMatchObject({
      'PATCH gateway/lists/:id': 1,
      'PUT access/apps/:id/policies/:id': 2,
    });
    expect(cloudflare.calls.length).toBeLessThan(40);
  }, 150_000);

  it('tells which line failed at run time, and takes back what it gave', async () => {
    const sandbox = await start();
    const { slack, cloudflare } = sandbox;
    const cara = slack.as('cara');
    await opensList(sandbox, 'cara', 'add');
    await cara.sets('people.text', `${ANA}, C02XK0AZJG5J\n${BEN}, PF3ABC12`);
    await cara.sets('reason', 'The new clinic opens on Monday');
    await sends(sandbox, 'cara');
    await cardSays(sandbox, /waiting for approval/);
    cloudflare.account.addListItem(cloudflare.account.ids.serialList, 'PF3ABC12', 'Kim <kim@partner.example>');
    await slack.as('dina').clicks(cardOf(sandbox), 'Approve');

    expect(await ends(sandbox, /❌ REQ-0001/)).toContain(
      'PF3ABC12 has been registered meanwhile, to Kim <kim@partner.example>',
    );
    expect(await dmSays(sandbox, 'cara', /PF3ABC12 has been registered meanwhile/)).toMatchInlineSnapshot(`
      "❌ REQ-0001 could not be done: Give 2 people access.
      What failed
      • Put 2 serials into the list “Lantern laptops”: PF3ABC12 has been registered meanwhile, to Kim <kim@partner.example>.
      What was taken back
      • Let 2 people in by the policy “Who may enrol” (device enrolment)
      What was not done
      • Let 2 people in by the policy “Team access” (Open Chat Studio)
      • Send Ana Souza the steps to sign in
      • Send Ben Okafor the steps to sign in
      • Keep the access of 2 people without an end date"
    `);
    expect(cloudflare.account.emails()).not.toContain(ANA);
    expect(cloudflare.account.serials()).not.toContain('C02XK0AZJG5J');
  });
});

describe('revoke', () => {
  it('takes a pasted list: the approver reads everybody, confirms once, and reads who was left out', async () => {
    const sandbox = await start({ cloudflare: { sessions: true } });
    const { slack, cloudflare } = sandbox;
    const cara = slack.as('cara');
    await opensList(sandbox, 'cara', 'revoke');
    await cara.sets('people.text', [AMINA, BRUNO, 'gus.moreau@lanternhealth.example', AMINA].join('\n'));
    await cara.sets('reason', 'The clinic closes');

    expect(await sends(sandbox, 'cara')).toMatchInlineSnapshot(`
      "== Revoke several people ==
      Revoke all access of 2 people?
      What will be done, in 10 steps
      1. Take 2 people out of the policy “Who may enrol” (device enrolment): 14 → 12 people (amina.diallo@lanternhealth.example and bruno.keller@lanternhealth.example)
      2. Take 2 people out of the policy “Team access” (Open Chat Studio): 14 → 12 people (amina.diallo@lanternhealth.example and bruno.keller@lanternhealth.example)
      3. Take 2 serials out of the list “Lantern laptops”: 15 → 13 serials (7HX2KQ3 (Bruno Keller, since 2025) and C02FJ1XQMD6T (Amina Diallo, since 2025))
      4. Remove 2 devices (amina-laptop (amina.diallo@lanternhealth.example) and bruno-laptop (bruno.keller@lanternhealth.example))
      5. End every WARP registration of 2 people (amina.diallo@lanternhealth.example and bruno.keller@lanternhealth.example)
      6. End all sessions of amina.diallo@lanternhealth.example
      7. End all sessions of bruno.keller@lanternhealth.example
      8. Free 2 seats (amina.diallo@lanternhealth.example and bruno.keller@lanternhealth.example)
      9. Watch for attempts of 2 people to come in again
      10. Read everything back and make sure that 2 people can’t get in
      2 lines are left out
      • Line 3, Gus Moreau: Gus Moreau has no access, no device and no seat here, so there is nothing to revoke. Check the address.
      • Line 4, amina.diallo@lanternhealth.example: It says the same as line 1.
      (Nothing has been done yet. It needs nobody’s approval and begins when you press the button.)
      [Revoke now] [Cancel]"
    `);
    await cara.submits();
    expect(await ends(sandbox)).toMatchInlineSnapshot(`
      "# ✅ REQ-0001 is done
      Revoke all access of 2 people (2 lines of the list are left out)
      Started by @cara, no approval needed
      About amina.diallo@lanternhealth.example, bruno.keller@lanternhealth.example
      Reason:
      > The clinic closes
      Done in 1 s
      [x] Take 2 people out of the policy “Who may enrol” (device enrolment)
          14 → 12 people
      [x] Take 2 people out of the policy “Team access” (Open Chat Studio)
          14 → 12 people
      [x] Take 2 serials out of the list “Lantern laptops”
          15 → 13 serials
      [x] Remove 2 devices
      [x] End every WARP registration of 2 people
      [x] End all sessions of amina.diallo@lanternhealth.example
      [x] End all sessions of bruno.keller@lanternhealth.example
      [x] Free 2 seats
      [x] Watch for attempts of 2 people to come in again
      [x] Read everything back and make sure that 2 people can’t get in
      2 lines are left out
      • Line 3, Gus Moreau: Gus Moreau has no access, no device and no seat here, so there is nothing to revoke. Check the address.
      • Line 4, amina.diallo@lanternhealth.example: It says the same as line 1.
      What was found
      • Read back at the end: no policy lets amina.diallo@lanternhealth.example and bruno.keller@lanternhealth.example in, 0 devices, 0 sessions.
      [Details]
      (Asked 2026-11-21 12:04 UTC. Finished 2026-11-21 12:04 UTC after 1 s.)"
    `);
    expect(await dmSays(sandbox, 'cara', /It took/)).toMatchInlineSnapshot(`
      "✅ REQ-0001 is done: Revoke all access of 2 people (2 lines of the list are left out).
      What was done
      • Take 2 people out of the policy “Who may enrol” (device enrolment)
      • Take 2 people out of the policy “Team access” (Open Chat Studio)
      • Take 2 serials out of the list “Lantern laptops”
      • Remove 2 devices
      • End every WARP registration of 2 people
      • End all sessions of amina.diallo@lanternhealth.example
      • End all sessions of bruno.keller@lanternhealth.example
      • Free 2 seats
      • Watch for attempts of 2 people to come in again
      • Read everything back and make sure that 2 people can’t get in
      2 lines are left out
      • Line 3, Gus Moreau: Gus Moreau has no access, no device and no seat here, so there is nothing to revoke. Check the address.
      • Line 4, amina.diallo@lanternhealth.example: It says the same as line 1.
      What was found
      • Read back at the end: no policy lets amina.diallo@lanternhealth.example and bruno.keller@lanternhealth.example in, 0 devices, 0 sessions.
      (It took 1 s, and everything was checked afterwards.)"
    `);
    for (const email of [AMINA, BRUNO]) {
      expect(cloudflare.account.waysIn(email)).toEqual([]);
      expect(cloudflare.account.hasSeat(email)).toBe(false);
    }
  });

  it('names each line that is wrong, and stores nothing', async () => {
    const sandbox = await start();
    const cara = sandbox.slack.as('cara');
    await opensList(sandbox, 'cara', 'revoke');
    await cara.sets('people.text', `${AMINA}\nbruno\n`);
    await cara.sets('reason', 'The clinic closes');

    expect((await cara.submits()).errors).toMatchInlineSnapshot(`
      {
        "people.text": "Line 2: “bruno” is not an e-mail address. The valid form of a line is: ana@organisation.org",
      }
    `);
  });

  it('says so at the list when nobody on it has access', async () => {
    const sandbox = await start();
    const cara = sandbox.slack.as('cara');
    await opensList(sandbox, 'cara', 'revoke');
    await cara.sets('people.text', 'gus.moreau@lanternhealth.example\nsam@partner.example');
    await cara.sets('reason', 'The clinic closes');

    expect((await cara.submits()).errors).toMatchInlineSnapshot(`
      {
        "people.text": "No line of the list can be carried out. Line 1, Gus Moreau: Gus Moreau has no access, no device and no seat here, so there is nothing to revoke. Check the address. Line 2, sam@partner.example: sam@partner.example has no access, no device and no seat here, so there is nothing to revoke. Check the address.",
      }
    `);
  });

  it('revokes 200 people by a file, in one request', async () => {
    const sandbox = await start({ cloudflare: { people: 300, laptops: 300, sessions: true } });
    const { slack, cloudflare } = sandbox;
    const { account } = cloudflare;
    const everybody = account.emails();
    const leaving = everybody.slice(50, 250);
    const cara = slack.as('cara');
    await opensList(sandbox, 'cara', 'revoke');
    await cara.attaches('people.file', { name: 'leavers.csv', text: ['email', ...leaving].join('\n') });
    await cara.sets('reason', 'The clinic closes');
    cloudflare.clearCalls();

    expect(await sends(sandbox, 'cara')).toMatchInlineSnapshot(`
      "== Revoke several people ==
      Revoke all access of 200 people?
      What will be done, in 208 steps
      1. Take 200 people out of the policy “Who may enrol” (device enrolment): 300 → 100 people (colleague.51@lanternhealth.example, colleague.52@lanternhealth.example, colleague.53@lanternhealth.example and 197 more)
      2. Take 200 people out of the policy “Team access” (Open Chat Studio): 300 → 100 people (colleague.51@lanternhealth.example, colleague.52@lanternhealth.example, colleague.53@lanternhealth.example and 197 more)
      3. Take 200 serials out of the list “Lantern laptops”: 300 → 100 serials (LH00000050 (Colleague 51, since 2025), LH00000051 (Colleague 52, since 2025), LH00000052 (Colleague 53, since 2025) and 197 more)
      4. Remove 200 devices (colleague-laptop (colleague.127@lanternhealth.example), colleague-laptop (colleague.202@lanternhealth.example), colleague-laptop (colleague.65@lanternhealth.example) and 197 more)
      5. End every WARP registration of 200 people (colleague.51@lanternhealth.example, colleague.52@lanternhealth.example, colleague.53@lanternhealth.example and 197 more)
      6. End all sessions of colleague.51@lanternhealth.example
      7. End all sessions of colleague.52@lanternhealth.example
      8. End all sessions of colleague.53@lanternhealth.example
      9. and 197 more like these
      10. Free 200 seats (colleague.51@lanternhealth.example, colleague.52@lanternhealth.example, colleague.53@lanternhealth.example and 197 more)
      11. Watch for attempts of 200 people to come in again
      12. Read everything back and make sure that 200 people can’t get in
      (Nothing has been done yet. It needs nobody’s approval and begins when you press the button.)
      [Revoke now] [Cancel]"
    `);
    await cara.submits();
    await slack.until(() => slack.messages('ocs-audit').some((one) => /REQ-0001 is done/.test(slack.text(one))), {
      what: 'the end',
      timeoutMs: 90_000,
    });

    expect(await ends(sandbox)).toMatchInlineSnapshot(`
      "# ✅ REQ-0001 is done
      Revoke all access of 200 people
      Started by @cara, no approval needed
      About colleague.51@lanternhealth.example, colleague.52@lanternhealth.example, colleague.53@lanternhealth.example, colleague.54@lanternhealth.example, colleague.55@lanternhealth.example, colleague.56@lanternhealth.example, colleague.57@lanternhealth.example, colleague.58@lanternhealth.example, colleague.59@lanternhealth.example, colleague.60@lanternhealth.example and 190 more
      Reason:
      > The clinic closes
      Done in 1 s
      [x] Take 200 people out of the policy “Who may enrol” (device enrolment) and 1 more like it: 2 of 2 done
      [x] Take 200 serials out of the list “Lantern laptops”
          300 → 100 serials
      [x] Remove 200 devices
      [x] End every WARP registration of 200 people
      [x] End all sessions of colleague.51@lanternhealth.example and 199 more like it: 200 of 200 done
      [x] Free 200 seats
      [x] Watch for attempts of 200 people to come in again
      [x] Read everything back and make sure that 200 people can’t get in
      What was found
      • Read back at the end: no policy lets 200 people in, 0 devices, 0 sessions.
      [Details]
      (Asked 2026-11-21 12:04 UTC. Finished 2026-11-21 12:04 UTC after 1 s.)"
    `);
    expect(await channelSays(sandbox, 'ocs-audit', /REQ-0001 is done/)).toMatchInlineSnapshot(`
      "# ✅ REQ-0001 is done
      Revoke all access of 200 people
      Action: revoke-many
      Asked by: @cara (U05CARA0001), 2026-11-21 12:04 UTC
      About: colleague.51@lanternhealth.example (colleague.51@lanternhealth.example), colleague.52@lanternhealth.example (colleague.52@lanternhealth.example), colleague.53@lanternhealth.example (colleague.53@lanternhealth.example), colleague.54@lanternhealth.example (colleague.54@lanternhealth.example), colleague.55@lanternhealth.example (colleague.55@lanternhealth.example), colleague.56@lanternhealth.example (colleague.56@lanternhealth.example), colleague.57@lanternhealth.example (colleague.57@lanternhealth.example), colleague.58@lanternhealth.example (colleague.58@lanternhealth.example), colleague.59@lanternhealth.example (colleague.59@lanternhealth.example), colleague.60@lanternhealth.example (colleague.60@lanternhealth.example) and 190 more
      Approval: none needed
      Outcome: done, 2026-11-21 12:04 UTC, 1 s after it started
      Reason given:
      > The clinic closes
      Steps
      1. Take 200 people out of the policy “Who may enrol” (device enrolment) and 1 more like it: 2 done
      2. Take 200 serials out of the list “Lantern laptops”: done
      3. Remove 200 devices: done
      4. End every WARP registration of 200 people: done
      5. End all sessions of colleague.51@lanternhealth.example and 199 more like it: 200 done
      6. Free 200 seats: done
      7. Watch for attempts of 200 people to come in again: done
      8. Read everything back and make sure that 200 people can’t get in: checked
      What was found
      • Read back at the end: no policy lets 200 people in, 0 devices, 0 sessions.
      (Plan c44b622346fd. The audit log holds every step.)"
    `);
    expect(leaving.filter((email) => account.waysIn(email).length > 0 || account.hasSeat(email))).toEqual([]);
    const staying = everybody.filter((email) => !leaving.includes(email));
    expect(staying.filter((email) => !account.hasSession(email) || account.registrations(email) !== 1)).toEqual([]);

    // Whoever tries again afterwards is told of without a call for each of the 200.
    sandbox.clock.forward(20_000);
    expect(account.login(leaving[7] ?? '')).toBe(false);
    await passTime(sandbox, 60_000);
    await slack.until(() => cardOf(sandbox).replies.some((reply) => /turned away|refused/.test(slack.text(reply))), {
      what: 'the attempt in the thread',
      timeoutMs: 20_000,
    });
    expect(callsByRoute(sandbox)).toMatchObject({
      'DELETE devices/physical-devices/:id': 200,
      'GET access/users/:id/active_sessions': 200,
      'POST access/organizations/revoke_user': 200,
      'PUT access/apps/:id/policies/:id': 2,
      'PATCH gateway/lists/:id': 1,
      'PATCH access/seats': 1,
      'GET access/logs/access_requests': 2,
    });
    // Of the 1,200 that Cloudflare allows in five minutes: about 720.
    expect(cloudflare.calls.length).toBeLessThan(800);
    expect((await auditOf(sandbox, 'REQ-0001')).slice(-2)).toEqual([
      'run.finished: REQ-0001 is done: Revoke all access of 200 people.',
      'access.attempted: Since REQ-0001 cut off access, somebody tried to come in once: 0 let in, 1 turned away.',
    ]);
  }, 180_000);

  it('goes on with the others when one fails, and tells which', async () => {
    const sandbox = await start({ cloudflare: { sessions: true } });
    const { slack, cloudflare } = sandbox;
    const { account } = cloudflare;
    const cara = slack.as('cara');
    const bruno = [...account.state.devices.values()].find(({ name }) => name === 'bruno-laptop');
    cloudflare.faults.add({ method: 'DELETE', path: bruno?.id ?? 'no such', status: 403, times: Infinity });
    await opensList(sandbox, 'cara', 'revoke');
    await cara.sets('people.text', `${AMINA}\n${BRUNO}`);
    await cara.sets('reason', 'The clinic closes');
    await sends(sandbox, 'cara');
    await cara.submits();

    expect(await ends(sandbox, /Trying again/)).toMatchInlineSnapshot(`
      "# ⏳ REQ-0001 is trying again what has not worked yet
      Revoke all access of 2 people
      Started by @cara, no approval needed
      About amina.diallo@lanternhealth.example, bruno.keller@lanternhealth.example
      Reason:
      > The clinic closes
      9 of 10 steps done, 1 being tried again
      [x] Take 2 people out of the policy “Who may enrol” (device enrolment)
          14 → 12 people
      [x] Take 2 people out of the policy “Team access” (Open Chat Studio)
          14 → 12 people
      [x] Take 2 serials out of the list “Lantern laptops”
          15 → 13 serials
      [>] Trying again: Remove 2 devices
          The Cloudflare API token lacks the permission “Zero Trust → Edit”, which is needed to delete a device (DELETE devices/physical-devices/:id, HTTP 403, error 10500, cf-ray 0a1b2c3d-FRA). Add it at dash.cloudflare.com → My Profile (or Manage Account, if the account owns the token) → API Tokens → Edit. If it is there, CLOUDFLARE_ACCOUNT_ID names an account that the token is not for. By hand: Zero Trust dashboard → Team & Resources → Devices.
      [x] End every WARP registration of 2 people
      [x] End all sessions of amina.diallo@lanternhealth.example
      [x] End all sessions of bruno.keller@lanternhealth.example
      [x] Free 2 seats
      [x] Watch for attempts of 2 people to come in again
      [x] Read everything back and make sure that 2 people can’t get in
      [Details]
      (Asked 2026-11-21 12:04 UTC.)"
    `);
    expect(account.hasSession(AMINA)).toBe(false);
    expect(account.hasSession(BRUNO)).toBe(false);
    expect(account.emails()).not.toContain(BRUNO);
  });
});

it.each([
  ['add', 'Joins on Monday'],
  ['revoke', 'Leaves today'],
] as const)('keeps the reason when the form of %s is turned into a list and back', async (action, reason) => {
  const sandbox = await start();
  const { slack } = sandbox;
  const cara = slack.as('cara');
  const shows = (words: RegExp) =>
    slack.until(
      () =>
        cara
          .views()
          .map(slack.text)
          .find((text) => words.test(text)),
      { what: String(words) },
    );
  await cara.types(`/ocs-access ${action} ${AMINA}`);
  await slack.until(() => cara.view()?.submit, { what: 'the form' });
  await cara.sets('reason', reason);

  await cara.clicks('modal', 'Paste a list');
  expect(await shows(/one person a line/)).toContain(reason);
  await cara.sets('people.text', BRUNO);
  await cara.clicks('modal', 'Back');
  const back = await shows(/Several people at once/);
  expect(back).toContain(reason);
  expect(back).toContain(AMINA);
  await cara.clicks('modal', 'Paste a list');
  expect(await shows(/one person a line/)).toContain(BRUNO);
});
