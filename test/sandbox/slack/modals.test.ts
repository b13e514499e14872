import type { App, BlockAction, ViewClosedAction, ViewResponseAction, ViewSubmitAction } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import { afterEach, describe, expect, it } from 'vitest';
import type { Slack } from '../../../sandbox/slack/start-slack.ts';
import { asText, type JsonObject } from '../../../sandbox/slack/json.ts';
import { startBoth, type Running } from './bolt-app.ts';
import { call } from './raw-app.ts';

let running: Running | undefined;
afterEach(async () => {
  await running?.stop();
  running = undefined;
});

const plain = (text: string) => ({ type: 'plain_text' as const, text });

function form(title: string, more: Partial<ModalView> = {}): ModalView {
  return {
    type: 'modal',
    callback_id: 'form',
    title: plain(title),
    submit: plain('Go'),
    blocks: [
      {
        type: 'input',
        block_id: 'name',
        label: plain('Name'),
        element: { type: 'plain_text_input', action_id: 'text' },
      },
    ],
    ...more,
  };
}

const titles = (slack: Slack) =>
  slack
    .as('ana')
    .views()
    .map((view) => view.title);

/** A command that only hands out its trigger id. */
async function withTriggers(
  listen: (app: App) => void = () => {},
  now?: () => number,
): Promise<{ slack: Slack; trigger: () => Promise<string> }> {
  const triggers: string[] = [];
  running = await startBoth(
    'socket',
    (app) => {
      app.command('/ocs-access', async ({ ack, body }) => {
        triggers.push(body.trigger_id);
        await ack();
      });
      listen(app);
    },
    now === undefined ? {} : { now },
  );
  const { slack } = running;
  async function trigger(): Promise<string> {
    await slack.as('ana').types('/ocs-access');
    return triggers.at(-1) ?? '';
  }
  return { slack, trigger };
}

async function opened(slack: Slack, trigger: () => Promise<string>, view: ModalView): Promise<JsonObject> {
  const answer = await call(slack, 'views.open', { trigger_id: await trigger(), view });
  return answer['view'] as JsonObject;
}

describe('trigger ids', () => {
  it('open one modal, once', async () => {
    const { slack, trigger } = await withTriggers();
    const trigger_id = await trigger();

    expect(await call(slack, 'views.open', { trigger_id, view: form('One') })).toMatchObject({ ok: true });
    expect(await call(slack, 'views.open', { trigger_id, view: form('Two') })).toMatchObject({
      error: 'exchanged_trigger_id',
    });
    expect(
      slack
        .as('ana')
        .views()
        .map((view) => view.title),
    ).toEqual(['One']);
    expect(slack.takeFaultsSeen()).toEqual(['trigger id: exchanged_trigger_id']);
  });

  it('are good for three seconds', async () => {
    let time = 1_790_000_000_000;
    const { slack, trigger } = await withTriggers(undefined, () => time);
    const inTime = await trigger();
    time += 3000;
    expect(await call(slack, 'views.open', { trigger_id: inTime, view: form('One') })).toMatchObject({ ok: true });

    const late = await trigger();
    time += 3001;
    expect(await call(slack, 'views.open', { trigger_id: late, view: form('Two') })).toMatchObject({
      error: 'expired_trigger_id',
    });
    expect(await call(slack, 'views.open', { trigger_id: '1.2.x', view: form('Three') })).toMatchObject({
      error: 'invalid_trigger_id',
    });
  });

  it('of a command stack nothing', async () => {
    const { slack, trigger } = await withTriggers();

    expect(await call(slack, 'views.push', { trigger_id: await trigger(), view: form('One') })).toMatchObject({
      error: 'invalid_trigger_id',
    });
  });
});

describe('a modal', () => {
  it('is refused with the place of each mistake', async () => {
    const { slack, trigger } = await withTriggers();
    const answer = await call(slack, 'views.open', { trigger_id: await trigger(), view: form('x'.repeat(25)) });

    expect(answer).toMatchObject({
      error: 'invalid_arguments',
      response_metadata: {
        messages: ['[ERROR] must be less than 25 characters [json-pointer:/view/title/text]'],
      },
    });
    expect(slack.as('ana').view()).toBeUndefined();
  });

  it('keeps what was typed only where block id and action id stay', async () => {
    const { slack, trigger } = await withTriggers();
    const view = await opened(slack, trigger, form('One'));
    const ana = slack.as('ana');
    await ana.sets('Name', 'C02XK1ABCD');
    const update = (next: ModalView) => call(slack, 'views.update', { view_id: view['id'], view: next });

    await update(form('Two'));
    expect(ana.view()?.values).toEqual({ name: { text: { type: 'plain_text_input', value: 'C02XK1ABCD' } } });
    await update(
      form('Three', {
        blocks: [
          {
            type: 'input',
            block_id: 'name',
            label: plain('Name'),
            element: { type: 'plain_text_input', action_id: 'other' },
          },
        ],
      }),
    );
    expect(ana.view()?.values).toEqual({ name: { other: { type: 'plain_text_input', value: null } } });
  });

  it('loses what was typed when the app names nothing', async () => {
    const { slack, trigger } = await withTriggers();
    const unnamed = form('One', {
      blocks: [{ type: 'input', label: plain('Name'), element: { type: 'plain_text_input' } }],
    });
    const view = await opened(slack, trigger, unnamed);
    const ana = slack.as('ana');
    await ana.sets('Name', 'typed');
    await call(slack, 'views.update', { view_id: view['id'], view: unnamed });

    expect(ana.view() && slack.text(ana.view() ?? fail())).toContain('Name: <empty>');
  });

  it('is not updated from an old look at it, nor once it is closed', async () => {
    const { slack, trigger } = await withTriggers();
    const { id, hash } = await opened(slack, trigger, form('One'));
    const update = (more: object) => call(slack, 'views.update', { view_id: id, view: form('Two'), ...more });

    expect(await update({ hash })).toMatchObject({ ok: true });
    expect(await update({ hash })).toMatchObject({ error: 'hash_conflict' });
    await slack.as('ana').closes();
    expect(await update({})).toMatchObject({ error: 'not_found' });
  });

  it('has an external id that nobody else has', async () => {
    const { slack, trigger } = await withTriggers();
    await opened(slack, trigger, form('One', { external_id: 'mine' }));
    await slack.as('ana').closes();
    await opened(slack, trigger, form('Two', { external_id: 'mine' }));

    expect(
      await call(slack, 'views.publish', {
        user_id: 'U05BEN00001',
        view: { type: 'home', external_id: 'mine', blocks: [{ type: 'divider' }] },
      }),
    ).toMatchObject({ error: 'duplicate_external_id' });
    expect(await call(slack, 'views.update', { external_id: 'mine', view: form('Three') })).toMatchObject({ ok: true });
  });

  it('is not sent with a field empty or wrong', async () => {
    const seen: string[] = [];
    const { slack, trigger } = await withTriggers((app) =>
      app.view('form', async ({ ack }) => {
        seen.push('submitted');
        await ack();
      }),
    );
    await opened(
      slack,
      trigger,
      form('One', {
        blocks: [
          {
            type: 'input',
            block_id: 'mail',
            label: plain('E-mail'),
            element: { type: 'email_text_input', action_id: 'a' },
          },
          {
            type: 'input',
            block_id: 'why',
            label: plain('Why'),
            element: { type: 'plain_text_input', action_id: 'a', min_length: 5 },
          },
          {
            type: 'input',
            block_id: 'note',
            optional: true,
            label: plain('Note'),
            element: { type: 'plain_text_input', action_id: 'a' },
          },
        ],
      }),
    );
    const ana = slack.as('ana');
    await ana.sets('Why', 'well');

    expect(await ana.submits()).toMatchObject({
      sent: false,
      errors: { mail: 'Please complete this required field.', why: 'Please enter at least 5 characters.' },
    });
    expect(ana.view() && slack.text(ana.view() ?? fail())).toMatchInlineSnapshot(`
      "== One ==
      E-mail: <empty>
        ! Please complete this required field.
      Why: well
        ! Please enter at least 5 characters.
      Note (optional): <empty>
      [Go] [Cancel]"
    `);
    await ana.sets('E-mail', 'ana@lanternhealth.example');
    await ana.sets('Why', 'because');
    expect(await ana.submits()).toMatchObject({ acked: true, errors: undefined });
    expect(seen).toEqual(['submitted']);
  });
});

describe('the answer to a submission', () => {
  type Answer = ViewResponseAction | undefined;

  async function submitted(answer: Answer): Promise<{ slack: Slack; outcome: object }> {
    const { slack, trigger } = await withTriggers((app) =>
      app.view<ViewSubmitAction>('form', async ({ ack }) => (answer === undefined ? ack() : ack(answer))),
    );
    await opened(slack, trigger, form('One'));
    await slack.as('ana').sets('Name', 'x');
    return { slack, outcome: await slack.as('ana').submits() };
  }

  it.each<[string, Answer, string[]]>([
    ['empty closes it', undefined, []],
    ['clear closes all', { response_action: 'clear' }, []],
    ['update replaces it', { response_action: 'update', view: form('Two') }, ['Two']],
    ['push covers it', { response_action: 'push', view: form('Two') }, ['One', 'Two']],
  ])('%s', async (_, answer, left) => {
    const { slack, outcome } = await submitted(answer);

    expect(outcome).toMatchObject({ acked: true, shown: undefined });
    expect(titles(slack)).toEqual(left);
  });

  it.each<[string, Answer, string]>([
    [
      'errors for no block',
      { response_action: 'errors', errors: { nome: 'x' } },
      'errors for what is not an input block: nome',
    ],
    ['errors without any', { response_action: 'errors', errors: {} }, 'errors without an entry'],
    [
      'an update that Slack refuses',
      { response_action: 'update', view: form('x'.repeat(25)) },
      'must be less than 25 characters',
    ],
  ])('%s leaves the person with trouble', async (_, answer, fault) => {
    const { slack, outcome } = await submitted(answer);

    expect(outcome).toMatchObject({ shown: 'We had some trouble connecting. Try again?' });
    expect(titles(slack)).toEqual(['One']);
    expect(slack.takeFaultsSeen()).toEqual([expect.stringContaining(fault)]);
  });

  it('a button in it can push a second and a third, and no more', async () => {
    const answers: string[] = [];
    const withButton = form('Deep', {
      blocks: [{ type: 'actions', elements: [{ type: 'button', action_id: 'more', text: plain('More') }] }],
    });
    const { slack, trigger } = await withTriggers((app) =>
      app.action<BlockAction>('more', async ({ ack, body }) => {
        await ack();
        const answer = await call(slack, 'views.push', { trigger_id: body.trigger_id, view: withButton });
        answers.push(answer['ok'] === true ? 'pushed' : asText(answer['error']));
      }),
    );
    await opened(slack, trigger, withButton);
    for (let presses = 1; presses <= 3; presses += 1) {
      await slack.as('ana').clicks('modal', 'More');
      await slack.until(() => answers.length === presses, { what: 'the push' });
    }

    expect(answers).toEqual(['pushed', 'pushed', 'push_limit_reached']);
  });

  it('stacks three and no fourth', async () => {
    const { slack, trigger } = await withTriggers((app) =>
      app.view('form', async ({ ack }) => ack({ response_action: 'push', view: form('Next') })),
    );
    const ana = slack.as('ana');
    await opened(slack, trigger, form('One'));
    for (let depth = 1; depth <= 3; depth += 1) {
      await ana.sets('Name', 'x');
      await ana.submits();
    }

    expect(titles(slack)).toEqual(['One', 'Next', 'Next']);
    expect(slack.takeFaultsSeen()).toEqual(['view_submission form: a fourth modal']);
  });
});

describe('closing', () => {
  it('tells the app only where it asked to be told', async () => {
    const closed: object[] = [];
    const { slack, trigger } = await withTriggers((app) =>
      app.view<ViewClosedAction>({ callback_id: 'form', type: 'view_closed' }, async ({ ack, body }) => {
        closed.push({ title: body.view.title.text, is_cleared: body.is_cleared });
        await ack();
      }),
    );
    const ana = slack.as('ana');

    await opened(slack, trigger, form('Quiet'));
    expect(await ana.closes()).toMatchObject({ sent: false });
    await opened(slack, trigger, form('Loud', { notify_on_close: true }));
    expect(await ana.closes()).toMatchObject({ acked: true });
    await opened(slack, trigger, form('All', { notify_on_close: true }));
    await ana.closes({ all: true });

    expect(closed).toEqual([
      { title: 'Loud', is_cleared: false },
      { title: 'All', is_cleared: true },
    ]);
  });
});

describe('the Home tab', () => {
  it('is guarded by its hash and takes no modal', async () => {
    const { slack } = await withTriggers();
    const publish = (more: object) =>
      call(slack, 'views.publish', {
        user_id: 'U05ANA00001',
        view: { type: 'home', blocks: [{ type: 'divider' }] },
        ...more,
      });
    const first = await publish({});
    const { hash } = first['view'] as JsonObject;

    expect(await publish({ hash })).toMatchObject({ ok: true });
    expect(await publish({ hash })).toMatchObject({ error: 'hash_conflict' });
    expect(await publish({ view: form('Modal') })).toMatchObject({ error: 'invalid_arguments' });
    expect(await publish({ user_id: 'U05FAY00001' })).toMatchObject({ error: 'invalid_arguments' });
  });
});

function fail(): never {
  throw new Error('no view');
}
