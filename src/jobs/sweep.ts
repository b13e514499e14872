import { run } from '../core/effects.ts';
import { expireRequests } from '../core/expire.ts';
import type { Clock, Store } from '../core/ports.ts';
import { remindRequests } from '../core/remind.ts';
import { type Request } from '../core/request.ts';
import { startRepeating, type Repeating, type RepeatingOptions } from './repeat.ts';

export interface SweepDependencies extends Pick<RepeatingOptions, 'connection' | 'prefix' | 'log'> {
  readonly store: Store;
  readonly clock: Clock;
  readonly everyMs?: number;
}

/** A run that has written nothing down for this long has no worker: even a far end that hangs is given up sooner. */
const ABANDONED_MS = 5 * 60 * 1000;

export interface Swept {
  /** Ids of requests, all of them. */
  readonly expired: string[];
  readonly reminded: string[];
  readonly resumed: string[];
}

/** Ends requests whose time is over, calls the approvers to those that wait for long, and takes up runs whose job got lost, say with a restored Redis. */
export async function sweep(store: Store, clock: Clock): Promise<Swept> {
  // Whoever changes or runs one reads it again, so that it does not matter how old these are by then.
  const unfinished = await store.unfinished();
  const expired = await expireRequests(store, clock, unfinished);
  const reminded = await remindRequests(store, clock, unfinished);
  const now = clock.now();
  const abandoned = unfinished.filter((request) => isAbandoned(request, now));
  for (const request of abandoned) {
    await store.commit({ audit: [], effects: [run(request)] });
  }
  return { expired, reminded, resumed: abandoned.map(({ id }) => id) };
}

function isAbandoned(request: Request, now: number): boolean {
  if (request.status !== 'approved' && request.status !== 'running') return false;
  const lastSigns = [
    request.createdAt,
    request.decidedAt,
    request.startedAt,
    request.waitingUntil,
    ...request.steps.map(({ at }) => at),
  ];
  return now - Math.max(...lastSigns.map((at) => at ?? 0)) > ABANDONED_MS;
}

/** Sweeps every half minute, in one of the processes that live, whichever it is. */
export function startSweep({ store, clock, everyMs = 30_000, ...shared }: SweepDependencies): Promise<Repeating> {
  const { log } = shared;
  return startRepeating({
    ...shared,
    name: 'sweep',
    everyMs,
    work: async () => {
      const { expired, resumed, reminded } = await sweep(store, clock);
      for (const requestId of expired) log.info({ requestId }, 'Request expired');
      for (const requestId of reminded) log.info({ requestId }, 'Approvers were reminded of a request');
      for (const requestId of resumed) log.warn({ requestId }, 'Run had no worker; taken up again');
    },
  });
}
