import type { View } from '@slack/types';
import { TransientError, UserError } from '../core/errors.ts';
import type { Action } from '../core/action.ts';
import type { FormValues } from '../core/fields.ts';
import { formView, noticeView, problemView, workingView } from '../slack/form-view.ts';
import { blockOfField } from '../slack/read-form.ts';
import type { Desk } from './desk.ts';
import { explain } from './explain.ts';

/** What Slack does with the modal when the form is sent. */
export type Answer =
  | { readonly response_action: 'errors'; readonly errors: Record<string, string> }
  | { readonly response_action: 'update'; readonly view: View }
  | { readonly response_action: 'clear' };

/** Slack waits 3 s for the answer; what is left is for the way there and back. */
const ANSWER_WITHIN_MS = 2_200;

/**
 * Answers a sent form. If the work is done in time the answer is its result: the fields that are wrong are marked, or the
 * modal says what happens next. If not, the modal says to wait and `later` shows the result when it is there.
 */
export async function answerInTime(
  work: Promise<Answer>,
  acknowledge: (answer: Answer) => Promise<void>,
  later: (answer: Answer) => Promise<void>,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ANSWER_WITHIN_MS);
  });
  const answer = await Promise.race([work, late]);
  clearTimeout(timer);
  if (answer !== undefined) return acknowledge(answer);
  await acknowledge({ response_action: 'update', view: workingView() });
  await later(await work);
}

export interface FailedForm {
  readonly action: Action;
  readonly values: FormValues;
  readonly draftId: string;
  readonly only?: readonly string[];
}

/** The form again, with what was typed and why it could not be sent. */
export function answerFailure(error: unknown, form: FailedForm, desk: Pick<Desk, 'onBug'>): Answer {
  const notice = explain(error, desk);
  // What can be sent again stays a form, with everything that was typed.
  if (error instanceof TransientError) return { response_action: 'update', view: formView({ ...form, notice }) };
  if (!(error instanceof UserError)) return { response_action: 'update', view: problemView(notice) };
  if (error.field === undefined) return { response_action: 'update', view: formView({ ...form, notice }) };
  return { response_action: 'errors', errors: { [blockOfField(form.action, error.field, form.only)]: notice } };
}

/** For `later`: a modal that has been answered can't have its fields marked any more, so the reasons go above them. */
export function asView(answer: Answer, form: FailedForm): View {
  if (answer.response_action !== 'errors') return viewOf(answer);
  return formView({ ...form, notice: Object.values(answer.errors).join(' ') });
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
