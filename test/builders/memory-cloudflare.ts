import type { AccessRule } from '../../src/core/access-rules.ts';
import { PermanentError } from '../../src/core/errors.ts';
import type { Cloudflare, PolicyOnFile } from '../../src/core/ports.ts';
import type { AccessList, Snapshot } from '../../src/core/snapshot.ts';

/** `addToList list-serials C02…`: a call and what it was about. */
export type CallName = `${keyof Cloudflare} ${string}`;

export interface MemoryCloudflare extends Cloudflare {
  /** Every call that got through, in order. */
  readonly calls: readonly CallName[];
  /** Those that changed something. */
  readonly writes: readonly CallName[];
  /** Values of a list. */
  valuesOf(listId: string): string[];
  /** Addresses that a policy includes. */
  peopleOf(policyId: string): string[];
  /** Somebody puts it there in the dashboard. */
  put(listId: string, value: string, description?: string): void;
  /** Runs before the call is carried out, or after; what it throws, the call throws. */
  intercept(when: 'before' | 'after', on: (call: CallName) => void | Promise<void>): void;
}

/**
 * Lists and policies of a snapshot that can be written, as strict as the far end is where the port promises something:
 * a list refuses a value that it has, and writing a policy puts back what was read, whatever happened since.
 */
export function createMemoryCloudflare(snapshot: Snapshot): MemoryCloudflare {
  const lists = new Map<string, AccessList>(
    [snapshot.posture?.list, ...snapshot.emailLists].flatMap((list) => (list === undefined ? [] : [[list.id, list]])),
  );
  const policies = new Map<string, PolicyOnFile>(
    [...snapshot.policies, ...(snapshot.enrolment?.policies ?? [])].map((policy) => [
      policy.ref.id,
      { ...policy, raw: { include: policy.include } },
    ]),
  );
  const calls: CallName[] = [];
  const writes: CallName[] = [];
  const before: ((call: CallName) => void | Promise<void>)[] = [];
  const after: ((call: CallName) => void | Promise<void>)[] = [];

  async function answer<T>(call: CallName, carryOut: () => T): Promise<T> {
    for (const on of before) await on(call);
    const result = carryOut();
    calls.push(call);
    for (const on of after) await on(call);
    return result;
  }
  function listOf(id: string): AccessList {
    const list = lists.get(id);
    if (list === undefined) throw new PermanentError(`There is no list ${id}.`, { code: 'cloudflare-not-found' });
    return list;
  }
  return {
    calls,
    writes,
    valuesOf: (listId) => listOf(listId).items.map(({ value }) => value),
    peopleOf: (policyId) =>
      (policies.get(policyId)?.include ?? []).flatMap((rule) => (rule.kind === 'email' ? [rule.email] : [])),
    put(listId, value, description = '') {
      const list = listOf(listId);
      lists.set(listId, { ...list, items: [...list.items, { value, description }] });
    },
    intercept: (when, on) => {
      (when === 'before' ? before : after).push(on);
    },

    snapshot: () => answer('snapshot -', () => snapshot),
    readList: (id) => answer(`readList ${id}`, () => listOf(id)),
    addToList: (id, item) =>
      answer(`addToList ${id} ${item.value}`, () => {
        const list = listOf(id);
        if (list.items.some(({ value }) => value === item.value)) {
          throw new PermanentError(`Cloudflare refused: ${item.value} is in the list.`, { code: 'cloudflare-refused' });
        }
        lists.set(id, { ...list, items: [...list.items, item] });
        writes.push(`addToList ${id} ${item.value}`);
      }),
    removeFromList: (id, value) =>
      answer(`removeFromList ${id} ${value}`, () => {
        const list = listOf(id);
        lists.set(id, { ...list, items: list.items.filter((item) => item.value !== value) });
        writes.push(`removeFromList ${id} ${value}`);
      }),
    readPolicy: (ref) =>
      answer(`readPolicy ${ref.id}`, () => {
        const policy = policies.get(ref.id);
        if (policy === undefined)
          throw new PermanentError(`There is no policy ${ref.id}.`, { code: 'cloudflare-not-found' });
        return policy;
      }),
    writePolicy: (file, edit) =>
      answer(`writePolicy ${file.ref.id} ${JSON.stringify(edit)}`, () => {
        const include = edited(file.include, edit);
        policies.set(file.ref.id, { ...file, include, raw: { include } });
        writes.push(`writePolicy ${file.ref.id} ${JSON.stringify(edit)}`);
      }),
    checkToken: async () => ({ ok: true, says: 'works' }),
    tunnels: async () => [],
  };
}

function edited(include: readonly AccessRule[], edit: Parameters<Cloudflare['writePolicy']>[1]): AccessRule[] {
  if ('addEmail' in edit) return [...include, { kind: 'email', email: edit.addEmail }];
  return include.filter((rule) => rule.kind !== 'email' || rule.email !== edit.removeEmail);
}
