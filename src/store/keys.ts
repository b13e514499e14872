import type { LogKind } from '../core/log-row.ts';

/** Every key that the store uses. */
export interface Keys {
  readonly requestNumber: string;
  /** Hash of `version` and `json`. */
  readonly request: (id: string) => string;
  /** Sorted set of request ids by `createdAt`. */
  readonly unfinished: string;
  /** Stream, the id of an entry is its number: `17-0`. */
  readonly audit: string;
  /** Hash of `seq` and `hash`: what the last entry must be. */
  readonly auditHead: string;
  /** List of entries as JSON, oldest first, that the audit log could not take. */
  readonly auditAside: string;
  /** List of effects that no queue has yet, oldest first. */
  readonly staged: string;
  /** Hash of end dates as JSON, by lower-cased address. */
  readonly stays: string;
  /** Sorted set of rows, all with the same score: their texts are in order of time. */
  readonly logRows: (kind: LogKind) => string;
  /** Hashes of JSON: how far each kind was read, counts by day, what was dropped by day, who was let in before. */
  readonly logPulled: string;
  readonly logDays: string;
  readonly logDropped: string;
  readonly logSeen: string;
  readonly claim: (key: string) => string;
  readonly kept: (key: string) => string;
  readonly lock: (resource: string) => string;
  readonly fence: string;
}

/**
 * @param prefix such as `{ocs-access}`. The braces keep all keys on one node of a cluster, which the scripts need.
 * @throws Error for a prefix without braces.
 */
export function createKeys(prefix: string): Keys {
  if (!/\{[^{}]+\}/.test(prefix)) throw new Error(`The Redis key prefix needs a part in braces, as in {${prefix}}.`);
  return {
    requestNumber: `${prefix}:request-number`,
    request: (id) => `${prefix}:request:${id}`,
    unfinished: `${prefix}:unfinished`,
    audit: `${prefix}:audit`,
    auditHead: `${prefix}:audit-head`,
    auditAside: `${prefix}:audit-aside`,
    staged: `${prefix}:staged`,
    stays: `${prefix}:stays`,
    logRows: (kind) => `${prefix}:log:${kind}`,
    logPulled: `${prefix}:log-pulled`,
    logDays: `${prefix}:log-days`,
    logDropped: `${prefix}:log-dropped`,
    logSeen: `${prefix}:log-seen`,
    claim: (key) => `${prefix}:claim:${key}`,
    kept: (key) => `${prefix}:kept:${key}`,
    lock: (resource) => `${prefix}:lock:${resource}`,
    fence: `${prefix}:fence`,
  };
}
