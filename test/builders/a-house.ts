import { actions as allActions } from '../../src/actions/registry.ts';
import type { Action } from '../../src/core/action.ts';
import type { Member } from '../../src/core/approval.ts';
import { type Ask, createAsk } from '../../src/core/ask.ts';
import { createDecide, type Decide, type Decider } from '../../src/core/decide.ts';
import { UserError } from '../../src/core/errors.ts';
import type { Actor } from '../../src/core/person.ts';
import { hashPlan } from '../../src/core/plan.ts';
import type { Cloudflare, Directory, Effect } from '../../src/core/ports.ts';
import type { Post } from '../../src/core/post.ts';
import type { Request } from '../../src/core/request.ts';
import type { Server } from '../../src/core/server.ts';
import type { Settings } from '../../src/core/settings.ts';
import type { Snapshot, SnapshotScope } from '../../src/core/snapshot.ts';
import { aClock } from './a-clock.ts';
import { ANA, BEN, CARA, DINA } from './a-request.ts';
import { SESSION_LIMITS } from './a-plan.ts';
import { aSnapshot } from './a-snapshot.ts';
import { createMemoryLocks } from './memory-locks.ts';
import { createMemoryServer } from './memory-server.ts';
import { createMemoryStore } from './memory-store.ts';

export interface HouseOptions {
  readonly settings?: Partial<Settings>;
  readonly snapshot?: Snapshot;
  readonly actions?: readonly Action[];
  readonly server?: Server;
  /** Runs at every read of the account: what happens meanwhile. */
  readonly whileLooking?: () => void | Promise<void>;
  /** Runs whenever Slack is asked for the approvers. */
  readonly beforeApprovers?: () => void | Promise<void>;
}

export const A_DAY = 24 * 60 * 60 * 1000;

/** Asking and deciding over a store in memory. Cara and Dina are approvers. */
export function aHouse({
  settings,
  snapshot = aSnapshot(),
  actions = allActions,
  server = createMemoryServer(),
  whileLooking,
  beforeApprovers,
}: HouseOptions = {}) {
  const clock = aClock();
  const store = createMemoryStore(clock);
  const approvers = new Set([CARA.slackId, DINA.slackId]);
  // As old as the first look at it, unless asked for afresh.
  let remembered: ReadonlySet<string> | undefined;
  const directory: Pick<Directory, 'approvers'> = {
    approvers: async ({ fresh = false } = {}) => {
      await beforeApprovers?.();
      if (fresh || remembered === undefined) remembered = new Set(approvers);
      return remembered;
    },
  };
  let account = snapshot;
  const scopes: SnapshotScope[] = [];
  const cloudflare: Pick<Cloudflare, 'snapshot'> = {
    snapshot: async (scope = {}) => {
      scopes.push(scope);
      await whileLooking?.();
      return account;
    },
  };
  const all: Settings = {
    approvalsNeeded: 1,
    allowSelfApproval: false,
    requestTtlMs: A_DAY,
    timeZone: 'Europe/Berlin',
    appUrl: 'http://ocs.lantern.example:8000',
    revokeSeat: true,
    sessionLimits: SESSION_LIMITS,
    ...settings,
  };
  const locks = createMemoryLocks();
  const asking = createAsk({
    actions,
    store,
    stays: store,
    locks,
    cloudflare,
    server,
    directory,
    clock,
    settings: all,
  });
  const deciding = createDecide({ store, directory, clock, settings: all });
  return {
    clock,
    store,
    locks,
    approvers,
    /** Somebody changes the account. */
    change: (edit: (snapshot: Snapshot) => Snapshot) => {
      account = edit(account);
    },
    /** What every read of the account asked for. */
    scopes,
    // As functions, so that a test can take what it needs out of the house.
    ask: (...given: Parameters<Ask['ask']>) => asking.ask(...given),
    preview: (...given: Parameters<Ask['preview']>) => asking.preview(...given),
    complete: (...given: Parameters<Ask['complete']>) => asking.complete(...given),
    approve: (...given: Parameters<Decide['approve']>) => deciding.approve(...given),
    deny: (...given: Parameters<Decide['deny']>) => deciding.deny(...given),
    withdraw: (...given: Parameters<Decide['withdraw']>) => deciding.withdraw(...given),
  };
}

/** What Ben types to have Ana added. */
export function anAdd(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    person: ANA,
    device: { kind: 'typed', platform: 'macos', serial: 'C02XK0AZJG5J' },
    reason: 'She joins the support team on Monday.',
    ...changes,
  };
}

/** Ana is to type the serial number herself. */
export const ASK_HER = { kind: 'ask' };

export const anaActs: Actor = { ...ANA, teamId: BEN.teamId };

export function presses(actor: Actor, standing: Member['standing'] = 'member'): Decider {
  return { actor, member: { slackId: actor.slackId, teamId: actor.teamId, standing } };
}

/** What a button of the request's message carries. */
export function seen(request: Request): string {
  return request.plan === undefined ? '' : hashPlan(request.plan).slice(0, 16);
}

/** The UserError with which it was refused. */
export async function refusal(asked: Promise<unknown>): Promise<UserError> {
  const error = await asked.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof UserError) return error;
  throw new Error('It was not refused with a UserError.', { cause: error });
}

/** Effects in a word each: `run REQ-0001`, `approval-card REQ-0001`. */
export function named(effects: readonly Effect[]): string[] {
  return effects.map((effect) =>
    effect.kind === 'run' ? `run ${effect.requestId}` : `${effect.post.kind} ${aboutWhat(effect.post)}`,
  );
}

function aboutWhat(post: Post): string {
  if (post.kind === 'home') return post.slackId;
  if (post.kind === 'tunnel-alert') return post.alertId;
  return 'requestId' in post ? (post.requestId ?? '-') : '-';
}
