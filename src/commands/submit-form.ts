import type { ModalView } from '@slack/types';
import type { Action, IntroLine } from '../core/action.ts';
import type { Preview } from '../core/ask.ts';
import { isKnownError, TransientError, UserError } from '../core/errors.ts';
import { fixedPartsOf, isFieldless, type FormValues } from '../core/fields.ts';
import type { Actor } from '../core/person.ts';
import { secretsIn } from '../core/vault.ts';
import { confirmView } from '../slack/confirm-view.ts';
import { doneView, workingView } from '../slack/form-view.ts';
import type { Call } from './call.ts';
import type { Desk } from './desk.ts';
import { claimForm, dropDraft, keepDraft, keepInput, recallInput, releaseForm, spendForm } from './drafts.ts';
import { identify } from './identify.ts';
import { checkValues, resolveValues } from './resolve-values.ts';
import { answerOffer } from './answer-offer.ts';
import { answerFailure, type Answer, type SentForm } from './submission.ts';

/** A sent form becomes a request, once, however often it is sent; or, where whoever asks decides alone, a plan to confirm. */
export async function submitForm(desk: Desk, call: Call, form: SentForm): Promise<Answer> {
  const { action, values } = form;
  const problems = checkValues(desk, action, values);
  if (Object.keys(problems).length > 0) return { response_action: 'errors', errors: problems };
  try {
    return await onceForForm(desk, form.draftId, () => send(desk, call, form));
  } catch (error) {
    return (await answerOffer(error, form, { desk, userId: call.userId })) ?? answerFailure(error, form, desk);
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

async function send(desk: Desk, call: Call, { action, values, draftId, intro }: SentForm): Promise<Answer> {
  await keepDraft(desk.store, call.userId, action.id, values);
  const { actor } = await identify(desk, call);
  const input = await inputOf(desk, action, values, { actor, draftId });
  try {
    return await confirmOrAsk(desk, action, input, { actor, draftId, ...(intro === undefined ? {} : { intro }) });
  } catch (error) {
    // Whether a request was stored is not known while the store is down; if not, they go by themselves.
    if (isKnownError(error) && !(error instanceof TransientError)) await desk.vault.forget(secretsIn(input));
    throw error;
  }
}

async function confirmOrAsk(desk: Desk, action: Action, input: Input, sender: PlanReader): Promise<Answer> {
  if (action.confirms === true) {
    const view = await confirmFirst(desk, action, input, sender);
    if (view !== undefined) return { response_action: 'update', view };
  }
  return ask(desk, action, input, sender);
}

interface Sender {
  readonly actor: Actor;
  readonly draftId: string;
}

interface PlanReader extends Sender {
  /** A sentence above the plan. */
  readonly notice?: string;
  /** Of the form that the plan comes from. */
  readonly intro?: readonly IntroLine[];
}

type Input = Readonly<Record<string, unknown>>;

async function inputOf(desk: Desk, action: Action, values: FormValues, { actor, draftId }: Sender): Promise<Input> {
  const typed = await resolveValues(desk, action, values, actor);
  const parts = fixedPartsOf(action.input);
  if (parts.length === 0) return typed;
  const fixed = await recallInput(desk.store, { userId: actor.slackId, draftId, part: 'fixed' });
  if (fixed !== undefined || parts.every(({ optional }) => optional)) return { ...typed, ...fixed };
  throw new UserError('This form was open for too long. Close it and press the button of the message again.', {
    code: 'form-too-old',
  });
}

/**
 * The plan, to be read before anything is stored. Undefined: it needs an approval, so the approver reads it. Where there is
 * no form whoever asks reads it in any case: a word alone asks for nothing.
 */
export async function confirmFirst(
  desk: Desk,
  action: Action,
  input: Input,
  sender: PlanReader,
): Promise<ModalView | undefined> {
  const preview = await desk.ask.preview(action.id, input, sender.actor);
  if (preview.approvalsNeeded > 0 && !isFieldless(action.input)) return undefined;
  return planView(desk, action, input, preview, sender);
}

/** The plan with the button that makes a request of it. */
export async function planView(
  desk: Desk,
  action: Action,
  input: Input,
  preview: Preview,
  { actor, draftId, ...above }: PlanReader,
): Promise<ModalView> {
  await keepInput(desk.store, { userId: actor.slackId, draftId, part: 'whole' }, input);
  await releaseForm(desk.store, draftId);
  return confirmView({ action, ...preview, draftId, ...above });
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
