import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { stateOf } from '../../sandbox/slack/form-state.ts';
import { objectsOf } from '../../sandbox/slack/json.ts';
import { textField, type FormValues } from '../../src/core/fields.ts';
import { Platform } from '../../src/core/serial.ts';
import { doneView, formView, loadingView, problemView, workingView } from '../../src/slack/form-view.ts';
import { ids } from '../../src/slack/ids.ts';
import { blockOfField, readForm, readMetadata } from '../../src/slack/read-form.ts';
import { anAction } from '../builders/an-action.ts';
import { aRequest } from '../builders/a-request.ts';
import { readView } from './read.ts';

const action = anAction();
const draftId = 'draft-1';

/** What Slack would send for a form that is sent as it was opened. */
function sent(values: FormValues, only?: readonly string[]): unknown {
  const view = formView({ action, values, draftId, ...(only === undefined ? {} : { only }) });
  return stateOf(objectsOf(JSON.parse(JSON.stringify(view.blocks))));
}

function inputBlocks(only?: readonly string[]): (string | undefined)[] {
  const view = formView({ action, values: {}, draftId, ...(only === undefined ? {} : { only }) });
  return view.blocks.filter(({ type }) => type === 'input').map((block) => block.block_id);
}

describe('the form', () => {
  it('is read off the input of the action', () => {
    expect(readView(formView({ action, values: {}, draftId }))).toMatchInlineSnapshot(`
      "== Add a colleague ==
      Who gets access?
      One of these two is enough.
      Pick them in Slack (optional): <Choose a colleague>
      …or type their e-mail, if they are not in Slack (optional): <name@organisation.org>
        Their sign-in code goes to this address.
      Their device
      Type its serial number, or let them type it.
      What does their computer run? (optional): <macOS, Windows or Linux>
      Choose above, and this place says where the serial number is found.
      Its serial number (optional): <empty>
        Usually 7 to 14 letters and digits. Capitals don’t matter.
      …or let them type it (optional): <empty>
      Why?: <empty>
        The approver and, months later, an auditor read this.
      [Ask for approval] [Cancel]"
    `);
  });

  it.each(Platform.options)('says how to find the serial number on %s', (platform) => {
    const view = formView({ action, values: { device: { platform } }, draftId });
    const how = view.blocks.find((block) => block.block_id === 'device.how');

    expect(JSON.stringify(how)).toContain(
      {
        macos: 'About This Mac',
        windows: '`(Get-CimInstance Win32_BIOS).SerialNumber`',
        linux: '`sudo dmidecode -s system-serial-number`',
      }[platform],
    );
    expect(readView(view)).toContain(`Find it on`);
  });

  it('gives every field a block id and an action id of the same, stable name', () => {
    const before = formView({ action, values: {}, draftId });
    const after = formView({
      action,
      values: { device: { platform: 'linux' }, reason: 'x' },
      draftId,
      notice: 'Look.',
    });
    const namesOf = (view: typeof before) =>
      view.blocks.flatMap((block) =>
        'element' in block ? [[block.block_id, 'action_id' in block.element ? block.element.action_id : '']] : [],
      );

    expect(namesOf(before)).toEqual(
      ['person.slackId', 'person.email', 'device.platform', 'device.serial', 'device.ask', 'reason'].map((id) => [
        id,
        id,
      ]),
    );
    expect(namesOf(after)).toEqual(namesOf(before));
  });

  it('tells us at once which system was picked', () => {
    const pick = formView({ action, values: {}, draftId }).blocks.find(
      ({ block_id }) => block_id === 'device.platform',
    );

    expect(pick).toMatchObject({ dispatch_action: true });
  });

  it('carries nothing but the draft and the action', () => {
    const view = formView({ action, values: {}, draftId });

    expect(view.callback_id).toBe(ids.formSubmit);
    expect(readMetadata(view.private_metadata ?? '')).toEqual({ draftId, action: 'add' });
  });

  it('asks a colleague for their device alone, with nobody else to ask', () => {
    const view = formView({ action, values: {}, draftId: 'REQ-0142', only: ['device'] });

    expect(readView(view)).toMatchInlineSnapshot(`
      "== Your device ==
      What does your computer run?: <macOS, Windows or Linux>
      Choose above, and this place says where the serial number is found.
      Its serial number: <empty>
        Usually 7 to 14 letters and digits. Capitals don’t matter.
      [Send] [Cancel]"
    `);
    expect(view.callback_id).toBe(ids.inviteSubmit);
  });

  it('puts a sentence above the fields', () => {
    const view = formView({ action, values: {}, draftId, notice: 'There is nobody who can approve.' });

    expect(readView(view)).toContain('== Add a colleague ==\n⚠️ There is nobody who can approve.');
  });

  it('carries how things are, which stands above the fields', () => {
    const intro = [
      { label: 'App session', value: '8 h', detail: 'After that people need a new code.' },
      { label: 'WARP session', value: '24 h' },
    ];
    const view = formView({ action, values: {}, draftId, intro });

    expect(readView(view)).toContain(
      '(How it is now:)\nApp session: 8 h\nAfter that people need a new code.\nWARP session: 24 h\n---\nWho gets access?',
    );
    expect(readMetadata(view.private_metadata ?? '')).toEqual({ draftId, action: 'add', intro });
  });

  it('says below a field what is wrong with it, with a button for what would do', () => {
    const offer = { id: 'offer-1', label: 'Take it anyway' };
    const view = formView({
      action,
      values: {},
      draftId,
      refused: [
        { field: 'device', says: 'It is registered already.', offer },
        { field: 'gone', says: 'Look at `status`.' },
      ],
    });

    expect(readView(view)).toMatch(
      /let them type it \(optional\): <empty>\n⚠️ It is registered already\.\n\[Take it anyway\]\nWhy\?[^]*\n⚠️ Look at status\.\n\[Ask/,
    );
    expect(JSON.stringify(view.blocks)).toContain(`"action_id":"${ids.offer}","value":"${draftId}"`);
    expect(readMetadata(view.private_metadata ?? '').offer).toBe('offer-1');
  });

  it('keeps a title within what Slack shows', () => {
    const view = formView({ action: anAction({ title: 'Give a new colleague access' }), values: {}, draftId });

    expect(readView(view)).toContain('== Give a new colleague ac… ==');
  });
});

describe('reading the form', () => {
  it('gives back what was typed', () => {
    const values: FormValues = {
      person: { slackId: 'U05ANA00001', email: 'ana@lantern.example' },
      device: { platform: 'windows', serial: 'AB 12 CD', ask: true },
      reason: 'New in the team',
    };

    expect(readForm(action, sent(values))).toEqual(values);
  });

  it('gives back whatever was typed', () => {
    const word = fc.string({ minLength: 1, maxLength: 100 }).filter((text) => /^\S+$/.test(text));
    fc.assert(
      fc.property(
        word,
        word,
        fc.option(fc.constantFrom(...Platform.options), { nil: undefined }),
        (serial, reason, platform) => {
          const device = { serial, ...(platform === undefined ? {} : { platform }) };
          expect(readForm(action, sent({ device, reason }))).toMatchObject({ device, reason });
        },
      ),
    );
  });

  it('takes an empty form for nothing', () => {
    expect(readForm(action, sent({}))).toEqual({});
  });

  it('takes blanks for nothing', () => {
    expect(readForm(action, { reason: { reason: { type: 'plain_text_input', value: '  \n ' } } })).toEqual({});
  });

  it('refuses what is not the state of a form', () => {
    expect(() => readForm(action, 'nonsense')).toThrow(z.ZodError);
    expect(() => readMetadata('{"draftId":1}')).toThrow(z.ZodError);
  });

  it('ignores a system that does not exist', () => {
    const state = { 'device.platform': { 'device.platform': { selected_option: { value: 'beos' } } } };

    expect(readForm(action, state)).toEqual({});
  });
});

describe('the place of an error', () => {
  it.each([
    ['person', 'person.email'],
    ['person.slackId', 'person.slackId'],
    ['person.email', 'person.email'],
    ['device', 'device.serial'],
    ['device.serial', 'device.serial'],
    ['device.platform', 'device.platform'],
    ['device.ask', 'device.ask'],
    ['reason', 'reason'],
    ['nonsense', 'reason'],
  ])('%s is shown at %s', (field, block) => {
    expect(blockOfField(action, field)).toBe(block);
  });

  it('takes the path of a zod issue', () => {
    expect(blockOfField(action, ['device', 'kind'])).toBe('device.serial');
    expect(blockOfField(action, ['person', 'name'])).toBe('person.email');
    expect(blockOfField(action, [])).toBe('reason');
  });

  it('is always an input of the form that is open', () => {
    const paths = ['person', 'person.slackId', 'device', 'device.ask', 'device.platform', 'reason', '', 'x.y'];
    for (const only of [undefined, ['device']]) {
      for (const path of paths) expect(inputBlocks(only)).toContain(blockOfField(action, path, only));
    }
  });

  it('can be any field of an action of text alone', () => {
    const input = z.object({ note: textField({ label: 'Note' }) });
    const noting = { ...action, input };

    expect(blockOfField(noting, 'note')).toBe('note');
    expect(blockOfField(noting, 'device')).toBe('note');
  });
});

describe('the views around the form', () => {
  it('say that it has begun, what comes next, and what to do when it fails', () => {
    expect(readView(loadingView('Add a colleague'))).toMatchInlineSnapshot(`
      "== Add a colleague ==
      One moment…
      [Close]"
    `);
    expect(readView(workingView())).toMatchInlineSnapshot(`
      "== One moment ==
      Looking at your account and preparing the request. This takes a few seconds.
      [Close]"
    `);
    expect(readView(doneView(aRequest()))).toMatchInlineSnapshot(`
      "== Sent ==
      REQ-0142 is on its way.
      Give Ana Souza access with a macOS device, serial C02XK0AZJG5J.
      The approvers see it now. You get a direct message when they have decided, and can withdraw it there.
      [Close]"
    `);
    expect(readView(problemView('I can’t take requests right now. Please try again in a minute.')))
      .toMatchInlineSnapshot(`
      "== That did not work ==
      ⚠️ I can’t take requests right now. Please try again in a minute.
      [Close]"
    `);
  });

  it('do not warn of a fault when the rules keep somebody out', () => {
    expect(readView(problemView('Guests of this workspace can’t use ocs-access.', 'not-allowed')))
      .toMatchInlineSnapshot(`
      "== You can’t use this ==
      Guests of this workspace can’t use ocs-access.
      [Close]"
    `);
  });

  it('say that it waits for a colleague', () => {
    expect(readView(doneView(aRequest({ status: 'waiting' })))).toContain('I have asked your colleague');
  });
});
