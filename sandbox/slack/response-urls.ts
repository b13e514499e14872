import { randomBytes } from 'node:crypto';
import { limits } from './limits.ts';

export interface ResponseTarget {
  userId: string;
  channelId: string;
  /** The message that was clicked, if it was one. */
  messageTs: string | undefined;
  threadTs: string | undefined;
}

export type UsedResponseUrl = { ok: true; target: ResponseTarget } | { ok: false; error: 'used_url' | 'expired_url' };

/** Response URLs: five uses within thirty minutes. An unknown one is answered like an expired one. */
export function createResponseUrls(now: () => number, base: () => string) {
  const issued = new Map<string, { target: ResponseTarget; at: number; uses: number }>();

  return {
    issue(target: ResponseTarget): string {
      const key = randomBytes(18).toString('base64url');
      issued.set(key, { target, at: now(), uses: 0 });
      return `${base()}respond/${key}`;
    },
    use(key: string): UsedResponseUrl {
      const url = issued.get(key);
      if (url === undefined || now() - url.at > limits.responseUrl.ms) return { ok: false, error: 'expired_url' };
      if (url.uses >= limits.responseUrl.uses) return { ok: false, error: 'used_url' };
      url.uses += 1;
      return { ok: true, target: url.target };
    },
  };
}

export type ResponseUrls = ReturnType<typeof createResponseUrls>;
