import type { Action } from '../core/action.ts';
import { fieldsOf, type FormValues } from '../core/fields.ts';
import type { Actor } from '../core/person.ts';
import { blockOfField } from '../slack/read-form.ts';
import type { Desk } from './desk.ts';
import type { Checking, FieldValue, Resolving } from './values/field-reader.ts';
import { fieldReaders } from './values/registry.ts';

/** What can be judged without asking anybody: a map of block ids to sentences, empty if nothing is wrong. */
export function checkValues(
  desk: Pick<Desk, 'clock' | 'settings'>,
  action: Action,
  values: FormValues,
  only?: readonly string[],
): Record<string, string> {
  const problems: Record<string, string> = {};
  for (const checking of fieldsToCheck(desk, action)) {
    const { key, field, optional } = checking.field;
    const value = values[key];
    if ((only !== undefined && !only.includes(key)) || (optional && isBlank(value))) continue;
    const problem = fieldReaders[field].check(value, checking);
    if (problem === undefined) continue;
    const path = problem.part === undefined ? [key] : [key, problem.part];
    problems[blockOfField(action, path, only)] = problem.says;
  }
  return problems;
}

/**
 * The form's values as the action's input: people and devices are looked up, side by side; the rest is passed on for the
 * action's schema to parse. Throws UserError, with the field, for what turns out to be wrong.
 */
export async function resolveValues(
  desk: Resolving['desk'] & Pick<Desk, 'clock' | 'settings'>,
  action: Action,
  values: FormValues,
  actor: Actor,
): Promise<Record<string, unknown>> {
  const filled = fieldsToCheck(desk, action).filter(({ field }) => !(field.optional && isBlank(values[field.key])));
  const entries = await Promise.all(
    filled.map(async (checking) => {
      const { key, field } = checking.field;
      const resolving = { ...checking, desk, actor, effect: action.effect };
      return [key, await fieldReaders[field].resolve(values[key], resolving)] as const;
    }),
  );
  return Object.fromEntries(entries);
}

function fieldsToCheck({ clock, settings }: Pick<Desk, 'clock' | 'settings'>, { input }: Action): Checking[] {
  const [now, timeZone] = [clock.now(), settings.timeZone];
  return fieldsOf(input).flatMap((field) => {
    const schema = input.shape[field.key];
    return schema === undefined ? [] : [{ field, schema, now, timeZone }];
  });
}

function isBlank(value: FieldValue): boolean {
  return value === undefined || value === '';
}
