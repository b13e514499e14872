import type { FieldKind } from '../../core/fields.ts';
import { choiceFieldBuilder } from './choice.ts';
import { deviceFieldBuilder } from './device.ts';
import { durationFieldBuilder } from './duration.ts';
import { endFieldBuilder } from './end.ts';
import { enrolledDeviceFieldBuilder } from './enrolled-device.ts';
import type { FieldBuilder } from './field-builder.ts';
import { insiderFieldBuilder } from './insider.ts';
import { peopleFieldBuilder } from './people.ts';
import { personFieldBuilder } from './person.ts';
import { secretFieldBuilder } from './secret.ts';
import { textFieldBuilder } from './text.ts';
import { tickFieldBuilder } from './tick.ts';

export const fieldBuilders: Record<FieldKind, FieldBuilder> = {
  person: personFieldBuilder,
  insider: insiderFieldBuilder,
  people: peopleFieldBuilder,
  device: deviceFieldBuilder,
  'enrolled-device': enrolledDeviceFieldBuilder,
  text: textFieldBuilder,
  choice: choiceFieldBuilder,
  tick: tickFieldBuilder,
  end: endFieldBuilder,
  duration: durationFieldBuilder,
  secret: secretFieldBuilder,
};
