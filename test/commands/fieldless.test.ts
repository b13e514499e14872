import { describe, expect, it } from 'vitest';
import { submitConfirmation } from '../../src/commands/confirm.ts';
import { openForm } from '../../src/commands/open-form.ts';
import { slash } from '../../src/commands/slash.ts';
import { TransientError, UserError } from '../../src/core/errors.ts';
import type { Action } from '../../src/core/action.ts';
import { readConfirmMetadata } from '../../src/slack/confirm-view.ts';
import { aCall, aDesk } from '../builders/a-desk.ts';
import { aStep, BEN, CARA, DINA } from '../builders/a-request.ts';
import { aRestart } from '../builders/quick-actions.ts';
import { readView } from '../slack/read.ts';

/** Somebody types the command; what they see, and what they see when they press the button. */
async function types(who: typeof BEN, action: Action = aRestart(), words = 'engine restart', house = houseOf(action)) {
  const { call, views } = aCall(who, words);
  await slash(house.desk, call);
  const view = views.at(-1);
  if (view === undefined) throw new Error('nothing was shown');
  const presses = async (seen = view) => {
    const answer = await submitConfirmation(house.desk, call, readConfirmMetadata(seen.private_metadata ?? ''));
    if (answer.response_action !== 'update' || answer.view.type !== 'modal') throw new Error(JSON.stringify(answer));
    return answer.view;
  };
  return { ...house, call, view, presses };
}

async function redisIsDown(): Promise<never> {
  throw new TransientError('Redis does not answer.', { code: 'store-down' });
}

function houseOf(action: Action) {
  return aDesk({ actions: [action] });
}

describe('an action without fields', () => {
  it('shows an approver the plan at once, to be confirmed', async () => {
    const { view, store } = await types(CARA);
    expect(readView(view)).toMatchInlineSnapshot(`
      "== Restart the engine ==
      Restart the engine?
      ⚠️ Warning: Everybody is cut off for a moment.
      What will be done
      1. Restart the engine: it is away for seconds
      (Nothing has been done yet. It needs nobody’s approval and begins when you press the button.)
      [Restart now] [Cancel]"
    `);
    expect(await store.unfinished()).toEqual([]);
  });

  it('starts when the button is pressed, once', async () => {
    const { presses, store } = await types(CARA);
    expect(readView(await presses())).toMatchInlineSnapshot(`
      "== Sent ==
      REQ-0001 is on its way.
      Restart the engine.
      It needs no approval and starts now. Follow it in the direct message that I send you.
      [Close]"
    `);
    await presses();
    expect(await store.unfinished()).toMatchObject([{ status: 'approved', action: 'engine-restart', reason: '' }]);
  });

  it('tells anybody else that an approver decides', async () => {
    const { view, presses, store } = await types(BEN);
    expect(readView(view)).toContain(
      '(Nothing has been done yet. An approver decides: it begins when they have said yes.)',
    );
    expect(readView(view)).toContain('[Ask for approval] [Cancel]');
    expect(await store.unfinished()).toEqual([]);
    expect(readView(await presses())).toContain('The approvers see it now.');
    expect(await store.unfinished()).toMatchObject([{ status: 'pending', approvalsNeeded: 1 }]);
  });

  it('takes what was typed after the command as the reason', async () => {
    const { presses, store } = await types(CARA, aRestart(), 'Engine   RESTART it   hangs since noon');
    await presses();
    expect(await store.unfinished()).toMatchObject([{ reason: 'it hangs since noon' }]);
  });

  it('says so, and not that something broke, while somebody else’s runs', async () => {
    const first = await types(DINA);
    await first.presses();
    const { view } = await types(CARA, aRestart(), 'engine restart', first);
    expect(readView(view)).toMatchInlineSnapshot(`
      "== Already under way ==
      REQ-0001, asked by Dina Haddad, does the same right now. Wait until it is over.
      [Close]"
    `);
  });

  it('says the same to whoever presses second', async () => {
    const action = aRestart();
    const house = houseOf(action);
    const [one, other] = [
      await types(DINA, action, 'engine restart', house),
      await types(CARA, action, 'engine restart', house),
    ];
    await one.presses();
    expect(readView(await other.presses())).toContain('== Already under way ==\nREQ-0001, asked by Dina Haddad');
    expect(await house.store.unfinished()).toHaveLength(1);
  });

  it('shows what to type instead where it can’t be planned', async () => {
    const { view } = await types(
      CARA,
      aRestart({
        plan: () => {
          throw new UserError('I can’t reach Docker. Type `docker restart engine` on the server.', {
            code: 'no-server',
          });
        },
      }),
    );
    expect(readView(view)).toMatchInlineSnapshot(`
      "== That did not work ==
      ⚠️ I can’t reach Docker. Type docker restart engine on the server.
      [Close]"
    `);
    expect(JSON.stringify(view.blocks)).toContain('"text":"docker restart engine","style":{"code":true}');
  });

  it('shows the plan again if it changed meanwhile, also where an approver decides', async () => {
    let says = 'Restart the engine';
    const action = aRestart({ plan: () => ({ stages: [[aStep({ says })]], warnings: [] }) });
    const { presses, store } = await types(BEN, action);
    says = 'Restart both engines';
    const again = await presses();
    expect(readView(again)).toMatch(/Something changed.*\n.*\n.*\n.*Restart both engines/);
    expect(readView(again)).toContain('[Ask for approval]');
    expect(await store.unfinished()).toEqual([]);
    await presses(again);
    expect(await store.unfinished()).toHaveLength(1);
  });

  it('asks to type the command again if it was read a day ago', async () => {
    const { presses, clock } = await types(CARA);
    clock.advance(25 * 60 * 60 * 1000);
    expect(readView(await presses())).toMatchInlineSnapshot(`
      "== That did not work ==
      ⚠️ You read this plan too long ago. Type /ocs-access engine restart once more and read what it would do now.
      [Close]"
    `);
  });

  it('says so while nothing can be stored', async () => {
    const house = houseOf(aRestart());
    const { call, views } = aCall(CARA, 'engine restart');
    await slash({ ...house.desk, store: { ...house.desk.store, keep: redisIsDown } }, call);
    expect(views.map(readView).at(-1)).toContain('I can’t take requests right now.');
  });

  it('is asked with what the message gives that its button stands on', async () => {
    const action = aRestart({ from: ({ id }) => ({ values: {}, fixed: { reason: `After ${id}` } }) });
    const house = houseOf(action);
    const first = await types(CARA, action, 'engine restart', house);
    await first.presses();
    const [request] = await house.store.unfinished();
    if (request === undefined) throw new Error('nothing was asked');
    await house.store.commit({ request: { ...request, status: 'done' }, audit: [], effects: [] });
    const { call, views } = aCall(CARA);
    await openForm(house.desk, action, call, { ticket: `${request.id}.` });
    const view = views.at(-1);
    await submitConfirmation(house.desk, call, readConfirmMetadata(view?.private_metadata ?? ''));
    expect(await house.store.unfinished()).toMatchObject([{ reason: 'After REQ-0001' }]);
  });
});
