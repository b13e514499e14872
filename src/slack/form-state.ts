import { z } from 'zod';

const Element = z.object({
  value: z.string().nullish(),
  selected_user: z.string().nullish(),
  selected_option: z.object({ value: z.string().nullish() }).nullish(),
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

export function isTicked(state: FormState, id: string): boolean {
  return (elementOf(state, id).selected_options ?? []).length > 0;
}
