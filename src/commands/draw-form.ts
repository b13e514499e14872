import type { ModalView } from '@slack/types';
import type { Action } from '../core/action.ts';
import { hasSecrets } from '../core/fields.ts';
import { formView, type FormViewOptions } from '../slack/form-view.ts';
import type { Desk } from './desk.ts';

/** A form with the buttons that turn it into its other forms: for several people, and back. */
export function drawForm({ actions }: Pick<Desk, 'actions'>, form: Omit<FormViewOptions, 'variants'>): ModalView {
  const notice = noticeOf(form);
  return formView({
    ...form,
    ...(notice === undefined ? {} : { notice }),
    variants: variantsOf(actions, form.action),
  });
}

/** Slack may or may not keep what was typed when a form comes back; of keys nobody else does. */
function noticeOf({ action, notice, refused = [] }: Omit<FormViewOptions, 'variants'>): string | undefined {
  const isBack = notice !== undefined || refused.length > 0;
  if (!isBack || !hasSecrets(action.input)) return notice;
  return [...(notice === undefined ? [] : [notice]), 'If the field of a key is empty, type the key again.'].join(' ');
}

function variantsOf(actions: readonly Action[], { id, variantOf }: Action): Action[] {
  return actions.filter((one) => one.variantOf === id || one.id === variantOf);
}
