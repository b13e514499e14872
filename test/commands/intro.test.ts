import { afterEach, describe, expect, it, vi } from 'vitest';
import { openForm } from '../../src/commands/open-form.ts';
import { submitForm } from '../../src/commands/submit-form.ts';
import { asView } from '../../src/commands/submission.ts';
import type { Action } from '../../src/core/action.ts';
import { PermanentError, TransientError } from '../../src/core/errors.ts';
import type { Cloudflare } from '../../src/core/ports.ts';
import { readMetadata } from '../../src/slack/read-form.ts';
import { aCall, aDesk } from '../builders/a-desk.ts';
import { BEN, CARA } from '../builders/a-request.ts';
import { aLengthChange } from '../builders/quick-actions.ts';
import { expectViewWithinLimits, readView } from '../slack/read.ts';

async function opens(
  action: Action = aLengthChange(),
  { who = CARA, snapshot }: { who?: typeof BEN; snapshot?: Cloudflare['snapshot'] } = {},
) {
  const house = aDesk({ actions: [action], ...(snapshot === undefined ? {} : { cloudflare: { snapshot } }) });
  const called = aCall(who);
  await openForm(house.desk, action, called.call, { words: 'app 12h' });
  const view = called.views.at(-1);
  if (view === undefined) throw new Error('nothing was shown');
  return { ...house, ...called, action, view };
}

function fails(error: unknown): Cloudflare['snapshot'] {
  return async () => {
    throw error;
  };
}

afterEach(() => {
  vi.useRealTimers();
});

describe('how things are now', () => {
  it('stands above the fields', async () => {
    expect(readView((await opens()).view)).toMatchInlineSnapshot(`
      "== Change lengths ==
      (How it is now:)
      App: 8 h
      After that people need a new code.
      WARP: 24 h
      ---
      App (optional): 12h
      WARP sign-in (optional): <empty>
      WARP network (optional): <empty>
      Why?: <empty>
      [Ask for approval] [Cancel]"
    `);
  });

  it('stays when a field is refused and the modal was answered before', async () => {
    const { desk, call, action, view } = await opens();
    const { draftId, intro } = readMetadata(view.private_metadata ?? '');
    const form = {
      action,
      draftId,
      values: { app: 'soon', reason: 'More quiet' },
      ...(intro === undefined ? {} : { intro }),
    };
    const again = asView(await submitForm(desk, call, form), form, desk);
    expect(again.type === 'modal' && readView(again)).toMatch(
      /How it is now:[^]*App: 8 h[^]*That is not a length of time/,
    );
    expect(readMetadata(again.private_metadata ?? '').intro).toEqual(intro);
  });

  it('fits into what a form can carry, however much it is, and stays as it was shortened', async () => {
    const lines = Array.from({ length: 60 }, (_, index) => ({
      label: `Rule “${index}” ${'x'.repeat(200)}`,
      value: '"'.repeat(400),
      detail: '\\'.repeat(900),
    }));
    const { desk, action, view } = await opens(aLengthChange({ intro: { scope: {}, lines: () => lines } }));
    expectViewWithinLimits(view);
    const { draftId, intro = [] } = readMetadata(view.private_metadata ?? '');
    expect(intro.at(-1)).toEqual({ label: `And ${60 - intro.length + 1} more`, value: 'too many to be shown here' });
    const again = asView(
      { response_action: 'errors', errors: { app: 'No.' } },
      { action, values: {}, draftId, intro },
      desk,
    );
    expect(readMetadata(again.private_metadata ?? '').intro).toEqual(intro);
  });

  it.each([
    ['Cloudflare does not answer', new TransientError('Cloudflare does not answer.', { code: 'cloudflare-down' })],
    ['a permission is missing', new PermanentError('The token may not read Gateway rules.', { code: 'forbidden' })],
  ])('is left out, with a sentence, when %s', async (_what, error) => {
    const { view } = await opens(aLengthChange(), { snapshot: fails(error) });
    expect(readView(view)).toContain(
      `⚠️ ${error.message} So I can’t show how it is now. You can fill in the form all the same.`,
    );
    expect(readView(view)).toContain('12h');
  });

  it('is left out when reading it takes too long', async () => {
    vi.useFakeTimers();
    const opening = opens(aLengthChange(), { snapshot: () => new Promise(() => undefined) });
    await vi.advanceTimersByTimeAsync(4_000);
    expect(readView((await opening).view)).toContain('⚠️ Cloudflare takes too long to answer.');
  });

  it('is left out, and we are told, when it is our fault', async () => {
    const broken = aLengthChange({
      intro: {
        scope: {},
        lines: () => {
          throw new TypeError('x is undefined');
        },
      },
    });
    const { view, bugs } = await opens(broken);
    expect(bugs).toHaveLength(1);
    expect(readView(view)).toMatch(/Something broke in ocs-access\..* So I can’t show how it is now/);
  });

  it('is not read for somebody who may not use the form', async () => {
    const { view, account } = await opens(aLengthChange(), { who: BEN });
    expect(readView(view)).toContain('You can’t use this');
    expect(account.calls).toEqual([]);
  });

  it('makes no fuss if the form was closed before it arrived', async () => {
    const action = aLengthChange();
    const { desk, bugs } = aDesk({ actions: [action] });
    const { call, replies } = aCall(CARA);
    await openForm(desk, action, { ...call, update: async () => false }, { words: '' });
    expect(replies).toEqual([]);
    expect(bugs).toEqual([]);
  });
});
