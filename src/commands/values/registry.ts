import type { FieldKind } from '../../core/fields.ts';
import { durationReader } from './duration.ts';
import { endReader } from './end.ts';
import { enrolledDeviceReader } from './enrolled-device.ts';
import type { FieldReader } from './field-reader.ts';
import { insiderReader } from './insider.ts';
import { peopleReader } from './people.ts';
import { personReader } from './person.ts';
import { secretReader } from './secret.ts';
import { choiceReader, deviceReader, textReader, tickReader } from './typed.ts';

export const fieldReaders: Record<FieldKind, FieldReader> = {
  person: personReader,
  insider: insiderReader,
  people: peopleReader,
  device: deviceReader,
  'enrolled-device': enrolledDeviceReader,
  text: textReader,
  choice: choiceReader,
  tick: tickReader,
  end: endReader,
  duration: durationReader,
  secret: secretReader,
};
