import type { App, BlockAction, ButtonAction, GlobalShortcut } from '@slack/bolt';
import { ids, PLATFORM_PICKED, SUGGESTED, SWITCH_FORM } from '../slack/ids.ts';
import { refusal } from '../slack/refusal.ts';
import type { Call } from './call.ts';
import { callOfCommand, callOfPress, callOfShortcut } from './call-of.ts';
import type { Desk } from './desk.ts';
import { explain } from './explain.ts';
import { openHome } from './home.ts';
import { identify } from './identify.ts';
import { listenToForms } from './listen-to-forms.ts';
import { openForm } from './open-form.ts';
import { pressOf } from './presses.ts';
import { pressOffer } from './press-offer.ts';
import { offerIn, redraw, switchForm } from './redraw.ts';
import { slash } from './slash.ts';
import { suggest } from './suggest.ts';

/** Slack delivers an envelope again within minutes, if at all. */
const REDELIVERY_MS = 15 * 60 * 1000;

/** The whole map from Slack to handlers. Commands and presses come acknowledged (`slack/acknowledge-first.ts`). */
export function listen(app: App, desk: Desk): void {
  app.command('/ocs-access', async ({ command, client, respond }) => {
    const call = callOfCommand(command, client, respond);
    await answered(desk, call, `command:${command.trigger_id}`, () => slash(desk, call));
  });

  app.shortcut<GlobalShortcut>(
    { callback_id: ids.lostShortcut, type: 'shortcut' },
    async ({ ack, shortcut, client }) => {
      await ack();
      const lost = desk.actions.find(({ id }) => id === 'lost');
      if (lost === undefined) return;
      const call = callOfShortcut(shortcut, client);
      await answered(desk, call, `shortcut:${shortcut.trigger_id}`, () => openForm(desk, lost, call, { words: '' }));
    },
  );

  // One listener for all of them: Bolt tries each listener on each payload before the first one runs.
  app.action<BlockAction<ButtonAction>>(/./, async ({ body, action, client, respond }) => {
    if (PLATFORM_PICKED.test(action.action_id)) return redraw(desk, body, client);
    const call = callOfPress(body, action.value ?? '', client, respond);
    if (action.action_id === ids.offer) return offerPressed(desk, call, body);
    const wanted = SWITCH_FORM.exec(action.action_id)?.[1];
    const press = pressOf(desk, action.action_id);
    await answered(desk, call, pressKey(body, action), async () => {
      if (wanted === undefined) return press?.(desk, call);
      await identify(desk, call);
      await switchForm(desk, body, client, wanted);
    });
  });

  app.options(SUGGESTED, async ({ ack, body }) => ack(await suggest(desk, body)));

  listenToForms(app, desk);

  app.event('app_home_opened', async ({ event, body }) => {
    const isNew = event.tab === 'home' && (await desk.store.claim(`event:${body.event_id}`, REDELIVERY_MS));
    if (isNew) await openHome(desk, { userId: event.user, teamId: body.team_id });
  });
  app.event('subteam_members_changed', async () => desk.forgetPeople());
  app.event('user_change', async ({ event }) => desk.forgetPeople(event.user.id));
}

/** Runs a handler once for each delivery and tells the person when it fails. */
async function answered(desk: Desk, call: Call, key: string, work: () => Promise<void>): Promise<void> {
  await told(desk, call, async () => {
    if (await desk.store.claim(key, REDELIVERY_MS)) await work();
  });
}

async function told(desk: Desk, call: Call, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    await call.reply(refusal(explain(error, desk)));
  }
}

/** An offer is taken once by itself, and answers in its form even while nothing can be stored. */
async function offerPressed(desk: Desk, call: Call, body: BlockAction): Promise<void> {
  const pressed = offerIn(desk, body);
  if (pressed !== undefined) await told(desk, call, () => pressOffer(desk, call, pressed));
}

function pressKey(body: BlockAction, action: ButtonAction): string {
  const place = body.container['message_ts'] ?? body.container['view_id'] ?? 'nowhere';
  return `press:${body.user.id}:${String(place)}:${action.action_id}:${action.action_ts}`;
}
