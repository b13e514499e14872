import { z } from 'zod';

const Element = z.object({
  value: z.string().nullish(),
  selected_user: z.string().nullish(),
  selected_date: z.string().nullish(),
  files: z.array(z.object({ id: z.string() })).nullish(),
  selected_option: z.object({ value: z.string().nullish(), text: z.object({ text: z.string() }).nullish() }).nullish(),
  selected_options: z.array(z.object({ value: z.string().nullish() })).nullish(),
});

/** `view.state.values`: block id, then action id. Fields that we do not read are dropped. */
export const FormState = z.record(z.string(), z.record(z.string(), Element));
export type FormState = z.infer<typeof FormState>;

function elementOf(state: FormState, id: string): z.infer<typeof Element> {
  return state[id]?.[id] ?? {};
}

/** What was typed, or undefined for nothing but blanks. */
export function typedIn(state: FormState, id: string): string | undefined {
  const value = elementOf(state, id).value?.trim();
  return value === undefined || value === '' ? undefined : value;
}

export function userPickedIn(state: FormState, id: string): string | undefined {
  return elementOf(state, id).selected_user ?? undefined;
}

export function optionPickedIn(state: FormState, id: string): string | undefined {
  return elementOf(state, id).selected_option?.value ?? undefined;
}

/** What the picked option says. */
export function labelPickedIn(state: FormState, id: string): string | undefined {
  return elementOf(state, id).selected_option?.text?.text ?? undefined;
}

/** `2026-12-24` */
export function datePickedIn(state: FormState, id: string): string | undefined {
  return elementOf(state, id).selected_date ?? undefined;
}

/** Slack’s id of the first file. */
export function fileIn(state: FormState, id: string): string | undefined {
  return elementOf(state, id).files?.[0]?.id;
}

export function isTicked(state: FormState, id: string): boolean {
  return (elementOf(state, id).selected_options ?? []).length > 0;
}
