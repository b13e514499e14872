import type { Action } from '../core/action.ts';
import { UserError } from '../core/errors.ts';
import { fieldsOf, type FormValues } from '../core/fields.ts';
import type { Actor } from '../core/person.ts';
import { confirmView } from '../slack/confirm-view.ts';
import { doneView, workingView } from '../slack/form-view.ts';
import type { Call } from './call.ts';
import type { Desk } from './desk.ts';
import { claimForm, dropDraft, keepDraft, keepInput, recallInput, releaseForm, spendForm } from './drafts.ts';
import { identify } from './identify.ts';
import { checkValues, resolveValues } from './resolve-values.ts';
import { answerFailure, type Answer, type SentForm } from './submission.ts';

/** A sent form becomes a request, once, however often it is sent; or, where whoever asks decides alone, a plan to confirm. */
export async function submitForm(desk: Desk, call: Call, form: SentForm): Promise<Answer> {
  const { action, values } = form;
  const problems = checkValues(desk, action, values);
  if (Object.keys(problems).length > 0) return { response_action: 'errors', errors: problems };
  try {
    return await onceForForm(desk, form.draftId, () => send(desk, call, form));
  } catch (error) {
    return answerFailure(error, form, desk);
  }
}

/** Runs it unless the form has become a request or is on its way to be one; releases the form if it fails. */
export async function onceForForm(desk: Desk, draftId: string, work: () => Promise<Answer>): Promise<Answer> {
  const { store } = desk;
  const claim = await claimForm(store, draftId);
  if (claim.state === 'sending') return { response_action: 'update', view: workingView() };
  if (claim.state === 'sent') return alreadySent(desk, claim.requestId);
  try {
    return await work();
  } catch (error) {
    await releaseForm(store, draftId);
    throw error;
  }
}

async function send(desk: Desk, call: Call, { action, values, draftId }: SentForm): Promise<Answer> {
  await keepDraft(desk.store, call.userId, action.id, values);
  const { actor } = await identify(desk, call);
  const input = await inputOf(desk, action, values, { actor, draftId });
  if (action.confirms === true) {
    const confirming = await confirmFirst(desk, action, input, { actor, draftId });
    if (confirming !== undefined) return confirming;
  }
  return ask(desk, action, input, { actor, draftId });
}

interface Sender {
  readonly actor: Actor;
  readonly draftId: string;
}

type Input = Readonly<Record<string, unknown>>;

async function inputOf(desk: Desk, action: Action, values: FormValues, { actor, draftId }: Sender): Promise<Input> {
  const typed = await resolveValues(desk, action, values, actor);
  if (fieldsOf(action.input).length === Object.keys(action.input.shape).length) return typed;
  const fixed = await recallInput(desk.store, { userId: actor.slackId, draftId, part: 'fixed' });
  if (fixed !== undefined) return { ...typed, ...fixed };
  throw new UserError('This form was open for too long. Close it and press the button of the message again.', {
    code: 'form-too-old',
  });
}

/** The plan, to be read before anything is stored. Undefined: it needs an approval, so the approver reads it. */
export async function confirmFirst(
  desk: Desk,
  action: Action,
  input: Input,
  { actor, draftId, notice }: Sender & { readonly notice?: string },
): Promise<Answer | undefined> {
  const { approvalsNeeded, says, plan, planHash } = await desk.ask.preview(action.id, input, actor);
  if (approvalsNeeded > 0) return undefined;
  await keepInput(desk.store, { userId: actor.slackId, draftId, part: 'whole' }, input);
  await releaseForm(desk.store, draftId);
  const view = confirmView({ action, says, plan, planHash, draftId, ...(notice === undefined ? {} : { notice }) });
  return { response_action: 'update', view };
}

/** `onlyPlan`: hash of the plan that was read. */
export async function ask(
  desk: Desk,
  action: Action,
  input: Input,
  { actor, draftId, onlyPlan }: Sender & { readonly onlyPlan?: string },
): Promise<Answer> {
  const request = await desk.ask.ask(action.id, input, actor, onlyPlan === undefined ? {} : { onlyPlan });
  await spendForm(desk.store, draftId, request.id);
  await dropDraft(desk.store, actor.slackId, action.id);
  return { response_action: 'update', view: doneView(request, desk.securityChannel) };
}

async function alreadySent(desk: Desk, requestId: string): Promise<Answer> {
  const request = await desk.store.load(requestId);
  const view = request === undefined ? workingView() : doneView(request, desk.securityChannel);
  return { response_action: 'update', view };
}
