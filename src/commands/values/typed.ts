import { DeviceValue } from '../../core/fields.ts';
import { firstIssue, type FieldReader, type FieldValue, type Resolving } from './field-reader.ts';

/** Fields whose value stands in the form: the action's schema judges it, and nobody has to be asked. */

function asItStands(toInput: (value: FieldValue, field: Resolving['field']) => unknown): FieldReader {
  return {
    check: (value, checking) => firstIssue(toInput(value, checking.field), checking),
    resolve: async (value, { field }) => toInput(value, field),
  };
}

export const textReader = asItStands((value) => (typeof value === 'string' ? value : ''));

export const tickReader = asItStands((value) => value === true);

/** The first option unless another one was chosen. */
export const choiceReader = asItStands((value, { options }) => value ?? options?.[0]?.value);

export const deviceReader = asItStands((value) => deviceInput(value));

/** A device as the form gives it, as the schema takes it. */
export function deviceInput(value: FieldValue): unknown {
  const { platform, serial, ask } = DeviceValue.safeParse(value).data ?? {};
  return ask === true
    ? { kind: 'ask' }
    : { kind: 'typed', ...(platform === undefined ? {} : { platform }), serial: serial ?? '' };
}
