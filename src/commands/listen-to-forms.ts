import type { App, ViewSubmitAction } from '@slack/bolt';
import { readConfirmMetadata } from '../slack/confirm-view.ts';
import { readDenyReason } from '../slack/deny-view.ts';
import { ids } from '../slack/ids.ts';
import { readForm, readMetadata } from '../slack/read-form.ts';
import { callOfView } from './call-of.ts';
import { submitConfirmation } from './confirm.ts';
import { submitDenial } from './decide.ts';
import type { Desk } from './desk.ts';
import { keepDraft } from './drafts.ts';
import { submitInvite } from './invite.ts';
import { answerInTime, asView, viewOf, type Answer, type SentForm } from './submission.ts';
import { submitForm } from './submit-form.ts';

/** What is done with each modal that is sent or closed. The answer to a sent one is its acknowledgement. */
export function listenToForms(app: App, desk: Desk): void {
  app.view<ViewSubmitAction>(ids.formSubmit, async ({ ack, body, view, client }) => {
    const metadata = readMetadata(view.private_metadata);
    const action = desk.actions.find(({ id }) => id === metadata.action);
    if (action === undefined) return ack();
    const { draftId, intro } = metadata;
    const values = readForm(action, view.state.values);
    const form: SentForm = { action, values, draftId, ...(intro === undefined ? {} : { intro }) };
    const call = callOfView(body, client);
    const waiting = { call, viewId: view.id, acknowledge: ack, draw: (answer: Answer) => asView(answer, form, desk) };
    await answerInTime(submitForm(desk, call, form), waiting);
  });

  app.view({ callback_id: ids.formSubmit, type: 'view_closed' }, async ({ ack, body, view }) => {
    await ack();
    const action = desk.actions.find(({ id }) => id === readMetadata(view.private_metadata).action);
    if (action !== undefined) await keepDraft(desk.store, body.user.id, action.id, readForm(action, view.state.values));
  });

  app.view<ViewSubmitAction>(ids.confirmSubmit, async ({ ack, body, view, client }) => {
    const call = callOfView(body, client);
    const work = submitConfirmation(desk, call, readConfirmMetadata(view.private_metadata));
    await answerInTime(work, { call, viewId: view.id, acknowledge: ack, draw: viewOf });
  });

  // What was typed is kept since the form was sent.
  app.view({ callback_id: ids.confirmSubmit, type: 'view_closed' }, async ({ ack }) => ack());

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
}
