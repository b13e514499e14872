import type { z } from 'zod';
import type { Action } from '../../core/action.ts';
import type { FormField, FormValues } from '../../core/fields.ts';
import type { Actor } from '../../core/person.ts';
import type { Settings } from '../../core/settings.ts';
import type { Desk } from '../desk.ts';

export type FieldValue = FormValues[string];

/** What can be judged without asking anybody. */
export interface Checking {
  readonly field: FormField;
  /** Of the field in the action's input. */
  readonly schema: z.ZodType;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly timeZone: Settings['timeZone'];
}

/** Who asks for what, and where the rest is looked up. */
export interface Resolving extends Checking {
  readonly desk: Pick<Desk, 'directory' | 'store' | 'cloudflare' | 'offers' | 'vault' | 'readFile' | 'readMembers'>;
  readonly actor: Actor;
  /** What only takes away must not wait for somebody's name. */
  readonly effect: Action['effect'];
}

/** Something wrong with a field: the sentence for whoever typed it, and the part of the field where it stands. */
export interface Problem {
  readonly part?: string | undefined;
  readonly says: string;
}

/** How what was typed into one kind of field becomes a value of the action's input. */
export interface FieldReader {
  /** The first thing that is wrong at first sight. */
  check(value: FieldValue, checking: Checking): Problem | undefined;
  /** The value for the action's schema to parse. Throws UserError, with the field, for what turns out to be wrong. */
  resolve(value: FieldValue, resolving: Resolving): Promise<unknown>;
}

/** What the action's own schema says of a value. */
export function firstIssue(value: unknown, { schema }: Checking): Problem | undefined {
  const parsed = schema.safeParse(value);
  const issue = parsed.success ? undefined : parsed.error.issues[0];
  return issue && { part: issue.path[0]?.toString(), says: issue.message };
}
