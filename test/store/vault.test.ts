import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createSecret } from '../../src/core/secret.ts';
import { vaultKey } from '../../src/core/vault.ts';
import { createVault } from '../../src/store/vault.ts';
import { aClock } from '../builders/a-clock.ts';
import { createMemoryStore } from '../builders/memory-store.ts';

const KEY = '0f'.repeat(32);
const TYPED = 'r2/secret+key “ü” =0123456789';

function aVault({ key = KEY, ttlMs = 60_000 }: { readonly key?: string | null; readonly ttlMs?: number } = {}) {
  const clock = aClock();
  const store = createMemoryStore(clock);
  const locked = (with_: string | null) =>
    createVault({ key: with_ === null ? undefined : createSecret(with_), store, ttlMs });
  const vault = locked(key);
  return { clock, store, vault, locked };
}

describe('a secret in the vault', () => {
  it('comes out as it went in', async () => {
    const { vault } = aVault();

    const reference = await vault.put(createSecret(TYPED));

    expect((await vault.open(reference)).reveal()).toBe(TYPED);
    expect(JSON.stringify(reference)).toMatch(/^{"secretId":"[0-9a-f-]{36}"}$/);
  });

  it('is kept in no form that anybody could read, and never twice in the same one', async () => {
    const { vault, store } = aVault();

    const references = [await vault.put(createSecret(TYPED)), await vault.put(createSecret(TYPED))];

    const kept = await Promise.all(references.map((one) => store.recall(vaultKey(one))));
    const all = JSON.stringify(kept);
    for (const form of ['utf8', 'base64', 'hex'] as const) {
      expect(all).not.toContain(Buffer.from(TYPED).toString(form).slice(0, 12));
    }
    const [one, other] = kept.map((each) => Object.values(each as Record<string, string>));
    expect(one?.filter((part) => other?.includes(part))).toEqual([]);
  });

  it('opens with the same key in hexadecimal digits, large or small, and in base64', async () => {
    const bytes = randomBytes(32);
    const { vault, locked } = aVault({ key: bytes.toString('hex') });
    const reference = await vault.put(createSecret(TYPED));

    for (const key of [bytes.toString('hex').toUpperCase(), bytes.toString('base64')]) {
      expect((await locked(key).open(reference)).reveal()).toBe(TYPED);
    }
  });

  it('opens with no other key, and says what to do', async () => {
    const { vault, locked } = aVault();
    const reference = await vault.put(createSecret(TYPED));

    await expect(locked('f0'.repeat(32)).open(reference)).rejects.toMatchObject({
      name: 'PermanentError',
      code: 'secret-unreadable',
      message:
        'The key that was typed can’t be decrypted: EXPORT_KEY was changed since, or somebody altered it in Redis. Ask again, and type it once more.',
    });
    await expect(locked(null).open(reference)).rejects.toMatchObject({ name: 'PermanentError', code: 'no-export-key' });
  });

  it('can’t be put in the place of another', async () => {
    const { vault, store } = aVault();
    const [harmless, wanted] = [await vault.put(createSecret('harmless')), await vault.put(createSecret(TYPED))];

    await store.keep(vaultKey(harmless), await store.recall(vaultKey(wanted)), 60_000);

    await expect(vault.open(harmless)).rejects.toMatchObject({ code: 'secret-unreadable' });
  });

  it.each(['nonce', 'sealed', 'tag'])('does not open once its %s was altered, or is gone', async (part) => {
    const { vault, store } = aVault();
    const reference = await vault.put(createSecret(TYPED));
    const kept = (await store.recall(vaultKey(reference))) as Record<string, string>;
    const bytes = Buffer.from(kept[part] ?? '', 'base64');
    bytes[0] = (bytes[0] ?? 0) ^ 1;
    const { [part]: _gone, ...rest } = kept;

    for (const altered of [{ ...kept, [part]: bytes.toString('base64') }, { ...kept, [part]: '' }, rest, 'nonsense']) {
      await store.keep(vaultKey(reference), altered, 60_000);
      await expect(vault.open(reference)).rejects.toMatchObject({ code: 'secret-unreadable' });
    }
  });

  it('is gone when it was forgotten, and when its time is over', async () => {
    const { vault, clock } = aVault({ ttlMs: 1000 });
    const [one, other] = [await vault.put(createSecret('one')), await vault.put(createSecret('other'))];

    await vault.forget([one]);
    await expect(vault.open(one)).rejects.toMatchObject({ name: 'PermanentError', code: 'secret-gone' });
    expect((await vault.open(other)).reveal()).toBe('other');

    clock.advance(1000);
    await expect(vault.open(other)).rejects.toMatchObject({ code: 'secret-gone' });
    await vault.forget([one, other]);
  });
});

it('takes nothing without a key, and says how to make one', async () => {
  const { vault } = aVault({ key: null });

  expect(vault.isReady).toBe(false);
  await expect(vault.put(createSecret(TYPED))).rejects.toMatchObject({
    name: 'UserError',
    code: 'no-export-key',
    message: expect.stringContaining('`openssl rand -hex 32`'),
  });
});
