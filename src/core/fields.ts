import { z } from 'zod';
import { Person } from './person.ts';
import { checkSerial, PLATFORM_NAMES, Platform } from './serial.ts';

/**
 * The kinds of field that a form can ask for. An action's input is made of these; the Slack room knows how each kind
 * looks and how to read it back. A new kind is an entry here and one file there.
 */
export type FieldKind = 'person' | 'device' | 'text';

export interface FieldLook {
  readonly field: FieldKind;
  readonly label: string;
  readonly hint?: string;
}

/** A field as a form needs it. `key` is the key of the action's input and the beginning of the block ids. */
export interface FormField extends FieldLook {
  readonly key: string;
  readonly optional: boolean;
}

export const PersonValue = z.strictObject({ slackId: z.string().exactOptional(), email: z.string().exactOptional() });
export type PersonValue = z.infer<typeof PersonValue>;

export const DeviceValue = z.strictObject({
  platform: Platform.exactOptional(),
  serial: z.string().exactOptional(),
  /** The colleague types it themselves. */
  ask: z.boolean().exactOptional(),
});
export type DeviceValue = z.infer<typeof DeviceValue>;

/** What a person typed, before anything is looked up or judged: kept as a draft and put back into the form. */
export const FormValues = z.record(z.string(), z.union([z.string(), PersonValue, DeviceValue]).optional());
export type FormValues = z.infer<typeof FormValues>;

/** A colleague: by the form's picker or by address; resolved to a Person before the action sees it. */
export function personField(look: Omit<FieldLook, 'field'>) {
  return Person.meta({ field: 'person', ...look });
}

/** A device typed now, or the wish that its owner be asked for it. */
export const DeviceInput = z.discriminatedUnion('kind', [
  z
    .object({ kind: z.literal('typed'), platform: Platform.exactOptional(), serial: z.string() })
    .transform((device, context) => {
      const checked = checkSerial(device.serial, device.platform);
      if ('ok' in checked) return { ...device, serial: checked.ok };
      context.addIssue({ code: 'custom', message: checked.problem, path: ['serial'] });
      return z.NEVER;
    }),
  z.object({ kind: z.literal('ask') }),
]);
export type DeviceInput = z.infer<typeof DeviceInput>;

export function deviceField(look: Omit<FieldLook, 'field'>) {
  return DeviceInput.meta({ field: 'device', ...look });
}

export function textField(look: Omit<FieldLook, 'field'>) {
  return z
    .string()
    .trim()
    .min(3, { error: 'Write a few words: at least 3 characters.' })
    .max(500, { error: 'Keep it under 500 characters.' })
    .meta({ field: 'text', ...look });
}

const Look = z.object({ field: z.enum(['person', 'device', 'text']), label: z.string(), hint: z.string().optional() });

/** The form of an action, read off its input schema, in the order of its keys. Throws for a key without a look: our bug. */
export function fieldsOf(input: z.ZodObject): FormField[] {
  return Object.entries(input.shape).map(([key, schema]) => {
    const optional = schema instanceof z.ZodOptional;
    const inner = optional ? schema.unwrap() : schema;
    const look = Look.parse(z.globalRegistry.get(z.instanceof(z.ZodType).parse(inner)));
    const { field, label, hint } = look;
    return { key, optional, field, label, ...(hint === undefined ? {} : { hint }) };
  });
}

/** `their macOS device (serial number C02XK0AZJG5J)`, for sentences. */
export function describeDevice(device: DeviceInput): string {
  if (device.kind === 'ask') return 'a device whose serial they type themselves';
  const what = device.platform === undefined ? 'their device' : `their ${PLATFORM_NAMES[device.platform]} device`;
  return `${what} (serial number ${device.serial})`;
}
