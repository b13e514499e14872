import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type AuditEntry, AuditFacts, chain, CHAIN_START, type ChainHead } from '../core/audit.ts';
import { TransientError } from '../core/errors.ts';
import type { Change } from '../core/ports.ts';
import { isOver, Request } from '../core/request.ts';
import { secretsIn, vaultKey } from '../core/vault.ts';
import { readHead } from './audit-head.ts';
import { brokenLog, mustBeInLog, whyBroken } from './broken-log.ts';
import { COMMIT_LUA } from './commit.lua.ts';
import type { RedisConnection } from './connect.ts';
import type { Keys } from './keys.ts';
import { createRedisScript } from './redis-call.ts';
import { stageEffect } from './staged-effects.ts';

/** Each try that fails means that somebody else's entry was stored, so this is never reached by contention alone. */
const TRIES = 1000;

const Reply = z
  .tuple([z.enum(['stored', 'version', 'head', 'past', 'no-log']), z.string(), z.string()])
  .transform(([outcome, ...head]) => ({ outcome, head: readHead(head) }));

type Reply = z.infer<typeof Reply>;

/** See `Store.commit`. `onBroken` is told what keeps the audit log from being continued, in a sentence. */
export function createCommit(
  redis: RedisConnection,
  keys: Keys,
  onBroken: (why: string) => Promise<void>,
): (change: Change) => Promise<Request | undefined> {
  const script = createRedisScript(redis, COMMIT_LUA);
  const log = createHeadGuess();

  /** One try to continue the log. */
  async function continueLog(change: Prepared): Promise<Reply> {
    const guess = log.guess();
    const entries: AuditEntry[] = [];
    let head = guess.head;
    for (const fact of change.facts) {
      const entry = chain(head, fact);
      entries.push(entry);
      head = entry;
    }
    log.expect(head);
    try {
      const args = change.argumentsWith([...headArguments(guess.head), ...headArguments(head)], entries);
      const reply = Reply.parse(await script(change.where, args));
      if (reply.outcome !== 'stored') log.correct(guess, reply.head ?? CHAIN_START);
      return reply;
    } catch (error) {
      log.correct(guess, CHAIN_START);
      throw error;
    }
  }

  async function putAside({ facts, where, argumentsWith }: Prepared): Promise<Reply> {
    return Reply.parse(await script(where, argumentsWith(NO_HEADS, facts)));
  }

  return async (change) => {
    const prepared = prepare(change, keys);
    const { before, after } = prepared;
    for (let attempt = 1; attempt <= TRIES; attempt += 1) {
      const { outcome, head } = await continueLog(prepared);
      if (outcome === 'stored') return after;
      if (outcome === 'version') throw conflict(after);
      const why = whyBroken(outcome, head);
      if (why === undefined) continue;
      const isKept = !mustBeInLog(before);
      if (isKept && (await putAside(prepared)).outcome === 'version') throw conflict(after);
      // What is stored is stored, whether or not they can be told now: the next change tells them.
      await onBroken(why).catch(() => undefined);
      if (isKept) return after;
      throw brokenLog(why);
    }
    throw new TransientError('Too much is going on at once. Try again in a moment.', { code: 'store-busy' });
  };
}

type Prepared = ReturnType<typeof prepare>;

/** Parsed on the way in as well: what is hashed and promised must be exactly what can be read back. */
function prepare(change: Change, keys: Keys) {
  const before = change.request === undefined ? undefined : Request.parse(change.request);
  const after = before === undefined ? undefined : { ...before, version: before.version + 1 };
  const effects = change.effects.map((effect) => stageEffect(effect, randomUUID(), after?.version));
  return {
    before,
    after,
    facts: change.audit.map((entry) => AuditFacts.parse(entry)),
    where: [
      after === undefined ? keys.request('none') : keys.request(after.id),
      keys.unfinished,
      keys.audit,
      keys.auditHead,
      keys.staged,
      keys.auditAside,
      // Nobody needs the secrets of a request that is over.
      ...(after !== undefined && isOver(after) ? secretsIn(after.input) : []).map((one) => keys.kept(vaultKey(one))),
    ],
    /** For the script. `heads`: the one that the entries continue, and the one after them. */
    argumentsWith: (heads: readonly (string | number)[], entries: readonly AuditFacts[]): (string | number)[] => [
      ...requestArguments(before, after),
      ...heads,
      entries.length,
      ...entries.map((entry) => JSON.stringify(entry)),
      ...effects,
    ],
  };
}

function requestArguments(before: Request | undefined, after: Request | undefined): (string | number)[] {
  if (before === undefined || after === undefined) return ['', '', '', '', ''];
  return [before.version, after.version, JSON.stringify(after), after.id, isOver(after) ? '' : after.createdAt];
}

function headArguments(head: ChainHead): [number, string] {
  return [head.seq, head.hash];
}

/** Of entries that continue nothing. */
const NO_HEADS = ['', '', '', ''];

interface HeadGuess {
  readonly head: ChainHead;
  /** Counts the corrections. */
  readonly round: number;
}

/**
 * Where the audit log will end once everything on its way to Redis has arrived. Commands of one connection arrive in
 * order, so commits of this process can follow each other without waiting; the script refuses those that guessed wrong,
 * because another process stored something or one of them was refused, and they guess again.
 */
function createHeadGuess() {
  let current: HeadGuess = { head: CHAIN_START, round: 0 };
  return {
    guess: () => current,
    expect(head: ChainHead) {
      current = { ...current, head };
    },
    /** Only the first of several wrong guesses of one round counts: the others learnt the same and would undo newer guesses. */
    correct(wrong: HeadGuess, actual: ChainHead) {
      if (wrong.round === current.round) current = { head: actual, round: current.round + 1 };
    },
  };
}

function conflict(request: Request | undefined): TransientError {
  return new TransientError(`${request?.id ?? 'This'} was changed by somebody else at the same moment.`, {
    code: 'conflict',
  });
}
