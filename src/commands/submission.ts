import type { AckFn, ViewResponseAction } from '@slack/bolt';
import type { View } from '@slack/types';
import { TransientError, UserError } from '../core/errors.ts';
import type { Action, IntroLine } from '../core/action.ts';
import { isFieldless, type FormValues } from '../core/fields.ts';
import { within } from '../core/within.ts';
import { noticeView, problemView, workingView } from '../slack/form-view.ts';
import { blockOfField, keyOfBlock } from '../slack/read-form.ts';
import { refusal } from '../slack/refusal.ts';
import type { Call } from './call.ts';
import type { Desk } from './desk.ts';
import { drawForm } from './draw-form.ts';
import { explain, failureView } from './explain.ts';

/** What Slack does with the modal when the form is sent. */
export type Answer =
  | { readonly response_action: 'errors'; readonly errors: Record<string, string> }
  /** `failed`: nothing became of the form; for us, not for Slack. */
  | { readonly response_action: 'update'; readonly view: View; readonly failed?: true }
  | { readonly response_action: 'clear' };

/** Slack waits 3 s for the answer; what is left is for the way there and back. */
const ANSWER_WITHIN_MS = 2_200;

export interface Waiting {
  readonly call: Call;
  readonly viewId: string;
  readonly acknowledge: AckFn<ViewResponseAction>;
  /** How the answer looks in a modal that has been answered already. */
  readonly draw: (answer: Answer) => View;
}

/**
 * Answers a sent form. If the work is done in time the answer is its result: the fields that are wrong are marked, or the
 * modal says what happens next. If not, the modal says to wait, and shows the result when it is there.
 */
export async function answerInTime(work: Promise<Answer>, { call, viewId, acknowledge, draw }: Waiting): Promise<void> {
  const inTime = await within<Answer | undefined>(ANSWER_WITHIN_MS, work, () => undefined);
  if (inTime !== undefined) return acknowledge(forSlack(inTime));

  await acknowledge({ response_action: 'update', view: workingView() });
  await showAnswer(await work, { call, viewId, draw });
}

/** Shows in an open modal what came of a form. Whoever has closed it meanwhile is told if nothing came of it. */
export async function showAnswer(answer: Answer, { call, viewId, draw }: Omit<Waiting, 'acknowledge'>): Promise<void> {
  const isSeen = await call.update(viewId, draw(answer));
  if (!isSeen && hasFailed(answer)) await call.reply(refusal(CLOSED_TOO_SOON));
}

const CLOSED_TOO_SOON =
  'The form that you closed could not be sent. What you typed is kept for an hour: open the form again and you see why.';

function hasFailed(answer: Answer): boolean {
  return answer.response_action === 'errors' || (answer.response_action === 'update' && answer.failed === true);
}

function forSlack(answer: Answer): ViewResponseAction {
  return answer.response_action === 'update' ? { response_action: 'update', view: answer.view } : answer;
}

export interface SentForm {
  readonly action: Action;
  readonly values: FormValues;
  readonly draftId: string;
  readonly only?: readonly string[];
  /** What stands above its fields. */
  readonly intro?: readonly IntroLine[];
}

/** The form again, with what was typed and why it could not be sent: beside the field if it is one's fault. */
export function answerFailure(error: unknown, form: SentForm, desk: Pick<Desk, 'onBug' | 'actions'>): Answer {
  if (!(error instanceof UserError) || error.field === undefined) return answerAbove(error, form, desk);
  const block = blockOfField(form.action, error.field, form.only);
  return { response_action: 'errors', errors: { [block]: explain(error, desk) } };
}

/** The same, above the fields. What can't be sent again is no form any more, and what has no fields never was one. */
export function answerAbove(error: unknown, form: SentForm, desk: Pick<Desk, 'onBug' | 'actions'>): Answer {
  const canBeSent = error instanceof TransientError || error instanceof UserError;
  const isForm = canBeSent && !isFieldless(form.action.input);
  const view = isForm ? drawForm(desk, { ...form, notice: explain(error, desk) }) : failureView(error, desk);
  return { response_action: 'update', view, failed: true };
}

/** A modal that has been answered can't have its fields marked any more, so the reasons stand below them. */
export function asView(answer: Answer, form: SentForm, desk: Pick<Desk, 'actions'>): View {
  if (answer.response_action !== 'errors') return viewOf(answer);
  const refused = Object.entries(answer.errors).map(([block, says]) => ({ field: keyOfBlock(block), says }));
  return drawForm(desk, { ...form, refused });
}

/** The same for a modal that is no form of an action. */
export function viewOf(answer: Answer): View {
  switch (answer.response_action) {
    case 'update':
      return answer.view;
    case 'errors':
      return problemView(Object.values(answer.errors).join(' '));
    case 'clear':
      return noticeView('Done. You can close this now.');
  }
}
