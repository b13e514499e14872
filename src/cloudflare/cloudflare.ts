import type { Cloudflare } from '../core/ports.ts';
import type { Account } from './client.ts';
import type { Deciders } from './discover.ts';
import { addToList, readList, removeFromList } from './lists.ts';
import { readPolicy, writePolicy } from './policies.ts';
import { takeSnapshot } from './take-snapshot.ts';
import { checkToken } from './token.ts';
import { readTunnels } from './tunnels.ts';

export interface CloudflareDependencies extends Account {
  readonly deciders: Deciders;
}

/** The Cloudflare account through the official client. Nothing is cached, logged or tried again. */
export function createCloudflare({ client, accountId, clock, deciders }: CloudflareDependencies): Cloudflare {
  const account: Account = { client, accountId, clock };
  return {
    snapshot: () => takeSnapshot(account, deciders),
    readList: (id) => readList(account, id),
    addToList: (id, item) => addToList(account, id, item),
    removeFromList: (id, value) => removeFromList(account, id, value),
    readPolicy: (ref) => readPolicy(account, ref),
    writePolicy: (file, edit) => writePolicy(account, file, edit),
    checkToken: () => checkToken(account),
    tunnels: () => readTunnels(account),
  };
}
