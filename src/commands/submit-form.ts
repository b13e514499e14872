import type { Action } from '../core/action.ts';
import type { FormValues } from '../core/fields.ts';
import { doneView, workingView } from '../slack/form-view.ts';
import type { Call } from './call.ts';
import type { Desk } from './desk.ts';
import { claimForm, dropDraft, keepDraft, releaseForm, spendForm } from './drafts.ts';
import { identify } from './identify.ts';
import { checkValues, resolveValues } from './resolve-values.ts';
import { answerFailure, type Answer, type SentForm } from './submission.ts';

/** A sent form becomes a request, once, however often it is sent. */
export async function submitForm(desk: Desk, call: Call, form: SentForm): Promise<Answer> {
  const { action, values, draftId } = form;
  const problems = checkValues(action, values);
  if (Object.keys(problems).length > 0) return { response_action: 'errors', errors: problems };
  try {
    const claim = await claimForm(desk.store, draftId);
    if (claim.state === 'sending') return { response_action: 'update', view: workingView() };
    if (claim.state === 'sent') return alreadySent(desk, claim.requestId);
    return await send(desk, call, action, values, draftId);
  } catch (error) {
    return answerFailure(error, form, desk);
  }
}

async function send(desk: Desk, call: Call, action: Action, values: FormValues, draftId: string): Promise<Answer> {
  const { store } = desk;
  try {
    await keepDraft(store, call.userId, action.id, values);
    const { actor } = await identify(desk, call);
    const request = await desk.ask.ask(action.id, await resolveValues(action, values, desk.directory), actor);
    await spendForm(store, draftId, request.id);
    await dropDraft(store, call.userId, action.id);
    return { response_action: 'update', view: doneView(request) };
  } catch (error) {
    await releaseForm(store, draftId);
    throw error;
  }
}

async function alreadySent(desk: Desk, requestId: string): Promise<Answer> {
  const request = await desk.store.load(requestId);
  return { response_action: 'update', view: request === undefined ? workingView() : doneView(request) };
}
