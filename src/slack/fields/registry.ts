import type { FieldKind } from '../../core/fields.ts';
import { deviceFieldBuilder } from './device.ts';
import type { FieldBuilder } from './field-builder.ts';
import { personFieldBuilder } from './person.ts';
import { textFieldBuilder } from './text.ts';

export const fieldBuilders: Record<FieldKind, FieldBuilder> = {
  person: personFieldBuilder,
  device: deviceFieldBuilder,
  text: textFieldBuilder,
};
