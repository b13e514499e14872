import type { LogpushJob } from './logpush-state.ts';
import type { State } from './state.ts';

interface Parts {
  state: State;
  now: () => number;
}

/** Exports of logs as those who own the destinations see them, and what an administrator does in the dashboard. */
export function createAccountLogpush({ state, now }: Parts) {
  function job(id: number): LogpushJob {
    const found = state.logpush.jobs.get(id);
    if (found === undefined) throw new Error(`the sandbox account has no Logpush job ${id}`);
    return found;
  }

  return {
    /** As they are, with the keys in them. */
    logpushJobs: (): LogpushJob[] => [...state.logpush.jobs.values()],
    /** What somebody reads in the newest file that was written into a bucket. */
    tokenIn: (bucket: string): string => {
      const newest = state.logpush.challenges.findLast(({ place }) => place === bucket);
      if (newest === undefined) throw new Error(`nothing was written into the bucket ${bucket}`);
      return newest.token;
    },
    /** A bucket or a host is down, or refuses whoever comes. */
    unreachable: (place: string): void => void state.logpush.unreachable.add(place),
    reachable: (place: string): void => void state.logpush.unreachable.delete(place),
    addLogpushJob: (added: Pick<LogpushJob, 'conf'> & Partial<LogpushJob['body']>): number => {
      const { conf, ...body } = added;
      state.logpush.made += 1;
      const id = state.logpush.made;
      state.logpush.jobs.set(id, {
        id,
        conf,
        body: {
          name: '',
          enabled: true,
          dataset: 'access_requests',
          interval: 30,
          options: { field_names: ['Email'] },
          ...body,
        },
        lastComplete: null,
        lastError: null,
        errorMessage: null,
      });
      return id;
    },
    removeLogpushJob: (id: number): void => void state.logpush.jobs.delete(id),
    /** A delivery arrived, which also ends an earlier failure. */
    logpushDelivers: (id: number): void =>
      void Object.assign(job(id), { lastComplete: now(), lastError: null, errorMessage: null }),
    logpushFails: (id: number, message: string): void =>
      void Object.assign(job(id), { lastError: now(), errorMessage: message }),
  };
}
