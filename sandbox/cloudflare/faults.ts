import { setTimeout as sleep } from 'node:timers/promises';
import type { Context, Next } from 'hono';
import { codes, errorBody } from './envelope.ts';

/** Which requests: `path` is compared with path and query, `/accounts/...?x=y`; a string must be contained in it. */
export interface Target {
  method?: string;
  path?: RegExp | string;
}

/** Something that goes wrong. Without any of the outcomes below, a plain 500 that did nothing. */
export interface Fault extends Target {
  /** How many requests it hits before it is spent: 1 unless told, `Infinity` until cleared. */
  times?: number;
  status?: number;
  code?: number;
  message?: string;
  /** Seconds, sent as Retry-After on a 429 only, as the platform does. A 429 without it says 60. */
  retryAfterSeconds?: number;
  /** Does what was asked, and then fails all the same. */
  afterWrite?: true;
  /** Cuts the connection instead of answering. */
  dropConnection?: true;
  /** HTTP 200 whose body says `success: false` and carries no result. */
  successFalse?: true;
  /** Waits this long first. Alone, it only delays. */
  latencyMs?: number;
  /** Alters the true answer: for answers that should be reported as breaking the contract. */
  mangle?: (answer: unknown) => unknown;
}

interface PlantedFault {
  readonly hits: number;
  remove(): void;
}

export interface Faults {
  add(fault: Fault): PlantedFault;
  clear(): void;
  list(): (Fault & { hits: number })[];
}

export function hitsTarget(target: Target, method: string, path: string): boolean {
  if (target.method !== undefined && target.method.toUpperCase() !== method) return false;
  if (target.path === undefined) return true;
  return typeof target.path === 'string' ? path.includes(target.path) : target.path.test(path);
}

export function createFaults(): Faults & { take(method: string, path: string): Fault | undefined } {
  const planted: { fault: Fault; hits: number }[] = [];

  function add(fault: Fault): PlantedFault {
    const entry = { fault, hits: 0 };
    planted.push(entry);
    return {
      get hits() {
        return entry.hits;
      },
      remove: () => {
        const index = planted.indexOf(entry);
        if (index !== -1) planted.splice(index, 1);
      },
    };
  }

  function take(method: string, path: string): Fault | undefined {
    const entry = planted.find(({ fault, hits }) => hits < (fault.times ?? 1) && hitsTarget(fault, method, path));
    if (entry === undefined) return undefined;
    entry.hits += 1;
    return entry.fault;
  }

  return {
    add,
    take,
    clear: () => {
      planted.length = 0;
    },
    list: () => planted.map(({ fault, hits }) => ({ ...fault, hits })),
  };
}

/** What a request came to besides its answer. */
export interface Outcome {
  dropped: boolean;
  /** The answer is broken on purpose, so the contract has nothing to say about it. */
  exempt: boolean;
}

function isOnlySlow(fault: Fault): boolean {
  const { latencyMs, status, afterWrite, dropConnection, successFalse, mangle } = fault;
  return (
    latencyMs !== undefined && [status, afterWrite, dropConnection, successFalse, mangle].every((x) => x === undefined)
  );
}

async function altered(answer: Response, mangle: (answer: unknown) => unknown): Promise<Response> {
  const { status, headers } = answer;
  return new Response(JSON.stringify(mangle(await answer.json())), { status, headers });
}

function faultyAnswer(c: Context, fault: Fault): Response {
  if (fault.successFalse === true) {
    const { code = codes.internal, message = 'could not be done' } = fault;
    return c.json(errorBody(code, message), 200);
  }
  const status = fault.status ?? (fault.retryAfterSeconds === undefined ? 500 : 429);
  const code = fault.code ?? (status === 429 ? codes.rateLimited : codes.internal);
  const answer = Response.json(errorBody(code, fault.message ?? 'fault planted in the sandbox'), { status });
  if (status === 429) answer.headers.set('Retry-After', String(fault.retryAfterSeconds ?? 60));
  return answer;
}

/** Carries out a fault around `next`, which does what was asked. */
export async function suffer(c: Context, next: Next, fault: Fault, outcome: Outcome): Promise<void> {
  if (fault.latencyMs !== undefined) await sleep(fault.latencyMs);
  if (isOnlySlow(fault)) return next();
  if (fault.afterWrite === true || fault.mangle !== undefined) await next();
  if (fault.mangle !== undefined) {
    c.res = await altered(c.res, fault.mangle);
    return;
  }
  outcome.dropped = fault.dropConnection === true;
  outcome.exempt = fault.successFalse === true;
  c.res = undefined;
  c.res = faultyAnswer(c, fault);
}
