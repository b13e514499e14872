import { createCipheriv, createDecipheriv, randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Store } from '../core/ports.ts';
import { createSecret, type Secret } from '../core/secret.ts';
import { cannotOpen, noExportKey, vaultKey, type Vault } from '../core/vault.ts';

const CIPHER = 'aes-256-gcm';
/** Bytes, as the mode wants it. A new one each time: the same twice under one key would give both away. */
const NONCE = 12;

const Sealed = z.object({ nonce: z.base64(), sealed: z.base64(), tag: z.base64() });

export interface VaultDependencies {
  /** 32 bytes as 64 hexadecimal digits or in base64. Undefined: the operator has made none. */
  readonly key: Secret | undefined;
  readonly store: Pick<Store, 'keep' | 'recall' | 'forget'>;
  /** Milliseconds after which a secret goes by itself: later than any request that needs it. */
  readonly ttlMs: number;
}

/**
 * Secrets in Redis, each encrypted with AES-256-GCM. The id is part of what is authenticated, so that whoever writes to
 * Redis can't put one secret in the place of another.
 */
export function createVault({ key, store, ttlMs }: VaultDependencies): Vault {
  return {
    isReady: key !== undefined,

    async put(secret) {
      if (key === undefined) throw noExportKey();
      const secretId = randomUUID();
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv(CIPHER, bytesOf(key), nonce).setAAD(Buffer.from(secretId));
      const sealed = Buffer.concat([cipher.update(secret.reveal(), 'utf8'), cipher.final()]);
      const parts = { nonce, sealed, tag: cipher.getAuthTag() };
      await store.keep(vaultKey({ secretId }), inBase64(parts), ttlMs);
      return { secretId };
    },

    async open({ secretId }) {
      if (key === undefined) throw cannotOpen('no-export-key');
      const kept = await store.recall(vaultKey({ secretId }));
      if (kept === undefined) throw cannotOpen('secret-gone');
      const text = unseal(kept, key, secretId);
      if (text === undefined) throw cannotOpen('secret-unreadable');
      return createSecret(text);
    },

    async forget(references) {
      await Promise.all(references.map((reference) => store.forget(vaultKey(reference))));
    },
  };
}

function bytesOf(key: Secret): Buffer {
  const text = key.reveal();
  return Buffer.from(text, /^[0-9a-f]{64}$/i.test(text) ? 'hex' : 'base64');
}

function inBase64(parts: Readonly<Record<keyof z.infer<typeof Sealed>, Buffer>>): z.infer<typeof Sealed> {
  const { nonce, sealed, tag } = parts;
  return { nonce: nonce.toString('base64'), sealed: sealed.toString('base64'), tag: tag.toString('base64') };
}

/** Undefined: it was altered, or sealed under another key or id. */
function unseal(kept: unknown, key: Secret, secretId: string): string | undefined {
  try {
    const { nonce, sealed, tag } = Sealed.parse(kept);
    const options = { authTagLength: 16 };
    const decipher = createDecipheriv(CIPHER, bytesOf(key), Buffer.from(nonce, 'base64'), options)
      .setAAD(Buffer.from(secretId))
      .setAuthTag(Buffer.from(tag, 'base64'));
    return Buffer.concat([decipher.update(Buffer.from(sealed, 'base64')), decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}
