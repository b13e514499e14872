import { describe, expect, it } from 'vitest';
import type { Digest } from '../../src/core/digest/digest.ts';
import { looksOf } from '../../src/slack/deliver-message.ts';
import { digestMessage } from '../../src/slack/digest-message.ts';
import {
  aBusyDigest,
  aDigest,
  aDigestAfterDowntime,
  aDigestOf25Hours,
  anAttackDigest,
  at,
  HEAD,
} from '../builders/a-digest.ts';
import { read } from './read.ts';

/** With its chart, as Slack shows it. */
function shown(digest: Digest): string {
  const [full] = looksOf(digestMessage(digest));
  return read(full ?? expect.fail('there is no look'));
}

describe('the digest of', () => {
  it('a quiet day', () => {
    expect(shown(aDigest())).toMatchInlineSnapshot(`
      "# Friday 20 November: 31 people active, 83 sign-ins, nobody turned away
      Sign-ins: about as usual. Nothing was out of the ordinary, the tunnel had no outage, and no access ends in the next 7 days.
      (By the clock in Europe/Zurich. Audit log: entry 1204, 5f2c9a1e5f2c9a1e5f2c9a1e5f2c9a1e5f2c9a1e5f2c9a1e5f2c9a1e5f2c9a1e)"
    `);
    expect(digestMessage(aDigest()).text).toMatchInlineSnapshot(
      `"Friday 20 November: 31 people active, 83 sign-ins, nobody turned away. Sign-ins: about as usual. Nothing was out of the ordinary, the tunnel had no outage, and no access ends in the next 7 days. By the clock in Europe/Zurich. Audit log: entry 1204, 5f2c9a1e5f2c9a1e5f2c9a1e5f2c9a1e5f2c9a1e5f2c9a1e5f2c9a1e5f2c9a1e"`,
    );
  });

  it('a busy day', () => {
    expect(shown(aBusyDigest())).toMatchInlineSnapshot(`
      "# Friday 20 November: 42 people active, 118 sign-ins, 4 turned away
      Sign-ins: about as usual (110 a day in the week before). Denials: about 13 times as many as usual (2.4 a day). 51 devices were used.
      🛡️ Cut off, and turned away since:
      • pat.moore@lanternhealth.example: turned away 3 times since REQ-0131 took their access away, last at 2026-11-20 07:05 UTC
      👀 Worth a look:
      • ben.okoro@lanternhealth.example at 2026-11-20 13:31 UTC, impossible travel (likely): Signed in from Switzerland and, 22 min later, from Kenya. A VPN or a phone network can look like that.
      • ana.souza@lanternhealth.example at 2026-11-20 08:02 UTC, new country: Portugal. So far from Brazil and Switzerland.
      • olu.adeyemi@lanternhealth.example at 2026-11-20 10:20 UTC, new device (likely): “olu-framework”. It may be a known one that was enrolled again.
      🚫 Turned away (4 people, 31 times):
      • mika.lind@lanternhealth.example: 14 times, last at 2026-11-20 09:12 UTC. The serial number C02XK0AZJG5J is not in the list “OCS serials” now
      • gus@partner.example: 9 times, last at 2026-11-20 12:44 UTC. No policy lets this address in now
      • dina.haddad@lanternhealth.example: 5 times, last at 2026-11-20 15:03 UTC. A code that was wrong or not entered (likely)
      1 more is named above.
      Sign-ins and denials on Friday 20 November
        00–02 | 02–04 | 04–06 | 06–08 | 08–10 | 10–12 | 12–14 | 14–16 | 16–18 | 18–20 | 20–22 | 22–24
        Signed in: 0 | 0 | 0 | 11 | 53 | 14 | 19 | 12 | 7 | 0 | 2 | 0
        Turned away: 0 | 0 | 0 | 1 | 16 | 8 | 3 | 0 | 3 | 0 | 0 | 0
      Network: 1,840 connections, 3.4 GB received, 210 MB sent. Most with 10.20.0.5:443 (3.1 GB), 10.20.0.9:5432 (400 MB), 10.20.0.12:22 (92 MB).
      Tunnel: 2 outages, 14 min of the day in all: lantern-ocs from 2026-11-20 02:10 UTC until 2026-11-20 02:18 UTC; lantern-ocs from 2026-11-20 18:40 UTC until 2026-11-20 18:46 UTC.
      Requests: 6 new, 4 done, 1 denied, 1 open now.
      ⏳ Access that ends in the next 7 days:
      • Sam Reyes: 2026-11-22 22:59 UTC
      • gus@partner.example: 2026-11-24 22:59 UTC
      To give somebody longer: /ocs-access extend.
      (By the clock in Europe/Zurich. More is in the thread.
      Audit log: entry 1204, 5f2c9a1e5f2c9a1e5f2c9a1e5f2c9a1e5f2c9a1e5f2c9a1e5f2c9a1e5f2c9a1e)"
    `);
    expect(digestMessage(aBusyDigest()).text).toMatchInlineSnapshot(
      `"Friday 20 November: 42 people active, 118 sign-ins, 4 turned away. Sign-ins: about as usual (110 a day in the week before). Denials: about 13 times as many as usual (2.4 a day). 51 devices were used. 🛡️ Cut off, and turned away since: pat.moore@lanternhealth.example: turned away 3 times since REQ-0131 took their access away, last at <!date^1795158300^{time}|2026-11-20 07:05 UTC>. 👀 Worth a look: ben.okoro@lanternhealth.example at <!date^1795181460^{time}|2026-11-20 13:31 UTC>, impossible travel (likely): Signed in from Switzerland and, 22 min later, from Kenya. A VPN or a phone network can look like that; ana.souza@lanternhealth.example at <!date^1795161720^{time}|2026-11-20 08:02 UTC>, new country: Portugal. So far from Brazil and Switzerland; olu.adeyemi@lanternhealth.example at <!date^1795170000^{time}|2026-11-20 10:20 UTC>, new device (likely): “olu-framework”. It may be a known one that was enrolled again. 🚫 Turned away (4 people, 31 times): mika.lind@lanternhealth.example: 14 times, last at <!date^1795165920^{time}|2026-11-20 09:12 UTC>. The serial number C02XK0AZJG5J is not in the list “OCS serials” now; gus@partner.example: 9 times, last at <!date^1795178640^{time}|2026-11-20 12:44 UTC>. No policy lets this address in now; dina.haddad@lanternhealth.example: 5 times, last at <!date^1795186980^{time}|2026-11-20 15:03 UTC>. A code that was wrong or not entered (likely). 1 more is named above. By the hour: 06–08: 11 signed in, 1 turned away; 08–10: 53 signed in, 16 turned away; 10–12: 14 signed in, 8 turned away; 12–14: 19 signed in, 3 turned away; 14–16: 12 signed in; 16–18: 7 signed in, 3 turned away; 20–22: 2 signed in. Network: 1,840 connections, 3.4 GB received, 210 MB sent. Most with 10.20.0.5:443 (3.1 GB), 10.20.0.9:5432 (400 MB), 10.20.0.12:22 (92 MB). Tunnel: 2 outages, 14 min of the day in all: lantern-ocs from <!date^1795140600^{time}|2026-11-20 02:10 UTC> until <!date^1795141080^{time}|2026-11-20 02:18 UTC>; lantern-ocs from <!date^1795200000^{time}|2026-11-20 18:40 UTC> until <!date^1795200360^{time}|2026-11-20 18:46 UTC>. Requests: 6 new, 4 done, 1 denied, 1 open now. ⏳ Access that ends in the next 7 days: Sam Reyes: <!date^1795388399^{date_short_pretty}|2026-11-22 22:59 UTC>; gus@partner.example: <!date^1795561199^{date_short_pretty}|2026-11-24 22:59 UTC>. To give somebody longer: /ocs-access extend. By the clock in Europe/Zurich. Audit log: entry 1204, 5f2c9a1e5f2c9a1e5f2c9a1e5f2c9a1e5f2c9a1e5f2c9a1e5f2c9a1e5f2c9a1e"`,
    );
  });

  it('an attack', () => {
    expect(shown(anAttackDigest())).toMatchInlineSnapshot(`
      "# 🚨 Friday 20 November: 1 person came in whose access was taken away
      38 people active, 96 sign-ins, about 6,265 turned away. Sign-ins: about as usual (110 a day in the week before). Denials: far more than usual (2.4 a day). 44 devices were used.
      🚨 Let in although their access was taken away:
      • eve.stone@lanternhealth.example: let in once, tried 4 times since REQ-0140 took their access away, last at 2026-11-20 01:50 UTC
      Revoke them again now: a rule or a session let them in, and the report of the revocation says which.
      🛡️ Cut off, and turned away since:
      • pat.moore@lanternhealth.example: turned away 3 times since REQ-0131 took their access away, last at 2026-11-20 07:05 UTC
      • ana.souza@lanternhealth.example: turned away 2 times since REQ-0138 reported a device lost, last at 2026-11-20 08:01 UTC
      👀 Worth a look:
      • ben.okoro@lanternhealth.example at 2026-11-20 13:31 UTC, impossible travel (likely): Signed in from Switzerland and, 22 min later, from Kenya. A VPN or a phone network can look like that.
      • ana.souza@lanternhealth.example at 2026-11-20 08:02 UTC, new country: Portugal. So far from Brazil and Switzerland.
      • olu.adeyemi@lanternhealth.example at 2026-11-20 10:20 UTC, new device (likely): “olu-framework”. It may be a known one that was enrolled again.
      🚫 Turned away (about 6,265 people, 48,210 times):
      • a0@spray.example: 190 times, last at 2026-11-20 02:00 UTC. No policy lets this address in now
      • a1@spray.example: 189 times, last at 2026-11-20 02:01 UTC. No policy lets this address in now
      • a2@spray.example: 188 times, last at 2026-11-20 02:02 UTC. No policy lets this address in now
      • a3@spray.example: 187 times, last at 2026-11-20 02:03 UTC. No policy lets this address in now
      • a4@spray.example: 186 times, last at 2026-11-20 02:04 UTC. No policy lets this address in now
      And 6,260 more people.
      Sign-ins and denials on Friday 20 November
        00–02 | 02–04 | 04–06 | 06–08 | 08–10 | 10–12 | 12–14 | 14–16 | 16–18 | 18–20 | 20–22 | 22–24
        Signed in: 0 | 1 | 0 | 0 | 70 | 0 | 0 | 25 | 0 | 0 | 0 | 0
        Turned away: 9100 | 39050 | 0 | 0 | 40 | 0 | 0 | 20 | 0 | 0 | 0 | 0
      Network: 1,840 connections, 3.4 GB received, 210 MB sent. Most with 10.20.0.5:443 (3.1 GB), 10.20.0.9:5432 (400 MB), 10.20.0.12:22 (92 MB).
      Tunnel: 2 outages, 14 min of the day in all: lantern-ocs from 2026-11-20 02:10 UTC until 2026-11-20 02:18 UTC; lantern-ocs from 2026-11-20 18:40 UTC until 2026-11-20 18:46 UTC.
      Requests: 6 new, 4 done, 1 denied, 1 open now.
      ⏳ Access that ends in the next 7 days:
      • Sam Reyes: 2026-11-22 22:59 UTC
      • gus@partner.example: 2026-11-24 22:59 UTC
      To give somebody longer: /ocs-access extend.
      (By the clock in Europe/Zurich. More is in the thread.
      Audit log: entry 1204, 5f2c9a1e5f2c9a1e5f2c9a1e5f2c9a1e5f2c9a1e5f2c9a1e5f2c9a1e5f2c9a1e)"
    `);
  });

  it('a day on which the bot was down', () => {
    expect(shown(aDigestAfterDowntime())).toMatchInlineSnapshot(`
      "# Friday 20 November: 31 people active, 83 sign-ins, nobody turned away
      Part of the day is missing: see below. 34 devices were used.
      Sign-ins and denials on Friday 20 November
        00–02 | 02–04 | 04–06 | 06–08 | 08–10 | 10–12 | 12–14 | 14–16 | 16–18 | 18–20 | 20–22 | 22–24
        Signed in: 0 | 0 | 0 | 4 | 39 | 9 | 17 | 11 | 3 | 0 | 0 | 0
        Turned away: 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0
      Network: It could not be read: The token may not read analytics.
      Tunnel: no outage.
      Requests: 2 new, 2 done.
      ⚠️ A gap: nothing is known from 2026-11-19 20:00 UTC until 2026-11-20 05:40 UTC. Cloudflare had dropped the rows by the time that the bot was back.
      ⚠️ Dropped: 12,450 rows of the logs, up to 2026-11-17 11:00 UTC, because more came than are kept. To keep more, the operator raises LOG_MOST_ROWS.
      (By the clock in Europe/Zurich. More is in the thread.
      Audit log: entry 1204, 5f2c9a1e5f2c9a1e5f2c9a1e5f2c9a1e5f2c9a1e5f2c9a1e5f2c9a1e5f2c9a1e)"
    `);
  });

  it('a day of 25 hours', () => {
    expect(shown(aDigestOf25Hours())).toMatchInlineSnapshot(`
      "# Sunday 25 October: 7 people active, 15 sign-ins, 1 turned away
      Sign-ins: far fewer than usual (79 a day in the week before). Denials: about as usual (1.4 a day). 7 devices were used.
      🚫 Turned away (1 person, once):
      • dina.haddad@lanternhealth.example: once, at 2026-10-25 19:30 UTC. A code that was wrong or not entered (likely)
      Sign-ins and denials on Sunday 25 October
        00–02 | 02–04 | 04–06 | 06–08 | 08–10 | 10–12 | 12–14 | 14–16 | 16–18 | 18–20 | 20–22 | 22–24
        Signed in: 1 | 7 | 0 | 0 | 4 | 0 | 0 | 0 | 0 | 0 | 3 | 0
        Turned away: 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 1 | 0
      Network: 1,840 connections, 3.4 GB received, 210 MB sent. Most with 10.20.0.5:443 (3.1 GB), 10.20.0.9:5432 (400 MB), 10.20.0.12:22 (92 MB).
      Tunnel: no outage.
      Requests: 2 new, 2 done.
      (By the clock in Europe/Zurich. The day had 25 hours, because the clocks were put back. One bar of the chart stands for 3 hours. More is in the thread.
      Audit log: entry 1204, 5f2c9a1e5f2c9a1e5f2c9a1e5f2c9a1e5f2c9a1e5f2c9a1e5f2c9a1e5f2c9a1e)"
    `);
  });

  it('a quiet day of 25 hours, without a word about bars that are not there', () => {
    const { from, to } = aDigestOf25Hours();

    expect(shown(aDigest({ from, to })).split('\n').at(-1)).toMatch(
      /^\(By the clock in Europe\/Zurich\. The day had 25 hours, because the clocks were put back\. Audit log: entry 1204, \w+\)$/,
    );
  });

  it('a day of which the Access log could not be read', () => {
    const access = { signIns: 0, denied: 0, people: 0, devices: 0, hours: [], problem: 'Cloudflare answers 403.' };
    expect(shown(aDigest({ access }))).toMatchInlineSnapshot(`
      "# Friday 20 November: who came is not known
      Part of the day is missing: see below.
      Network: 1,840 connections, 3.4 GB received, 210 MB sent. Most with 10.20.0.5:443 (3.1 GB), 10.20.0.9:5432 (400 MB), 10.20.0.12:22 (92 MB).
      Tunnel: no outage.
      Requests: 2 new, 2 done.
      ⚠️ The Access log could not be read: Cloudflare answers 403.
      (By the clock in Europe/Zurich. More is in the thread.
      Audit log: entry 1204, 5f2c9a1e5f2c9a1e5f2c9a1e5f2c9a1e5f2c9a1e5f2c9a1e5f2c9a1e5f2c9a1e)"
    `);
  });

  it('the first day, on which nobody came', () => {
    const access = { signIns: 0, denied: 0, people: 0, devices: 0, hours: [] };
    const bot = { asked: 0, done: 0, denied: 0, failed: 0, open: [] };
    expect(shown(aDigest({ access, bot, head: { seq: 0, hash: '' } }))).toMatchInlineSnapshot(`
      "# Friday 20 November: nobody came
      Nothing was out of the ordinary, the tunnel had no outage, and no access ends in the next 7 days.
      (By the clock in Europe/Zurich. Audit log: no entry yet.)"
    `);
  });
});

describe('a digest', () => {
  it('begins with people who came in although their access was taken away', () => {
    const { text, blocks } = digestMessage(anAttackDigest());
    expect(text).toMatch(/^🚨 Friday 20 November: 1 person came in whose access was taken away\./);
    expect(JSON.stringify(blocks[2])).toContain('eve.stone@lanternhealth.example');
  });

  it('says in its text what its blocks say', () => {
    const { text } = digestMessage(aBusyDigest());
    for (const said of [
      'pat.moore@',
      '22 min later',
      'C02XK0AZJG5J',
      '08–10: 53 signed in',
      '10.20.0.5:443',
      'lantern-ocs',
      'Sam Reyes',
    ]) {
      expect(text).toContain(said);
    }
  });

  it('holds the whole head of the audit log, so that it can be checked', () => {
    for (const digest of [aDigest(), aBusyDigest()]) {
      const { text, blocks } = digestMessage(digest);
      expect(text).toContain(`Audit log: entry 1204, ${HEAD.hash}`);
      expect(JSON.stringify(blocks.at(-1))).toContain(`Audit log: entry 1204, ${HEAD.hash}`);
    }
  });

  it('mentions nobody, however near the end of their access is', () => {
    const person = { email: 'ana.souza@lanternhealth.example', name: 'Ana Souza', slackId: 'U05ANA00001' };
    const message = digestMessage(aDigest({ ending: [{ person, endsAt: at(48) }] }));
    expect(JSON.stringify(message)).not.toContain('U05ANA00001');
    expect(message.text).toContain('Ana Souza');
  });

  it('is of one line only where nothing has to be read', () => {
    const quiet = digestMessage(aDigest()).blocks.length;
    expect(quiet).toBe(3);
    const { access, bot } = aDigest();
    const loud: Partial<Digest>[] = [
      { access: { ...access, denied: 1 } },
      { access: { ...access, problem: 'No.' } },
      { bot: { ...bot, failed: 1 } },
      { gaps: [{ from: at(1), to: at(2), why: 'Down' }] },
      { dropped: { rows: 1, upTo: at(0) } },
      { tunnel: { down: 1000, outages: [{ name: 't', from: at(1) }] } },
      { ending: [{ person: { email: 'a@b.example' }, endsAt: at(30) }] },
    ];
    for (const changes of loud) {
      expect(digestMessage(aDigest(changes)).blocks.length, JSON.stringify(changes)).toBeGreaterThan(quiet);
    }
  });

  it.each([
    [79, 83, 'about as usual'],
    [1, 3, 'about as usual'],
    [0, 40, 'more than usual'],
    [40, 60, 'more than usual'],
    [40, 80, 'about twice as many as usual'],
    [10, 121, 'about 12 times as many as usual'],
    [10, 4821, 'far more than usual'],
    [80, 50, 'fewer than usual'],
    [80, 40, 'about half as many as usual'],
    [80, 3, 'far fewer than usual'],
  ])('with %i sign-ins a day before and %i now says: %s', (usual, signIns, words) => {
    const { access } = aDigest();
    const before = { signIns: usual, denied: 1, people: 1, devices: 1 };
    expect(digestMessage(aDigest({ access: { ...access, signIns, before } })).text).toContain(`Sign-ins: ${words}.`);
  });
});
