import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkView } from '../../sandbox/slack/check-view.ts';
import { add } from '../../src/actions/add.ts';
import { extend } from '../../src/actions/extend.ts';
import { lost } from '../../src/actions/lost.ts';
import { revoke } from '../../src/actions/revoke.ts';
import { readWords } from '../../src/commands/read-words.ts';
import { formView } from '../../src/slack/form-view.ts';
import { aLengthChange } from '../builders/quick-actions.ts';

describe('the words after the command become the first values of the form', () => {
  it.each([
    ['nothing', '', {}],
    ['a mention', '<@U05ANA00001|ana>', { person: { slackId: 'U05ANA00001' } }],
    ['an address', 'Sam@Partner.example', { person: { email: 'sam@partner.example' } }],
    [
      'an address that Slack made a link of',
      '<mailto:sam@partner.example|sam@partner.example>',
      { person: { email: 'sam@partner.example' } },
    ],
    [
      'a person and a serial',
      '<@U05ANA00001> c02xk0azjg5j',
      { person: { slackId: 'U05ANA00001' }, device: { serial: 'C02XK0AZJG5J' } },
    ],
    [
      'the serial first',
      'c02xk0azjg5j <@U05ANA00001>',
      { person: { slackId: 'U05ANA00001' }, device: { serial: 'C02XK0AZJG5J' } },
    ],
    [
      'everything',
      '<@U05ANA00001>   c02xk0azjg5j starts  on Monday',
      { person: { slackId: 'U05ANA00001' }, device: { serial: 'C02XK0AZJG5J' }, reason: 'starts on Monday' },
    ],
    [
      'a second person, who is left in the reason',
      '<@U05ANA00001> X1Y2Z3 for <@U05BEN00001>',
      { person: { slackId: 'U05ANA00001' }, device: { serial: 'X1Y2Z3' }, reason: 'for <@U05BEN00001>' },
    ],
    ['a name typed by hand, which is no identity', '@ana', { device: { serial: '@ANA' } }],
    [
      'a last day',
      '<@U05ANA00001> c02xk0azjg5j until 2026-12-24',
      { person: { slackId: 'U05ANA00001' }, device: { serial: 'C02XK0AZJG5J' }, until: { date: '2026-12-24' } },
    ],
    [
      'a duration, and why',
      'sam@partner.example X1Y2Z3 for 30d audits the books',
      {
        person: { email: 'sam@partner.example' },
        device: { serial: 'X1Y2Z3' },
        until: { duration: '30d' },
        reason: 'audits the books',
      },
    ],
    ['what could be a duration, and is a serial number here', '365d', { device: { serial: '365D' } }],
    ['a “for” that belongs to the reason', 'X1Y2Z3 for Monday', { device: { serial: 'X1Y2Z3' }, reason: 'for Monday' }],
  ])('%s', (_what, words, values) => {
    expect(readWords(add, words)).toEqual(values);
  });

  it.each([
    [
      'whom to revoke',
      revoke,
      '<@U05ANA00001> left the team',
      { person: { slackId: 'U05ANA00001' }, reason: 'left the team' },
    ],
    [
      'whom to extend, and for how long',
      extend,
      'ana@lantern.example 30d',
      { person: { email: 'ana@lantern.example' }, until: { duration: '30d' } },
    ],
    [
      'whom to extend, and until when',
      extend,
      '2026-12-24 <@U05ANA00001>',
      { person: { slackId: 'U05ANA00001' }, until: { date: '2026-12-24' } },
    ],
    ['what happened to a device', lost, 'stolen from the car', { reason: 'stolen from the car' }],
    ['nothing', lost, '', {}],
  ])('%s', (_what, action, words, values) => {
    expect(readWords(action, words)).toEqual(values);
  });

  it.each([
    ['one after another', 'app 12h warp 24h network 24h', { app: '12h', warpSignIn: '24h', warpNetwork: '24h' }],
    ['and why', 'app 12h because audits run long', { app: '12h', reason: 'because audits run long' }],
    ['in any order, in capitals', 'Network 24H APP 12H', { app: '12H', warpNetwork: '24H' }],
    [
      'in words',
      'app 12 hours warp 1 day 2 hours for now',
      { app: '12 hours', warpSignIn: '1 day 2 hours', reason: 'for now' },
    ],
    ['in minutes', 'app 480m', { app: '480m' }],
    ['as hours, without a unit', 'app 12 warp 24 for now', { app: '12', warpSignIn: '24', reason: 'for now' }],
    [
      'with a sign in between',
      'app=12h warp = 24h network: 24h',
      { app: '12h', warpSignIn: '24h', warpNetwork: '24h' },
    ],
    ['by the key', 'warpNetwork 24h', { warpNetwork: '24h' }],
    ['by the key, in parts', 'warp network 24h warp sign-in 30h', { warpNetwork: '24h', warpSignIn: '30h' }],
    ['what is no length, for the form to say so', 'app 12x warp -3h', { app: '12x', warpSignIn: '-3h' }],
    ['the same name twice', 'app 12h app 14h', { app: '12h', reason: 'app 14h' }],
    ['a name without a length', 'app is slow', { reason: 'app is slow' }],
    ['a length in the reason', 'it took app 12h', { reason: 'it took app 12h' }],
    ['a word that only begins like a name', 'apple 12h', { reason: 'apple 12h' }],
    ['nothing', '', {}],
  ])('lengths of time by their names: %s', (_what, words, values) => {
    expect(readWords(aLengthChange(), words)).toEqual(values);
  });

  it('leaves the words of other actions alone', () => {
    expect(readWords(lost, 'app 12h')).toEqual({ reason: 'app 12h' });
  });

  it('whatever is typed, the form stays within what Slack takes', () => {
    const rubbish = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 4000 }),
      fc.string({ unit: 'grapheme', maxLength: 600 }),
      fc.emailAddress(),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(add, aLengthChange()),
        fc.array(fc.oneof(rubbish, fc.constantFrom('app', 'warp', '=', '12h')), { maxLength: 4 }),
        (action, words) => {
          const view = formView({ action, values: readWords(action, words.join(' ')), draftId: 'draft' });
          expect(checkView(view)).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  });
});
