import { z } from 'zod';
import type { Action } from '../core/action.ts';
import { fieldsOf, type FormValues } from '../core/fields.ts';
import { FormState } from './form-state.ts';
import { fieldBuilders } from './fields/registry.ts';
import { Intro } from './intro.ts';

const Metadata = z.object({
  draftId: z.string(),
  action: z.string(),
  /** What stands above the fields: it can't be read off the view. */
  intro: Intro.exactOptional(),
  /** Under which the values of the form's button are kept, if it has one. */
  offer: z.string().exactOptional(),
});

/** What stands in the form, `view.state.values` as Slack sent it. Throws a ZodError for anything that is not a form's state. */
export function readForm(action: Action, stateValues: unknown): FormValues {
  const state = FormState.parse(stateValues);
  return Object.fromEntries(
    fieldsOf(action.input).map(({ key, field }) => [key, fieldBuilders[field].read(state, key)]),
  );
}

/** Throws a ZodError for metadata that is not ours. */
export function readMetadata(privateMetadata: string): z.infer<typeof Metadata> {
  return Metadata.parse(JSON.parse(privateMetadata));
}

/**
 * The input block to show an error at: Slack drops errors at blocks that are not inputs of the form. `path`: a field as
 * a UserError names it (`device.serial`) or the path of a zod issue (`['person', 'email']`). `only`: as given to the form.
 */
export function blockOfField(action: Action, path: string | readonly PropertyKey[], only?: readonly string[]): string {
  const [key, part] = (typeof path === 'string' ? path.split('.') : path).map(String);
  const fields = fieldsOf(action.input).filter((field) => only === undefined || only.includes(field.key));
  const field = fields.find((one) => one.key === key);
  if (field !== undefined)
    return fieldBuilders[field.field].blockOf(field.key, only === undefined ? part : inviteePart(part));
  const last = fields.at(-1);
  return last === undefined ? '' : fieldBuilders[last.field].blockOf(last.key, undefined);
}

/** The field that an input block belongs to. */
export function keyOfBlock(blockId: string): string {
  return blockId.split('.')[0] ?? blockId;
}

/** The form of an invitation has no box to ask somebody else. */
function inviteePart(part: string | undefined): string | undefined {
  return part === 'ask' ? undefined : part;
}
