import { type AuditEntry, AuditFacts, chain, CHAIN_START } from '../../src/core/audit.ts';
import { TransientError } from '../../src/core/errors.ts';
import type { Clock, Effect, Stays, Store } from '../../src/core/ports.ts';
import { isOver, Request, requestId } from '../../src/core/request.ts';
import { Stay } from '../../src/core/stay.ts';
import { secretsIn, vaultKey, type SecretReference } from '../../src/core/vault.ts';

export interface MemoryStore extends Store, Stays {
  readonly entries: readonly AuditEntry[];
  /** Of all commits, in order. */
  readonly effects: readonly Effect[];
  /** Changes what is stored behind everybody's back, as somebody with access to Redis could. */
  tamper(id: string, change: (request: Request) => Request): void;
}

/** A store in this process. It passes the same suite as the real one: test/contract/memory-store.test.ts. */
export function createMemoryStore(clock: Clock): MemoryStore {
  // As text, so that nobody shares an object with the store.
  const requests = new Map<string, string>();
  const ends = new Map<string, string>();
  const kept = new Map<string, { readonly json: string; readonly until: number }>();
  const entries: AuditEntry[] = [];
  const effects: Effect[] = [];
  let numbers = 0;

  const read = (id: string): Request | undefined => {
    const json = requests.get(id);
    return json === undefined ? undefined : Request.parse(JSON.parse(json));
  };
  const alive = (key: string): string | undefined => {
    const found = kept.get(key);
    return found === undefined || found.until <= clock.now() ? undefined : found.json;
  };

  return {
    entries,
    effects,
    tamper(id, change) {
      const request = read(id);
      if (request === undefined) throw new Error(`There is no ${id} to tamper with.`);
      requests.set(id, JSON.stringify(change(request)));
    },

    async nextRequestId() {
      numbers += 1;
      return requestId(numbers);
    },
    async load(id) {
      // A turn, as any answer over a network takes: without it nobody could come in between.
      await Promise.resolve();
      return read(id);
    },
    async unfinished() {
      await Promise.resolve();
      return [...requests.keys()]
        .toSorted()
        .flatMap((id) => read(id) ?? [])
        .filter((request) => !isOver(request))
        .toSorted((one, other) => one.createdAt - other.createdAt);
    },
    ping: async () => undefined,

    async commit(change) {
      const before = change.request === undefined ? undefined : Request.parse(change.request);
      const facts = change.audit.map((entry) => AuditFacts.parse(entry));
      const after = before && { ...before, version: before.version + 1 };
      await Promise.resolve();
      if (before !== undefined && (read(before.id)?.version ?? 0) !== before.version) {
        throw new TransientError(`${before.id} was changed by somebody else at the same moment.`, { code: 'conflict' });
      }
      for (const entry of facts) entries.push(chain(entries.at(-1) ?? CHAIN_START, entry));
      if (after !== undefined) requests.set(after.id, JSON.stringify(after));
      for (const secret of spentBy(after)) kept.delete(`note ${vaultKey(secret)}`);
      effects.push(...change.effects);
      return after;
    },

    async claim(key, ttlMs) {
      if (alive(`claim ${key}`) !== undefined) return false;
      kept.set(`claim ${key}`, { json: '1', until: clock.now() + ttlMs });
      return true;
    },
    async release(key) {
      kept.delete(`claim ${key}`);
    },
    async keep(key, value, ttlMs) {
      kept.set(`note ${key}`, { json: JSON.stringify(value) ?? 'null', until: clock.now() + ttlMs });
    },
    async recall(key) {
      const json = alive(`note ${key}`);
      return json === undefined ? undefined : (JSON.parse(json) as unknown);
    },
    async forget(key) {
      kept.delete(`note ${key}`);
    },

    async stayOf(email) {
      const json = ends.get(email.toLowerCase());
      return json === undefined ? undefined : Stay.parse(JSON.parse(json));
    },
    async stays() {
      return [...ends.values()].map((json) => Stay.parse(JSON.parse(json)));
    },
    async putStay(stay) {
      const parsed = Stay.parse(stay);
      ends.set(parsed.person.email, JSON.stringify(parsed));
    },
    async dropStay(email) {
      ends.delete(email.toLowerCase());
    },

    async *auditEntries(from = 1) {
      yield* structuredClone(entries.slice(Math.max(1, from) - 1));
    },
    async *auditEntriesBack(from = entries.length) {
      yield* structuredClone(entries.slice(0, Math.max(0, from))).toReversed();
    },
    async auditHead() {
      const last = entries.at(-1);
      return last === undefined ? CHAIN_START : { seq: last.seq, hash: last.hash };
    },
  };
}

/** Nobody needs the secrets of a request that is over. */
function spentBy(request: Request | undefined): SecretReference[] {
  return request !== undefined && isOver(request) ? secretsIn(request.input) : [];
}
