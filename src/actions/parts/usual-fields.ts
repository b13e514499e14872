import { endField, textField } from '../../core/fields.ts';

/** Why somebody asks: on the card, and in the audit log. */
export function whyField(hint = 'The approver and, months later, an auditor read this.') {
  return textField({ label: 'Why?', hint });
}

/** Until when somebody is given access: a last day, or none. */
export function untilField() {
  return endField({
    label: 'Until when?',
    hint: 'Their access ends by itself after that day. Leave it empty for access without an end.',
  }).optional();
}
