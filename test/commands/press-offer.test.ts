import type { ModalView } from '@slack/types';
import { describe, expect, it } from 'vitest';
import { submitConfirmation } from '../../src/commands/confirm.ts';
import { pressOffer } from '../../src/commands/press-offer.ts';
import { submitForm } from '../../src/commands/submit-form.ts';
import { TransientError } from '../../src/core/errors.ts';
import type { FormValues } from '../../src/core/fields.ts';
import { readConfirmMetadata } from '../../src/slack/confirm-view.ts';
import { readMetadata } from '../../src/slack/read-form.ts';
import { aCall, aDesk } from '../builders/a-desk.ts';
import { BEN, CARA, DINA } from '../builders/a-request.ts';
import { aLengthChange } from '../builders/quick-actions.ts';
import { readView } from '../slack/read.ts';

const VALUES: FormValues = { app: '30h', reason: 'More quiet at night' };
const intro = [{ label: 'App', value: '8 h' }];

async function redisIsDown(): Promise<never> {
  throw new TransientError('Redis does not answer.', { code: 'store-down' });
}

/** Cara sends a form that is refused with an offer. */
async function refused(action = aLengthChange(), values = VALUES) {
  const house = aDesk({ actions: [action] });
  const { call, views, replies } = aCall(CARA);
  const form = { action, values, draftId: 'draft-1', intro };
  const answer = await submitForm(house.desk, call, form);
  if (answer.response_action !== 'update' || answer.view.type !== 'modal') throw new Error(JSON.stringify(answer));
  const { view } = answer;
  const last = (): ModalView => views.at(-1) ?? view;
  /** The button of the form that is seen, with what stands in it now. */
  const presses = async (
    now: FormValues = values,
    {
      seen = last(),
      by = call,
      desk = house.desk,
    }: { seen?: ModalView; by?: typeof call; desk?: typeof house.desk } = {},
  ) => {
    const { offer: offerId = 'none' } = readMetadata(seen.private_metadata ?? '');
    await pressOffer(desk, by, { viewId: 'V1', offerId, form: { ...form, values: now } });
  };
  return { ...house, call, form, view, views, replies, last, presses };
}

describe('a refusal that offers what would be taken', () => {
  it('stands below the field that it is about, with a button, and what was typed is there', async () => {
    const { view } = await refused();
    expect(readView(view)).toMatchInlineSnapshot(`
      "== Change lengths ==
      (How it is now:)
      App: 8 h
      ---
      App (optional): 30h
      WARP sign-in (optional): <empty>
      ⚠️ The warpSignIn has to be at least 30h. Type 30h.
      [Raise it to 30h]
      WARP network (optional): <empty>
      Why?: More quiet at night
      [Ask for approval] [Cancel]"
    `);
    expect(JSON.stringify(view.blocks)).toContain('"action_id":"offer","value":"draft-1"');
    expect(view.private_metadata).not.toContain('30h');
  });

  it('sends the form with it, over what stands in the form now, and so on until it is taken', async () => {
    const { presses, last, store } = await refused();
    await presses({ ...VALUES, reason: 'Less quiet' });
    expect(readView(last())).toContain('WARP sign-in (optional): 30h');
    expect(readView(last())).toContain('⚠️ The warpNetwork has to be at least 30h. Type 30h.\n[Raise it to 30h]');
    expect(readView(last())).toContain('App: 8 h');
    expect(await store.unfinished()).toEqual([]);

    await presses({ ...VALUES, warpSignIn: '30h', reason: 'Less quiet' });
    expect(readView(last())).toContain('REQ-0001 is on its way');
    expect(await store.unfinished()).toMatchObject([
      { status: 'pending', input: { warpSignIn: 108_000_000, warpNetwork: 108_000_000, reason: 'Less quiet' } },
    ]);
  });

  it('says to wait meanwhile', async () => {
    const { presses, views } = await refused();
    await presses();
    expect(views.map(({ title }) => title.text)).toEqual(['One moment', 'Change lengths']);
  });

  it('is taken once, however often the button is pressed', async () => {
    const { view, presses, last, views, store } = await refused(aLengthChange(), { ...VALUES, warpNetwork: '48h' });
    await Promise.all([presses(), presses(), presses()]);
    await presses(undefined, { seen: view });
    expect(readView(last())).toContain('REQ-0001 is on its way');
    expect(views).toHaveLength(2);
    expect(await store.unfinished()).toHaveLength(1);
  });

  it('does not take the next offer for a press that came late', async () => {
    const { view, presses, views, last } = await refused();
    await presses();
    const shown = views.length;
    await presses(undefined, { seen: view });
    expect(views).toHaveLength(shown);
    expect(readView(last())).toContain('The warpNetwork has to be');
  });

  it('marks below its field what else is wrong now', async () => {
    const { presses, last } = await refused();
    await presses({ ...VALUES, reason: '' });
    expect(readView(last())).toMatch(/Why\?: <empty>\n⚠️ Write a few words/);
  });

  it('says in the form that it is too old after a day', async () => {
    const { clock, presses, last, store } = await refused();
    clock.advance(25 * 60 * 60 * 1000);
    await presses();
    expect(readView(last())).toContain(
      '⚠️ This button is too old: I no longer know its values. Type them yourself and send the form.',
    );
    expect(readView(last())).toContain('30h');
    expect(await store.unfinished()).toEqual([]);
  });

  it('is nobody else’s to press, and stays for whoever it was made for', async () => {
    const { view, presses, last, store } = await refused(aLengthChange(), { ...VALUES, warpNetwork: '48h' });
    const { call: by, views } = aCall(DINA);
    await presses(undefined, { seen: view, by });
    expect(views.map(readView).at(-1)).toContain('This button is too old');
    expect(await store.unfinished()).toEqual([]);
    await presses();
    expect(readView(last())).toContain('REQ-0001 is on its way');
  });

  it('says in the form that nothing can be stored; sent again, it has the button again', async () => {
    const { desk, call, form, presses, last, store } = await refused(aLengthChange(), {
      ...VALUES,
      warpNetwork: '48h',
    });
    await presses(undefined, { desk: { ...desk, store: { ...desk.store, claim: redisIsDown } } });
    expect(readView(last())).toContain('⚠️ I can’t take requests right now.');
    expect(readView(last())).toContain('30h');
    const again = await submitForm(desk, call, form);
    if (again.response_action !== 'update' || again.view.type !== 'modal') throw new Error(JSON.stringify(again));
    await presses(undefined, { seen: again.view });
    expect(await store.unfinished()).toHaveLength(1);
  });

  it('is a plain refusal of the field where it can’t be kept', async () => {
    const action = aLengthChange();
    const { desk, store } = aDesk({ actions: [action] });
    const keep: typeof store.keep = async (key, value, ttlMs) => {
      return key.startsWith('offer:') ? redisIsDown() : store.keep(key, value, ttlMs);
    };
    const form = { action, values: VALUES, draftId: 'draft-1' };
    expect(await submitForm({ ...desk, store: { ...store, keep } }, aCall(CARA).call, form)).toEqual({
      response_action: 'errors',
      errors: { warpSignIn: 'The warpSignIn has to be at least 30h. Type `30h`.' },
    });
  });

  it('tells whoever has closed the form that nothing came of it', async () => {
    const { call, presses, replies } = await refused();
    await presses(undefined, { by: { ...call, update: async () => false } });
    expect(replies.map(({ text }) => text)).toEqual([
      'The form that you closed could not be sent. What you typed is kept for an hour: open the form again and you see why.',
    ]);
  });

  it('is sent although Slack could not show that it is being sent', async () => {
    const { call, presses, store } = await refused(aLengthChange(), { ...VALUES, warpNetwork: '48h' });
    let isFirst = true;
    const update: typeof call.update = async (...given) => {
      if (isFirst) {
        isFirst = false;
        throw new TransientError('Slack does not answer.', { code: 'slack-down' });
      }
      return call.update(...given);
    };
    await presses(undefined, { by: { ...call, update } });
    expect(await store.unfinished()).toHaveLength(1);
  });

  it('leads to the plan where that is confirmed first, and comes up there too', async () => {
    let isLater = false;
    const easy = aLengthChange();
    const action = aLengthChange({
      confirms: true,
      approvals: () => 0,
      plan: (input, snapshot, facts) =>
        easy.plan(isLater ? { ...input, app: 200 * 3_600_000 } : input, snapshot, facts),
    });
    const { desk, call, presses, last, store } = await refused(action, { ...VALUES, warpNetwork: '48h' });
    await presses();
    expect(last().callback_id).toBe('confirm-submit');

    isLater = true;
    const answer = await submitConfirmation(desk, call, readConfirmMetadata(last().private_metadata ?? ''));
    const view = answer.response_action === 'update' && answer.view.type === 'modal' ? readView(answer.view) : '';
    expect(view).toContain('⚠️ The warpSignIn has to be at least 200h. Type 200h.\n[Raise it to 200h]');
    expect(view).toContain('App: 8 h');
    expect(await store.unfinished()).toEqual([]);
  });
});

it('an error at a field without an offer marks the field', async () => {
  const action = aLengthChange();
  const { desk } = aDesk({ actions: [action] });
  const form = { action, values: { app: 'soon', reason: 'x' }, draftId: 'draft-1' };
  expect(await submitForm(desk, aCall(BEN).call, form)).toMatchObject({
    response_action: 'errors',
    errors: { app: expect.stringMatching(/not a length of time/), reason: expect.stringMatching(/few words/) },
  });
});
