/** An export of logs. */
export interface LogpushJob {
  id: number;
  /** As it was sent, with the keys in it. */
  conf: string;
  body: {
    name: string;
    dataset: string;
    enabled: boolean;
    /** Seconds. */
    interval: number;
    options: Record<string, unknown>;
  };
  lastComplete: number | null;
  lastError: number | null;
  errorMessage: string | null;
}

export interface Logpush {
  jobs: Map<number, LogpushJob>;
  /** How many were ever made. */
  made: number;
  /** Files with a token that were written into buckets, oldest first. */
  challenges: { conf: string; place: string; filename: string; token: string }[];
  /** Buckets and hosts that answer nobody. */
  unreachable: Set<string>;
}

export function noLogpush(): Logpush {
  return { jobs: new Map(), made: 0, challenges: [], unreachable: new Set() };
}
