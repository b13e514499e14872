import { describe, expect, it } from 'vitest';
import { EmailAddress, isSamePerson, nameOf } from '../../src/core/person.ts';

describe('an e-mail address', () => {
  it.each([
    [' Ana@Lantern.example ', 'ana@lantern.example'],
    ['ana+ocs@lantern.example', 'ana+ocs@lantern.example'],
  ])('%j is kept as %s', (typed, kept) => {
    expect(EmailAddress.parse(typed)).toBe(kept);
  });

  it.each([
    '',
    'ana',
    'ana@',
    '@lantern.example',
    'ana@lantern',
    'ana lantern@x.example',
    `${'a'.repeat(260)}@x.example`,
  ])('%j is refused', (typed) => {
    expect(EmailAddress.safeParse(typed).success).toBe(false);
  });

  it('is refused with the valid form', () => {
    expect(EmailAddress.safeParse('ana').error?.issues[0]?.message).toMatchInlineSnapshot(
      `"That is not an e-mail address. The valid form is name@organisation.org."`,
    );
  });
});

describe('two people', () => {
  it.each([
    ['the same by Slack', { slackId: 'U1', email: 'a@x.example' }, { slackId: 'U1', email: 'b@x.example' }, true],
    ['the same by address', { email: 'A@x.example' }, { slackId: 'U1', email: 'a@X.example' }, true],
    [
      'the same by address in two accounts',
      { slackId: 'U1', email: 'a@x.example' },
      { slackId: 'U2', email: 'a@x.example' },
      true,
    ],
    ['others', { slackId: 'U1', email: 'a@x.example' }, { slackId: 'U2', email: 'b@x.example' }, false],
    ['unknown both', {}, {}, false],
    ['known by different things', { slackId: 'U1' }, { email: 'a@x.example' }, false],
  ])('are %s', (_what, one, other, same) => {
    expect(isSamePerson(one, other)).toBe(same);
    expect(isSamePerson(other, one)).toBe(same);
  });

  it('are called by name, else by address', () => {
    expect([nameOf({ name: 'Ana', email: 'a@x.example' }), nameOf({ email: 'a@x.example' }), nameOf({})]).toEqual([
      'Ana',
      'a@x.example',
      'somebody',
    ]);
  });
});
