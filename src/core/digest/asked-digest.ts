import type { Store } from '../ports.ts';
import type { Digest } from './digest.ts';
import { gatherDigest, type GatherDependencies } from './gather.ts';
import { keptDigest, recallDigests } from './remembered.ts';
import { unlessAltered } from '../unless-altered.ts';

export interface AskedDependencies extends GatherDependencies {
  readonly store: GatherDependencies['store'] & Pick<Store, 'recall'>;
}

/** The digest of a day for somebody who asks: as it was told, or made now. Changes nothing. Throws like the store. */
export async function askedDigest(dependencies: AskedDependencies, day: string): Promise<Digest> {
  const { store } = dependencies;
  const kept = await keptDigest(store, day);
  // With the present head, which is another one for each time that somebody asks: each is a message of its own.
  if (kept !== undefined) return { ...kept, head: await unlessAltered(() => store.auditHead()) };
  const { bookmark } = await recallDigests(store);
  return (await gatherDigest(dependencies, day, { bookmark })).digest;
}
