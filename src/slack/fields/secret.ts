import { createSecret } from '../../core/secret.ts';
import { plain } from '../blocks.ts';
import { typedIn } from '../form-state.ts';
import type { FieldBuilder } from './field-builder.ts';

const MAX = 500;

/** Slack has no field that hides what is typed, so the form says what becomes of it. */
const HANDLING =
  'Slack shows it while you type. It goes to Cloudflare only: it is not kept with the form, so type it again if you come back.';

/** A key, to be typed each time: what stood in the field before is never put back. */
export const secretFieldBuilder: FieldBuilder = {
  blocks: ({ key, label, hint, optional }) => [
    {
      type: 'input',
      block_id: key,
      label: plain(label, 2000),
      hint: plain([...(hint === undefined ? [] : [hint]), HANDLING].join(' '), 2000),
      optional,
      element: { type: 'plain_text_input', action_id: key, max_length: MAX },
    },
  ],
  read: (state, key) => {
    const typed = typedIn(state, key);
    return typed === undefined ? undefined : createSecret(typed);
  },
  blockOf: (key) => key,
};
