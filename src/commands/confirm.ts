import type { Action } from '../core/action.ts';
import { UserError } from '../core/errors.ts';
import type { readConfirmMetadata } from '../slack/confirm-view.ts';
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
  { action: actionId, draftId, planHash }: ReturnType<typeof readConfirmMetadata>,
): Promise<Answer> {
  const action = actionOf(desk, actionId);
  try {
    return await onceForForm(desk, draftId, async () => {
      const { actor } = await identify(desk, call);
      const input = await recallInput(desk.store, { userId: actor.slackId, draftId, part: 'whole' });
      if (input === undefined) throw tooOld();
      try {
        return await ask(desk, action, input, { actor, draftId, onlyPlan: planHash });
      } catch (error) {
        if (!(error instanceof UserError) || error.code !== 'plan-changed') throw error;
        const again = await confirmFirst(desk, action, input, { actor, draftId, notice: CHANGED });
        return again ?? ask(desk, action, input, { actor, draftId });
      }
    });
  } catch (error) {
    const values = await recallDraft(desk.store, call.userId, action.id).catch(() => ({}));
    return answerAbove(error, { action, values, draftId }, desk);
  }
}

function actionOf({ actions }: Desk, id: string): Action {
  const action = actions.find((one) => one.id === id);
  if (action === undefined) throw new UserError(`There is no action “${id}”.`, { code: 'no-such-action' });
  return action;
}

function tooOld(): UserError {
  return new UserError('You read this plan too long ago. Send the form once more and read what it would do now.', {
    code: 'form-too-old',
  });
}
