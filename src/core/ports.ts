import type { AuditEntry, AuditFacts, ChainHead } from './audit.ts';
import type { Member } from './approval.ts';
import type { RuleSet } from './access-rules.ts';
import type { AccessRow, NetworkRow } from './log-row.ts';
import type { Dataset, ExportJob } from './export-job.ts';
import type { Actor, Person } from './person.ts';
import type { Secret } from './secret.ts';
import type { Post } from './post.ts';
import type { Request } from './request.ts';
import type { AccessList, AccessUser, Device, ListItem, PolicyRef, Snapshot, SnapshotScope } from './snapshot.ts';
import type { Sessions, SessionWrite } from './sessions.ts';
import type { Stay } from './stay.ts';
import type { AppTunnels, Connector, TunnelHealth } from './tunnel.ts';
import type { Timer } from './timer.ts';
import type { AccessEvent } from './access-event.ts';

export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
}

/** A policy as it was read, with everything that has to go back when it is written. */
export interface PolicyOnFile extends RuleSet {
  readonly ref: PolicyRef;
  readonly name: string;
  /** The far end's own form: only the adapter looks inside. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/** E-mail rules to be there, or not, in one part of a policy. Compared without regard to case. */
export interface PolicyEdit {
  readonly part: 'include' | 'exclude';
  readonly emails: readonly string[];
  readonly present: boolean;
}

/** `of`: everything that has a registration of one of these people, or was used by one last. `matching`: by words of name, serial or person. */
export type DeviceQuery =
  | { readonly of: readonly string[] | 'all' }
  | { readonly ids: readonly string[] }
  | { readonly matching: string };

/** Every method throws TransientError or PermanentError only. Reads are never cached. */
export interface Cloudflare {
  /** Discovers and reads everything that planning needs. PermanentError with a sentence for the operator where the account is ambiguous or incomplete. */
  snapshot(scope?: SnapshotScope): Promise<Snapshot>;
  /** A list with all its items. */
  readList(id: string): Promise<AccessList>;
  /** Atomic on the far end: other items are not touched. Refused there if a value is in the list. */
  addToList(id: string, items: readonly ListItem[]): Promise<void>;
  /** Atomic on the far end. Returns normally for values that were not in the list. */
  removeFromList(id: string, values: readonly string[]): Promise<void>;
  readPolicy(ref: PolicyRef): Promise<PolicyOnFile>;
  /** Writes the policy back with some e-mail rules more or less and nothing else changed. Last writer wins on the far end: hold the lock, read just before. */
  writePolicy(file: PolicyOnFile, edit: PolicyEdit): Promise<void>;
  /** Devices with all their registrations, revoked ones included. */
  devices(query: DeviceQuery): Promise<readonly Device[]>;
  users(query: readonly string[] | 'all'): Promise<readonly AccessUser[]>;
  /** How many sessions of a user are alive, by the user's id. 0 for one who is gone. */
  sessions(userId: string): Promise<number>;
  /**
   * Ends a person's Access sessions, and their WARP registrations unless told to keep them. They may come back if a rule
   * lets them. Harmless to repeat.
   */
  revokeSessions(email: string, options?: { readonly keepDevices?: boolean }): Promise<void>;
  /** Return normally for what is gone already. */
  deleteDevice(id: string): Promise<void>;
  deleteRegistrations(ids: readonly string[]): Promise<void>;
  freeSeats(seatUids: readonly string[]): Promise<void>;
  /**
   * The Access log of one person or of several, newest first, `limit` rows for each at most (default 100). Times are epoch
   * milliseconds. `withCountries` takes up to two seconds longer, and what can't be had by then is missing.
   */
  accessEvents(query: {
    readonly email: string | readonly string[];
    readonly since: number;
    readonly limit?: number;
    readonly withCountries?: boolean;
  }): Promise<readonly AccessEvent[]>;
  /**
   * One page of everybody's Access log between two moments (both included, epoch milliseconds), oldest first, at most 1,000
   * rows, without what analytics know. Pages count from 1; only an empty one is the last.
   */
  accessRows(query: {
    readonly since: number;
    readonly until: number;
    readonly page: number;
  }): Promise<readonly AccessRow[]>;
  /** What analytics know of the logins between two moments, by ray id. PermanentError `no-such-data` where plan or token have none. */
  loginDetails(query: {
    readonly since: number;
    readonly until: number;
  }): Promise<ReadonlyMap<string, Pick<AccessRow, 'country' | 'deviceId' | 'withWarp' | 'policyId' | 'method'>>>;
  /** Network sessions between two moments. PermanentError `no-such-data` where plan or token have none. */
  networkRows(query: { readonly since: number; readonly until: number }): Promise<readonly NetworkRow[]>;
  /** One cheap call. Resolves with what is wrong, never throws. */
  checkToken(): Promise<{ readonly ok: boolean; readonly says: string }>;
  /** All tunnels that exist, in one cheap call. */
  tunnels(): Promise<readonly TunnelHealth[]>;
  /** Empty for a tunnel that is gone. */
  connectors(tunnelId: string): Promise<readonly Connector[]>;
  /** The tunnels that the routes of the application use; all of the account where no route tells. */
  usedTunnels(): Promise<readonly TunnelHealth[]>;
  /** The same with what serves them, and how they were found: one call more for each. */
  appTunnels(): Promise<AppTunnels>;
  /** The session lengths, and where each is set. */
  sessionLengths(): Promise<Sessions>;
  /**
   * Reads the thing whole and writes it back with another session length and nothing else changed. Last writer wins on the
   * far end: hold the lock. Throws PermanentError `session-place-gone` for a place that is not there any more.
   */
  writeSessionLength(write: SessionWrite): Promise<void>;
  /**
   * All exports of logs, whoever made them, without their keys. Like everything about exports it throws PermanentError
   * `no-exports` where Cloudflare refuses: the plan has none, or the token may not.
   */
  exportJobs(): Promise<readonly ExportJob[]>;
  /** Names of the fields that a dataset has. */
  exportFields(dataset: Dataset): Promise<readonly string[]>;
  /** Whether Cloudflare can write to a destination, given in its own form. */
  reachesDestination(conf: Secret): Promise<boolean>;
  /** Has a file with a token written into the destination; resolves to the name of the file. Each call writes another one. */
  challengeOwnership(conf: Secret): Promise<string>;
  /** Whether this is the token in the file. */
  provesOwnership(conf: Secret, token: Secret): Promise<boolean>;
  /** Not idempotent: names are not unique. Look first. */
  createExport(job: NewExport): Promise<void>;
  /** Pauses it or lets it go on. Throws PermanentError `export-not-changed` where Cloudflare does not reach the destination now. */
  switchExport(id: number, isOn: boolean): Promise<void>;
  /** Returns normally for one that is gone. */
  deleteExport(id: number): Promise<void>;
}

export interface NewExport {
  readonly name: string;
  readonly dataset: Dataset;
  readonly fields: readonly string[];
  readonly conf: Secret;
  /** The token that proves ownership, where the destination needs one. */
  readonly token?: Secret;
}

/** What must follow a stored change, kept with it and done at least once. */
export type Effect =
  | { readonly kind: 'post'; readonly post: Post; readonly delayMs?: number }
  /** `isUrgent`: in the emergency queue, where nothing waits behind others. */
  | { readonly kind: 'run'; readonly requestId: string; readonly isUrgent?: boolean };

/** One atomic change: all of it is stored or nothing. */
export interface Change {
  /** `version` is the stored version that this was made from, 0 for a new one; it is stored as `version + 1`. */
  readonly request?: Request;
  readonly audit: readonly AuditFacts[];
  readonly effects: readonly Effect[];
}

/** Throws TransientError (`store-down`) at once when Redis does not answer; never waits for it to come back. */
export interface Store {
  /** Resolves if Redis answers, whatever is stored there. */
  ping(): Promise<void>;
  nextRequestId(): Promise<string>;
  load(id: string): Promise<Request | undefined>;
  /** Requests that are not over, oldest first. */
  unfinished(): Promise<Request[]>;
  /**
   * Throws TransientError with code `conflict` when the stored version is another. Returns the request as stored. A request
   * that is over loses the secrets that its input refers to, in the same write. Where somebody altered the audit log so that
   * it can't be continued: PermanentError with code `audit-broken` for what gives access or changes something; of all else
   * the entries are kept beside the log.
   */
  commit(change: Change): Promise<Request | undefined>;
  /** True for the first caller within `ttlMs`; everybody else gets false. */
  claim(key: string, ttlMs: number): Promise<boolean>;
  release(key: string): Promise<void>;
  keep(key: string, value: unknown, ttlMs: number): Promise<void>;
  recall(key: string): Promise<unknown>;
  forget(key: string): Promise<void>;
  /** Entries of the audit log in order, read in pages. */
  auditEntries(from?: number): AsyncIterable<AuditEntry>;
  /** The same backwards, from a number down: read as far as somebody reads on. */
  auditEntriesBack(from?: number): AsyncIterable<AuditEntry>;
  auditHead(): Promise<ChainHead>;
}

/** Access that ends by itself, by person. Writers hold the lock `stayLock(email)`. Throws like the store. */
export interface Stays {
  stayOf(email: string): Promise<Stay | undefined>;
  /** All of them, in no order. */
  stays(): Promise<Stay[]>;
  putStay(stay: Stay): Promise<void>;
  /** Returns normally if there is none. */
  dropStay(email: string): Promise<void>;
}

/** An effect of a stored change that no queue has yet. */
export interface StagedEffect {
  /** Unique for ever. */
  readonly id: string;
  readonly effect: Effect;
  /** Version of the request that was stored together with it. */
  readonly version?: number;
  /** The store's own; handed back to unstage it. */
  readonly receipt: string;
}

/** What the relay needs of the store. Throws TransientError (`store-down`) when Redis does not answer. */
export interface StagedEffects {
  /** The oldest ones, in the order in which they were stored. They stay until they are unstaged. */
  staged(limit: number): Promise<StagedEffect[]>;
  /** Returns normally for those that somebody else has unstaged. */
  unstage(effects: readonly StagedEffect[]): Promise<void>;
}

export interface Lock {
  /** Grows with every holder: a write made under an older token is refused. */
  readonly token: number;
  /** Throws TransientError (`lock-lost`) if somebody else may hold it by now. Call right before a write. */
  confirm(): Promise<void>;
}

export interface Locks {
  /** Runs the task while nobody else, in any process, holds the resource. Throws TransientError (`locked`) if it can't be had in time. */
  hold<T>(resource: string, task: (lock: Lock) => Promise<T>): Promise<T>;
}

/** Who is who in Slack. Throws TransientError when Slack does not answer. */
export interface Directory {
  /** May be a few minutes old unless `fresh`. */
  find(
    slackId: string,
    options?: { readonly fresh?: boolean },
  ): Promise<{ readonly member: Member; readonly actor: Actor }>;
  byEmail(email: string): Promise<(Person & { readonly slackId: string }) | undefined>;
  /** Mentions all approvers in mrkdwn: their group, or each of them. Undefined if that can't be told. */
  approversMention(): Promise<string | undefined>;
  /** Slack ids. `fresh`: asks Slack now, for decisions. */
  approvers(options?: { readonly fresh?: boolean }): Promise<ReadonlySet<string>>;
}

/** The outbox as steps see it. */
export interface Posts {
  /** Stored before it returns; delivered at least once, in order. The same key is enqueued once. */
  enqueue(key: string, post: Post): Promise<void>;
}

/** What is to happen later, as steps and jobs see it. */
export interface Timers {
  /** Stored before it returns; comes at least once, some time after `at` (epoch milliseconds). The same key is set once. */
  set(key: string, timer: Timer, at: number): Promise<void>;
}

/** The only way out to Slack for jobs. */
export interface Notifier {
  /** Throws TransientError (Slack down, 429 with the wait) or PermanentError (no such channel). */
  deliver(post: Post): Promise<void>;
}
