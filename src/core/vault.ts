import { z } from 'zod';
import { PermanentError, UserError } from './errors.ts';
import type { Secret } from './secret.ts';

/** What stands for a secret in inputs, plans and steps. Without the key of the vault it is worth nothing. */
export const SecretReference = z.object({ secretId: z.uuid() });
export type SecretReference = z.infer<typeof SecretReference>;

/**
 * Where secrets wait that somebody typed into a form, from the form until their request is over. They are kept encrypted,
 * under a key that only the configuration holds, and go by themselves some time after a request would have expired.
 */
export interface Vault {
  /** False: there is no key, so nothing can be put in. */
  readonly isReady: boolean;
  /** Throws UserError `no-export-key`; otherwise like the store. */
  put(secret: Secret): Promise<SecretReference>;
  /** Throws PermanentError for one that is gone, or was put in under another key; otherwise like the store. */
  open(reference: SecretReference): Promise<Secret>;
  /** Returns normally for those that are gone. */
  forget(references: readonly SecretReference[]): Promise<void>;
}

/** Under which note of the store a secret is kept: the store drops it in the very write that ends its request. */
export function vaultKey({ secretId }: SecretReference): string {
  return `secret:${secretId}`;
}

/** The secrets that an input refers to. */
export function secretsIn(input: Readonly<Record<string, unknown>>): SecretReference[] {
  return Object.values(input).flatMap((value) => SecretReference.safeParse(value).data ?? []);
}

const MAKE_ONE =
  'Your operator makes one with `openssl rand -hex 32`, sets EXPORT_KEY to it for the bot and for the worker, and starts them again.';

export function noExportKey(): UserError {
  return new UserError(
    `Keys that are typed here are kept encrypted until they are used, and EXPORT_KEY, the key for that, is not set. Nothing was stored. ${MAKE_ONE}`,
    { code: 'no-export-key' },
  );
}

export function cannotOpen(why: 'no-export-key' | 'secret-gone' | 'secret-unreadable'): PermanentError {
  const says = {
    'no-export-key': `The key that was typed can’t be decrypted, because EXPORT_KEY is not set for the worker. ${MAKE_ONE} Then ask again.`,
    'secret-gone': 'The key that was typed is not kept any more. Ask again, and type it once more.',
    'secret-unreadable':
      'The key that was typed can’t be decrypted: EXPORT_KEY was changed since, or somebody altered it in Redis. Ask again, and type it once more.',
  }[why];
  return new PermanentError(says, { code: why });
}
