import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AuditFacts, chain, CHAIN_START, type ChainHead } from '../core/audit.ts';
import { PermanentError, TransientError } from '../core/errors.ts';
import type { Change } from '../core/ports.ts';
import { isOver, Request } from '../core/request.ts';
import { secretsIn, vaultKey } from '../core/vault.ts';
import { COMMIT_LUA } from './commit.lua.ts';
import type { RedisConnection } from './connect.ts';
import type { Keys } from './keys.ts';
import { createRedisScript } from './redis-call.ts';
import { stageEffect } from './staged-effects.ts';

/** Each try that fails means that somebody else's entry was stored, so this is never reached by contention alone. */
const TRIES = 1000;

const Reply = z
  .tuple([z.enum(['stored', 'version', 'head', 'broken']), z.coerce.number(), z.string()])
  .transform(([outcome, seq, hash]) => ({ outcome, head: { seq, hash } }));

/** See `Store.commit`. */
export function createCommit(redis: RedisConnection, keys: Keys): (change: Change) => Promise<Request | undefined> {
  const script = createRedisScript(redis, COMMIT_LUA);
  const log = createHeadGuess();

  return async (change) => {
    // Parsed on the way in as well: what is hashed and promised must be exactly what can be read back.
    const before = change.request === undefined ? undefined : Request.parse(change.request);
    const facts = change.audit.map((entry) => AuditFacts.parse(entry));
    const request = before === undefined ? undefined : { ...before, version: before.version + 1 };
    const effects = change.effects.map((effect) => stageEffect(effect, randomUUID(), request?.version));
    const where = [
      request === undefined ? keys.request('none') : keys.request(request.id),
      keys.unfinished,
      keys.audit,
      keys.auditHead,
      keys.staged,
      // Nobody needs the secrets of a request that is over.
      ...(request !== undefined && isOver(request) ? secretsIn(request.input) : []).map((one) =>
        keys.kept(vaultKey(one)),
      ),
    ];

    for (let attempt = 1; attempt <= TRIES; attempt += 1) {
      const guess = log.guess();
      const entries = [];
      let head = guess.head;
      for (const fact of facts) {
        const entry = chain(head, fact);
        entries.push(JSON.stringify(entry));
        head = entry;
      }
      log.expect(head);
      const reply = Reply.parse(
        await script(where, [
          ...requestArguments(before, request),
          ...headArguments(guess.head),
          ...headArguments(head),
          entries.length,
          ...entries,
          ...effects,
        ]).catch((error: unknown) => {
          log.correct(guess, CHAIN_START);
          throw error;
        }),
      );
      if (reply.outcome === 'stored') return request;
      log.correct(guess, reply.head);
      if (reply.outcome === 'version') throw conflict(request);
      if (reply.outcome === 'broken') throw brokenLog(reply.head);
    }
    throw new TransientError('Too much is going on at once. Try again in a moment.', { code: 'store-busy' });
  };
}

function requestArguments(before: Request | undefined, after: Request | undefined): (string | number)[] {
  if (before === undefined || after === undefined) return ['', '', '', '', ''];
  return [before.version, after.version, JSON.stringify(after), after.id, isOver(after) ? '' : after.createdAt];
}

function headArguments(head: ChainHead): [number, string] {
  return [head.seq, head.hash];
}

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

function brokenLog(head: ChainHead): PermanentError {
  return new PermanentError(
    `The audit log goes on past entry ${head.seq}, which should be its last, so somebody altered it in Redis. Nothing more is stored until an operator has looked at it.`,
    { code: 'audit-broken' },
  );
}
