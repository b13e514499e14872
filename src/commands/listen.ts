import type { App, BlockAction, ButtonAction, ViewSubmitAction } from '@slack/bolt';
import { ids, OPEN_ACTION, PLATFORM_PICKED } from '../slack/ids.ts';
import { readDenyReason } from '../slack/deny-view.ts';
import { readForm, readMetadata } from '../slack/read-form.ts';
import { refusal } from '../slack/refusal.ts';
import type { Call } from './call.ts';
import { callOfCommand, callOfPress, callOfView } from './call-of.ts';
import { approve, openDeny, showDetails, submitDenial, withdraw } from './decide.ts';
import type { Desk } from './desk.ts';
import { keepDraft } from './drafts.ts';
import { explain } from './explain.ts';
import { openInvite, submitInvite } from './invite.ts';
import { openForm } from './open-form.ts';
import { redraw } from './redraw.ts';
import { slash } from './slash.ts';
import { answerInTime, asView, viewOf, type Answer, type SentForm } from './submission.ts';
import { submitForm } from './submit-form.ts';
import { answerWelcome } from './welcome.ts';

/** Slack delivers an envelope again within minutes, if at all. */
const REDELIVERY_MS = 15 * 60 * 1000;

type Press = (desk: Desk, call: Call) => Promise<void>;

/** What each button on a message does. */
const PRESSES: Readonly<Record<string, Press>> = {
  [ids.approve]: approve,
  [ids.deny]: openDeny,
  [ids.details]: showDetails,
  [ids.withdraw]: withdraw,
  [ids.inviteOpen]: openInvite,
  [ids.welcomeIn]: (desk, call) => answerWelcome(desk, call, true),
  [ids.welcomeStuck]: (desk, call) => answerWelcome(desk, call, false),
};

/** The whole map from Slack to handlers. Commands and presses come acknowledged (`slack/acknowledge-first.ts`). */
export function listen(app: App, desk: Desk): void {
  app.command('/ocs-access', async ({ command, client, respond }) => {
    const call = callOfCommand(command, client, respond);
    await answered(desk, call, `command:${command.trigger_id}`, () => slash(desk, call));
  });

  // One listener for all of them: Bolt tries each listener on each payload before the first one runs.
  app.action<BlockAction<ButtonAction>>(/./, async ({ body, action, client, respond }) => {
    if (PLATFORM_PICKED.test(action.action_id)) return redraw(desk, body, client);
    const press = pressOf(desk, action.action_id);
    if (press === undefined) return;
    const call = callOfPress(body, action.value ?? '', client, respond);
    await answered(desk, call, pressKey(body, action), () => press(desk, call));
  });

  app.view<ViewSubmitAction>(ids.formSubmit, async ({ ack, body, view, client }) => {
    const metadata = readMetadata(view.private_metadata);
    const action = desk.actions.find(({ id }) => id === metadata.action);
    if (action === undefined) return ack();
    const form: SentForm = { action, values: readForm(action, view.state.values), draftId: metadata.draftId };
    const call = callOfView(body, client);
    const waiting = { call, viewId: view.id, acknowledge: ack, draw: (answer: Answer) => asView(answer, form) };
    await answerInTime(submitForm(desk, call, form), waiting);
  });

  app.view({ callback_id: ids.formSubmit, type: 'view_closed' }, async ({ ack, body, view }) => {
    await ack();
    const action = desk.actions.find(({ id }) => id === readMetadata(view.private_metadata).action);
    if (action !== undefined) await keepDraft(desk.store, body.user.id, action.id, readForm(action, view.state.values));
  });

  app.view<ViewSubmitAction>(ids.inviteSubmit, async ({ ack, body, view, client }) => {
    const { draftId } = readMetadata(view.private_metadata);
    const call = callOfView(body, client);
    const { work, draw } = submitInvite(desk, call, draftId, (action) => readForm(action, view.state.values));
    await answerInTime(work, { call, viewId: view.id, acknowledge: ack, draw });
  });

  app.view<ViewSubmitAction>(ids.denySubmit, async ({ ack, body, view, client }) => {
    const call = callOfView(body, client);
    const work = submitDenial(desk, call, readDenyReason(view.state.values));
    await answerInTime(work, { call, viewId: view.id, acknowledge: ack, draw: viewOf });
  });

  app.event('subteam_members_changed', async () => desk.forgetPeople());
  app.event('user_change', async ({ event }) => desk.forgetPeople(event.user.id));
}

function pressOf(desk: Desk, actionId: string): Press | undefined {
  const wanted = OPEN_ACTION.exec(actionId)?.[1];
  const action = desk.actions.find(({ id }) => id === wanted);
  if (action !== undefined) return (_desk, call) => openForm(desk, action, call, '');
  return PRESSES[actionId];
}

/** Runs a handler once for each delivery and tells the person when it fails. */
async function answered(desk: Desk, call: Call, key: string, work: () => Promise<void>): Promise<void> {
  try {
    if (await desk.store.claim(key, REDELIVERY_MS)) await work();
  } catch (error) {
    await call.reply(refusal(explain(error, desk)));
  }
}

function pressKey(body: BlockAction, action: ButtonAction): string {
  const place = body.container['message_ts'] ?? body.container['view_id'] ?? 'nowhere';
  return `press:${body.user.id}:${String(place)}:${action.action_id}:${action.action_ts}`;
}
