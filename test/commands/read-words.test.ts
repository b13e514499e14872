import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkView } from '../../sandbox/slack/check-view.ts';
import { add } from '../../src/actions/add.ts';
import { extend } from '../../src/actions/extend.ts';
import { lost } from '../../src/actions/lost.ts';
import { revoke } from '../../src/actions/revoke.ts';
import { readWords } from '../../src/commands/read-words.ts';
import { formView } from '../../src/slack/form-view.ts';

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

  it('whatever is typed, the form stays within what Slack takes', () => {
    const rubbish = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 4000 }),
      fc.string({ unit: 'grapheme', maxLength: 600 }),
      fc.emailAddress(),
    );
    fc.assert(
      fc.property(fc.array(rubbish, { maxLength: 4 }), (words) => {
        const view = formView({ action: add, values: readWords(add, words.join(' ')), draftId: 'draft' });
        expect(checkView(view)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
