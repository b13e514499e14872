import { randomUUID } from 'node:crypto';
import { createSecret, type Secret } from '../../src/core/secret.ts';
import { cannotOpen, type SecretReference, type Vault } from '../../src/core/vault.ts';

/** A vault in this process: nothing is encrypted in it, and nothing leaves it. */
export function createMemoryVault(): Vault & { readonly holds: (reference: SecretReference) => boolean } {
  const kept = new Map<string, Secret>();
  return {
    isReady: true,
    holds: ({ secretId }) => kept.has(secretId),
    put: async (secret) => {
      const secretId = randomUUID();
      kept.set(secretId, createSecret(secret.reveal()));
      return { secretId };
    },
    open: async ({ secretId }) => {
      const found = kept.get(secretId);
      if (found === undefined) throw cannotOpen('secret-gone');
      return found;
    },
    forget: async (references) => {
      for (const { secretId } of references) kept.delete(secretId);
    },
  };
}
