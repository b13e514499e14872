import { UserError } from '../core/errors.ts';
import { workingView } from '../slack/form-view.ts';
import type { Call } from './call.ts';
import type { Desk } from './desk.ts';
import { takeOffer } from './drafts.ts';
import { answerAbove, asView, showAnswer, type Answer, type SentForm } from './submission.ts';
import { submitForm } from './submit-form.ts';

export interface PressedOffer {
  readonly viewId: string;
  /** As the form carries it. */
  readonly offerId: string;
  /** With what stands in it now. */
  readonly form: SentForm;
}

/** The form once more, with the values that the button below a refused field stands for over what was typed. Once. */
export async function pressOffer(desk: Desk, call: Call, { viewId, offerId, form }: PressedOffer): Promise<void> {
  const show = (answer: Answer, shown: SentForm) =>
    showAnswer(answer, { call, viewId, draw: (given) => asView(given, shown, desk) });
  let values: Awaited<ReturnType<typeof takeOffer>>;
  try {
    values = await takeOffer(desk.store, call.userId, form.draftId, offerId);
    if (values === undefined) throw tooOld();
  } catch (error) {
    return show(answerAbove(error, form, desk), form);
  }
  if (values === 'taken') return;
  const better = { ...form, values: { ...form.values, ...values } };
  // Without its fields for a moment: Slack would keep what stands in them when the form is shown again.
  await call.update(viewId, workingView()).catch(() => false);
  await show(await submitForm(desk, call, better), better);
}

function tooOld(): UserError {
  return new UserError('This button is too old: I no longer know its values. Type them yourself and send the form.', {
    code: 'offer-too-old',
  });
}
