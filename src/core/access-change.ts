import { z } from 'zod';
import type { AuditEntry, AuditFacts } from './audit.ts';

/** What a request does to the access of the people whom it is about. */
export const AccessChange = z.enum(['given', 'given-back', 'device-replaced', 'device-lost', 'taken-away']);
export type AccessChange = z.infer<typeof AccessChange>;

export interface ToldChange {
  readonly change: AccessChange;
  /** false: it has begun. */
  readonly isDone: boolean;
}

/** For the entries that a request begins and is done, so that the audit log can be read without knowing the actions. */
export function accessFacts({ access }: { readonly access?: AccessChange | undefined }): AuditFacts['facts'] {
  return access === undefined ? {} : { access };
}

/** What an entry says of the access of the people in it; undefined: nothing. */
export function accessChangeIn({ kind, facts }: AuditEntry): ToldChange | undefined {
  if (kind === 'stay.ended') return { change: 'taken-away', isDone: true };
  if (kind !== 'run.started' && kind !== 'run.finished') return undefined;
  const { data: change } = AccessChange.safeParse(facts['access']);
  return change === undefined ? undefined : { change, isDone: kind === 'run.finished' };
}
