import { z } from 'zod';
import { Person } from './person.ts';
import { isSecret, type Secret } from './secret.ts';
import { checkSerial, PLATFORM_NAMES, Platform } from './serial.ts';
import { SecretReference } from './vault.ts';

/**
 * The kinds of field that a form can ask for. An action's input is made of these; the Slack room knows how each kind
 * looks and how to read it back. A new kind is an entry here and one file there.
 */
export const FieldKind = z.enum([
  'person', // anybody
  'insider', // somebody who has access now
  'people', // a pasted list or a file
  'device', // typed
  'enrolled-device', // one that is registered or was connected
  'text',
  'choice',
  'tick',
  'end', // of access: a date or a duration
  'duration', // a length of hours
  'secret', // a key: from the form it goes into the vault, and nowhere else
]);
export type FieldKind = z.infer<typeof FieldKind>;

const Choice = z.object({ value: z.string(), text: z.string(), description: z.string().optional() });

const Look = z.object({
  field: FieldKind,
  label: z.string(),
  hint: z.string().optional(),
  /** Of a choice, the first one being the default; of a tick, the one that is ticked. */
  options: z.array(Choice).optional(),
  /** Of a device: nobody else can be asked to type it. */
  isTypedHere: z.boolean().optional(),
  /** Of people: whether each line has a serial number too. */
  withSerials: z.boolean().optional(),
  /** Of a duration: what stands before it after the command, `warp` in `warp 24h`. The key of the input does as well. */
  word: z.string().optional(),
  /** Of a text: one line, such as a name. */
  isOneLine: z.boolean().optional(),
});
export type FieldLook = z.infer<typeof Look>;

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

/** Ids of the far end, with `device:` or `serial:` in front: a registered device may never have been connected. */
export const EnrolledDeviceValue = z.strictObject({ id: z.string(), label: z.string() });
export type EnrolledDeviceValue = z.infer<typeof EnrolledDeviceValue>;

/** `date`: `2026-12-24`, the last day. `duration`: `30d`, `2w`. */
export const EndValue = z.strictObject({ date: z.string().exactOptional(), duration: z.string().exactOptional() });
export type EndValue = z.infer<typeof EndValue>;

/** `fileId`: Slack's, of an uploaded CSV file. */
export const PeopleValue = z.strictObject({ text: z.string().exactOptional(), fileId: z.string().exactOptional() });
export type PeopleValue = z.infer<typeof PeopleValue>;

/**
 * What a person typed, before anything is looked up or judged: kept as a draft and put back into the form, but for secrets.
 */
export const FormValues = z.record(
  z.string(),
  z
    .union([
      z.string(),
      z.boolean(),
      PersonValue,
      DeviceValue,
      EnrolledDeviceValue,
      EndValue,
      PeopleValue,
      z.custom<Secret>(isSecret),
    ])
    .optional(),
);
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

/** Somebody who has access now; resolved like a person. */
export function insiderField(look: Omit<FieldLook, 'field'>) {
  return Person.meta({ field: 'insider', ...look });
}

/** A device that the account knows, as it was when it was picked. */
export const EnrolledDevice = z.object({
  /** Cloudflare's. Undefined: registered by its serial number, and never connected. */
  id: z.string().optional(),
  name: z.string(),
  /** Undefined: the device reports none. */
  serial: z.string().optional(),
  platform: Platform.optional(),
  owner: Person,
  /** Addresses of others who use it too. */
  others: z.array(z.string()),
});
export type EnrolledDevice = z.infer<typeof EnrolledDevice>;

export function enrolledDeviceField(look: Omit<FieldLook, 'field'>) {
  return EnrolledDevice.meta({ field: 'enrolled-device', ...look });
}

/** One line of a list of people. */
export const ListedPerson = z.object({
  /** From 1, as the person who typed it counts. */
  line: z.number().int(),
  person: Person,
  serial: z.string().optional(),
  platform: Platform.optional(),
});
export type ListedPerson = z.infer<typeof ListedPerson>;

/** Revoking takes about three calls to Cloudflare for each, of the 1,200 in five minutes that all others need too. */
export const MOST_PEOPLE = 250;

export function peopleField(look: Omit<FieldLook, 'field'>) {
  return z
    .array(ListedPerson)
    .min(1, { error: 'The list is empty. Write one person a line.' })
    .max(MOST_PEOPLE, { error: `One request takes at most ${MOST_PEOPLE} people. Split the list.` })
    .meta({ field: 'people', ...look });
}

export function choiceField<const Values extends readonly [string, ...string[]]>(
  values: Values,
  look: Omit<FieldLook, 'field'> & { readonly options: NonNullable<FieldLook['options']> },
) {
  return z.enum(values).meta({ field: 'choice', ...look });
}

export function tickField(look: Omit<FieldLook, 'field'> & { readonly options: NonNullable<FieldLook['options']> }) {
  return z.boolean().meta({ field: 'tick', ...look });
}

/** Epoch milliseconds: the end of the last day, in the operator's time zone. */
export function endField(look: Omit<FieldLook, 'field'>) {
  return z
    .number()
    .int()
    .meta({ field: 'end', ...look });
}

/** Milliseconds. What lengths are allowed is for the plan to say: it depends on the house. */
export function durationField(look: Omit<FieldLook, 'field'>) {
  return z
    .number()
    .int()
    .positive()
    .meta({ field: 'duration', ...look });
}

export function textField(look: Omit<FieldLook, 'field'>) {
  return z
    .string()
    .trim()
    .min(3, { error: 'Write a few words: at least 3 characters.' })
    .max(500, { error: 'Keep it under 500 characters.' })
    .meta({ field: 'text', ...look });
}

/** One line, such as the name of a bucket. `valid`: what it has to look like; `says`: the same for people. */
export function lineField(
  look: Omit<FieldLook, 'field'>,
  { valid, says }: { readonly valid: RegExp; readonly says: string },
) {
  return z
    .string()
    .trim()
    .max(200, { error: 'Keep it under 200 characters.' })
    .regex(valid, { error: says })
    .meta({ field: 'text', isOneLine: true, ...look });
}

/** A key. The input holds a reference to it; the key itself waits in the vault. */
export function secretField(look: Omit<FieldLook, 'field'>) {
  return SecretReference.meta({ field: 'secret', ...look });
}

/** Whether a form asks for a key. */
export function hasSecrets(input: z.ZodObject): boolean {
  return fieldsOf(input).some(({ field }) => field === 'secret');
}

/** A part of an input that nobody types: it comes with the message from which the form is opened, if it is needed. */
export function fixedPart<Schema extends z.ZodType>(schema: Schema): Schema {
  return schema.meta({ fixed: true });
}

/** The parts of the input that nobody types. `optional`: it can do without. */
export function fixedPartsOf(input: z.ZodObject): { readonly key: string; readonly optional: boolean }[] {
  return Object.entries(input.shape).flatMap(([key, schema]) =>
    isFixed(schema) ? [{ key, optional: schema instanceof z.ZodOptional }] : [],
  );
}

/** Nobody has to fill in anything: there is no form. */
export function isFieldless(input: z.ZodObject): boolean {
  return fieldsOf(input).length === 0;
}

/** The form of an action, read off its input schema, in the order of its keys. Throws for a key without a look: our bug. */
export function fieldsOf(input: z.ZodObject): FormField[] {
  return Object.entries(input.shape).flatMap(([key, schema]) => {
    if (isFixed(schema)) return [];
    const optional = schema instanceof z.ZodOptional;
    return [{ key, optional, ...Look.parse(metaOf(optional ? schema.unwrap() : schema)) }];
  });
}

/** Also where what is fixed was made optional afterwards. */
function isFixed(schema: unknown): boolean {
  if (metaOf(schema)?.['fixed'] === true) return true;
  return schema instanceof z.ZodOptional && metaOf(schema.unwrap())?.['fixed'] === true;
}

/** Zod keeps it with the very schema that it was given to, so an optional one has its own. */
function metaOf(schema: unknown): Readonly<Record<string, unknown>> | undefined {
  return z.globalRegistry.get(z.instanceof(z.ZodType).parse(schema));
}

const DEVICE_WORDS: Record<Platform, string> = {
  macos: 'Mac',
  windows: 'Windows computer',
  linux: 'Linux computer',
};

/** `Mac`, `device` */
export function deviceWord({ platform }: Pick<EnrolledDevice, 'platform'>): string {
  return platform === undefined ? 'device' : DEVICE_WORDS[platform];
}

/** `their macOS device (serial number C02XK0AZJG5J)`, for sentences. */
export function describeDevice(device: DeviceInput): string {
  if (device.kind === 'ask') return 'a device whose serial they type themselves';
  const what = device.platform === undefined ? 'their device' : `their ${PLATFORM_NAMES[device.platform]} device`;
  return `${what} (serial number ${device.serial})`;
}
