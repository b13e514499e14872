import type { Digest } from '../core/digest/digest.ts';
import type { DigestPart } from './digest-part.ts';
import { fit } from './fit.ts';
import { bold, when } from './rich.ts';

/** That it did not come when it should have. */
export function lateParts({ dueAt }: Digest): DigestPart[] {
  if (dueAt === undefined) return [];
  return [{ line: [bold('⚠️ Late:'), ' this was due ', when(dueAt), '.'] }];
}

export function noteParts(digest: Digest): DigestPart[] {
  return notesOf(digest).map((says) => ({ line: [bold('⚠️ Note:'), ` ${says}`] }));
}

/** Each a sentence, fit to be shown. */
export function notesOf({ notes = [] }: Digest): string[] {
  return notes.map((says) => fit(says, 300));
}
