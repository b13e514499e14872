import type { ModalView } from '@slack/types';
import type { Action } from '../core/action.ts';
import { fieldsOf, type FormValues } from '../core/fields.ts';
import type { Request } from '../core/request.ts';
import { plain, plainSection, section } from './blocks.ts';
import { fieldBuilders } from './fields/registry.ts';
import { fit } from './fit.ts';
import { ids } from './ids.ts';
import { lines, bold } from './rich.ts';

export interface FormViewOptions {
  readonly action: Action;
  readonly values: FormValues;
  /** Names the draft under which the typed values are kept; for the form of an invitation, the request's ticket. */
  readonly draftId: string;
  /** A sentence above the fields. */
  readonly notice?: string;
  /** Only these keys of the input: somebody else types what is missing. */
  readonly only?: readonly string[];
}

/** Opened before anything slow happens. `title`: at most 24 characters are shown. */
export function loadingView(title: string): ModalView {
  return showOnly(title, [plainSection('One moment…')]);
}

/** The form of an action, read off its input. Block and action ids are stable, so typed values survive `views.update`. */
export function formView({ action, values, draftId, notice, only }: FormViewOptions): ModalView {
  const fields = fieldsOf(action.input).filter(({ key }) => only === undefined || only.includes(key));
  const asksOwner = only !== undefined;
  return {
    type: 'modal',
    callback_id: asksOwner ? ids.inviteSubmit : ids.formSubmit,
    private_metadata: JSON.stringify({ draftId, action: action.id }),
    title: plain(asksOwner ? 'Your device' : action.title, 24),
    submit: plain(asksOwner ? 'Send' : 'Ask for approval', 24),
    close: plain('Cancel', 24),
    // Closed by mistake: what was typed is there again the next time.
    notify_on_close: true,
    blocks: [
      ...(notice === undefined ? [] : [{ ...plainSection(`⚠️ ${notice}`), block_id: 'notice' }]),
      ...fields.flatMap((field) => fieldBuilders[field.field].blocks(field, { value: values[field.key], asksOwner })),
    ],
  };
}

/** Shown from the submission until the request is stored. */
export function workingView(title = 'One moment'): ModalView {
  return showOnly(title, [
    plainSection('Looking at your account and preparing the request. This takes a few seconds.'),
  ]);
}

export function doneView(request: Request): ModalView {
  return showOnly('Sent', [
    lines([bold(`${request.id} is on its way.`)], [fit(request.says, 900), '.']),
    section(NEXT[request.status] ?? 'You get a direct message with what happens to it.'),
  ]);
}

const NEXT: Partial<Record<Request['status'], string>> = {
  waiting:
    'I have asked your colleague for what is missing. After that the approvers see it. You get a direct message with each step, and can withdraw it there.',
  pending: 'The approvers see it now. You get a direct message when they have decided, and can withdraw it there.',
  approved: 'It needs no approval and starts now. You get a direct message when it is done.',
};

/**
 * Why the modal holds no form. `text`: what, and what to do next. `not-allowed` is for people whom the rules keep out:
 * nothing broke.
 */
export function problemView(text: string, kind: 'problem' | 'not-allowed' = 'problem'): ModalView {
  if (kind === 'not-allowed') return showOnly('You can’t use this', [plainSection(text)]);
  return showOnly('That did not work', [plainSection(`⚠️ ${text}`)]);
}

/** A sentence and nothing to do. */
export function noticeView(text: string, title = 'Done'): ModalView {
  return showOnly(title, [plainSection(text)]);
}

function showOnly(title: string, blocks: ModalView['blocks']): ModalView {
  return { type: 'modal', callback_id: ids.showOnly, title: plain(title, 24), close: plain('Close', 24), blocks };
}
