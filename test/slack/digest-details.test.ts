import { expect, it } from 'vitest';
import { digestDetails } from '../../src/slack/digest-details.ts';
import { digestMessage } from '../../src/slack/digest-message.ts';
import { aBusyDigest, aDigest, anAttackDigest, at } from '../builders/a-digest.ts';
import { read } from './read.ts';

it('the thread has what the message has no room for', () => {
  const { unusual, tunnel } = aBusyDigest();
  const digest = anAttackDigest({
    denials: anAttackDigest().denials.slice(0, 8),
    unusual: [...unusual, ...unusual],
    moreUnusual: 2,
    tunnel: { ...tunnel, outages: [...tunnel.outages, ...tunnel.outages] },
    ending: Array.from({ length: 7 }, (_, index) => ({
      person: { email: `guest${index}@partner.example` },
      endsAt: at(24 * (index + 1)),
    })),
    moreEnding: 3,
  });
  expect(read(digestDetails(digest))).toMatchInlineSnapshot(`
    "# More about Friday 20 November
    Worth a look:
    • ana.souza@lanternhealth.example at 2026-11-20 08:02 UTC, new country: Portugal. So far from Brazil and Switzerland.
    • olu.adeyemi@lanternhealth.example at 2026-11-20 10:20 UTC, new device (likely): “olu-framework”. It may be a known one that was enrolled again.
    And 2 more.
    Turned away:
    • a5@spray.example: 185 times, last at 2026-11-20 02:05 UTC. No policy lets this address in now
    • a6@spray.example: 184 times, last at 2026-11-20 02:06 UTC. No policy lets this address in now
    • a7@spray.example: 183 times, last at 2026-11-20 02:07 UTC. No policy lets this address in now
    And 6,240 more.
    Most traffic, by destination:
    • 10.20.0.5:443: 3.1 GB, 1,500 connections
    • 10.20.0.9:5432: 400 MB, 200 connections
    • 10.20.0.12:22: 92 MB, 90 connections
    • 10.20.0.7:8000: 18 MB, 50 connections
    Most traffic, by device:
    • ana-macbook (ana.souza@lanternhealth.example): 1.8 GB
    • ben-thinkpad (ben.okoro@lanternhealth.example): 640 MB
    More outages:
    • lantern-ocs from 2026-11-20 18:40 UTC until 2026-11-20 18:46 UTC
    Open requests:
    • REQ-0147: Give Noor Patel access to Open Chat Studio
    More access that ends in the next 7 days:
    • guest5@partner.example: 2026-11-25 22:59 UTC
    • guest6@partner.example: 2026-11-26 22:59 UTC
    And 3 more.
    (Cloudflare’s log gives no reasons: they follow from the account as it is now. “Likely” means: not for certain.
    So many addresses tried that their number is an estimate, and each may have tried more often than is said here.
    To check the audit log against this message: npx ocs-access audit verify --head 1204:5f2c9a1e5f2c9a1e5f2c9a1e5f2c9a1e5f2c9a1e5f2c9a1e5f2c9a1e5f2c9a1e)"
  `);
});

it('the thread of a day with nothing more says so', () => {
  const network = { sessions: 0, sent: 0, received: 0, destinations: [], devices: [], problem: 'No such data.' };
  expect(read(digestDetails(aDigest({ network, head: { seq: 0, hash: '' } })))).toMatchInlineSnapshot(`
    "# More about Friday 20 November
    There is nothing more to tell.
    (The network log could not be read: No such data.)"
  `);
});

it('everybody is in one of the two, and in one only', () => {
  const digest = anAttackDigest();
  const [message, details] = [digestMessage(digest).text, digestDetails(digest).text];
  for (const { email } of digest.denials.slice(0, 12)) {
    expect(
      [message, details].filter((text) => text.includes(`${email}:`)),
      email,
    ).toHaveLength(1);
  }
});
