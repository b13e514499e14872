import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Digest } from '../../src/core/digest/digest.ts';
import { looksOf } from '../../src/slack/deliver-message.ts';
import { digestDetails } from '../../src/slack/digest-details.ts';
import { digestMessage } from '../../src/slack/digest-message.ts';
import { aDigest, at } from '../builders/a-digest.ts';
import { expectWithinLimits } from './read.ts';

/** Nothing, blanks, odd characters, endless words, and what Slack would interpret. */
const text = fc.oneof(
  fc.constantFrom('', ' ', '\n', '\u202E', '\u0000', '<!here>', '*x* `y` ~z~', '&'.repeat(4000), 'x'.repeat(9000)),
  fc.string({ unit: 'binary', maxLength: 60 }),
);
const basis = fc.constantFrom('fact' as const, 'inference' as const);
const count = fc.constantFrom(0, 1, 31, 1_000_000_000_000);
const moment = fc.integer({ min: 1e9, max: 4e12 });

function many<T>(one: fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  return fc.tuple(one, fc.constantFrom(0, 1, 12, 70)).map(([each, length]) => Array.from({ length }, () => each));
}

const digest: fc.Arbitrary<Digest> = fc
  .record({
    denials: many(fc.record({ email: text, count, reason: text, basis, lastAt: moment })),
    revoked: many(
      fc.record({
        email: text,
        count,
        letIn: count,
        requestId: text,
        because: fc.constant('lost' as const),
        lastAt: moment,
      }),
    ),
    unusual: many(
      fc.record({
        kind: fc.constantFrom('first-country' as const, 'first-device' as const, 'impossible-travel' as const),
        email: text,
        says: text,
        basis,
        at: moment,
      }),
    ),
    counts: count,
    words: text,
    outages: many(fc.record({ name: text, from: moment, to: moment })),
    open: many(fc.record({ id: text, says: text })),
    destinations: many(fc.record({ name: text, sessions: count, bytes: count })),
    devices: many(fc.record({ name: text, email: text, bytes: count })),
    gaps: many(fc.record({ from: moment, to: moment, why: text })),
    ending: many(fc.record({ person: fc.record({ email: text, name: text }), endsAt: moment })),
  })
  .map(({ counts, words, outages, open, destinations, devices, ...rest }) =>
    aDigest({
      ...rest,
      timeZone: words,
      day: words,
      moreDenials: counts,
      moreRevoked: counts,
      moreUnusual: counts,
      moreEnding: counts,
      access: {
        signIns: counts,
        denied: counts,
        people: counts,
        devices: counts,
        before: { signIns: 0.1, denied: counts, people: counts, devices: counts },
        hours: Array.from({ length: 25 }, () => ({ label: '09:00', signIns: counts, denied: counts })),
        problem: words,
      },
      network: { sessions: counts, sent: counts, received: counts, destinations, devices, problem: words },
      tunnel: { down: counts, outages },
      bot: { asked: counts, done: counts, denied: counts, failed: counts, open, moreOpen: counts },
      dropped: { rows: counts, upTo: 0 },
      head: { seq: counts, hash: words },
    }),
  );

describe('whatever a day brings', () => {
  it('the digest and its thread are within Slack’s limits, in each of their looks', () => {
    fc.assert(
      fc.property(digest, (given) => {
        for (const message of [digestMessage(given), digestDetails(given)]) {
          for (const look of looksOf(message)) expectWithinLimits(look);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('a thousand people are, too', () => {
    const email = '&'.repeat(200);
    const person = { email, count: 1, letIn: 1, reason: email, basis: 'inference' as const, lastAt: at(9) };
    const thousand = Array.from({ length: 1000 }, () => person);
    const unusual = thousand.map(() => ({ ...person, kind: 'first-country' as const, says: email, at: at(9) }));
    const { access } = aDigest();
    const given = aDigest({ access: { ...access, denied: 1000 }, denials: thousand, revoked: thousand, unusual });
    for (const message of [digestMessage(given), digestDetails(given)]) {
      for (const look of looksOf(message)) expectWithinLimits(look);
    }
    expect(digestMessage(given).text).toContain('1,000');
  });

  it('an address is shown as it is, and mentions nobody', () => {
    const email = '<!channel> & <https://x.example|ana>@x.example';
    const given = aDigest({
      access: { ...aDigest().access, denied: 3 },
      denials: [{ email, count: 3, reason: 'No policy lets this address in now', basis: 'fact', lastAt: at(9) }],
    });
    for (const look of looksOf(digestMessage(given))) {
      expect(look.text).not.toContain('<!channel>');
      expect(look.text).toContain('&lt;!channel&gt; &amp; &lt;https://x.example|ana&gt;@x.example');
    }
    const mrkdwn = JSON.stringify(looksOf(digestMessage(given))).match(/"type":"mrkdwn","text":"[^"]*/g);
    expect(mrkdwn?.join(' ')).not.toContain('<!channel>');
  });
});
