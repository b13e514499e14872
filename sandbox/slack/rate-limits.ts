import { limits } from './limits.ts';
import type { Method } from './method.ts';

/**
 * Slack's per-method floors, enforced as ceilings: what passes here passes there.
 * Time is real time, as the app waits in real time for `Retry-After`.
 */
export function createRateLimits(now: () => number) {
  const calls = new Map<string, number[]>();

  /** Seconds to wait, or 0 when the call may go on. A call that may go on is counted. */
  function take(key: string, most: number, windowMs: number): number {
    const since = now() - windowMs;
    const recent = (calls.get(key) ?? []).filter((at) => at > since);
    calls.set(key, recent);
    const oldest = recent[0];
    if (recent.length >= most && oldest !== undefined) return Math.max(1, Math.ceil((oldest - since) / 1000));
    recent.push(now());
    return 0;
  }

  return {
    secondsToWait(method: Method, channel: string): number {
      if (method.tier !== 'special') return take(method.name, limits.tiers[method.tier], 60_000);
      if (method.name !== 'chat.postMessage') return 0;
      return take(`post ${channel}`, limits.post.burst, (limits.post.burst / limits.post.perSecond) * 1000);
    },
  };
}

export type RateLimits = ReturnType<typeof createRateLimits>;
