import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { stateOf } from '../../sandbox/slack/form-state.ts';
import { objectsOf } from '../../sandbox/slack/json.ts';
import { defineAction } from '../../src/core/action.ts';
import {
  choiceField,
  durationField,
  endField,
  enrolledDeviceField,
  insiderField,
  peopleField,
  tickField,
  type FormValues,
} from '../../src/core/fields.ts';
import { formView } from '../../src/slack/form-view.ts';
import { switchForm } from '../../src/slack/ids.ts';
import { blockOfField, readForm } from '../../src/slack/read-form.ts';
import { anAction } from '../builders/an-action.ts';
import { expectViewWithinLimits, readView } from './read.ts';

const everything = z.object({
  person: insiderField({ label: 'Whose access?' }),
  device: enrolledDeviceField({ label: 'Which device?' }),
  people: peopleField({ label: 'Who?', withSerials: true }),
  scope: choiceField(['everything', 'devices'], {
    label: 'How much?',
    options: [
      { value: 'everything', text: 'Everything' },
      { value: 'devices', text: 'Devices only', description: 'They may enrol another one.' },
    ],
  }),
  lost: tickField({ label: 'The old one', options: [{ value: 'yes', text: 'It is lost' }] }),
  until: endField({ label: 'Until when?' }).optional(),
  session: durationField({ label: 'How long?', word: 'session' }).optional(),
});

const action = defineAction({
  ...anAction(),
  id: 'revoke',
  title: 'Revoke access',
  input: everything,
  confirms: true,
  approvals: () => 0,
  describe: () => '',
  beneficiaries: () => [],
  about: () => [],
  missing: () => undefined,
  scope: () => ({}),
  first: () => undefined,
  plan: () => ({ stages: [], warnings: [] }),
});

const draftId = 'draft-1';

/** What Slack would send for a form that is sent as it was opened. */
function sent(values: FormValues) {
  return stateOf(objectsOf(JSON.parse(JSON.stringify(formView({ action, values, draftId }).blocks))));
}

describe('the fields of a form', () => {
  it('read as a person sees them', () => {
    expect(readView(formView({ action, values: {}, draftId }))).toMatchInlineSnapshot(`
      "== Revoke access ==
      Whose access?
      One of these two is enough. If you fill in both, what you typed counts.
      Find them among those who have access (optional): <Type a part of the name or address>
      …or type their e-mail (optional): <name@organisation.org>
      Which device?: <Choose a device>
        Yours are listed at once. For somebody else’s type a part of its name, its serial number or its owner.
      Who?
      Paste a list, or choose a file. One of the two.
      The list, one person a line (optional): <ana@organisation.org, C02XK0AZJG5J, macos>
        Each line: ana@organisation.org, C02XK0AZJG5J, macos
      …or a CSV file (optional): <empty>
        For more than fits above. The same columns, with or without a line of headings: email, serial, platform.
      How much?: Everything
      The old one (optional): <empty>
      Until when?
      A day or a duration, or neither for no end.
      Last day (optional): <Choose a day>
      …or for how long (optional): <30d>
        30d for 30 days, 2w for 2 weeks, 3m for 3 months.
      How long? (optional): <empty>
      [Next] [Cancel]"
    `);
  });

  it('give back what was in them', () => {
    const values: FormValues = {
      person: { email: 'ana.souza@lanternhealth.example' },
      device: { id: 'device:0a1b', label: 'ana-laptop · macOS · …K0AZ' },
      people: { text: 'ana@lantern.example, C02XK0AZJG5J\nben@lantern.example, PF3XYZ12' },
      scope: 'devices',
      lost: true,
      until: { date: '2026-12-24', duration: '30d' },
      session: '8 hours',
    };

    expect(readForm(action, sent(values))).toEqual(values);
  });

  it('start with the first choice, and nothing else', () => {
    expect(readForm(action, sent({}))).toEqual({ scope: 'everything', lost: false });
  });

  it('take the address that was typed before the one that was picked, as the form says', () => {
    const state = sent({ person: { email: 'ana@lantern.example' } });
    state['person.email'] = { 'person.email': { type: 'email_text_input', value: 'ben@lantern.example' } };

    expect(readForm(action, state)).toMatchObject({ person: { email: 'ben@lantern.example' } });
  });

  it('keep an address that is too long to be picked', () => {
    const email = `${'a'.repeat(60)}@lanternhealth.example`;

    expect(readForm(action, sent({ person: { email } }))).toMatchObject({ person: { email } });
    expectViewWithinLimits(formView({ action, values: { person: { email } }, draftId }));
  });

  it('give the file that was chosen', () => {
    const state = sent({});
    state['people.file'] = { 'people.file': { type: 'file_input', files: [{ id: 'F05LIST0001' }] } };

    expect(readForm(action, state)).toMatchObject({ people: { fileId: 'F05LIST0001' } });
  });

  it.each([
    ['person.pick', 'person.pick'],
    ['person.email', 'person.email'],
    ['device', 'device.pick'],
    ['people.file', 'people.file'],
    ['people.text', 'people.text'],
    ['people', 'people.text'],
    ['until.date', 'until.date'],
    ['until.duration', 'until.duration'],
    ['scope', 'scope'],
    ['session', 'session'],
  ])('show an error about %s at %s', (path, block) => {
    const inputs = formView({ action, values: {}, draftId }).blocks.filter(({ type }) => type === 'input');

    expect(blockOfField(action, path)).toBe(block);
    expect(inputs.map(({ block_id }) => block_id)).toContain(block);
  });

  it('survive values of another kind', () => {
    const values: FormValues = {
      person: 'x',
      device: true,
      people: '',
      scope: 'gone',
      lost: 'x',
      until: { date: 'soon' },
      session: { slackId: 'x' },
    };

    expectViewWithinLimits(formView({ action, values, draftId }));
    expect(readForm(action, sent(values))).toMatchObject({ scope: 'everything', lost: false });
  });
});

describe('a form with a variant', () => {
  const many = anAction({ id: 'add-many', title: 'Add several colleagues', variantOf: 'add' });

  it('offers it on top, and the way back', () => {
    const one = formView({ action: anAction(), values: {}, draftId, variants: [many] });
    const several = formView({ action: many, values: {}, draftId, variants: [anAction()] });

    expect(readView(one)).toContain('== Add a colleague ==\nSeveral people at once?  [Paste a list]');
    expect(readView(several)).toContain('Only one person?  [Back]');
    expect(JSON.stringify(one.blocks)).toContain(`"action_id":"${switchForm('add-many')}"`);
    expect(JSON.stringify(several.blocks)).toContain(`"action_id":"${switchForm('add')}"`);
  });

  it('does not offer it to a colleague who types what is missing', () => {
    const view = formView({ action: anAction(), values: {}, draftId, only: ['device'], variants: [many] });

    expect(readView(view)).not.toContain('Paste a list');
  });
});

describe('the button of a form', () => {
  it.each([
    [anAction(), 'Ask for approval'],
    [anAction({ confirms: true }), 'Next'],
    [anAction({ submit: 'Cut it off now', confirms: true }), 'Cut it off now'],
  ])('says what it does: %#', (given, words) => {
    expect(formView({ action: given, values: {}, draftId }).submit?.text).toBe(words);
  });
});
