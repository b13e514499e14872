import { ApiError, codes } from './envelope.ts';
import type { Quirks } from './quirks.ts';

interface Window {
  from: number;
  used: number;
  blockedUntil: number;
}

interface Limit {
  name: string;
  most: number;
  windowMs: number;
  blockMs: number;
}

/** A refusal that says how long to wait. */
export class TooManyRequests extends ApiError {
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number) {
    super(429, codes.rateLimited, 'Rate limited. Please wait and consider throttling your request speed');
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/**
 * The request budget of a token: 1,200 in five minutes, and once it is used up everything is refused for five minutes;
 * Gateway lists have 600 a minute of their own, then two minutes of refusals; GraphQL has 300 queries in five minutes and
 * spends nothing else. Counted always, enforced if the quirk is on.
 */
export function createBudget(quirks: Quirks, now: () => number) {
  const windows = new Map<string, Window>();

  function count({ name, most, windowMs, blockMs }: Limit): void {
    const at = now();
    const window = windows.get(name) ?? { from: at, used: 0, blockedUntil: 0 };
    windows.set(name, window);
    if (at < window.blockedUntil) throw new TooManyRequests(Math.ceil((window.blockedUntil - at) / 1000));
    if (at - window.from >= windowMs || window.blockedUntil > 0) {
      Object.assign(window, { from: at, used: 0, blockedUntil: 0 });
    }
    window.used += 1;
    if (window.used <= most || !quirks.enforceBudget) return;
    window.blockedUntil = at + blockMs;
    throw new TooManyRequests(Math.ceil(blockMs / 1000));
  }

  return {
    /** Counts one request. Throws TooManyRequests. */
    spend: (path: string): void => {
      if (path === '/graphql') return count({ name: 'graphql', most: 300, windowMs: 300_000, blockMs: 300_000 });
      count({ name: 'default', most: quirks.budget, windowMs: 300_000, blockMs: 300_000 });
      if (path.includes('/gateway/lists')) count({ name: 'lists', most: 600, windowMs: 60_000, blockMs: 120_000 });
    },
    /** The headers that every answer carries. */
    headers: (): Record<string, string> => {
      const window = windows.get('default');
      const used = window?.used ?? 0;
      const left = Math.max(0, quirks.budget - used);
      const resets = Math.ceil(Math.max(0, (window?.from ?? now()) + 300_000 - now()) / 1000);
      return { Ratelimit: `"default";r=${left};t=${resets}`, 'Ratelimit-Policy': `"default";q=${quirks.budget};w=300` };
    },
    reset: (): void => windows.clear(),
  };
}
