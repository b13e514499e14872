import { UserError } from '../core/errors.ts';
import type { Desk } from './desk.ts';
import { drawForm } from './draw-form.ts';
import { keepOffer } from './drafts.ts';
import { explain } from './explain.ts';
import type { Answer, SentForm } from './submission.ts';

/**
 * The form again, with what was typed, why it was not taken, and a button that sends it with what would be taken: below the
 * field that is at fault. Undefined: there is nothing to offer, or no place to keep it.
 */
export async function answerOffer(
  error: unknown,
  form: SentForm,
  { desk, userId }: { readonly desk: Pick<Desk, 'actions' | 'onBug' | 'store'>; readonly userId: string },
): Promise<Answer | undefined> {
  if (!(error instanceof UserError) || error.field === undefined || error.offer === undefined) return undefined;
  const { label, values } = error.offer;
  const id = await keepOffer(desk.store, userId, form.draftId, values).catch(() => undefined);
  if (id === undefined) return undefined;
  const field = error.field.split('.')[0] ?? error.field;
  const view = drawForm(desk, { ...form, refused: [{ field, says: explain(error, desk), offer: { id, label } }] });
  return { response_action: 'update', view, failed: true };
}
