import type { ModalView } from '@slack/types';
import type { Action } from '../core/action.ts';
import { formView, type FormViewOptions } from '../slack/form-view.ts';
import type { Desk } from './desk.ts';

/** A form with the buttons that turn it into its other forms: for several people, and back. */
export function drawForm({ actions }: Pick<Desk, 'actions'>, form: Omit<FormViewOptions, 'variants'>): ModalView {
  return formView({ ...form, variants: variantsOf(actions, form.action) });
}

function variantsOf(actions: readonly Action[], { id, variantOf }: Action): Action[] {
  return actions.filter((one) => one.variantOf === id || one.id === variantOf);
}
