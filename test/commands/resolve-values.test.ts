import { describe, expect, it } from 'vitest';
import { addMany } from '../../src/actions/add-many.ts';
import { add } from '../../src/actions/add.ts';
import { lost } from '../../src/actions/lost.ts';
import { replace } from '../../src/actions/replace.ts';
import { revokeMany } from '../../src/actions/revoke-many.ts';
import { revoke } from '../../src/actions/revoke.ts';
import { checkValues, resolveValues } from '../../src/commands/resolve-values.ts';
import type { Action } from '../../src/core/action.ts';
import { TransientError, UserError } from '../../src/core/errors.ts';
import type { FormValues } from '../../src/core/fields.ts';
import type { Known } from '../../src/slack/read-user.ts';
import { aDesk, aDirectory, TEAM, type DeskOptions } from '../builders/a-desk.ts';
import { ANA, BEN } from '../builders/a-request.ts';
import { aDevice, anItem, aRegistration, aSerialList, aSnapshot, aUser } from '../builders/a-snapshot.ts';

const FILLED: FormValues = {
  person: { slackId: ANA.slackId },
  device: { serial: 'C02XK0AZJG5J' },
  reason: 'Joins on Monday',
};
const SLACK_IS_DOWN = new TransientError('Slack does not answer.', { code: 'slack-down' });

function resolve(action: Action, values: FormValues, options: DeskOptions = {}, actor = BEN) {
  return resolveValues(aDesk(options).desk, action, values, actor);
}

function check(action: Action, values: FormValues, only?: readonly string[]) {
  return checkValues(aDesk().desk, action, values, only);
}

describe('who is meant', () => {
  it('is the person who was picked, with the address that Slack knows, in lower case', async () => {
    const directory = aDirectory([{ ...ANA, email: 'Ana.Souza@lanternhealth.example' }]);
    const input = await resolve(add, FILLED, { directory });
    expect(input['person']).toEqual(ANA);
  });

  it('is found in Slack by a typed address', async () => {
    const input = await resolve(add, { ...FILLED, person: { email: ANA.email } });
    expect(input['person']).toEqual(ANA);
  });

  it('is somebody outside Slack if nobody there has the address', async () => {
    const input = await resolve(add, { ...FILLED, person: { email: 'sam@partner.example' } });
    expect(input['person']).toEqual({ email: 'sam@partner.example' });
  });

  it.each([{ slackId: ANA.slackId }, { email: ANA.email }])(
    'is treated like somebody outside Slack if they are a guest, whom the bot does not write to',
    async (person) => {
      const directory = aDirectory([{ ...ANA, standing: 'guest' }]);
      const input = await resolve(add, { ...FILLED, person }, { directory });
      expect(input['person']).toEqual({ email: ANA.email, name: ANA.name });
    },
  );

  it.each([
    ['a bot', { ...ANA, standing: 'bot' as const }, 'Ana Souza is a bot. Pick a person.'],
    [
      'somebody deactivated',
      { ...ANA, standing: 'deactivated' as const },
      'Ana Souza’s Slack account is deactivated. Pick somebody else.',
    ],
    [
      'somebody whose address Slack does not show',
      { slackId: ANA.slackId, name: ANA.name },
      'Slack shows no e-mail address for Ana Souza. Type their address below instead.',
    ],
  ])('is not %s', async (_who, colleague, says) => {
    const refused = resolve(add, FILLED, { directory: aDirectory([colleague]) });
    await expect(refused).rejects.toThrow(UserError);
    await expect(refused).rejects.toMatchObject({ message: says, field: 'person.slackId' });
  });
});

describe('whose access is meant', () => {
  const leaver = { person: { email: ANA.email }, scope: 'everything', reason: 'Left the team' };

  it('is known by the address, with the name that Slack has', async () => {
    expect((await resolve(revoke, leaver))['person']).toEqual(ANA);
  });

  it('is known to Cloudflare if they have left Slack', async () => {
    const { desk } = aDesk({ directory: aDirectory([]), snapshot: aSnapshot({ users: [aUser()] }) });
    await desk.offers.insiders(BEN.slackId);
    const input = await resolveValues(desk, revoke, leaver, BEN);
    expect(input['person']).toEqual({ email: ANA.email, name: 'Ana Souza' });
  });

  it('does not wait for Slack', async () => {
    const directory = { ...aDirectory(), byEmail: () => Promise.reject(SLACK_IS_DOWN) };
    expect((await resolve(revoke, leaver, { directory }))['person']).toEqual({ email: ANA.email });
  });

  it('is everything unless somebody chooses less', async () => {
    const { scope: _scope, ...rest } = leaver;
    expect(await resolve(revoke, rest)).toMatchObject({ scope: 'everything' });
    expect(await resolve(revoke, { ...leaver, scope: 'devices' })).toMatchObject({ scope: 'devices' });
  });

  it('has to be said', () => {
    expect(check(revoke, { reason: 'Left the team' })).toEqual({
      'person.pick': 'Choose somebody from the list, or type their e-mail address below.',
    });
    expect(check(revoke, { ...leaver, person: { email: 'ana' } })).toEqual({
      'person.email': 'That is not an e-mail address. The valid form is name@organisation.org.',
    });
  });
});

describe('which device is meant', () => {
  const snapshot = aSnapshot({ devices: [aDevice()], users: [aUser()] });
  const picked: FormValues = { device: { id: 'device:device-1', label: 'Ana’s MacBook · macOS · …JG5J' } };

  it('is the one that was offered, as it was offered', async () => {
    const { desk, account } = aDesk({ snapshot });
    const { own } = await desk.offers.devices(ANA.slackId, ANA.email);
    await desk.offers.remember(ANA.slackId, own);
    const before = account.calls.length;

    const input = await resolveValues(desk, lost, picked, { ...ANA, teamId: TEAM });

    expect(input).toEqual({ device: { ...own[0], owner: ANA } });
    expect(account.calls.slice(before)).toEqual([]);
  });

  it('is asked for again if it was offered too long ago, or to somebody else', async () => {
    const input = await resolve(lost, picked, { snapshot });
    expect(input['device']).toMatchObject({ id: 'device-1', serial: 'C02XK0AZJG5J', owner: ANA, others: [] });
  });

  it('is told to be gone if it is', async () => {
    await expect(resolve(lost, picked)).rejects.toMatchObject({
      message:
        '“Ana’s MacBook · macOS · …JG5J” was removed meanwhile: Cloudflare knows it no more. Choose another device.',
      field: 'device',
    });
  });

  it('is the connected one where only a serial number was registered when it was offered', async () => {
    const bySerial: FormValues = { device: { id: 'serial:C02XK0AZJG5J', label: '…JG5J' } };
    expect((await resolve(lost, bySerial, { snapshot }))['device']).toMatchObject({ id: 'device-1' });
  });

  it('is known by its serial number alone if it was never connected', async () => {
    const entry = anItem('C02XK0AZJG5J', `Ana Souza <${ANA.email}>`);
    const registered = aSnapshot({
      posture: { ruleId: 'posture-serials', name: 'Known laptops', list: aSerialList([entry]) },
    });
    const bySerial: FormValues = { device: { id: 'serial:C02XK0AZJG5J', label: '…JG5J' } };
    expect((await resolve(lost, bySerial, { snapshot: registered }))['device']).toEqual({
      name: 'C02XK0AZJG5J',
      serial: 'C02XK0AZJG5J',
      owner: ANA,
      others: [],
    });
  });

  it('is cut off also while Slack can’t say who owns it', async () => {
    const directory = { ...aDirectory(), byEmail: () => Promise.reject(SLACK_IS_DOWN) };
    const input = await resolve(lost, picked, { snapshot, directory });
    expect(input['device']).toMatchObject({ owner: { email: ANA.email } });
  });

  it('belongs to whoever uses it now', async () => {
    const bens = aDevice({ registrations: [aRegistration({ email: 'ben.okafor@lanternhealth.example' })] });
    const input = await resolve(lost, picked, { snapshot: aSnapshot({ devices: [bens] }) });
    expect(input['device']).toMatchObject({ owner: { slackId: BEN.slackId, name: BEN.name } });
  });
});

function known(slackId: string, standing: Known['member']['standing'] = 'member'): Known {
  return {
    member: { slackId, teamId: TEAM, standing },
    actor: { slackId, teamId: TEAM, name: `Person ${slackId}` },
  };
}

describe('several people', () => {
  const LIST = 'ana.souza@lanternhealth.example, C02XK0AZJG5J, macos\nsam@partner.example, 5CG0917SAM';
  const pasted: FormValues = { people: { text: LIST }, reason: 'The new team' };
  const many = Array.from({ length: 30 }, (_, index) => `person-${index}@lanternhealth.example`);

  it('are those of a pasted list, each with the line, the serial number and who they are in Slack', async () => {
    expect(await resolve(addMany, pasted)).toEqual({
      people: [
        { line: 1, person: ANA, serial: 'C02XK0AZJG5J', platform: 'macos' },
        { line: 2, person: { email: 'sam@partner.example' }, serial: '5CG0917SAM' },
      ],
      reason: 'The new team',
    });
  });

  it('are those of a file', async () => {
    const files = new Map([['F1', `email\n${ANA.email}`]]);
    const readFile = async (id: string) => files.get(id) ?? '';
    const input = await resolve(revokeMany, { people: { fileId: 'F1' }, reason: 'They left' }, { readFile });
    expect(input['people']).toEqual([{ line: 2, person: ANA }]);
  });

  it('are found with one look at all of Slack if there are many', async () => {
    const asked: ReadonlySet<string>[] = [];
    const readMembers = async (emails: ReadonlySet<string>) => {
      asked.push(emails);
      return new Map([
        [many[0] ?? '', known('U1')],
        [many[1] ?? '', known('U2', 'deactivated')],
      ]);
    };
    const directory = { ...aDirectory(), byEmail: () => Promise.reject(new Error('one by one')) };
    const values = { people: { text: many.join('\n') }, reason: 'They left' };

    const { people } = await resolve(revokeMany, values, { readMembers, directory });

    expect(asked).toEqual([new Set(many)]);
    expect(people).toHaveLength(30);
    expect(people).toMatchObject([
      { person: { email: many[0], name: 'Person U1', slackId: 'U1' } },
      { person: { email: many[1], name: 'Person U2' } },
      { person: { email: many[2] } },
      ...many.slice(3).map((email) => ({ person: { email } })),
    ]);
  });

  it('lose access also while Slack does not answer, but do not get it without being known', async () => {
    const readMembers = () => Promise.reject(SLACK_IS_DOWN);
    const values = { people: { text: many.join('\n') }, reason: 'The whole team' };
    expect((await resolve(revokeMany, values, { readMembers }))['people']).toHaveLength(30);
    await expect(resolve(addMany, values, { readMembers })).rejects.toBe(SLACK_IS_DOWN);
  });

  it.each([
    ['neither a list nor a file', {}, 'Paste a list here, or choose a file below.'],
    ['both', { text: LIST, fileId: 'F1' }, 'There is a list here and a file below. Use one of the two.'],
    [
      'a line that can’t be read',
      { text: 'ana@lantern.example\nfoo' },
      'Line 2: “foo” is not an e-mail address. The valid form of a line is: ana@organisation.org, C02XK0AZJG5J, macos',
    ],
    ['headings alone', { text: 'email, serial' }, 'The list is empty. Write one person a line.'],
    [
      'more than one request takes',
      { text: Array.from({ length: 501 }, (_, index) => `p${index}@lantern.example`).join('\n') },
      'One request takes at most 250 people. Split the list.',
    ],
  ])('are not %s', (_what, people, says) => {
    expect(check(addMany, { people, reason: 'The new team' })).toEqual({ 'people.text': says });
  });

  it.each([
    ['a line that can’t be read', async () => 'email\nfoo', /^Line 2: “foo” is not an e-mail address\./],
    ['nobody', async () => '', /^The list is empty/],
    [
      'something that is no text',
      () => Promise.reject(new UserError('That is not a text file.', { code: 'file-not-text' })),
      /^That is not a text file\.$/,
    ],
  ])('are not in a file with %s; that is told beside it', async (_what, readFile, says) => {
    const values = { people: { fileId: 'F1' }, reason: 'They left' };
    const refused = resolve(revokeMany, values, { readFile });
    await expect(refused).rejects.toMatchObject({ message: expect.stringMatching(says), field: 'people.file' });
  });
});

/** It is 2026-11-21, 12:00 in Berlin. */
describe('an end of access', () => {
  it.each([
    [{ date: '2026-12-24' }, '2026-12-24T22:59:59.999Z'],
    [{ date: '2026-11-21' }, '2026-11-21T22:59:59.999Z'],
    [{ duration: '30d' }, '2026-12-21T22:59:59.999Z'],
    [{ duration: '2 weeks' }, '2026-12-05T22:59:59.999Z'],
    [{ duration: '3m' }, '2027-02-21T22:59:59.999Z'],
    [{ duration: '1Y' }, '2027-11-21T22:59:59.999Z'],
  ])('%j is the end of that day where the operator is', async (value, end) => {
    const { until: at } = await resolve(add, { ...FILLED, until: value });
    expect(new Date(Number(at)).toISOString()).toBe(end);
  });

  it('is none if nothing was said', async () => {
    expect(await resolve(add, FILLED)).not.toHaveProperty('until');
  });

  it.each([
    [{ date: '2026-11-20' }, 'until.date', 'That day is over. Choose today or a later day.'],
    [{ date: '2031-11-22' }, 'until.date', 'That is more than 5 years away. Choose an earlier day.'],
    [{ duration: '9999y' }, 'until.duration', 'That is more than 5 years away. Choose an earlier day.'],
    [
      { duration: 'soon' },
      'until.duration',
      'That is not a duration. Type 30d for 30 days, 2w for 2 weeks, 3m for 3 months or 1y for a year.',
    ],
    [{ duration: '0d' }, 'until.duration', expect.stringMatching(/^That is not a duration\./)],
    [{ date: '2026-12-24', duration: '30d' }, 'until.duration', 'Choose a day or type a duration, not both.'],
  ])('is not %j', (value, block, says) => {
    expect(check(add, { ...FILLED, until: value })).toEqual({ [block]: says });
  });

  it('that was still to come when the form was sent, but is over now, is told beside the field', async () => {
    const { desk, clock } = aDesk();
    const values: FormValues = { ...FILLED, until: { date: '2026-11-21' } };
    expect(checkValues(desk, add, values)).toEqual({});
    clock.advance(24 * 60 * 60 * 1000);
    await expect(resolveValues(desk, add, values, BEN)).rejects.toMatchObject({ field: 'until.date' });
  });
});

describe('what is wrong at first sight', () => {
  it('is nothing in a form that is filled in', () => {
    expect(check(add, FILLED)).toEqual({});
  });

  it('is told for every field at once', () => {
    expect(check(add, { device: { serial: 'N/A' }, reason: 'x' })).toEqual({
      'person.slackId': expect.stringMatching(/Pick a colleague/),
      'device.serial': expect.stringMatching(/serial number/),
      reason: 'Write a few words: at least 3 characters.',
    });
  });

  it('is told only for the fields that are asked for', () => {
    expect(check(add, { device: { serial: '' } }, ['device'])).toEqual({
      'device.serial': 'Type the serial number of the device.',
    });
  });

  it('is a device that nobody chose; what happened may stay empty', () => {
    expect(check(lost, {})).toEqual({ 'device.pick': 'Choose a device.' });
    expect(check(lost, { device: { id: 'device:1', label: 'x' } })).toEqual({});
  });

  it('is the wish to have the owner of a new device asked', () => {
    const values: FormValues = { device: { id: 'device:1', label: 'x' }, serial: { ask: true }, reason: 'Broken' };
    expect(check(replace, values)).toEqual({ 'serial.ask': 'Type the serial number of the new device.' });
  });

  it.each(['ana', 'ana@', '@lantern.example', 'ana@lantern', 'a b@lantern.example'])('is the address “%s”', (email) => {
    expect(check(add, { ...FILLED, person: { email } })).toEqual({
      'person.email': 'That is not an e-mail address. The valid form is name@organisation.org.',
    });
  });
});
