import type { KnownBlock, ModalView, RichTextBlock, SectionBlock } from '@slack/types';
import type { Action, IntroLine } from '../core/action.ts';
import { fieldsOf, type FormValues } from '../core/fields.ts';
import type { Request } from '../core/request.ts';
import { button, plain, plainSection, section } from './blocks.ts';
import { fieldBuilders } from './fields/registry.ts';
import { fit, fitLines } from './fit.ts';
import { ids, switchForm } from './ids.ts';
import { fitIntro, introBlocks } from './intro.ts';
import { refusedBlocks, type RefusedField } from './refused-field.ts';
import { withCode } from './refusal.ts';
import { lines, bold, line, rich } from './rich.ts';

export interface FormViewOptions {
  readonly action: Action;
  readonly values: FormValues;
  /** Names the draft under which the typed values are kept; for the form of an invitation, the request's ticket. */
  readonly draftId: string;
  /** A sentence above the fields. */
  readonly notice?: string;
  /** How things are now, above the fields. */
  readonly intro?: readonly IntroLine[];
  /** Why it was not taken, below the fields that are at fault. */
  readonly refused?: readonly RefusedField[];
  /** Only these keys of the input: somebody else types what is missing. */
  readonly only?: readonly string[];
  /** Actions whose forms this one can turn into: those for several people, and back. */
  readonly variants?: readonly Action[];
}

/** Opened before anything slow happens. `title`: at most 24 characters are shown. */
export function loadingView(title: string): ModalView {
  return showOnly(title, [plainSection('One moment…')]);
}

/** The form of an action, read off its input. Block and action ids are stable, so typed values survive `views.update`. */
export function formView(options: FormViewOptions): ModalView {
  const { action, notice, only, variants = [] } = options;
  const intro = fitIntro(options.intro ?? []);
  const asksOwner = only !== undefined;
  return {
    type: 'modal',
    callback_id: asksOwner ? ids.inviteSubmit : ids.formSubmit,
    private_metadata: metadataOf(options, intro),
    title: plain(asksOwner ? 'Your device' : action.title, 24),
    submit: plain(asksOwner ? 'Send' : submitOf(action), 24),
    close: plain('Cancel', 24),
    // Closed by mistake: what was typed is there again the next time.
    notify_on_close: true,
    blocks: [
      ...(notice === undefined ? [] : [{ ...warned(notice), block_id: 'notice' }]),
      ...(asksOwner ? [] : variants.map((variant) => switchSection(action, variant))),
      ...introBlocks(intro),
      ...fieldBlocks(options),
    ],
  };
}

/** What comes back with whatever is done in the form, as `readMetadata` reads it. */
function metadataOf({ draftId, action, refused = [] }: FormViewOptions, intro: readonly IntroLine[]): string {
  const offer = refused.find((one) => one.offer !== undefined)?.offer?.id;
  return JSON.stringify({
    draftId,
    action: action.id,
    ...(intro.length === 0 ? {} : { intro }),
    ...(offer === undefined ? {} : { offer }),
  });
}

/** Each field with what is wrong with it below. What is said of none of them comes last. */
function fieldBlocks({ action, values, draftId, only, refused = [] }: FormViewOptions): KnownBlock[] {
  const fields = fieldsOf(action.input).filter(({ key }) => only === undefined || only.includes(key));
  const below = (ofField: (one: RefusedField) => boolean) =>
    refused.filter(ofField).flatMap((one) => refusedBlocks(one, draftId));
  return [
    ...fields.flatMap((field) => [
      ...fieldBuilders[field.field].blocks(field, { value: values[field.key], asksOwner: only !== undefined }),
      ...below((one) => one.field === field.key),
    ]),
    ...below((one) => fields.every(({ key }) => key !== one.field)),
  ];
}

function submitOf({ submit, confirms }: Action): string {
  return submit ?? (confirms === true ? 'Next' : 'Ask for approval');
}

function switchSection(action: Action, variant: Action): SectionBlock {
  const isBack = action.variantOf === variant.id;
  return {
    ...plainSection(isBack ? 'Only one person?' : 'Several people at once?'),
    block_id: switchForm(variant.id),
    accessory: button(isBack ? 'Back' : 'Paste a list', switchForm(variant.id), variant.id, {
      accessibility_label: fit(variant.title, 75) || 'The other form',
    }),
  };
}

/** Shown from the submission until the request is stored. */
export function workingView(title = 'One moment'): ModalView {
  return showOnly(title, [
    plainSection('Looking at your account and preparing the request. This takes a few seconds.'),
  ]);
}

/** `securityChannel`: id of the channel in which urgent requests are followed. */
export function doneView(request: Request, securityChannel?: string): ModalView {
  const urgent = request.isUrgent ? urgentWords(request, securityChannel) : undefined;
  if (urgent !== undefined) {
    return showOnly('Sent', [
      rich(line(bold(urgent.first))),
      lines([`${request.id}: ${fit(request.says, 900)}.`]),
      section(urgent.next),
    ]);
  }
  return showOnly('Sent', [
    lines([bold(`${request.id} is on its way.`)], [fit(request.says, 900), '.']),
    section(NEXT[request.status] ?? 'You get a direct message with what happens to it.'),
  ]);
}

const NEXT: Partial<Record<Request['status'], string>> = {
  waiting:
    'I have asked your colleague for what is missing. After that the approvers see it. You get a direct message with each step, and can withdraw it there.',
  pending: 'The approvers see it now. You get a direct message when they have decided, and can withdraw it there.',
  approved: 'It needs no approval and starts now. Follow it in the direct message that I send you.',
};

function urgentWords(
  { status }: Request,
  channel: string | undefined,
): { readonly first: string; readonly next: string } | undefined {
  const where = channel === undefined ? 'the security channel' : `<#${channel}>`;
  if (status === 'pending') {
    return {
      first: 'The approvers are being called now.',
      next: 'It is not yours, so one of them has to say yes. If nobody answers, ring one of them up. You get a direct message when they have decided.',
    };
  }
  if (status !== 'approved' && status !== 'running') return undefined;
  return {
    first: 'It is being cut off now.',
    next: `Follow it in ${where}. You get a direct message when it is done.`,
  };
}

const PROBLEMS = {
  problem: 'That did not work',
  'not-allowed': 'You can’t use this',
  'under-way': 'Already under way',
};

/**
 * Why the modal holds no form. `text`: what, and what to do next. Where the rules keep people out, or somebody else asked
 * for the same before, nothing broke.
 */
export function problemView(text: string, kind: keyof typeof PROBLEMS = 'problem'): ModalView {
  return showOnly(PROBLEMS[kind], [kind === 'problem' ? warned(text) : plainSection(text)]);
}

/** Words between backticks are something to type. */
function warned(text: string): RichTextBlock {
  return rich(line('⚠️ ', ...withCode(fitLines(text, 2900))));
}

/** A sentence and nothing to do. */
export function noticeView(text: string, title = 'Done'): ModalView {
  return showOnly(title, [plainSection(text)]);
}

function showOnly(title: string, blocks: ModalView['blocks']): ModalView {
  return { type: 'modal', callback_id: ids.showOnly, title: plain(title, 24), close: plain('Close', 24), blocks };
}
