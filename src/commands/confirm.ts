import type { Action } from '../core/action.ts';
import { UserError } from '../core/errors.ts';
import { isFieldless } from '../core/fields.ts';
import type { readConfirmMetadata } from '../slack/confirm-view.ts';
import { commandOf } from '../slack/listed-actions.ts';
import { answerOffer } from './answer-offer.ts';
import type { Call } from './call.ts';
import type { Desk } from './desk.ts';
import { recallDraft, recallInput } from './drafts.ts';
import { identify } from './identify.ts';
import { answerAbove, type Answer } from './submission.ts';
import { ask, confirmFirst, onceForForm } from './submit-form.ts';

const CHANGED = 'Something changed in Cloudflare since you read this. Here is the plan as it is now.';

/** Somebody has read the plan and goes on. Exactly that plan becomes the request; another one is shown first. */
export async function submitConfirmation(
  desk: Desk,
  call: Call,
  { action: actionId, draftId, planHash, intro }: ReturnType<typeof readConfirmMetadata>,
): Promise<Answer> {
  const action = actionOf(desk, actionId);
  const above = intro === undefined ? {} : { intro };
  try {
    return await onceForForm(desk, draftId, async () => {
      const { actor } = await identify(desk, call);
      const input = await recallInput(desk.store, { userId: actor.slackId, draftId, part: 'whole' });
      if (input === undefined) throw tooOld(action);
      try {
        return await ask(desk, action, input, { actor, draftId, onlyPlan: planHash });
      } catch (error) {
        if (!(error instanceof UserError) || error.code !== 'plan-changed') throw error;
        const view = await confirmFirst(desk, action, input, { actor, draftId, notice: CHANGED, ...above });
        return view === undefined ? ask(desk, action, input, { actor, draftId }) : { response_action: 'update', view };
      }
    });
  } catch (error) {
    const values = await recallDraft(desk.store, call.userId, action.id).catch(() => ({}));
    const form = { action, values, draftId, ...above };
    return (await answerOffer(error, form, { desk, userId: call.userId })) ?? answerAbove(error, form, desk);
  }
}

function actionOf({ actions }: Desk, id: string): Action {
  const action = actions.find((one) => one.id === id);
  if (action === undefined) throw new UserError(`There is no action “${id}”.`, { code: 'no-such-action' });
  return action;
}

function tooOld(action: Action): UserError {
  const again = isFieldless(action.input)
    ? `Type \`/ocs-access ${commandOf(action)}\` once more`
    : 'Send the form once more';
  return new UserError(`You read this plan too long ago. ${again} and read what it would do now.`, {
    code: 'form-too-old',
  });
}
