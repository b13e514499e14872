import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { whoamiMessage, type Whoami } from '../../src/slack/whoami-message.ts';
import { ANA, aRequest, ASKED_AT } from '../builders/a-request.ts';
import { expectWithinLimits, read } from './read.ts';

const nothing: Whoami = {
  email: ANA.email,
  access: undefined,
  needsDevice: false,
  endsAt: undefined,
  devices: undefined,
  lastSignIn: undefined,
  signIn: undefined,
  requests: undefined,
  gaps: [],
};

it('does not claim what it does not know', () => {
  expect(read(whoamiMessage(nothing))).toMatchInlineSnapshot(`
    "# ⚠️ Your access could not be read
    You are ana.souza@lanternhealth.example.
    (No sign-in code? Type /ocs-access otp.)"
  `);
});

it('counts what it does not show', () => {
  const device = { name: 'laptop', owner: { email: ANA.email }, others: [] };
  const many = whoamiMessage({
    ...nothing,
    devices: Array.from({ length: 12 }, () => ({ device, lastSeenAt: undefined })),
    requests: Array.from({ length: 7 }, () => aRequest()),
  });
  expect(read(many)).toContain('• and 2 more');
  expect(read(many)).toContain('And 2 more: /ocs-access requests lists what is open.');
});

const text = fc.oneof(
  fc.constantFrom('', ' ', '\u202E', '<!here>', '&'.repeat(4000), 'x'.repeat(9000)),
  fc.string({ unit: 'grapheme', maxLength: 3000 }),
);

it('stays within what Slack takes, whatever devices are called', () => {
  fc.assert(
    fc.property(text, fc.constantFrom(0, 1, 40), fc.constantFrom('yes', 'no', 'unknown'), (word, count, verdict) => {
      const device = { id: 'device-1', name: word, serial: word, owner: { email: ANA.email }, others: [] };
      const many = <T>(one: T): T[] => Array.from({ length: count }, () => one);
      const message = whoamiMessage({
        email: ANA.email,
        access: { verdict, says: word },
        needsDevice: true,
        endsAt: ASKED_AT,
        devices: many({ device, lastSeenAt: ASKED_AT }),
        lastSignIn: ASKED_AT,
        signIn: { by: 'code', ms: 1, networkMs: 1e12 },
        requests: many(aRequest({ says: word })),
        gaps: many(word),
      });
      expectWithinLimits(message);
    }),
  );
});
